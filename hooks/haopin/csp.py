"""What a page may load and run: its content security policy, in the page itself and as headers for a web server.

A portal that sends no headers still gives the pages, so each page says its own policy. ``frame-ancestors`` counts only
as a header. Scripts are files of the site, never text in a page: the policy names no exception, so a script that gets
into a page does not run. Linked data in a page (``application/ld+json``) is not run, and needs none.

Trusted types are not asked for: a worker's address and the reader of other pages' HTML would need a policy of their
own, in a site that puts no text anywhere as HTML.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from xml.etree.ElementTree import Element

#: Name of the file with the headers, at the root of the site.
NAME = "policy.json"

#: All that the site keeps in a browser, in its local storage, each as ``haopin-NAME``: choices of the display.
STORED = ("scheme", "mode", "text", "contrast")

_CHARSET = '<meta charset="utf-8">'
#: Headers beside the policy: types are as they are sent, and other sites learn no more than this site's name.
_ALWAYS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}


def page_policy() -> str:
    """Return the policy of pages, as a page itself can say it.

    Forms are answered by scripts; one that is sent before its script has come leads to its own page, so ``'self'``.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
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
    policy = page_policy() if policy is None else policy
    meta = f'{_CHARSET}\n<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return page.replace(_CHARSET, meta, 1)


def policy_of(page: str) -> str:
    """Return the policy that ``page`` says itself; empty if none."""
    found = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    return unescape(found[1]) if found else ""


def headers(cards: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the headers that a web server should send, by the beginning of the address; the longest one counts.

    Args:
        cards: Folders of the cards for other pages, below the site's root, such as ``embed/``.
    """
    name = "Content-Security-Policy"
    found = {"/": {name: f"{page_policy()}; frame-ancestors 'none'", **_ALWAYS}}
    for folder in cards:
        found[f"/{folder}"] = {name: f"{card_policy()}; frame-ancestors *", **_ALWAYS}
    return found


def headers_text(cards: Iterable[str]) -> str:
    """Return the text of the file with the headers of a site with ``cards``."""
    return json.dumps({"headers": headers(cards)}, ensure_ascii=False, indent=1) + "\n"


#: Types of script elements that hold data and are never run. Any other, known to a browser or not, counts as a script.
_DATA_TYPES = ("application/ld+json", "application/json")
#: Elements that bring in a page, a program or styles of their own, or change where addresses lead.
_FORBIDDEN = ("iframe", "frame", "frameset", "object", "embed", "applet", "base", "style", "foreignobject")
#: Attributes with an address that a browser may open or run.
_OPENED = ("href", "src", "action", "formaction", "data", "to", "from", "values")
_RUN = ("javascript:", "vbscript:")
#: What browsers pass over before an address.
_BLANKS = "".join(map(chr, range(33)))
_PICTURES = ("data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp")


def forbidden(root: Element) -> Iterator[str]:
    """Yield what below ``root`` no page, card or picture of the site may have, such as ``p onclick``.

    Args:
        root: Of HTML as html5lib reads it, or of an SVG file.
    """
    for element in root.iter():
        # Comments have functions for tags.
        if not isinstance(element.tag, str):
            continue
        tag = element.tag.rpartition("}")[2].rpartition(":")[2].lower()
        attributes = {key.rpartition("}")[2].rpartition(":")[2].lower(): value for key, value in element.attrib.items()}
        if tag == "script":
            is_data = attributes.get("type", "").strip().lower() in _DATA_TYPES
            if not is_data and "".join(element.itertext()).strip():
                yield tag
        elif tag in _FORBIDDEN:
            yield tag
        elif tag == "meta" and attributes.get("http-equiv", "").strip().lower() not in ("", "content-security-policy"):
            yield f"meta http-equiv={attributes['http-equiv']}"
        animated = attributes.get("attributename", "").strip().lower()
        if animated.startswith("on") or animated.rpartition(":")[2] == "href":
            yield f"{tag} attributeName={animated}"
        for name, value in attributes.items():
            if name in ("style", "srcdoc") or name.startswith("on"):
                yield f"{tag} {name}"
            elif _is_run(name, value):
                yield f"{tag} {name}={_address(value)[:40]}"


def _address(value: str) -> str:
    """Return ``value`` as browsers read an address: without what surrounds it and without line breaks and tabs."""
    return re.sub(r"[\t\n\r]", "", value).lstrip(_BLANKS).lower()


def _is_run(name: str, value: str) -> bool:
    address = _address(value)
    return address.startswith(_RUN) or (
        name in _OPENED and address.startswith("data:") and not address.startswith(_PICTURES)
    )
