"""Check of the folders of written pages: permitted files, and permitted content of a page.

Everything in them becomes public, so any unknown file is a problem.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path as FilePath
from typing import Any
from xml.etree.ElementTree import Element

import yaml

from haopin import cache
from haopin.cache import Readings
from haopin.check.svg import svg_problems
from haopin.csp import forbidden
from haopin.load import yamlfile
from haopin.load.characters import control
from haopin.load.folder import is_litter, report
from haopin.problem import Place, Problem, problem
from haopin.text import LANGUAGES, Language, locale_of

#: Converts the text of a page, front matter included, to HTML.
Convert = Callable[[str], str]

#: The names of files and folders become addresses.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".svg")
#: First bytes of a file of each type.
_BEGINNINGS = {
    ".png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    ".jpg": re.compile(rb"\xff\xd8\xff"),
    ".jpeg": re.compile(rb"\xff\xd8\xff"),
    ".webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}
#: MkDocs does not publish folders of this name.
_LEFT_OUT = "templates"
_ABSOLUTE = re.compile(r"\s*(?:[a-z]+:)?//", re.IGNORECASE)
#: Supported front matter besides that of MkDocs: parts that can be hidden, and statuses of a page.
_HEAD = ("title", "description", "hide", "status", "tags")
HIDDEN = ("path", "tags", "toc")
STATUSES = ("new", "deprecated")
_HEAD_LINES = re.compile(r"\A\ufeff?---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_LANGUAGE_NAMES = {"zh": ("中文", "Chinese"), "en": ("英文", "English")}


@dataclass(frozen=True)
class Folder:
    """The folder of written pages of one language.

    Attributes:
        language: Their language.
        path: The folder.
        name: Its name in messages, such as ``docs/zh``.
        loaded: Style sheets and scripts that the configuration lists, relative to the folder.
        statuses: Permitted values of ``status``.
    """

    language: Language
    path: FilePath
    name: str
    loaded: tuple[str, ...] = ()
    statuses: tuple[str, ...] = STATUSES


def examine(
    folders: Sequence[Folder],
    base: FilePath,
    reserved: Iterable[str],
    convert: Convert,
    readings: Readings | None = None,
) -> tuple[list[str], Mapping[Language, tuple[str, ...]]]:
    """Check everything in ``folders``.

    Args:
        folders: One for each language.
        base: Folder of the configuration, which no symlink may leave.
        reserved: Names of the folders of the other languages on the site, such as ``en``.
        convert: Converts a page to HTML.
        readings: Results that are kept between runs.

    Returns:
        The lines of all problems, and the files that may be published, by language, sorted.
    """
    lines: list[str] = []
    files: dict[Language, tuple[str, ...]] = {}
    taken = frozenset(reserved)
    for folder in folders:
        found = _Found(folder, convert, readings)
        found.look(base, taken)
        files[folder.language] = tuple(sorted(found.files))
        lines += report(folder.path, found.problems, folder.name)
    return [*lines, *_without_twins(folders, files)], files


def _without_twins(folders: Sequence[Folder], files: Mapping[Language, tuple[str, ...]]) -> Iterator[str]:
    pages = {folder.language: {name for name in files[folder.language] if name.endswith(".md")} for folder in folders}
    for folder in folders:
        chinese, english = _LANGUAGE_NAMES.get(folder.language) or (
            str(locale_of(folder.language).get_language_name(each)) for each in LANGUAGES
        )
        for other in folders:
            missing = [
                problem(
                    Place(name, mark=(1, 1)),
                    "缺少这个页面的{chinese}版(另一种语言的在 {there}),请补上",
                    "this page is missing in {english}; add it (the other language is {there})",
                    chinese=chinese,
                    english=english,
                    there=f"{other.name}/{name}",
                )
                for name in pages[other.language] - pages[folder.language]
            ]
            yield from report(folder.path, missing, folder.name)


class _Found:
    """Content of one folder."""

    def __init__(self, folder: Folder, convert: Convert, readings: Readings | None) -> None:
        self.folder, self.convert, self.readings = folder, convert, readings
        self.problems: list[Problem] = []
        self.files: list[str] = []

    def look(self, base: FilePath, reserved: frozenset[str]) -> None:
        """Collect the files that may be published, and the problems of all others."""
        top = self.folder.path
        for way in (top, *top.parents):
            if way.is_symlink() and way != base and way.is_relative_to(base):
                self._refuse("", *_LINK)
                return
        for place, folders, names in os.walk(top):
            inner = FilePath(place).relative_to(top)
            for name in sorted(folders):
                file = (inner / name).as_posix()
                if is_litter(file) or self._is_refused(file, name, reserved):
                    folders.remove(name)
            for name in sorted(names):
                file = (inner / name).as_posix()
                if not is_litter(file) and not self._is_refused(file, name, reserved):
                    self._file(file)

    def _refuse(self, file: str, zh: str, en: str, **values: Any) -> None:
        self.problems.append(problem(Place(file, mark=(1, 1)), zh, en, **values))

    def _is_refused(self, file: str, name: str, reserved: frozenset[str]) -> bool:
        """Reject a file or folder because of its name, or because it is a symlink."""
        count = len(self.problems)
        first = file.partition("/")[0]
        if (self.folder.path / file).is_symlink():
            self._refuse(file, *_LINK)
        elif name.startswith("."):
            self._refuse(
                file,
                "隐藏文件不能放在这里(这里的文件都会公开),请移走",
                "hidden files are not allowed here, where every file becomes public; move it away",
            )
        elif not _NAME.fullmatch(name):
            self._refuse(
                file,
                "名称“{name}”会成为网址,只能用英文字母、数字和 . _ -,请改名",
                "the name “{name}” becomes an address: letters, digits and . _ - only; rename it",
                name=name,
            )
        elif file.removesuffix(".md") in (*reserved, _LEFT_OUT) and first == file:
            self._refuse(
                file,
                "名称“{name}”已由网站自己使用,这里的内容不会公开,请改名",
                "the name “{name}” is used by the site itself, nothing here would be published; rename it",
                name=name,
            )
        return len(self.problems) > count

    def _file(self, file: str) -> None:
        path = self.folder.path / file
        ending = path.suffix
        if not path.is_file() or (ending not in (".md", *_PICTURES) and file not in self.folder.loaded):
            self._refuse(
                file,
                "这里的文件都会公开,只能放网页(.md)和图片(png、jpg、jpeg、webp、svg,小写),请移走;"
                "要公开的文件放进 data/evidence/ 并由记录列出;样式和脚本要由 mkdocs.yml 的 extra_css、"
                "extra_javascript 列出",
                "every file here becomes public: only pages (.md) and pictures (png, jpg, jpeg, webp, svg; in lower "
                "case) are allowed; move it away. Put a document for the public into data/evidence/ and name it in a "
                "record; list style sheets and scripts in extra_css and extra_javascript of mkdocs.yml",
            )
        elif path.name.lower() == "readme.md":
            self._refuse(
                file,
                "网页不能叫“README.md”,首页请叫“index.md”",
                "no page is called “README.md”; call the first page of a folder “index.md”",
            )
        elif ending in _BEGINNINGS:
            with path.open("rb") as opened:
                if not _BEGINNINGS[ending].match(opened.read(16)):
                    self._refuse(
                        file,
                        "内容不是 {kind} 图片,请在看图软件里另存为这种格式",
                        "this is not a {kind} picture; save it in that format with an image program",
                        kind=ending[1:],
                    )
                    return
            self.files.append(file)
        else:
            self._text(file, path)

    def _text(self, file: str, path: FilePath) -> None:
        text = yamlfile.decode(path.read_bytes(), file)
        if isinstance(text, Problem):
            self.problems.append(text)
            return
        if path.suffix == ".svg":
            unfit = list(svg_problems(text, file))
            self.problems += unfit
            self.files += [] if unfit else [file]
            return
        if path.suffix in (".css", ".js"):
            found = control(text, file)
            unfit = [*([found] if found else []), *(style_problems(text, file) if path.suffix == ".css" else ())]
            self.problems += unfit
            self.files += [] if unfit else [file]
            return
        # A page with a problem still counts as existing: do not report it as missing in the other language.
        self.files.append(file)
        if (found := control(text, file)) is not None:
            self.problems.append(found)
        else:
            self.problems += head_problems(text, file, self.folder.statuses)
            self.problems += page_problems(text, file, self.convert, self.readings)


_LINK = (
    "这是链接,会公开别处的内容,请放入文件本身",
    "this is a link, which would publish a file from elsewhere; put the file itself here",
)


_STYLE_ADDRESS = re.compile(r"""@import\s+["']([^"']*)|url\(\s*["']?([^"')]*)""", re.IGNORECASE)
_NOT_OWN = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


def style_problems(text: str, file: str) -> Iterator[Problem]:
    """Yield a problem for each external address that a style sheet loads, with its line."""
    for match in _STYLE_ADDRESS.finditer(text):
        address = match[1] or match[2] or ""
        if _NOT_OWN.match(address):
            yield problem(
                Place(file, mark=(text.count("\n", 0, match.start()) + 1, 1)),
                "样式不能加载“{address}”,图片请放在这个文件夹里",
                "a style sheet must not load “{address}”; put pictures into this folder",
                address=address[:60],
            )


def head_problems(text: str, file: str, statuses: Sequence[str] = STATUSES) -> Iterator[Problem]:
    """Yield a problem for each unsupported field in the front matter of the page ``text``, with its line."""
    found = _HEAD_LINES.match(text)
    if found is None:
        return
    try:
        head = yaml.safe_load(found[1])
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0)
        yield problem(
            Place(file, mark=(line + 2, 1)),
            "页面抬头不是正确的 YAML,请改正",
            "the front matter is not valid YAML; correct it",
        )
        return
    if not isinstance(head, dict):
        return

    def place(key: str) -> Place:
        lines = found[1].split("\n")
        return Place(file, mark=(next((n for n, s in enumerate(lines, 2) if s.startswith(key)), 1), 1))

    for key in map(str, head):
        if key not in _HEAD:
            yield problem(
                place(key),
                "页面抬头不支持“{key}”,支持的有 {known},请删去",
                "the front matter does not support “{key}”, only {known}; delete it",
                key=key,
                known=", ".join(_HEAD),
            )
    for what, given, known in (
        ("hide", _listed(head.get("hide")), HIDDEN),
        ("status", _listed(head.get("status")), tuple(statuses)),
    ):
        for value in given:
            if value not in known:
                yield problem(
                    place(what),
                    "{what} 不支持“{value}”,支持的有 {known}",
                    "{what} does not support “{value}”, only {known}",
                    what=what,
                    value=value,
                    known=", ".join(known),
                )


def _listed(value: Any) -> list[str]:
    return [] if value is None else [str(each) for each in value] if isinstance(value, list) else [str(value)]


def page_problems(text: str, file: str, convert: Convert, readings: Readings | None = None) -> Iterator[Problem]:
    """Yield a problem for each forbidden element of the page ``text``, with its line."""
    html = convert(text)
    if readings is None:
        found = Counter(_unfit(html))
    else:
        found = Counter(readings.made(cache.key("page", version("html5lib"), html), lambda: list(_unfit(html))))
    lines = text.split("\n")
    # The converter reports no lines: a finding is on the line whose removal removes the finding.
    for number, line in enumerate(lines, start=1):
        if not found:
            return
        lines[number - 1] = ""
        less = Counter(_unfit(convert("\n".join(lines))))
        gone = found - less
        if not gone:
            lines[number - 1] = line
            continue
        found &= less
        for what in gone:
            yield _not_in_a_page(file, (number, 1), what)
    for what in found:
        yield _not_in_a_page(file, (1, 1), what)


def _not_in_a_page(file: str, mark: tuple[int, int], what: str) -> Problem:
    if what.startswith(_HTML):
        return problem(
            Place(file, mark=mark),
            "网页代码有误({what}),请改正,或改用 Markdown 书写",
            "this is not valid HTML ({what}); correct it, or write it in Markdown",
            what=what.removeprefix(_HTML),
        )
    return problem(
        Place(file, mark=mark),
        "网页里不能有“{what}”(会运行脚本、嵌入或加载别处的内容),请删去;要显示代码,请用反引号括起",
        "a page must not have “{what}”, which runs, embeds or loads something; delete it (to show code, put it in "
        "backquotes)",
        what=what,
    )


_HTML = "HTML "
_LOADED = ("src", "srcset", "poster", "data", "action", "formaction")


def _unfit(html: str) -> Iterator[str]:
    """Yield what the pre-release checks would reject in a page with the content ``html``."""
    # Takes longer to load than to parse a page.
    import html5lib

    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    root: Element = parser.parse(f"<!DOCTYPE html><title>a</title><main>{html}</main>")
    yield from (f"{_HTML}{error}" for _, error, _ in parser.errors)
    yield from forbidden(root)
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag in ("link", "meta") or (element.tag == "script" and "src" in element.attrib):
            yield element.tag
        for name in _LOADED:
            if _ABSOLUTE.match(element.get(name, "")):
                yield f"{element.tag} {name}={element.get(name, '')[:60]}"
