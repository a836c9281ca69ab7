"""Pieces of hard cases: very long and very short texts, one language, a third one, colors of another county."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from haopin.build.standalone import open_site
from haopin.materials.content import Content
from haopin.materials.engine import draw, output_of, suits
from haopin.materials.sets import PieceFilter, pieces, set_of
from haopin.text import Language, squeeze
from living import copy_living
from PIL import Image
from support import TEST_DAY, edit
from test_languages import chinese_county
from test_materials_pieces import FORMATS, HERO, content_of, longest, look_of, read, said, source_of
from third_language import third_county

#: Each draws pieces.
pytestmark = [pytest.mark.slow, pytest.mark.sweep]
#: Where room is scarce: low, narrow, small, seen from afar.
CRITICAL = ("banner-10m", "flag-600x1500", "television", "newspaper-quarter-grey", "wechat-cover", "led-640x160")
#: One of each layout with a QR code.
ARTICLE = "wechat-article"
CODED = ("poster-a3", "banner-6m", "flag-600x1500", "newspaper-half", "leaflet-a4", "card-a5", "slide", ARTICLE)
#: 80 characters.
LONG = "人人重视质量、人人创造质量、人人享受质量，" * 3 + "让买东西的人放心，让做东西的人用心"


def text_of(content: Content, language: Language, name: str) -> str:
    """Draw ``content`` in a format; return the text read in it."""
    return read(draw(content, FORMATS[name], look_of(language), sender="甲乙县质量局"))


@pytest.mark.parametrize("theme", [LONG, "守信"])
def test_the_longest_and_the_shortest_theme_are_whole(tmp_path: Path, theme: str) -> None:
    assert len(LONG) == 80
    data = copy_living(tmp_path)
    edit(data / "activities/quality-day.yml", "text: {zh: 人人参与", f"text: {{zh: '{theme}'")
    content = said(source_of(data), year=2028)["edition/quality-day-2028"]
    # Flags, covers and LED walls show the name and the day only.
    for name in ("banner-10m", "television", "newspaper-quarter-grey", "poster-a3", "net-square", "board-900x2400"):
        assert theme in text_of(content, "zh", name), name


def tripled(value: Any) -> Any:
    """Return a content's texts three times as long."""
    if isinstance(value, str):
        return " ".join([value] * 3)
    if isinstance(value, dict):
        return {name: tripled(each) for name, each in value.items()}
    return [tripled(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", ["edition", "event", "task", "target", "knowledge"])
def test_english_three_times_as_long_is_drawn(kind: str) -> None:
    content = next(each for each, language in longest() if each.kind == kind and language == "en")
    texts = {"kicker", "title", "lead", "themes", "points", "facts"} & content.values.keys()
    long = replace(content, values={**content.values, **{name: tripled(content.values[name]) for name in texts}})
    for name in (*CRITICAL, "leaflet-a4", "card-a5"):
        if suits(long, FORMATS[name]):
            assert squeeze(content.title) * 3 in text_of(long, "en", name), name


@pytest.mark.parametrize("name", CODED)
def test_a_format_without_a_code_has_the_address_alone(name: str) -> None:
    format_ = FORMATS[name].model_copy(update={"qr": False})
    for content, language in longest():
        if suits(content, format_) and (name != "banner-6m" or content.kind in ("slogan", "event")):
            raw = draw(content, format_, look_of(language), output=output_of(format_) if name == ARTICLE else "pdf")
            text = squeeze(raw.decode()) if name == ARTICLE else read(raw)
            assert content.values["host"] in text and squeeze(content.values["scan"]) not in text, content.id
            assert squeeze(content.values["as_of"]) in text, content.id
            assert b"<svg" not in raw, content.id
    if name != ARTICLE:
        look, small = look_of(hero=HERO), format_.model_copy(update={"resolution": 30})
        with Image.open(io.BytesIO(draw(content_of(), small, look, output="png"))) as image:
            assert not zxingcpp.read_barcodes(image.convert("L"))


def test_a_county_without_english(tmp_path: Path) -> None:
    project = chinese_county(tmp_path / "county", alone=True)
    (source,) = open_site(project / "mkdocs.yml", as_of=TEST_DAY).sources.values()
    found = set_of(source, PieceFilter(formats=("newspaper-quarter-grey",)))
    kinds = set()
    for made in found.draw():
        assert (made.failure, made.piece.language) == (None, "zh")
        content = made.piece.content
        kinds.add(content.kind)
        text = read(found.file(made.piece))
        assert all(squeeze(words) in text for words in content.values.get("clauses", [content.title])), content.id
    assert kinds == {content.kind for content, _ in longest()}


def test_a_third_language_has_the_pieces_of_english(tmp_path: Path) -> None:
    """The fonts lack its letters."""
    sources = open_site(third_county(tmp_path / "county") / "mkdocs.yml", as_of=TEST_DAY).sources
    wanted = PieceFilter(formats=("television",))
    third, english = (pieces(sources[language], wanted) for language in ("ug", "en"))
    assert [each.job for each in third] == [each.job for each in english] and third[0].name.endswith("-en.png")
    made = set_of(sources["ug"], replace(wanted, of="activity/quality-day")).draw()
    assert made and {each.failure for each in made} == {None}


@pytest.mark.parametrize("main", ["#fff7d6", "#ffd400", "#000000"])
def test_another_county_s_colors(main: str) -> None:
    look = look_of(ground=main)
    assert content_of().title in read(draw(content_of(), FORMATS["poster-a3"], look))
    for name in ("poster-a3", "television"):
        format_ = FORMATS[name].model_copy(update={"resolution": 80})
        with Image.open(io.BytesIO(draw(content_of(), format_, look, output="png"))) as image:
            grey = image.convert("L")
        assert [code.text for code in zxingcpp.read_barcodes(grey)] == ["https://quality.example/events/fair/"], name
        # Light letters on a dark ground, whatever the color of the county.
        histogram = grey.crop((0, 0, grey.width // 3, grey.height // 3)).histogram()
        assert sum(histogram[:110]) > 0.6 * sum(histogram) and sum(histogram[220:]) > 0, name
