"""What a page may load and run: its content security policy, in the page itself and as headers for a web server.

A portal that sends no headers still gives the pages, so each page says its own policy. ``frame-ancestors`` counts only
as a header. Nothing is ever ``unsafe-…``: a script in a page is named by its fingerprint.

Trusted types are not asked for: a worker's address and the reader of other pages' HTML would need a policy of their
own, in a site that puts no text anywhere as HTML.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from html import unescape
from pathlib import Path

#: Name of the file with the headers, at the root of the site.
NAME = "policy.json"

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
#: A script that is neither a file nor linked data.
_MAYBE = re.compile(rb"<script(?![^>]*\ssrc=)(?!\s+type=\"application/ld\+json\")", re.IGNORECASE)
_TYPE = re.compile(r"\btype=[\"']?([\w/+.-]+)", re.IGNORECASE)
_SRC = re.compile(r"\ssrc=", re.IGNORECASE)
#: Types of scripts that a browser runs; all others are data.
_RUN = {"", "text/javascript", "application/javascript", "module", "importmap", "speculationrules"}
_CHARSET = '<meta charset="utf-8">'
#: Headers beside the policy: types are as they are sent, and other sites learn no more than this site's name.
_ALWAYS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}


def inline_scripts(page: str) -> tuple[str, ...]:
    """Return the fingerprints of the scripts that stand in ``page`` and run, as ``script-src`` names them, sorted."""
    if "<script" not in page and "<SCRIPT" not in page:
        return ()
    found = set()
    for attributes, text in _SCRIPT.findall(page):
        kind = _TYPE.search(attributes)
        if text.strip() and not _SRC.search(attributes) and (kind[1].lower() if kind else "") in _RUN:
            found.add("'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'")
    return tuple(sorted(found))


def page_policy(scripts: Iterable[str] = ()) -> str:
    """Return the policy of pages in which ``scripts`` (from `inline_scripts`) stand, as a page itself can say it.

    Forms are answered by scripts; one that is sent before its script has come leads to its own page, so ``'self'``.
    """
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("script-src 'self'", *scripts)),
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "object-src 'none'",
        )
    )


def card_policy() -> str:
    """Return the policy of a card for other pages, which runs no script at all."""
    return "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"


def guarded(page: str, policy: str | None = None) -> str:
    """Return the HTML ``page`` with ``policy`` in its head (default: that of pages), before anything is loaded."""
    policy = page_policy(inline_scripts(page)) if policy is None else policy
    meta = f'{_CHARSET}\n<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return page.replace(_CHARSET, meta, 1)


def policy_of(page: str) -> str:
    """Return the policy that ``page`` says itself; empty if none."""
    found = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    return unescape(found[1]) if found else ""


def headers(scripts: Iterable[str], cards: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the headers that a web server should send, by the beginning of the address; the longest one counts.

    Args:
        scripts: Fingerprints of all scripts that stand in pages.
        cards: Folders of the cards for other pages, below the site's root, such as ``embed/``.
    """
    name = "Content-Security-Policy"
    found = {"/": {name: f"{page_policy(scripts)}; frame-ancestors 'none'", **_ALWAYS}}
    for folder in cards:
        found[f"/{folder}"] = {name: f"{card_policy()}; frame-ancestors *", **_ALWAYS}
    return found


def text_of(site: Path, cards: Iterable[str]) -> str:
    """Return the text of the file with the headers for the built ``site``, its scripts read from its pages."""
    scripts: set[str] = set()
    for file in site.rglob("*.html"):
        # Hardly a page has one: the bytes tell sooner than the text.
        raw = file.read_bytes()
        if _MAYBE.search(raw):
            scripts.update(inline_scripts(raw.decode()))
    return json.dumps({"headers": headers(sorted(scripts), cards)}, ensure_ascii=False, indent=1) + "\n"
