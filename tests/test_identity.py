"""The county's look as a stylesheet."""

import re
from xml.etree import ElementTree

import pytest
from haopin.identity import default_mark, relative_luminance, stylesheet
from haopin.records.site import Identity
from support import ROOT, catalogue_of


def identity(main: str = "#00594f", main_dark: str = "#6fd3c4") -> Identity:
    return Identity(main=main, main_dark=main_dark)


def test_stylesheet() -> None:
    assert stylesheet(identity()) == (
        ":root{--hp-band:#00594f;--hp-on-band:#ffffff}\n"
        '[data-md-color-scheme="default"]{--hp-main:#00594f}\n'
        '[data-md-color-scheme="slate"]{--hp-main:#6fd3c4}\n'
    )


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


def contrast(first: str, second: str) -> float:
    dark, light = sorted((relative_luminance(first), relative_luminance(second)))
    return (light + 0.05) / (dark + 0.05)


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


def test_words_on_the_band_can_always_be_read() -> None:
    """Black or white on any grey: at least 4.5 to 1, as WCAG asks of text."""
    for value in range(256):
        main = f"#{value:02x}{value:02x}{value:02x}"
        (ink,) = re.findall(r"--hp-on-band:(#[0-9a-f]{6})", stylesheet(identity(main)))
        assert contrast(main, ink) >= 4.5
        assert contrast(main, ink) == max(contrast(main, "#ffffff"), contrast(main, "#000000"))


@pytest.mark.parametrize("data", [None, ROOT / "data"], ids=["invented", "real"])
def test_colours_of_the_counties_can_be_read(data: object) -> None:
    look = (catalogue_of(ROOT / "data") if data else catalogue_of()).site.identity
    assert contrast(look.main, "#ffffff") >= 4.5
    # The dark ground of the theme.
    assert contrast(look.main_dark, "#1e2129") >= 4.5


def test_default_mark_is_a_picture_in_the_colours_of_the_county() -> None:
    mark = default_mark(identity())
    root = ElementTree.fromstring(mark)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert set(re.findall(r"#[0-9a-f]{6}", mark)) == {"#00594f", "#ffffff"}
    assert "style=" not in mark
