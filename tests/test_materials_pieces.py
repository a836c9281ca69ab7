"""Pieces of the studio: what they say, and what other people's readers find in the drawn files."""

import io
import re
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache, partial
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import html5lib
import pytest
import zxingcpp
from haopin.colour import contrast
from haopin.exports.pictures.look import Look
from haopin.exports.source import ExportSource
from haopin.html.i18n import site_labels
from haopin.html.renderer import Renderer, environment
from haopin.materials.content import Content
from haopin.materials.contents import contents
from haopin.materials.engine import ACCENT, CONTRAST, DoesNotFit, Undrawable, draw, output_of, palette, suits
from haopin.materials.engine import TEMPLATES as TEMPLATES_OF_PIECES
from haopin.materials.inks import inks, shown
from haopin.materials.sets import shipped
from haopin.text import Language, squeeze
from living import AS_OF, copy_living
from PIL import Image
from pypdf import PdfReader
from support import COUNTY_MORE, ROOT, catalogue_of, full_catalogue

#: Each draws pieces, some by the dozen.
pytestmark = pytest.mark.slow
LABELS = site_labels(ROOT / "hooks/haopin/labels.yml")
TEMPLATES = environment(ROOT / "hooks/haopin/templates")
FORMATS = {format_.id: format_ for format_ in shipped()}
#: A format of each shape; wide and upright ones where both are drawn by the same template.
SHAPES = (
    *("board-900x2400", "poster-a3", "banner-6m", "flag-600x1500", "screen-1920x1080", "led-300x200", "television"),
    *("newspaper-half", "newspaper-quarter-grey", "net-square", "wechat-cover", "leaflet-a4", "card-a5", "slide"),
)
#: The shapes, of which the sweep draws all and other runs one of each kind of layout.
DRAWN = [
    pytest.param(
        name,
        marks=() if name in ("banner-6m", "led-300x200", "leaflet-a4") else pytest.mark.sweep,
    )
    for name in SHAPES
]
MARK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path fill="#c00" d="M0 0h8v8H0z"/></svg>'
HERO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><defs><linearGradient id="a"><stop stop-color="#fc6"/>'
    '<stop offset="1" stop-color="#063" stop-opacity=".5"/></linearGradient></defs>'
    '<path fill="url(#a)" d="M0 0h30v10z"/>'
    '<path stroke="#fff" stroke-opacity=".5" d="M1 1h9"/></svg>'
)
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def source_of(data: Path | None = None, language: Language = "zh", as_of: date = AS_OF) -> ExportSource:
    catalogue = catalogue_of(data, as_of=as_of) if data else full_catalogue()
    renderer = Renderer(catalogue, language, as_of, LABELS, TEMPLATES)
    return ExportSource(renderer, "https://quality.example/", {"zh": "", "en": "en/"})


def said(source: ExportSource, **more: Any) -> dict[str, Content]:
    return {f"{content.kind}/{content.id}": content for content in contents(source, **more)}


def look_of(language: Language = "zh", **more: str) -> Look:
    words = {"zh": ("质量甲乙", "诚信为本，质量为先。"), "en": ("Quality Jiayi", "Honesty at heart, quality first.")}
    return replace(Look(language, *words[language], "quality.example", "#00594f", MARK, ""), **more)


def content_of(language: Language = "zh", title: str = "", **values: Any) -> Content:
    """An event with everything an event can have."""
    own = {
        "site": "质量甲乙" if language == "zh" else "Quality Jiayi",
        "place": "甲乙县" if language == "zh" else "Jiayi County",
        "title": title or ("质量日开放参观" if language == "zh" else "Open house on Quality Day"),
        "kicker": "质量日" if language == "zh" else "Quality Day",
        "large": "2月28日" if language == "zh" else "28 February",
        "year": "2030年" if language == "zh" else "2030",
        "when": "2030年2月28日" if language == "zh" else "28 February 2030",
        "facts": [["地点", "甲乙县会堂"]] if language == "zh" else [["Where", "County hall"]],
        "scan": "扫码了解详情" if language == "zh" else "Scan for details",
        "host": "quality.example",
        "address": "quality.example/events/fair",
        "as_of": "数据截至2030年2月1日" if language == "zh" else "Data as of 1 February 2030",
    }
    return Content("event", "fair", {**own, **values}, "https://quality.example/events/fair/")


def read(raw: bytes) -> str:
    """Text of all pages, without white space."""
    return "".join(squeeze(page.extract_text()) for page in PdfReader(io.BytesIO(raw)).pages)


# What they say.


def test_contents_are_those_of_the_pages(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    found = {language: said(source_of(data, language)) for language in LANGUAGES}
    slogan = found["zh"]["slogan/slogan"]
    assert (slogan.values["clauses"], slogan.address) == (["诚信为本，", "质量为先。"], "https://quality.example/")
    assert found["en"]["slogan/slogan"].values["clauses"] == ["Honesty at heart,", "quality first."]
    event = found["zh"]["event/fair"]
    assert (event.values["kicker"], event.address) == ("质量日", "https://quality.example/events/fair/")
    assert event.values["facts"][0] == ["时间", "2030年2月28日至3月1日，9:00至16:30"]
    assert event.values["as_of"] == "数据截至2030年2月"
    # Its title has no English.
    assert "event/fair" not in found["en"]
    edition = found["en"]["edition/quality-day-2032"]
    assert (edition.values["large"], edition.values["year"], edition.record) == (
        "29 February",
        "2032",
        "activity/quality-day",
    )
    assert "themes" not in edition.values


def test_an_edition_of_a_year_has_its_themes_and_says_which_wording_is_official(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    (theme,) = said(source_of(data), year=2028)["edition/quality-day-2028"].values["themes"]
    assert theme == {
        "label": "年度主题",
        "text": "人人参与",
        "note": "",
        "whole": "人人参与",
        "other": "Everyone takes part（非官方译名）",
    }
    (theme,) = said(source_of(data, "en"), year=2028)["edition/quality-day-2028"].values["themes"]
    assert (theme["whole"], theme["other"]) == ("Everyone takes part (unofficial translation)", "人人参与")
    assert (theme["text"], theme["note"]) == ("Everyone takes part", "(unofficial translation)")
    assert not [name for name in said(source_of(data), year=2029) if name.startswith("edition/")]


@pytest.mark.parametrize("change", ["cancelled: {date: 2030-01-25}\n", ""])
def test_no_piece_for_an_event_that_is_cancelled_or_over(tmp_path: Path, change: str) -> None:
    data = copy_living(tmp_path)
    file = data / "events/fair.yml"
    file.write_text(file.read_text("utf-8") + change, encoding="utf-8")
    as_of = AS_OF if change else date(2030, 3, 2)
    assert "event/fair" not in said(source_of(data, as_of=as_of))


# What is drawn.


@cache
def longest() -> list[tuple[Content, Language]]:
    """The longest content of each kind, in each language."""
    found = []
    for language in LANGUAGES:
        contents_of = sorted(said(source_of(language=language)).values(), key=lambda c: len(str(c.values)))
        found += [(content, language) for content in {content.kind: content for content in contents_of}.values()]
    return found


def placed(raw: bytes) -> Iterator[tuple[str, float, float, float]]:
    """Yield each piece of text with its start from the left, its baseline from below, and its size, in points."""
    found: list[tuple[str, float, float, float]] = []

    def note(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        if text.strip():
            x, y = (tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5])
            found.append((text.strip(), x, y, abs(size * tm[0] * cm[0])))

    for page in PdfReader(io.BytesIO(raw)).pages:
        page.extract_text(visitor_text=note)
    return iter(found)


def lines_of(raw: bytes) -> list[str]:
    """The lines of all pages, in the order of drawing; a mark may be drawn apart from its line."""
    found: list[tuple[str, float, float]] = []
    for words, _, y, size in placed(raw):
        if found and found[-1][1:] == (y, size):
            found[-1] = (found[-1][0] + words, y, size)
        else:
            found.append((words, y, size))
    return [words for words, _, _ in found]


#: Marks that begin no line, by GB/T 15834 and CLREQ.
NO_START = "，。、；：？！）》」』”’…—·%,.;:!?)]}"


def faults_of(lines: list[str], content: Content, language: Language) -> Iterator[tuple[str, str]]:
    """Yield each pair of lines that is broken where none may be."""
    said = [
        content.title,
        *content.values.get("names", ()),
        *re.findall(r"\d[\d.:]+\d|\d+年\d+月", str(content.values)),
    ]
    words = set(re.split(r"[\s'\"\[\]{}]+", str(content.values)))
    for one, two in pairwise(lines):
        if len(one) == len(two) == 1:
            # From top to bottom.
            continue
        first, last = two.split()[0], one.split()[-1]
        split = any(
            one.endswith(name[:k]) and two.startswith(name[k:]) for name in said[1:] for k in range(1, len(name))
        )
        cut = language == "en" and last[-1] not in "-/\xad" and last + first in words
        # The end of the title, alone.
        title = squeeze(content.title)
        alone = language == "zh" and len(two) < 2 and title.endswith(squeeze(one + two)[-3:]) and len(one) > 2
        if two[0] in NO_START or split or cut or alone:
            yield one, two


@pytest.mark.parametrize("name", DRAWN)
def test_every_content_is_drawn_in_every_shape(name: str) -> None:
    format_ = FORMATS[name]
    unit = 72 / 25.4 if format_.unit == "mm" else 1.0
    bleed, safe = format_.bleed * unit, format_.safe * unit
    drawn = 0
    for content, language in longest():
        if not suits(content, format_):
            facts_only = {"target", "result", "progress", "honour"} if format_.shape == "leaflet" else set()
            titled = format_.shape in ("banner", "flag", "led") and content.kind == "terms"
            assert titled or (format_.shape in ("leaflet", "slide") and content.kind in {"slogan", *facts_only})
            continue
        raw = draw(content, format_, look_of(language, hero=HERO), sender="甲乙县质量局")
        for page in PdfReader(io.BytesIO(raw)).pages:
            trim = [float(page.trimbox.width), float(page.trimbox.height)]
            assert trim == pytest.approx([format_.width * unit, format_.height * unit], abs=0.1), content.id
            sheet = [float(page.mediabox.width), float(page.mediabox.height)]
            assert sheet == pytest.approx([edge + 2 * bleed for edge in trim], abs=0.1)
            assert page.bleedbox == page.mediabox
            fonts: Any = page["/Resources"]
            described = [font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts["/Font"].values()]
            assert described and all("/FontFile3" in each for each in described)
        title = squeeze(content.title)
        clauses = [squeeze(clause).rstrip("，。") for clause in content.values.get("clauses", ())]
        text = read(raw)
        # On a flag, the characters of a name stand below each other, without the marks around it.
        upright = format_.shape == "flag" and set(title) - set("“”《》") <= set(text)
        assert title in text or (clauses and all(clause in text for clause in clauses)) or upright, content.id
        for words, x, y, size in placed(raw):
            # Ascenders and descenders are 0.12 of the size at most from the corners of a character.
            # The left half of an opening mark as wide as a Chinese character is empty.
            left = x + 0.5 * size if words[0] in "“‘" else x
            assert left >= bleed + safe - 0.15 * size and y >= bleed + safe * 0.35 - 1, (content.id, words)
            assert x + size <= bleed + trim[0] - safe * 0.35 + 1, (content.id, words)
            assert y <= bleed + trim[1] - safe + 1, (content.id, words)
        # Few dots show neither small words nor a code.
        assert format_.shape == "led" or squeeze(content.values["as_of"]) in text, content.id
        lines = lines_of(raw)
        assert not list(faults_of(lines, content, language)), content.id
        # Only leaflets hyphenate, and no address.
        assert "\xad" not in "".join(lines) or (format_.shape == "leaflet" and language == "en"), content.id
        assert format_.shape != "leaflet" or content.values["address"] in text, content.id
        drawn += 1
    assert drawn >= 12


def test_same_input_gives_the_same_bytes_without_a_time() -> None:
    one, two = (draw(content_of(), FORMATS["poster-a3"], look_of()) for _ in range(2))
    assert one == two
    info = PdfReader(io.BytesIO(one)).metadata
    assert info is None or info.creation_date is None or info.creation_date.year == 1970


@pytest.mark.parametrize("name", ["poster-a3", "screen-1920x1080", "net-square", "banner-6m", "flag-600x1500"])
def test_code_is_read_at_the_size_of_a_phone_photo(name: str) -> None:
    format_ = FORMATS[name]
    if format_.unit == "mm":
        edge = 2400 if format_.width > format_.height else 1200
        format_ = format_.model_copy(update={"resolution": edge * 25.4 / max(format_.width, format_.height)})
    with Image.open(io.BytesIO(draw(content_of(), format_, look_of(), output="png"))) as image:
        if format_.unit == "px":
            assert image.size == (format_.width, format_.height)
        photo = image.convert("L")
    photo.thumbnail((2400, 1200))
    assert [code.text for code in zxingcpp.read_barcodes(photo)] == ["https://quality.example/events/fair/"]


def elements(node: Any) -> Iterator[Any]:
    """Yield the elements of structure below ``node``, in order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            yield from elements(each)
    elif isinstance(node, dict):
        yield node
        yield from elements(node.get("/K", []))


@pytest.mark.parametrize("name", ["slide", "poster-a3", "newspaper-quarter-grey"])
def test_a_pdf_says_to_all_readers_what_it_is(name: str) -> None:
    """Document title, language, structure, and what the code is for: what PDF/UA-1 asks for."""
    reader = PdfReader(io.BytesIO(draw(content_of(), FORMATS[name], look_of(hero=HERO))))
    root: Any = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == (
        *("zh", True, True),
    )
    assert reader.metadata is not None and reader.metadata.title == "质量日开放参观"
    found = [(each["/S"], each.get("/Alt")) for each in elements(root["/StructTreeRoot"]) if "/S" in each]
    assert ("/Figure", "二维码：https://quality.example/events/fair/") in found
    assert {"/H1", "/P"} <= {kind for kind, _ in found}
    said = dict(re.findall(r"<(pdfu?aid:\w+)>(\w+)", root["/Metadata"].get_object().get_data().decode()))
    # Colours of screens name their space, as archives ask for; process inks of an unnamed printer do not.
    archived = {"pdfaid:part": "2", "pdfaid:conformance": "A"} if name == "slide" else {}
    assert said == {"pdfuaid:part": "1", **archived}
    assert ("/OutputIntents" in root) == bool(archived)


def test_sender_and_sample_mark_are_on_the_piece() -> None:
    text = read(draw(content_of(), FORMATS["poster-a3"], look_of(), sender="甲乙县质量局", sample="示例数据"))
    assert "quality.example/events/fair" in text and "数据截至2030年2月1日" in text
    for name, format_ in FORMATS.items():
        if format_.shape != "article":
            text = read(draw(content_of(), format_, look_of(), sender="甲乙县质量局", sample="示例数据"))
            assert "示例数据" in text, name
            # These have no room for it, as the handbook says.
            assert ("甲乙县质量局" in text) == (format_.shape != "led" and name != "wechat-cover"), name


@pytest.mark.parametrize(
    ("language", "title"), [("zh", "质量"), ("zh", "质量提升" * 20), ("en", "quality goods " * 12)]
)
def test_short_and_long_titles_fit_a_poster(language: Language, title: str) -> None:
    text = read(draw(content_of(language, title.strip()), FORMATS["poster-a3"], look_of(language)))
    assert squeeze(title) in text


@pytest.mark.parametrize("words", ["“质量月”", "2030年2月28日", "甲乙县", "GB/T 19580—2012"])
def test_names_and_days_stay_on_one_line(words: str) -> None:
    """In a column as wide as the name, whatever stands before it."""
    narrow = f'column((words(get("title"), face: "bold"),), {len(words)}.6 * least, 200mm, least)'
    own = {"event-poster.typ": f'#import "county.typ": *\n#let piece = sheet(() => {narrow})\n'}
    for before in ("甲", "甲乙", "甲乙丙"):
        content = content_of(title=before + words + "丁戊", names=["甲乙县"])
        raw = draw(content, FORMATS["poster-a3"], look_of(), own=own)
        (page,) = PdfReader(io.BytesIO(raw)).pages
        assert words in page.extract_text(), before


@pytest.mark.parametrize("wide", [3.3, 4.5, 6.2, 9])
def test_titles_break_between_words_only(wide: float) -> None:
    words = ("强化", "产品质量", "安全", "保障", "和诚信", "体系", "建设")
    narrow = f'column((words(get("title"), ratio: 9, face: "bold"),), {wide} * least, 300mm, least)'
    own = {"event-poster.typ": f'#import "county.typ": *\n#let piece = sheet(() => {narrow})\n'}
    drawn = draw(content_of(title="".join(words)), FORMATS["poster-a3"], look_of(), own=own)
    lines = lines_of(drawn)
    assert "".join(lines) == "".join(words)
    # A compound may be divided, between its words.
    assert set(accumulate(map(len, lines))) <= {*accumulate(map(len, words)), len("强化产品")}, lines


def test_a_target_alone_says_that_it_is_one() -> None:
    target = replace(content_of(title="抽检合格率", kicker="目标", number="≥95%", promised=True), kind="target")
    for name in ("flag-600x1500", "banner-6m", "led-300x200"):
        assert "目标" in read(draw(target, FORMATS[name], look_of())), name


def test_a_text_without_room_is_an_error_with_the_fix() -> None:
    zh = "太长：横幅 0.7×6 米最多约 68 字；请写短一些，或换一种规格"
    en = "is too long for Banner 0.7 × 6 m: at most about 68 characters; shorten it"
    with pytest.raises(DoesNotFit, match=rf"{zh} / .*{en}"):
        draw(content_of(title="质量提升" * 200), FORMATS["banner-6m"], look_of())


def test_a_character_without_a_glyph_is_an_error() -> None:
    with pytest.raises(Undrawable, match="字体里没有“𠮷”"):
        draw(content_of(title="𠮷质量"), FORMATS["poster-a3"], look_of())


def test_characters_of_names_are_drawn() -> None:
    text = "昇堃浉镕𬘩"
    assert text in read(draw(content_of(title=text), FORMATS["poster-a3"], look_of()))


def test_a_county_replaces_and_adds_templates() -> None:
    shared = (TEMPLATES_OF_PIECES / "county.typ").read_text("utf-8")
    example = "".join(re.findall(r"^//     (.*\n)", shared, re.MULTILINE))
    text = read(draw(content_of(), FORMATS["poster-a3"], look_of(), own={"event-poster.typ": example}))
    assert text == "质量日开放参观2030年2月28日"
    own = {"event-poster.typ": '#import "county.typ": *\n#let piece = sheet(() => typed("甲乙专用", size: 60pt))\n'}
    assert read(draw(content_of(), FORMATS["poster-a3"], look_of(), own=own)) == "甲乙专用"
    with pytest.raises(Undrawable, match=r"模板出错：.* / .*: upright\.typ:1:14: unknown variable: nothing"):
        draw(content_of(), FORMATS["poster-a3"], look_of(), own={"upright.typ": "#let piece = nothing"})


def test_article_survives_an_editor_of_official_accounts() -> None:
    format_ = FORMATS["wechat-article"]
    assert output_of(format_) == "html"
    content = next(content for content, language in longest() if content.kind == "knowledge" and language == "zh")
    html = draw(content, format_, look_of(), output="html", sender="甲<乙>", sample="示例数据").decode()
    assert html.startswith('<!doctype html>\n<html lang="zh-Hans">\n<head><meta charset="utf-8">')
    root = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)[1]
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    tags = {element.tag.rpartition("}")[2] for element in elements}
    assert tags == {"body", "section", "p", "svg", "path"}
    names = {name for element in elements for name in element.attrib}
    assert {name.rpartition("}")[2] for name in names} == {
        "xmlns",
        "lang",
        "style",
        "viewBox",
        "width",
        "height",
        "fill",
        "d",
    }
    assert not re.search(r"url\(|//(?!www\.w3\.org)", html)
    text = "".join(root.itertext())
    values = content.values
    assert all(words in text for words in (content.title, values["lead"], values["number"], "甲<乙>", "示例数据"))
    # Its picture, for lists of pieces.
    with Image.open(io.BytesIO(draw(content, format_, look_of(), output="png"))) as image:
        assert image.size == (677, 902)


# Colours.

#: How protanopia and deuteranopia see linear red, green and blue: Machado, Oliveira and Fernandes, A
#: physiologically-based model for simulation of color vision deficiency, IEEE TVCG 15 (2009) 1291, severity 1.0.
BLIND = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}


def parts_of(colour: str) -> list[float]:
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def hexed(parts: Iterable[float]) -> str:
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, part))):02x}" for part in parts)


def seen_by(matrix: Iterable[tuple[float, ...]], colour: str) -> str:
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts_of(colour)]
    mixed = [max(0.0, sum(a * b for a, b in zip(row, linear, strict=True))) for row in matrix]
    return hexed(12.92 * v if v <= 0.0031308 else 1.055 * v ** (1 / 2.4) - 0.055 for v in mixed)


def grey_of(colour: str) -> str:
    return hexed([sum(a * b for a, b in zip((0.299, 0.587, 0.114), parts_of(colour), strict=True))] * 3)


def printed_as(colour: str) -> str:
    return hexed(part / 255 for part in shown(tuple(share / 100 for share in inks(colour))))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [each for each in DRAWN if each.values != ("slide",)])
def test_text_contrasts_with_what_is_really_behind_it(name: str) -> None:
    """Each pixel of text in full colour with the same pixel of the piece without text, in colour and in grey."""
    shared = (TEMPLATES_OF_PIECES / "county.typ").read_text("utf-8")
    hidden = {"county.typ": shared.replace("  words\n}", "  hide(words)\n}")}
    format_ = FORMATS[name]
    if format_.unit == "mm":
        format_ = format_.model_copy(update={"resolution": 600 * 25.4 / max(format_.width, format_.height)})
    hero = (COUNTY_MORE / "data/hero.svg").read_text("utf-8")
    for content in (content_of(), replace(content_of(number="≥95%", lead="说明" * 20), kind="target")):
        look, text = look_of(hero=hero if content.kind == "target" else ""), palette(look_of().ground)
        raws = [draw(content, format_, look, output="png", own=own) for own in ({}, hidden)]
        images = [Image.open(io.BytesIO(raw)).convert("RGB") for raw in raws]
        pairs = set(zip(*(struct.iter_unpack("3B", image.tobytes()) for image in images), strict=True))
        words = {text[each] for each in ("white", "accent", "ink", "ground")}
        found = [(f"#{bytes(one).hex()}", f"#{bytes(two).hex()}") for one, two in pairs if one != two]
        found = [(front, back) for front, back in found if front in words]
        low = [pair for pair in found if contrast(*pair) < CONTRAST or contrast(*map(grey_of, pair)) < CONTRAST]
        assert found and not low, content.kind


@pytest.mark.parametrize("main", ["#00594f", "#0d5c63", "#ffd700", "#c00000", "#7f7f7f", "#000000", "#ffffff"])
def test_text_is_legible_on_every_county_s_colour(main: str) -> None:
    found = palette(main)
    pairs = [(text, ground) for text in ("white", "accent") for ground in ("ground", "deep")]
    pairs += [("ink", ground) for ground in ("paper", "white", "accent", "tint")]
    pairs += [("ground", ground) for ground in ("paper", "white", "tint")]
    blind = {name: partial(seen_by, matrix) for name, matrix in BLIND.items()}
    # Level AA for who does not see red or green, and nearly AAA in inks.
    seen: dict[str, tuple[Callable[[str], str], float]] = {
        "colour": (str, CONTRAST),
        "grey": (grey_of, CONTRAST),
        "print": (printed_as, 6),
        **{name: (see, 4.5) for name, see in blind.items()},
    }
    for name, (see, least) in seen.items():
        assert not [pair for pair in pairs if contrast(see(found[pair[0]]), see(found[pair[1]])) < least], name
    assert found["accent"] == ACCENT


@pytest.mark.parametrize("colour", ["#00594f", "#0d5c63", "#ffe9b8", "#ffffff", "#a3262a", "#2b6a30", "#8fc0ae"])
def test_inks_look_like_the_colour(colour: str) -> None:
    c, m, y, k = inks(colour)
    goal = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    assert max(abs(a - b) for a, b in zip(shown((c / 100, m / 100, y / 100, k / 100)), goal, strict=True)) < 14
    # More ink does not dry on newsprint and smears on coated paper.
    assert c + m + y + k <= 280


def test_black_is_printed_in_black_alone() -> None:
    assert inks("#000000") == inks("#0a1210") == (0, 0, 0, 100)


@pytest.mark.parametrize(("space", "operator"), [("cmyk", b"k"), ("grey", b"g")])
def test_print_has_one_colour_space(space: str, operator: bytes) -> None:
    format_ = FORMATS["poster-a3"].model_copy(update={"colour": space})
    (page,) = PdfReader(io.BytesIO(draw(content_of(), format_, look_of(hero=HERO)))).pages
    resources: Any = page["/Resources"]
    streams: list[Any] = [page.get_contents(), *(form.get_object() for form in resources.get("/XObject", {}).values())]
    for stream in streams:
        set_by = set(re.findall(rb"\s[\d.]+ (rg|RG|k|K|g|G|scn|SCN|sc|SC)\s", stream.get_data()))
        assert set_by <= {operator, operator.upper()} and set_by
    shadings = [each.get_object()["/Shading"] for each in resources["/Pattern"].values()]
    assert {shading["/ColorSpace"] for shading in shadings} == {"/DeviceCMYK" if space == "cmyk" else "/DeviceGray"}


def test_a_picture_of_pixels_cannot_be_printed_in_inks() -> None:
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    hero = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10">'
        f'<image width="30" height="10" href="data:image/png;base64,{pixel}"/></svg>'
    )
    with pytest.raises(Undrawable, match="标志和图片只用矢量图"):
        draw(content_of(), FORMATS["poster-a3"], look_of(hero=hero))
    assert draw(content_of(), FORMATS["net-square"], look_of(hero=hero), output="png")
