"""Rules on what may be public: production only, as it was built, nothing withheld, under the policy it names."""

import json
from collections.abc import Iterator

from haopin import policy, provenance
from haopin.deploy.gate.finding import Expected, Finding, finding
from haopin.deploy.gate.reading import Site
from haopin.interface import API, SECURITY
from haopin.records import KINDS
from haopin.render.renderer import SAMPLE_MARK

_DIFFERENCES = {
    "missing": "缺少文件",
    "changed": "内容变了",
    "added": "生成时没有这个文件",
    "no-evidence": "没有 build.json",
    "bad-evidence": "build.json 已损坏",
}
_ANCHORS = {kind.name: kind.anchor for kind in KINDS}


def site_is_public(site: Site, expected: Expected) -> Iterator[Finding]:
    """The site is no demonstration and no trial, and has what every site has."""
    for name in ("index.html", "404.html", "sitemap.xml", "robots.txt", provenance.NAME, policy.NAME):
        if name not in site.files:
            yield finding(name, "缺少文件", "the file is missing")
    for name in sorted(site.files):
        if name != SECURITY and any(part.startswith(".") for part in name.split("/")):
            yield finding(name, "隐藏文件不能公开", "hidden files are not for the public")
    if provenance.NAME in site.files and _samples(site):
        yield finding(provenance.NAME, "这是含示例数据的演示网站", "this is a demonstration with sample data")
    for page in site.pages.values():
        if f'"{SAMPLE_MARK}' in (source := site.text(page.name)) or f" {SAMPLE_MARK}" in source:
            yield finding(page.name, "有示例数据", "there is sample data")
        # A card is found by way of its page.
        if "noindex" in page.robots and not page.name.endswith("404.html") and not page.name.startswith(expected.cards):
            yield finding(page.name, "这是试运行的网站", "this is a trial, which search engines leave alone")


def _samples(site: Site) -> bool:
    try:
        return json.loads(site.text(provenance.NAME)).get("samples") is not False
    except (ValueError, AttributeError):
        return False


def evidence_agrees(site: Site, expected: Expected) -> Iterator[Finding]:
    """Every file is as it was built, and nothing was added."""
    del expected
    for difference in provenance.verify(site.folder)[0]:
        yield finding(
            difference.name or provenance.NAME,
            "与生成时不同({chinese})",
            "not as it was built ({english})",
            chinese=_DIFFERENCES[difference.kind],
            english=difference.kind,
        )


def nothing_is_withheld(site: Site, expected: Expected) -> Iterator[Finding]:
    """No record that is not public has a page or a file."""
    for (kind, record), reason in expected.withheld.items():
        anchor = _ANCHORS[kind](record)
        for folder in expected.languages:
            page = f"{folder}{anchor}index.html" if "#" not in anchor else ""
            for name in (page, f"{folder}{API}{kind}/{record}.json"):
                if name and name in site.files:
                    yield finding(
                        name, "这条记录不能公开({reason})", "this record is not public ({reason})", reason=reason
                    )


def policy_agrees(site: Site, expected: Expected) -> Iterator[Finding]:
    """Each page names the one policy of pages or of cards, and so does what the web server is told."""
    for name in site.pages:
        source = site.text(name)
        card = name.startswith(expected.cards)
        right = policy.card_policy() if card else policy.page_policy()
        if policy.policy_of(source) != right:
            yield finding(name, "页面策略不是本站的", "its policy is not that of the site")
    if policy.NAME in site.files and site.text(policy.NAME) != policy.headers_text(expected.cards):
        yield finding(policy.NAME, "与页面策略不符", "does not fit the policy of the pages")
