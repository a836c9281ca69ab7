"""Pieces look as they did: each shape in both languages, against stored pictures."""

import io
from collections.abc import Mapping
from functools import cache

import pytest
from haopin.materials.engine import TEMPLATES, draw
from haopin.text import Language
from pictures import check, difference, stored
from PIL import Image, ImageFilter
from support import ROOT
from test_materials_pieces import FORMATS, LANGUAGES, SHAPES, longest, look_of

#: Each draws pieces.
pytestmark = pytest.mark.slow
STORED = ROOT / "tests/pieces"
LIMIT = 400_000
#: Pixels of a sheet: those of a square of 360.
AREA = 360**2
#: What is drawn in each shape: together all kinds of content, and all templates.
KINDS = {
    "board-900x2400": "slogan",
    "poster-a3": "event",
    "banner-6m": "edition",
    "flag-600x1500": "honour",
    "screen-1920x1080": "edition",
    "led-300x200": "event",
    "television": "task",
    "newspaper-half": "progress",
    "newspaper-quarter-grey": "knowledge",
    "net-square": "target",
    "wechat-cover": "edition",
    "leaflet-a4": "knowledge",
    "card-a5": "result",
    "slide": "terms",
    "wechat-article": "group",
}


def drawn(name: str, language: Language, own: Mapping[str, str] | None = None) -> Image.Image:
    """Draw the piece in a format, and reduce it."""
    content = next(each for each, of in longest() if each.kind == KINDS[name] and of == language)
    format_ = FORMATS[name]
    scale = (AREA / format_.width / (format_.height or format_.width * 4 / 3)) ** 0.5
    if format_.unit == "mm":
        # Twice as large, since lines are drawn coarsely in few pixels.
        format_ = format_.model_copy(update={"resolution": 2 * scale * 25.4})
        scale = 0.5
    raw = draw(content, format_, look_of(language), sender="甲乙", output="png", own=own)
    with Image.open(io.BytesIO(raw)) as image:
        size = round(image.width * scale), round(image.height * scale)
        return image.convert("RGB").resize(size, Image.Resampling.LANCZOS)


@cache
def drawings() -> dict[str, Image.Image]:
    """Every piece by the name of its picture."""
    return {f"{name}-{language}.webp": drawn(name, language) for name in KINDS for language in LANGUAGES}


def test_every_shape_looks_as_it_did() -> None:
    assert KINDS.keys() == {*SHAPES, "wechat-article"}
    assert set(KINDS.values()) == {content.kind for content, _ in longest()}
    check({name: stored(image) for name, image in drawings().items()}, STORED)


def test_pictures_are_small() -> None:
    assert 0 < sum(file.stat().st_size for file in STORED.iterdir()) < LIMIT


# The comparison detects visible differences only


#: Changes of the shared template: a piece, a part of the template, and its replacement.
DEFECTS = {
    "lines are moved by a third": ("poster-a3", "move(dx: hang / 2, line)", "move(dy: size / 3, line)"),
    "lines are not centered": ("banner-6m", "align(to, move(", "align(left, move("),
    "lines are closer": ("television", "spacing: size * leading", "spacing: size * leading * 0.6"),
    "letters are not bold": ("card-a5", '"Noto Sans CJK SC", weight: 700', '"Noto Sans SC", weight: 400'),
    "colors are darker": ("net-square", "rgb(colour))", "rgb(colour).darken(12%))"),
    "the mark is gone": ("wechat-cover", "    mark(size),", "    box(width: size, height: size),"),
    "the code is gone": ("newspaper-half", 'row.matches("1")', 'row.matches("2")'),
    "the hills are gone": ("flag-600x1500", "{ hills(wide, tall) }", "{ }"),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_seen(defect: str) -> None:
    name, old, new = DEFECTS[defect]
    shared = (TEMPLATES / "county.typ").read_text("utf-8")
    assert old in shared
    changed = drawn(name, "en", {"county.typ": shared.replace(old, new)})
    assert difference((STORED / f"{name}-en.webp").read_bytes(), stored(changed))


def test_invisible_differences_are_ignored() -> None:
    """Another machine smooths letters otherwise, or rounds a place or a color to the next number."""
    for name, image in drawings().items():
        aside = image.transform(image.size, Image.Transform.AFFINE, (1, 0, 0.1, 0, 1, 0.1), Image.Resampling.BICUBIC)
        trifles = {
            "softer": image.filter(ImageFilter.GaussianBlur(0.3)),
            "aside": aside,
            "lighter": image.point(lambda value: min(value + 1, 255)),
        }
        for trifle, other in trifles.items():
            assert difference((STORED / name).read_bytes(), stored(other)) == "", (name, trifle)
