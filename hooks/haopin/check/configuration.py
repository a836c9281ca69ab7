"""Check of mkdocs.yml: a setting that the site does not support is an error, never ignored."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from typing import Any

from haopin.text import fullwidth

#: Unsupported top-level keys: the reason, and what to do instead.
_KEYS: Mapping[str, tuple[str, str]] = {
    "site_description": ("网站简介取自 data/site.yml", "the description comes from data/site.yml"),
    "site_author": ("主办单位取自 data/site.yml", "the owner comes from data/site.yml"),
    **dict.fromkeys(
        ("repo_url", "repo_name", "edit_uri", "edit_uri_template", "remote_branch", "remote_name"),
        ("页面不链接源代码仓库", "pages do not link to a repository"),
    ),
    **dict.fromkeys(
        ("exclude_docs", "draft_docs", "not_in_nav"),
        ("docs 里的文件全部公开,草稿请放到别处", "every file in docs is published; keep drafts elsewhere"),
    ),
}
_THEME_KEYS = ("name", "custom_dir", "language", "font", "features")
_THEME: Mapping[str, tuple[str, str]] = {
    "palette": (
        "颜色取自 data/site.yml 的 identity,深色界面是自带的",
        "colors come from identity in data/site.yml; the dark scheme is built in",
    ),
    "logo": ("标志放在 data/mark.svg", "the mark is data/mark.svg"),
    "favicon": ("标志放在 data/mark.svg", "the mark is data/mark.svg"),
}
#: Supported features of the theme.
FEATURES = ("content.code.copy",)
_EXTRA_KEYS = ("haopin", "status")
_PLUGINS: Mapping[str, tuple[str, str]] = {
    "search": ("本站有自己的搜索", "the site has a search of its own"),
    "macros": (
        "检查程序只看写下的原文,看不到宏展开后的内容;要由程序填写,请用 [[stored_settings]] 这样的段落",
        "the check reads pages as they are written, and would not see what a macro makes of them; for text that is "
        "filled in, use paragraphs such as [[stored_settings]]",
    ),
    "awesome-nav": (
        "手写页面的顺序和标题写在 mkdocs.yml 的 nav 里",
        "titles and order of written pages are set by nav in mkdocs.yml",
    ),
    "awesome-pages": (
        "手写页面的顺序和标题写在 mkdocs.yml 的 nav 里",
        "titles and order of written pages are set by nav in mkdocs.yml",
    ),
    "redirects": (
        "它的跳转页含有脚本,页面策略不允许;旧网址写进 data/redirects.yml",
        "its pages have a script, which the policy of the site forbids; put old addresses into data/redirects.yml",
    ),
    "minify": (
        "它改写做好的页面,发布前的检查会不通过;发布时本来就会压缩",
        "it rewrites finished pages, which the checks before a release then refuse; releases are compressed anyway",
    ),
    "tags": ("页面上显示 tags,不另做索引页", "tags are shown on their page; there is no index of them"),
    "blog": ("动态写进 data/news/", "news goes to data/news/"),
    "social": ("分享图由程序自己生成", "pictures for sharing are made by the site itself"),
    "offline": ("离线副本用 haopin offline 生成", "make the offline copy with: haopin offline"),
    "privacy": ("本站不加载别处的任何内容", "the site loads nothing from elsewhere"),
    "meta": ("每个页面的抬头写在它自己的文件里", "the front matter of each page is in its own file"),
}
#: Markdown extensions that are tested with written pages: their look, and no requests to other hosts.
TESTED_EXTENSIONS = frozenset(
    (
        *("abbr", "admonition", "attr_list", "def_list", "fenced_code", "footnotes", "md_in_html", "tables", "toc"),
        *("pymdownx.blocks.caption", "pymdownx.caret", "pymdownx.details", "pymdownx.emoji", "pymdownx.highlight"),
        *("pymdownx.inlinehilite", "pymdownx.keys", "pymdownx.mark", "pymdownx.superfences", "pymdownx.tabbed"),
        *("pymdownx.tasklist", "pymdownx.tilde"),
    )
)
#: Name of this program as a plugin; its settings are in ``extra.haopin``.
_OWN_PLUGIN = "haopin"
_DELETE = ("请从 {name} 删去", "remove it from {name}")
_FOREIGN = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|//|\\)", re.IGNORECASE)


def configuration_problems(raw: Mapping[str, Any], name: str) -> Iterator[str]:
    """Yield a line for each unsupported setting of the configuration.

    Args:
        raw: The configuration as written, inherited settings included.
        name: Name of its file in messages.
    """
    for key in sorted(set(raw) & set(_KEYS)):
        yield _line(name, key, *_KEYS[key])
    yield from _theme(_mapping(raw.get("theme")), name)
    for key in sorted(map(str, set(_mapping(raw.get("extra"))) - set(_EXTRA_KEYS))):
        yield _line(name, f"extra.{key}", "本站不支持", "the site does not support it")
    # Without the key, MkDocs enables its own search.
    for plugin in _names(raw.get("plugins", ["search"])):
        if (given := plugin.removeprefix("material/")) in _PLUGINS:
            yield _line(name, f"plugins: {given}", *_PLUGINS[given])
    if "<" in unescape(str(raw.get("copyright") or "")):
        yield _line(
            name,
            "copyright",
            "只能写文字,链接请放在手写页面里",
            "it must be plain text; put links on a written page",
            delete=False,
        )


def untested(raw: Mapping[str, Any], name: str) -> Iterator[str]:
    """Yield a warning for each untested plugin and Markdown extension.

    Args:
        raw: The configuration as written, inherited settings included.
        name: Name of its file in messages.
    """
    plugins = {plugin.removeprefix("material/") for plugin in _names(raw.get("plugins"))}
    for key, given in (
        ("plugins", plugins - set(_PLUGINS) - {_OWN_PLUGIN}),
        ("markdown_extensions", set(_names(raw.get("markdown_extensions"))) - TESTED_EXTENSIONS),
    ):
        for each in sorted(given):
            yield _line(
                name,
                f"{key}: {each}: 提醒 / warning",
                "本站没有用它测试过,请核对生成的网页;不能公开的内容由发布前的检查拒绝",
                "the site is not tested with it; look at the pages that it changes. The checks before a release "
                "refuse what must not be public",
                delete=False,
            )


def _names(given: Any) -> list[str]:
    """Return the names in a list of names, and of mappings of a name to its options; or in one such mapping."""
    if isinstance(given, Mapping):
        return [str(name) for name in given]
    return [str(next(iter(item)) if isinstance(item, Mapping) and item else item) for item in given or ()]


def _theme(theme: Mapping[str, Any], name: str) -> Iterator[str]:
    for key in sorted(map(str, set(theme) - set(_THEME_KEYS))):
        why = _THEME.get(key, ("本站不支持", "the site does not support it"))
        yield _line(name, f"theme.{key}", *why)
    if theme.get("font"):
        yield _line(name, "theme.font", "本站不加载字体", "the site loads no fonts")
    for feature in theme.get("features") or ():
        if feature not in FEATURES:
            yield _line(
                name,
                f"theme.features: {feature}",
                f"本站不支持,支持的只有 {'、'.join(FEATURES)}",
                f"the site does not support it; it supports {', '.join(FEATURES)}",
            )


def nav_problems(nav: Any, pages: Sequence[str], name: str) -> Iterator[str]:
    """Yield a line for each entry of ``nav`` that is not a written page (``pages``: their files, e.g. ``about.md``)."""
    for entry in nav or ():
        title, file = nav_entry(entry)
        if file is None or (title is not None and not isinstance(title, str)):
            yield _line(
                name,
                f"nav: {title or entry}",
                "不支持分组,每行写一个页面:“- 标题: 文件.md”",
                "groups are not supported; write one page a line: “- Title: file.md”",
                delete=False,
            )
        elif file not in pages:
            yield _line(
                name,
                f"nav: {file}",
                "不是手写的页面;其他页面的菜单由资料生成",
                "this is not a written page; the menu of all other pages is made from the data",
            )


def nav_entry(entry: Any) -> tuple[Any, str | None]:
    """Return title (None if not given) and file of an ``entry`` of ``nav``; no file if it is a group."""
    if isinstance(entry, str):
        return None, entry
    if isinstance(entry, Mapping) and len(entry) == 1:
        title, file = next(iter(entry.items()))
        return title, file if isinstance(file, str) else None
    return None, None


def own_files(raw: Mapping[str, Any], key: str, ending: str) -> tuple[list[str], list[str]]:
    """Return the local files that ``extra_css`` or ``extra_javascript`` (``key``) lists, and the other entries."""
    files: list[str] = []
    others: list[str] = []
    for item in raw.get(key) or ():
        path = str(item.get("path", "") if isinstance(item, Mapping) else item)
        is_own = path.endswith(ending) and not _FOREIGN.match(path) and not path.startswith("/") and ".." not in path
        (files if is_own else others).append(path)
    return files, others


def file_problems(raw: Mapping[str, Any], name: str, docs: str, there: Sequence[str]) -> Iterator[str]:
    """Yield a line for each style sheet or script that is external, or not in ``there``, the files of ``docs``."""
    for key, ending in (("extra_css", ".css"), ("extra_javascript", ".js")):
        files, others = own_files(raw, key, ending)
        for path in others:
            yield _line(
                name,
                f"{key}: {path}",
                f"只能是手写页面文件夹里的 {ending} 文件,本站不加载别处的内容",
                f"only {ending} files in the folder of written pages; the site loads nothing from elsewhere",
                delete=False,
            )
        for path in files:
            if path not in there:
                yield _line(
                    name, f"{key}: {path}", f"没有文件 {docs}/{path}", f"there is no {docs}/{path}", delete=False
                )


def _line(name: str, what: str, zh: str, en: str, *, delete: bool = True) -> str:
    zh, en = (f"{zh},{_DELETE[0]}", f"{en}; {_DELETE[1]}") if delete else (zh, en)
    return f"{name}: {what}: {fullwidth(zh.format(name=name))} / {en.format(name=name)}"


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
