"""Links that lead to sites of others: marked in words, and announced before one leaves, unless to a government."""

import re
from html import escape, unescape
from urllib.parse import urlsplit

from haopin.html.i18n import Labels
from haopin.text import shown_address

#: Domains of governments: whoever goes there needs no notice.
GOVERNMENT: tuple[str, ...] = ("gov.cn",)

_LINK = re.compile(r'<a ([^>]*?)href="(https?://[^"]+)"([^>]*)>(.*?)</a>', re.DOTALL)
_SAFE = ' rel="noopener noreferrer"'


def is_government(host: str) -> bool:
    """Tell whether ``host`` is that of a government."""
    return any(host == domain or host.endswith(f".{domain}") for domain in GOVERNMENT)


def marked(content: str, own: str, t: Labels) -> str:
    """Return the HTML ``content`` with its links to others marked, and what is asked before one follows them.

    Args:
        content: HTML of a page.
        own: Host of the site itself.
        t: Labels of the page's language.
    """
    if 'href="http' not in content:
        return content
    leaving = False

    def mark(match: re.Match[str]) -> str:
        nonlocal leaving
        before, address, after, words = match.groups()
        host = urlsplit(unescape(address)).hostname or ""
        if host == own:
            return match[0]
        safe = "" if " rel=" in f" {before} {after}" else _SAFE
        if is_government(host):
            return f'<a {before}href="{address}"{after}{safe}>{words}</a>'
        leaving = True
        note = f' <span class="hp-external">{escape(t("leave.mark"))}</span>'
        # What the notice and paper show of it, where it is not the address itself.
        shown = shown_address(unescape(address))
        leave = "data-leave" if shown == unescape(address) else f'data-leave="{escape(shown)}"'
        return f'<a {before}href="{address}"{after}{safe} {leave}>{words}{note}</a>'

    content = _LINK.sub(mark, content)
    return content + _dialog(t) if leaving else content


def _dialog(t: Labels) -> str:
    """Return what leave.js shows; it puts the address and ``rel`` in."""
    return (
        '<template data-leave-dialog><dialog class="hp-citing"><form method="dialog">'
        f"<h2>{escape(t('leave.title'))}</h2></form><p>{escape(t('leave.text'))}</p><p><code></code></p>"
        '<form method="dialog" class="hp-actions">'
        f'<button type="submit" class="hp-button">{escape(t("leave.stay"))}</button>'
        f'<a class="hp-button hp-button--quiet">{escape(t("leave.go"))}</a></form></dialog></template>\n'
    )
