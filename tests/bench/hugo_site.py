"""Hugo with the same pages, written as Markdown, in both languages.

The layout is the part of our own pages outside the article: the same head, menus and footer to the byte, with the
page's own title, description and addresses. Taxonomies, feeds, its sitemap, highlighting, typography and links made
from bare addresses are off: nobody asked for them. Its binary is called without the Python around it.
"""

import html
import json
import re
import shutil
import sys
import sysconfig
from pathlib import Path

from stock import as_markdown

_CONFIGURATION = """baseURL = "https://hugo.example/"
title = "Hugo"
defaultContentLanguage = "zh"
disableKinds = ["taxonomy", "term", "rss", "sitemap", "robotstxt", "404"]
disableHugoGeneratorInject = true
[languages.zh]
weight = 1
contentDir = "content/zh"
[languages.en]
weight = 2
contentDir = "content/en"
[outputs]
home = ["html"]
section = ["html"]
[markup.highlight]
codeFences = false
[markup.goldmark.extensions]
linkify = false
[markup.goldmark.extensions.typographer]
disable = true
[markup.goldmark.renderHooks.link]
useEmbedded = "never"
[markup.goldmark.renderHooks.image]
useEmbedded = "never"
"""
_ALTERNATES = """{{ range .AllTranslations -}}
<link rel="alternate" hreflang="{{ .Language.Lang }}" href="{{ .Permalink }}">
{{ end }}"""


def binary() -> Path:
    """Return Hugo's own program."""
    name = "hugo.exe" if sys.platform == "win32" else "hugo"
    return Path(sysconfig.get_paths()["platlib"]) / "hugo/binaries" / name


def _layout(page: str) -> str:
    """Return the layout of pages in one language, from a page of ours two folders below its home page."""
    before, rest = page.split("<article", 1)
    after = rest.rsplit("</article>", 1)[1]
    # What a page says of its record for the poster belongs to the article.
    after = re.sub(r"<script type=\"application/json\".*?</script>", "", after, flags=re.S)
    before = re.sub(r"<title>.*?</title>", "<title>{{ .Title }}</title>", before)
    before = re.sub(r'(<meta name="description" content=)"[^"]*"', r'\1"{{ .Description }}"', before)
    before = re.sub(r'(<link rel="canonical" href=)"[^"]*"', r'\1"{{ .Permalink }}"', before)
    before = re.sub(r'(<link rel="alternate" hreflang=[^>]*>\n)+', lambda _: _ALTERNATES, before, count=1)
    other = r'{{ range .Translations }}<a class="hp-tool hp-language" href="{{ .RelPermalink }}" \1{{ end }}'
    before = re.sub(r'<a class="hp-tool hp-language" href="[^"]*" (.*?</a>)', other, before)
    article = '<article class="hp-article">{{ .Content }}</article>'
    return re.sub(r'"(?:\.\./)+', '"/', before) + article + re.sub(r'"(?:\.\./)+', '"/', after)


def make_hugo(site: Path, folder: Path) -> int:
    """Write a Hugo project with the pages of our built ``site``; return their number."""
    pages = sorted(site.rglob("index.html"))
    for page in pages:
        place = page.relative_to(site).parent
        language, *folders = place.parts if place.parts[:1] == ("en",) else ("zh", *place.parts)
        branch = any(other.is_dir() and any(other.rglob("index.html")) for other in page.parent.iterdir())
        path = folder / "content" / language / Path(*folders)
        path = path / "_index.md" if branch or not folders else path.with_suffix(".md")
        text = page.read_text("utf-8")
        parts = {"title": r"<title>(.*?)</title>", "description": r'"description" content="(.*?)"'}
        front = {name: _found(pattern, text) for name, pattern in parts.items()}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{json.dumps(front, ensure_ascii=False)}\n\n{as_markdown(text)}", encoding="utf-8")
    layouts = folder / "layouts"
    layouts.mkdir()
    shown = sorted(site.glob("tasks/*/index.html"))[-1].relative_to(site)
    for language, home in (("zh", site), ("en", site / "en")):
        (layouts / f"all.{language}.html").write_text(_layout((home / shown).read_text("utf-8")), encoding="utf-8")
    shutil.copytree(site / "assets", folder / "static/assets")
    (folder / "hugo.toml").write_text(_CONFIGURATION, encoding="utf-8")
    return len(pages)


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.S)
    return html.unescape(found[1]) if found else ""
