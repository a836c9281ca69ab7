"""Icons from the set that ships with the theme, put into pages as SVG: no request, no font."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from markupsafe import Markup


@cache
def icon(name: str) -> Markup:
    """Return the icon ``name`` (e.g. ``phone``) of Material Design Icons. It is decoration: a label stands beside it.

    Raises:
        FileNotFoundError: if there is no such icon.
    """
    spec = find_spec("material")
    assert spec is not None and spec.origin is not None
    file = Path(spec.origin).parent / f"templates/.icons/material/{name}.svg"
    svg = file.read_text(encoding="utf-8").strip()
    return Markup(svg.replace("<svg ", '<svg class="hp-icon" aria-hidden="true" focusable="false" ', 1))
