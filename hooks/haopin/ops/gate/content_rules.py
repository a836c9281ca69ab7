"""Checks of public content: unchanged since the build, approved, no withdrawn names, no personal data."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from haopin import csp
from haopin.build import manifest
from haopin.check.personal import ADVICE, personal_numbers
from haopin.html.renderer import SAMPLE_MARK
from haopin.model import KINDS
from haopin.ops.gate.site_reader import TEXTS, Expected, FinishedSite, GateFinding, finding
from haopin.privacy.file_text import READABLE
from haopin.privacy.folding import BARRIER
from haopin.privacy.redaction import Names
from haopin.site.paths import API, SECURITY

# --- Production build, unchanged, no withheld record, correct content security policy

_DIFFERENCES = {
    "missing": "缺少文件",
    "changed": "内容变了",
    "added": "生成时没有这个文件",
    "no-evidence": "没有 build.json",
    "bad-evidence": "build.json 已损坏",
}
_ANCHORS = {kind.name: kind.anchor for kind in KINDS}


def site_is_public(site: FinishedSite, expected: Expected) -> Iterator[GateFinding]:
    """The site is not a demonstration or staging build, and has all mandatory files."""
    for name in ("index.html", "404.html", "sitemap.xml", "robots.txt", manifest.NAME, csp.NAME):
        if name not in site.files:
            yield finding(name, "缺少文件", "the file is missing")
    for name in sorted(site.files):
        if name != SECURITY and any(part.startswith(".") for part in name.split("/")):
            yield finding(name, "隐藏文件不能公开", "hidden files are not for the public")
    said = _says(site) if manifest.NAME in site.files else {}
    if said and said.get("samples") is not False:
        yield finding(manifest.NAME, "这是含示例数据的演示网站", "this is a demonstration with sample data")
    if said.get("draft", False) is not False:
        yield finding(manifest.NAME, "这是送审稿，含未公布的内容", "this is a draft for approval, which is not public")
    for page in site.pages.values():
        if f'"{SAMPLE_MARK}' in (source := site.text(page.name)) or f" {SAMPLE_MARK}" in source:
            yield finding(page.name, "有示例数据", "there is sample data")
        # Search engines reach a card by its page.
        if "noindex" in page.robots and not page.name.endswith("404.html") and not page.name.startswith(expected.cards):
            yield finding(page.name, "这是试运行的网站", "this is a trial, which search engines leave alone")


def _says(site: FinishedSite) -> Mapping[str, Any]:
    """Return what the manifest says; empty if it is damaged, which another check reports."""
    try:
        found = json.loads(site.text(manifest.NAME))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def evidence_agrees(site: FinishedSite, expected: Expected) -> Iterator[GateFinding]:
    """Every file has the hash in ``build.json``; no file was added."""
    del expected
    for difference in manifest.verify(site.folder)[0]:
        yield finding(
            difference.name or manifest.NAME,
            "与生成时不同({chinese})",
            "not as it was built ({english})",
            chinese=_DIFFERENCES[difference.kind],
            english=difference.kind,
        )


def nothing_is_withheld(site: FinishedSite, expected: Expected) -> Iterator[GateFinding]:
    """No withheld record has a page or a file."""
    for (kind, record), reason in expected.withheld.items():
        anchor = _ANCHORS[kind](record)
        for folder in expected.languages:
            page = f"{folder}{anchor}index.html" if "#" not in anchor else ""
            for name in (page, f"{folder}{API}{kind}/{record}.json"):
                if name and name in site.files:
                    yield finding(
                        name, "这条记录不能公开({reason})", "this record is not public ({reason})", reason=reason
                    )


def policy_agrees(site: FinishedSite, expected: Expected) -> Iterator[GateFinding]:
    """Every page has the content security policy of pages or of cards, and ``policy.json`` declares the same."""
    for name in site.pages:
        source = site.text(name)
        card = name.startswith(expected.cards)
        right = csp.card_policy() if card else csp.page_policy()
        if csp.policy_of(source) != right:
            yield finding(name, "页面策略不是本站的", "its policy is not that of the site")
    if csp.NAME in site.files and site.text(csp.NAME) != csp.headers_text(expected.cards):
        yield finding(csp.NAME, "与页面策略不符", "does not fit the policy of the pages")


# --- Withdrawn names: in no file of any type, in any spelling or encoding

#: Files of the program itself, without content of records.
_ENGINE = (".js", ".css", ".woff2", ".wasm")


def no_name_is_withdrawn(site: FinishedSite, expected: Expected) -> Iterator[GateFinding]:
    """No file has a withdrawn name in its file name, text, addresses or metadata."""
    names = Names(expected.names, expected.kept)
    if not names:
        return
    # Addresses and program code are English: a short Latin name would match there by chance. The data check looks
    # for names in the ids of records.
    chinese = Names([name for name in expected.names if not name.isascii()], expected.kept)
    for name in sorted(site.files):
        in_evidence = "evidence" in PurePosixPath(name).parts[:-1]
        found = (names if in_evidence else chinese).in_text(name)
        if name.endswith(_ENGINE):
            found += chinese.in_text(_text_of(site, name))
        else:
            found += names.in_text(_text_of(site, name))
        if name in site.pages:
            for value in site.pages[name].attributes:
                found += (chinese if _is_own(value, expected) else names).in_text(value)
        if found:
            yield finding(name, "有已撤下的名称:{found}", "a withdrawn name: {found}", found=found[0])


def _text_of(site: FinishedSite, name: str) -> str:
    if name in site.pages or name.lower().endswith((*TEXTS, *READABLE)):
        return site.content(name).text
    # Unknown file type: search for the name in the usual encodings.
    raw = (site.folder / name).read_bytes()
    return BARRIER.join((raw.decode("utf-8", "ignore"), raw.decode("utf-16-le", "ignore")))


def _is_own(value: str, expected: Expected) -> bool:
    """Return whether an attribute value has no prose: a single token, or an address of this site."""
    return value.isascii() and " " not in value and (":" not in value or value.startswith(expected.address))


def evidence_was_looked_at(site: FinishedSite, expected: Expected) -> Iterator[GateFinding]:
    """While names are withdrawn, evidence without machine-readable text is published only after a person checked it."""
    if not expected.names:
        return
    for name in sorted(site.files - expected.seen):
        if "evidence" in PurePosixPath(name).parts[:-1] and (why := site.content(name).unread) is not None:
            yield finding(
                name,
                "程序读不出里面有没有已撤下的名称({why}),请人看过",
                "no program can read whether a withdrawn name is in it ({why}); a person has to check it",
                why=why,
            )


def pictures_say_no_place(site: FinishedSite, expected: Expected) -> Iterator[GateFinding]:
    """No image contains the coordinates of where it was taken."""
    del expected
    for name in sorted(site.files):
        if name.lower().endswith(READABLE) and site.content(name).located:
            yield finding(name, "图片里有拍摄地点", "the picture says where it was taken")


# --- Personal numbers, wherever they came from

#: Files with hashes, whose digits mean nothing.
_SKIPPED = ("build.json", "policy.json")


@cache
def _numbers_in(words: str) -> tuple[tuple[str, tuple[str, str]], ...]:
    """Return the personal numbers in the text of a file, each once (cached: many pages share text)."""
    return tuple(dict.fromkeys(personal_numbers(words)))


def personal_data(site: FinishedSite, expected: Expected) -> Iterator[GateFinding]:
    """No file has an unlisted number of an identity card, a bank card or a mobile phone."""
    host = urlsplit(expected.address).hostname
    for name in sorted(site.files):
        if name in _SKIPPED or not name.endswith((*TEXTS, *READABLE)) or name.endswith(".svg"):
            continue
        for number, kind in _numbers_in(site.content(name).text):
            # Identifiers in calendars and feeds end with the host of the site.
            if number not in expected.numbers and not number.endswith(f"@{host}"):
                yield finding(
                    name,
                    "像{zh_kind}“{number}”," + ADVICE[0],
                    "looks like {en_kind}, “{number}”; " + ADVICE[1],
                    zh_kind=kind[0],
                    en_kind=kind[1],
                    number=number,
                )
