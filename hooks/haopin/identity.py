"""The county's look as a stylesheet: its colours as custom properties, light and dark."""

from haopin.records.site import Identity


def stylesheet(identity: Identity) -> str:
    """Return CSS with the county's colours: the band (head of a page) in both schemes, links and figures in each."""
    return (
        f":root{{--hp-band:{identity.main};--hp-on-band:{_ink(identity.main)}}}\n"
        f'[data-md-color-scheme="default"]{{--hp-main:{identity.main}}}\n'
        f'[data-md-color-scheme="slate"]{{--hp-main:{identity.main_dark}}}\n'
    )


def default_mark(identity: Identity) -> str:
    """Return a neutral mark in the county's colour, for a county that has no ``mark.svg`` in its data folder."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" rx="14" fill="{_ink(identity.main)}"/>'
        f'<path fill="none" stroke="{identity.main}" stroke-linecap="round" stroke-linejoin="round" stroke-width="6"'
        ' d="M15 33l12 13 22-28"/></svg>\n'
    )


def _ink(colour: str) -> str:
    """Return black or white, whichever contrasts more with ``colour`` (WCAG 2.2 relative luminance)."""
    luminance = relative_luminance(colour)
    return "#ffffff" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else "#000000"


def relative_luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb``, 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
