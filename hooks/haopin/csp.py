"""Content security policy and other security headers: in each page, and in ``policy.json`` for the web server.

Some portals send no headers, so each page has its policy in a meta element; ``frame-ancestors`` works as a header only.
There are no inline scripts and no exceptions for any, so an injected script does not run. Linked data
(``application/ld+json``) is not executed and needs no exception.

Trusted types are not required: worker URLs and parsing of other pages would need a policy of their own, on a site that
never inserts text as HTML.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from xml.etree.ElementTree import Element

#: Name of the file with the headers, at the root of the site.
NAME = "policy.json"

#: Keys in the local storage of a browser, each as ``haopin-NAME``: display settings.
STORED = ("scheme", "mode", "text", "contrast")

_CHARSET = '<meta charset="utf-8">'
#: Headers besides the policy: no content sniffing; other sites receive the host name only as referrer.
_ALWAYS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}


def page_policy() -> str:
    """Return the policy of pages, for a meta element.

    Forms are handled by scripts; a form sent before its script is loaded goes to its own page, therefore ``'self'``.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            # ``data:`` is for the poster that a page draws of itself; no other address can be in a picture.
            "img-src 'self' data:",
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
    """Return the policy of embeddable cards, which allows no scripts."""
    return "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"


def guarded(page: str, policy: str | None = None) -> str:
    """Insert ``policy`` (default: that of pages) into the head of the HTML ``page``, before anything that loads."""
    policy = page_policy() if policy is None else policy
    meta = f'{_CHARSET}\n<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return page.replace(_CHARSET, meta, 1)


def policy_of(page: str) -> str:
    """Return the policy in the meta element of ``page``; "" if there is none."""
    found = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    return unescape(found[1]) if found else ""


def headers(cards: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the headers for a web server, by address prefix; the longest prefix applies.

    Args:
        cards: Folders of the embeddable cards, relative to the site, such as ``embed/``.
    """
    name = "Content-Security-Policy"
    found = {"/": {name: f"{page_policy()}; frame-ancestors 'none'", **_ALWAYS}}
    for folder in cards:
        found[f"/{folder}"] = {name: f"{card_policy()}; frame-ancestors *", **_ALWAYS}
    return found


def headers_text(cards: Iterable[str]) -> str:
    """Return the content of ``policy.json`` of a site with ``cards``."""
    return json.dumps({"headers": headers(cards)}, ensure_ascii=False, indent=1) + "\n"


#: Types of script elements that are data and not executed. All others count as scripts.
_DATA_TYPES = ("application/ld+json", "application/json")
#: Elements that embed documents, programs or styles, or change the base of addresses.
_FORBIDDEN = ("iframe", "frame", "frameset", "object", "embed", "applet", "base", "style", "foreignobject")
#: Attributes with an address that a browser may load or execute.
_OPENED = ("href", "src", "action", "formaction", "data", "to", "from", "values")
_RUN = ("javascript:", "vbscript:")
#: Characters that browsers ignore before an address.
_BLANKS = "".join(map(chr, range(33)))
_PICTURES = ("data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp")


def forbidden(root: Element) -> Iterator[str]:
    """Yield the forbidden elements and attributes below ``root``, such as ``p onclick``.

    Args:
        root: Root element of an HTML page parsed by html5lib, or of an SVG file.
    """
    for element in root.iter():
        # The tag of a comment is a function.
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
    """Normalise an address as browsers do: without surrounding blanks, line breaks and tabs."""
    return re.sub(r"[\t\n\r]", "", value).lstrip(_BLANKS).lower()


def _is_run(name: str, value: str) -> bool:
    address = _address(value)
    return address.startswith(_RUN) or (
        name in _OPENED and address.startswith("data:") and not address.startswith(_PICTURES)
    )
