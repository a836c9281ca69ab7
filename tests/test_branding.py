"""The county's branding as a style sheet."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from haopin.colour import GROUNDS, contrast, mixed, relative_luminance
from haopin.model.site import Identity
from haopin.model.task import Task
from haopin.site.branding import HIGH, ICON_SIZES, default_mark, icon, look, own_look, stylesheet
from haopin.site.catalogue import Catalogue
from support import COUNTY, BuiltSite, catalogue_of, copy_data, edit


def identity(main: str = "#00594f", main_dark: str = "#6fd3c4") -> Identity:
    return Identity(main=main, main_dark=main_dark)


def test_stylesheet() -> None:
    light, machine, chosen, *_ = stylesheet(identity()).splitlines()
    assert light.startswith(":root{--hp-band:#00594f;--hp-on-band:#ffffff;--hp-band-deep:#004039;--hp-card:#ffffff;")
    assert "--hp-main:#00594f;--hp-on-main:#ffffff" in light
    dark = re.fullmatch(r"@media \(prefers-color-scheme:dark\)\{:root:not\(\[data-scheme=light\]\)\{(.*)\}\}", machine)
    assert dark is not None
    # The same colours, whether the machine or the visitor chose the dark scheme.
    assert chosen == f":root[data-scheme=dark]{{{dark[1]}}}"
    assert dark[1].startswith("--hp-band:#002824;--hp-on-band:#ffffff;--hp-band-deep:#001d1a;--hp-card:#1b2120;")
    assert "--hp-main:#6fd3c4;--hp-on-main:#000000" in dark[1]
    names = [set(re.findall(r"--hp-([a-z-]+):", text)) for text in (light, dark[1])]
    assert names[0] == names[1]
    assert names[1] >= {"good", "warn", "late", "tint", "good-tint"}


def test_mixed() -> None:
    assert mixed("#000000", "#ffffff", 0) == "#000000"
    assert mixed("#000000", "#ffffff", 1) == "#ffffff"
    assert mixed("#102030", "#304050", 0.5) == "#203040"


def test_look_of_a_county_without_pictures_of_its_own() -> None:
    found = look(catalogue_of())
    assert set(found) == {"mark.svg", "county.css", *(f"icon-{size}.png" for size in ICON_SIZES)}
    assert found["mark.svg"] == default_mark(catalogue_of().site.identity)
    assert "hero" not in str(found["county.css"])


def test_look_of_a_county_with_pictures_of_its_own(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    colours = {"mark.svg": "#123456", "hero.svg": "#654321", "hero-dark.svg": "#321321"}
    pictures = {name: default_mark(identity(main)) for name, main in colours.items()}
    for name, picture in pictures.items():
        (data / name).write_text(picture, "utf-8")
    found = look(catalogue_of(data))
    assert {name: found[name] for name in pictures} == pictures
    css = str(found["county.css"])
    assert ".hp-hero::before{background-image:url(hero.svg)}" in css
    assert ":root[data-scheme=dark] .hp-hero::before{background-image:url(hero-dark.svg)}" in css


def test_a_picture_without_its_night_is_shown_by_day_and_by_night(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    (data / "hero.svg").write_text(default_mark(identity("#654321")), "utf-8")
    found = look(catalogue_of(data))
    assert "hero-dark.svg" not in found
    assert "hero-dark.svg" not in str(found["county.css"])
    assert ".hp-hero::before{background-image:url(hero.svg)}" in str(found["county.css"])


@pytest.fixture
def drawn(tmp_path: Path) -> Catalogue:
    """A county whose first group has a colour and a drawing, and one task a drawing of its own."""
    data = copy_data(tmp_path)
    (data / "scenes").mkdir()
    for name in ("scales", "gate"):
        (data / f"scenes/{name}.svg").write_text(_DRAWING, "utf-8")
    title = "  title: {zh: 守住底线, en: Hold the line}\n"
    edit(data / "groups.yml", title, f'{title}  colour: {{light: "#7a3a86", dark: "#e0a9ec"}}\n  picture: scales.svg\n')
    edit(data / "tasks/02.yml", "clause:", "picture: gate.svg\nclause:")
    return catalogue_of(data)


_DRAWING = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><path stroke='currentColor' d='M0 0h9'/></svg>"


def test_a_group_has_a_colour_for_each_scheme_and_a_drawing_between_them(drawn: Catalogue) -> None:
    found = look(drawn)
    css = str(found["county.css"])
    assert ".hp-of-group-line{--hp-own:#7a3a86;--hp-scene:url(group-line.svg)}\n" in css
    assert css.count(".hp-of-group-line{--hp-own:#e0a9ec}") == 2
    assert "currentColor" in _DRAWING
    assert found["group-line.svg"] == _DRAWING.replace("currentColor", mixed("#7a3a86", "#e0a9ec", 0.45))


def test_a_drawing_without_a_colour_has_that_of_the_county(drawn: Catalogue) -> None:
    main = drawn.site.identity
    assert f".hp-of-task-02{{--hp-own:{main.main};--hp-scene:url(task-02.svg)}}" in str(look(drawn)["county.css"])


def test_a_task_looks_like_its_group_unless_it_has_a_look_of_its_own(drawn: Catalogue) -> None:
    first, second = drawn.get(Task, "01"), drawn.get(Task, "02")
    assert first.group == "line"
    assert own_look(drawn, first) == " hp-seen hp-of-group-line"
    assert own_look(drawn, first, shared=False) == " hp-of-group-line"
    assert own_look(drawn, second) == own_look(drawn, second, shared=False) == " hp-seen hp-of-task-02"
    assert own_look(catalogue_of(), first) == ""


def test_cards_and_heads_of_pages_have_the_looks_of_their_records(full_county: BuiltSite) -> None:
    pages, seen = full_county.pages, "hp-seen hp-of-group-line"
    assert f'class="hp-card hp-group {seen}"' in pages[""].source
    assert f'class="hp-group-head {seen}"' in pages["tasks/"].source
    assert 'class="hp-card hp-taskcard hp-of-group-line"' in pages["tasks/"].source
    assert f'class="hp-page-head {seen}"' in pages["tasks/01/"].source
    assert 'class="hp-card hp-seen hp-of-field-education"' in pages["industries/"].source
    # Records without a look are as before.
    assert 'class="hp-card hp-group"' in pages[""].source
    assert 'class="hp-page-head"' in pages["tasks/"].source


@pytest.mark.parametrize("size", ICON_SIZES)
def test_icons_are_pictures_of_their_size_always_the_same(size: int) -> None:
    picture = icon(default_mark(identity()), size)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (size, size)
    assert picture == icon(default_mark(identity()), size)


@pytest.mark.parametrize(
    ("colour", "luminance"),
    [
        ("#000000", 0),
        ("#ffffff", 1),
        ("#ff0000", 0.2126),
        ("#00ff00", 0.7152),
        ("#0000ff", 0.0722),
        ("#808080", 0.2159),
        ("#0a0a0a", 0.003),
    ],
)
def test_relative_luminance(colour: str, luminance: float) -> None:
    assert relative_luminance(colour) == pytest.approx(luminance, abs=1e-4)


@pytest.mark.parametrize(
    ("main", "ink"),
    [
        ("#000000", "#ffffff"),
        ("#ffffff", "#000000"),
        ("#b40c0c", "#ffffff"),
        ("#ffd700", "#000000"),
    ],
)
def test_words_on_the_band_take_the_ink_that_contrasts_more(main: str, ink: str) -> None:
    assert f"--hp-on-band:{ink}" in stylesheet(identity(main))


@pytest.mark.sweep
@pytest.mark.slow
def test_words_on_the_band_can_always_be_read() -> None:
    """Black or white on any grey: at least 4.5 to 1, as WCAG asks of text."""
    for value in range(256):
        main = f"#{value:02x}{value:02x}{value:02x}"
        css = stylesheet(identity(main))
        pairs = re.findall(r"--hp-band:(#[0-9a-f]{6});--hp-on-band:(#[0-9a-f]{6})", css)
        # By day, by night (as the system has it, and as chosen), and the same in high contrast.
        assert len(pairs) == 6
        for band, ink in pairs[:3]:
            assert contrast(band, ink) >= 4.5
            assert contrast(band, ink) == max(contrast(band, "#ffffff"), contrast(band, "#000000"))
        assert min(contrast(*pair) for pair in pairs[3:]) >= HIGH


@pytest.mark.parametrize(
    ("main", "main_dark"), [("#00594f", "#6fd3c4"), ("#767676", "#8f8f8f"), ("#c8102e", "#ff5050")]
)
def test_in_high_contrast_every_colour_can_be_read_on_every_ground(main: str, main_dark: str) -> None:
    rules = stylesheet(identity(main, main_dark)).splitlines()[3:]
    assert [rule.count("[data-contrast=high]") for rule in rules] == [1, 1, 1]
    for rule in rules:
        colours = dict(re.findall(r"--hp-([a-z-]+):(#[0-9a-f]{6})", rule))
        grounds = [colours[name] for name in ("ground", "card", "tint", "tint-strong")]
        for name in ("ink", "soft", "main", "good", "warn", "late"):
            assert min(contrast(colours[name], ground) for ground in grounds) >= HIGH, name
        for name in ("good", "warn", "late"):
            for ink in (name, "ink", "soft"):
                assert contrast(colours[ink], colours[f"{name}-tint"]) >= HIGH
        assert contrast(colours["on-main"], colours["main"]) >= HIGH


@pytest.fixture
def data() -> Path:
    """Records of the invented county; in ``tests/county``, this repository's own."""
    return COUNTY / "data"


def test_colours_of_the_county_can_be_read(data: Path) -> None:
    colours = catalogue_of(data).site.identity
    assert contrast(colours.main, GROUNDS["light"]) >= 4.5
    assert contrast(colours.main_dark, GROUNDS["dark"]) >= 4.5


def test_default_mark_is_a_picture_in_the_colours_of_the_county() -> None:
    mark = default_mark(identity())
    root = ElementTree.fromstring(mark)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert set(re.findall(r"#[0-9a-f]{6}", mark)) == {"#00594f", "#ffffff"}
    assert "style=" not in mark
