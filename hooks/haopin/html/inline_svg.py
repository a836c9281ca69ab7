"""Icons and QR codes as inline SVG, which needs no request and no font."""

import functools
from html import escape
from importlib.util import find_spec
from pathlib import Path

from markupsafe import Markup

from haopin import cache
from haopin.cache import Cache, Recipe

# --- Icons shipped with the theme


@functools.cache  # nothing of records is kept
def icon(name: str) -> Markup:
    """Return the icon ``name`` (e.g. ``phone``) of Material Design Icons, as decoration beside a label.

    Raises:
        FileNotFoundError: if there is no such icon.
    """
    spec = find_spec("material")
    assert spec is not None and spec.origin is not None
    file = Path(spec.origin).parent / f"templates/.icons/material/{name}.svg"
    svg = file.read_text(encoding="utf-8").strip()
    return Markup(svg.replace("<svg ", '<svg class="hp-icon" aria-hidden="true" focusable="false" ', 1))


# --- QR codes of addresses, for print

#: Version of the drawing code, and width of the light margin that ISO/IEC 18004 requires, in modules.
_DRAWING, _QUIET = "1", 4


def qr_svg(address: str, label: str, kept: Cache | None = None) -> str:
    """Return a QR code of ``address`` as SVG with an accessible name; a style sheet sets size and color.

    Error correction is level M (15 %). The light background is part of the drawing, since a code must be dark on light.

    Args:
        address: Absolute address.
        label: Accessible name of the picture, as text.
        kept: Cache of the drawings between builds.

    Raises:
        segno.encoder.DataOverflowError: if the address is longer than a code can be (2,331 bytes).
    """
    size, _, path = qr_recipe(address).made(kept).decode().partition(" ")
    # A square as the background, because browsers do not print CSS backgrounds.
    return (
        f'<svg class="hp-qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img"'
        f' shape-rendering="crispEdges"><title>{escape(label)}</title>'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path stroke="#000" d="{path}"/></svg>'
    )


def qr_recipe(address: str) -> Recipe:
    """Return how to draw the code of ``address``: the edge length in modules, a space, and the dark lines."""
    return Recipe(cache.key("qr", _DRAWING, address), functools.partial(_draw, address), 4)


def _draw(address: str) -> bytes:
    import segno

    code = segno.make_qr(address, error="m", boost_error=False)
    drawn = code.svg_inline(border=_QUIET, omitsize=True, svgclass=None, lineclass=None)
    path = drawn.partition(' d="')[2].partition('"')[0]
    return f"{code.symbol_size(border=_QUIET)[0]} {path}".encode()
