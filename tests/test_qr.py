"""QR codes: read back by another library's reader where there is one, and sound in form in any case."""

import re
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
import resvg_py
import zxingcpp
from haopin.cache import Cache
from haopin.html import inline_svg
from haopin.html.inline_svg import qr_svg
from PIL import Image

SVG = "{http://www.w3.org/2000/svg}"
ADDRESSES = (
    "https://quality.example/",
    "https://quality.example/en/tasks/03/",
    "https://quality.example/disclosures/batches/fruit-2030-1/s-3/",
    f"https://quality.example/{'x' * 300}/",
)


def modules(svg: str) -> list[list[bool]]:
    """The modules of a code, dark or not, as a renderer draws them; ten pixels each."""
    size = int(ElementTree.fromstring(svg).get("viewBox", "").split()[2])
    # On black paper: the light ground must be part of the drawing.
    picture = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=size * 10, background="#000000"))
    image = Image.open(BytesIO(picture)).convert("L")
    return [[image.getpixel((x * 10 + 5, y * 10 + 5)) == 0 for x in range(size)] for y in range(size)]


@pytest.mark.parametrize("address", ADDRESSES)
def test_code_is_read_back(address: str) -> None:
    size = len(modules(qr_svg(address, "x")))
    picture = resvg_py.svg_to_bytes(svg_string=qr_svg(address, "x"), width=size * 4, background="#808080")
    found = zxingcpp.read_barcodes(Image.open(BytesIO(bytes(picture))).convert("L"))
    assert [(code.text, code.ec_level) for code in found] == [(address, "M")]


@pytest.mark.parametrize("address", ADDRESSES)
def test_code_has_its_patterns_and_four_light_modules_around(address: str) -> None:
    rows = modules(qr_svg(address, "x"))
    edge = len(rows) - 8
    # Versions 1 to 40 have 21 to 177 modules, four more each.
    assert edge in range(21, 178, 4)
    around = [
        dark
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if not (min(x, y) >= 4 and max(x, y) < edge + 4)
    ]
    assert not any(around)
    finder = [[max(abs(x - 3), abs(y - 3)) != 2 for x in range(7)] for y in range(7)]
    for left, top in ((4, 4), (edge - 3, 4), (4, edge - 3)):
        assert [row[left : left + 7] for row in rows[top : top + 7]] == finder
    timing = [rows[10][x] for x in range(12, edge - 4)]
    assert timing == [n % 2 == 0 for n in range(len(timing))]


def test_codes_of_different_addresses_differ() -> None:
    assert len({str(modules(qr_svg(address, "x"))) for address in ADDRESSES}) == len(ADDRESSES)


def test_code_is_a_named_picture_that_takes_its_size_from_a_stylesheet() -> None:
    root = ElementTree.fromstring(qr_svg("https://a.example/?x=<&>", '\u7532 "<b>" & c'))
    assert (root.tag, root.get("role"), root.get("class")) == (f"{SVG}svg", "img", "hp-qr")
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == '\u7532 "<b>" & c'
    assert {name for e in root.iter() for name in e.attrib} & {"style", "width", "height", "id"} == set()


def test_code_is_small() -> None:
    assert len(qr_svg("https://quality.example/en/tasks/03/", "Address of this page")) < 2000


def test_code_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = qr_svg(ADDRESSES[0], "x", Cache(tmp_path))
    monkeypatch.setattr(inline_svg, "_draw", lambda address: pytest.fail("drawn again"))
    assert qr_svg(ADDRESSES[0], "x", Cache(tmp_path)) == first
    # Its name is no part of the drawing.
    assert re.sub("<title>.*?</title>", "", qr_svg(ADDRESSES[0], "y", Cache(tmp_path))) == re.sub(
        "<title>.*?</title>", "", first
    )


def test_code_without_a_cache_is_the_same(tmp_path: Path) -> None:
    assert qr_svg(ADDRESSES[1], "x") == qr_svg(ADDRESSES[1], "x", Cache(tmp_path))
