"""The county's branding: style sheet with its colours as custom properties, light and dark; mark and icons."""

from collections.abc import Iterable, Mapping

import resvg_py

from haopin.colour import GROUNDS, ink, mixed, strengthened
from haopin.model.look import SCENES, Meaning
from haopin.model.provision import PilotField
from haopin.model.site import Identity
from haopin.model.task import Group, Task
from haopin.site.catalogue import Catalogue

#: Edge lengths in pixels of the PNG icons: tab, home screen.
ICON_SIZES: tuple[int, ...] = (32, 180)
#: Contrast of all text in high contrast and in the elder mode (WCAG level AAA).
HIGH = 7.0
#: Share of black in the band: in the light scheme, and by night.
_DAY, _NIGHT = 0.0, 0.55
#: How far the colour of a drawing is from that on light to that on dark backgrounds.
_BETWEEN = 0.45
#: Where the picture of the home page stands: there, and in a strip above the foot of the other pages.
_HERO, _STRIP = ".hp-hero::before", ".hp-footer::before"
#: Records that may have a colour and a drawing, by the word in their class.
_KINDS: Mapping[type[Group | Task | PilotField], str] = {Group: "group", Task: "task", PilotField: "field"}


def look(catalogue: Catalogue) -> dict[str, str | bytes]:
    """Return the branding files by name: colours, mark, icons, and the picture of the home page, if any.

    ``mark.svg``, ``hero.svg`` and its night, ``hero-dark.svg``, come from the data folder.
    """
    identity = catalogue.site.identity
    mark = catalogue.companions.get("mark.svg") or default_mark(identity)
    css = stylesheet(identity)
    found: dict[str, str | bytes] = {"mark.svg": mark}
    given = catalogue.companions
    found |= {name: given[name] for name in ("hero.svg", "hero-dark.svg") if name in given}
    if "hero.svg" in found:
        css += f'{_HERO},.hp-hero::after,{_STRIP}{{content:""}}\n' + "".join(f"{rule}\n" for rule in _hills("hero.svg"))
        if "hero-dark.svg" in found:
            css += _in_the_dark(*_hills("hero-dark.svg"))
    scenes, rules = _scenes(catalogue)
    found |= {**scenes, "county.css": css + rules}
    return {**found, **{f"icon-{size}.png": icon(mark, size) for size in ICON_SIZES}}


def stylesheet(identity: Identity) -> str:
    """Return CSS with the county's colours for each scheme: its band, links, figures and meanings.

    The dark scheme follows the system unless the visitor has chosen one (``data-scheme`` on the root element). In high
    contrast and in the elder mode (``data-contrast``, ``data-mode``), all text reaches the contrast `HIGH`; these rules
    have the same specificity as those for print, which come later and take precedence.
    """
    light, dark = _scheme(identity, "light"), _scheme(identity, "dark")
    return (
        f":root{{{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-scheme=light]){{{dark}}}}}\n"
        f":root[data-scheme=dark]{{{dark}}}\n"
        f"{_high(identity)}"
    )


def _band(identity: Identity, scheme: str) -> dict[str, str]:
    band = mixed(identity.main, "#000000", _DAY if scheme == "light" else _NIGHT)
    return {"band": band, "on-band": ink(band), "band-deep": mixed(band, "#000000", 0.28)}


def own_look(catalogue: Catalogue, record: Group | Task | PilotField, *, shared: bool = True) -> str:
    """Return the classes by which ``record`` has its colour and drawing, its own or those of its group.

    Args:
        catalogue: The catalogue.
        record: The record.
        shared: Whether it has the drawing of its group, too; otherwise, the colour only.

    Returns:
        The classes, with a space before each; "" if there are none.
    """
    drawn = shared or record.picture
    while not (record.colour or record.picture):
        above = getattr(record, "group", None) or getattr(record, "parent", None)
        if above is None:
            return ""
        record = catalogue.get(Group, above)
    seen = " hp-seen" if drawn and record.picture else ""
    return f"{seen} hp-of-{_KINDS[type(record)]}-{record.id}"


def _scenes(catalogue: Catalogue) -> tuple[Mapping[str, str], str]:
    """Return the drawings by file name, and the rules for the records that have a colour or a drawing.

    Where a drawing says ``currentColor``, it gets the colour of its record, between that on light and that on dark
    backgrounds: one file is seen on both.
    """
    identity, files = catalogue.site.identity, dict[str, str]()
    light, dark = [], []
    for record in (record for model in _KINDS for record in catalogue.all(model)):
        if not (record.colour or record.picture):
            continue
        name = f"{_KINDS[type(record)]}-{record.id}"
        colour = record.colour or Meaning(light=identity.main, dark=identity.main_dark)
        scene = ""
        if record.picture:
            own = mixed(colour.light, colour.dark, _BETWEEN)
            files[f"{name}.svg"] = catalogue.companions[f"{SCENES}{record.picture}"].replace("currentColor", own)
            scene = f";--hp-scene:url({name}.svg)"
        light.append(f".hp-of-{name}{{--hp-own:{colour.light}{scene}}}")
        dark.append(f".hp-of-{name}{{--hp-own:{colour.dark}}}")
    return files, "".join(f"{rule}\n" for rule in light) + _in_the_dark(*dark)


def _hills(file: str) -> Iterable[str]:
    """Yield the rules for the picture ``file``; in the strip, its sky fades into the page."""
    yield f"{_HERO}{{background-image:url({file})}}"
    fade, sky = "transparent 20%", "var(--hp-tint-strong)"
    ground = "linear-gradient(var(--hp-ground)"
    yield f"{_STRIP}{{background-image:{ground},{fade}),url({file}),{ground},{sky})}}"


def _in_the_dark(*rules: str) -> str:
    """Return ``rules`` for the dark scheme, whether the system asks for it or the visitor chose it."""
    if not rules:
        return ""
    system = "".join(f":root:not([data-scheme=light]) {rule}" for rule in rules)
    return f"@media (prefers-color-scheme:dark){{{system}}}\n" + "".join(
        f":root[data-scheme=dark] {rule}\n" for rule in rules
    )


def _high(identity: Identity) -> str:
    light, dark = _high_scheme(identity, "light"), _high_scheme(identity, "dark")
    asked = ":is([data-contrast=high],[data-mode=elder])"
    return (
        f":root:root{asked}{{{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-scheme=light]){asked}{{{dark}}}}}\n"
        f":root[data-scheme=dark]{asked}{{{dark}}}\n"
    )


def _high_scheme(identity: Identity, scheme: str) -> str:
    """Return the colours of ``scheme`` for high contrast, including the neutral ones of haopin.css."""
    card = "#ffffff" if scheme == "light" else "#000000"
    given = identity.main if scheme == "light" else identity.main_dark
    # A color must be legible on its own tint: mix a fainter tint.
    main = strengthened(given, [card, mixed(card, given, 0.1)], HIGH)
    grounds = {"ground": card, "card": card, "tint": mixed(card, main, 0.04), "tint-strong": mixed(card, main, 0.1)}
    main = strengthened(main, grounds.values(), HIGH)
    band = strengthened(_band(identity, scheme)["band"], ["#ffffff"], HIGH)
    colours = {"band": band, "on-band": "#ffffff", "band-deep": mixed(band, "#000000", 0.28)}
    colours |= {**grounds, "ink": ink(card), "main": main, "on-main": ink(main)}
    for name in ("good", "warn", "late"):
        meaning = getattr(getattr(identity, name), scheme)
        colours[f"{name}-tint"] = tint = mixed(card, meaning, 0.06)
        colours[name] = strengthened(meaning, [*grounds.values(), tint], HIGH)
    tints = [colour for name, colour in colours.items() if name.endswith("tint")]
    soft = strengthened("#777777", [*grounds.values(), *tints], HIGH)
    colours |= dict.fromkeys(("soft", "past", "line-strong"), soft)
    colours["line"] = mixed(card, soft, 0.6)
    return ";".join(f"--hp-{name}:{colour}" for name, colour in colours.items())


def _scheme(identity: Identity, scheme: str) -> str:
    ground = GROUNDS[scheme]
    main = identity.main if scheme == "light" else identity.main_dark
    meanings = {name: getattr(getattr(identity, name), scheme) for name in ("good", "warn", "late")}
    colours = {
        **_band(identity, scheme),
        "card": ground,
        "main": main,
        "on-main": ink(main),
        "tint": mixed(ground, main, 0.07),
        "tint-strong": mixed(ground, main, 0.18),
        **meanings,
        **{f"{name}-tint": mixed(ground, colour, 0.1) for name, colour in meanings.items()},
    }
    return ";".join(f"--hp-{name}:{colour}" for name, colour in colours.items())


def default_mark(identity: Identity) -> str:
    """Return a neutral mark in the county's colour, for data folders without ``mark.svg``."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" rx="14" fill="{identity.main}"/>'
        f'<path fill="none" stroke="{ink(identity.main)}" stroke-width="6" stroke-linecap="round"'
        ' stroke-linejoin="round" d="M15 33l12 13 22-28"/></svg>\n'
    )


def icon(mark: str, size: int) -> bytes:
    """Return ``mark`` (SVG) as a square PNG image, ``size`` pixels wide.

    Raises:
        ValueError: if the mark is not SVG.
    """
    return bytes(resvg_py.svg_to_bytes(svg_string=mark, width=size, height=size))
