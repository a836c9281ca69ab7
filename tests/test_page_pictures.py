"""Preview images of pages: content, line breaks, characters of the font, and caching."""

import hashlib
import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from haopin import fonts
from haopin.cache import Cache
from haopin.exports.pictures import images
from haopin.exports.pictures.card import Card
from haopin.exports.pictures.drawing import draw, measure
from haopin.exports.pictures.images import HEIGHT, WIDTH, Pictures, png
from haopin.exports.pictures.look import Look
from haopin.exports.pictures.wrapping import balanced, fit, pieces, words, wrap
from haopin.fonts import FONT, FONT_DIGEST, LACKING, drawable, missing
from haopin.html.i18n import Plural, read_labels
from haopin.html.renderer import Renderer, environment
from haopin.model.task import Task
from haopin.site.pages import pages
from haopin.site.progress import STATES, State
from haopin.text import LANGUAGES, Language
from living import copy_living
from PIL import Image, ImageChops
from support import (
    ROOT,
    BuiltSite,
    build,
    catalogue_of,
    copy_county,
    copy_full_county,
    edit,
    files_of,
    run,
    warnings_of,
)

LABELS = read_labels(ROOT / "hooks/haopin/labels.yml")
MARK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path fill="#c00" d="M0 0h8v8H0z"/></svg>'
LOOK = Look("zh", "\u8d28\u91cf\u7532\u4e59", "\u8bda\u4fe1", "quality.example", "#00594f", MARK, "")
CARD = Card(LOOK, "\u4efb\u52a101", "\u670d\u52a1\u7fa4\u4f17", "\u226598.5%", "\u5408\u683c\u7387")


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def with_word(thing: Any, field: str, word: str) -> Any:
    return replace(thing, **{field: word})


def changed(card: Card, other: Card) -> tuple[int, int, int, int] | None:
    """The box within which the pictures of two cards differ."""
    one, two = (opened(draw(c)).convert("RGB") for c in (card, other))
    return ImageChops.difference(one, two).getbbox()


def cards_of(data: Path, language: Language = "en", *, samples: bool = False) -> dict[str, Card]:
    templates = environment(ROOT / "hooks/haopin/templates")
    written = (("about/", "About this site"),)
    catalogue = catalogue_of(data, samples=samples)
    return dict(Pictures(Renderer(catalogue, language, date(2030, 2, 1), LABELS, templates, written)).cards)


# Lines.


def ems(text: str) -> float:
    """Every ASCII character half as wide as a Chinese one."""
    return sum(500 if char.isascii() else 1000 for char in text)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 5, []),
        ("one two three", 4, ["one two", "three"]),
        ("one two three", 3.5, ["one two", "three"]),
        ("one two three", 3, ["one", "two", "three"]),
        ("quality-strong", 5, ["quality-", "strong"]),
        # A word that is wider than the line is divided.
        ("abcdefgh", 2, ["abcd", "efgh"]),
        # No mark begins a line, none that opens ends one.
        ("\u7532\u4e59\u4e19\u4e01\uff0c\u620a\u5df1", 4, ["\u7532\u4e59\u4e19", "\u4e01\uff0c\u620a\u5df1"]),
        ("\u7532\u4e59\u4e19\u300a\u4e01\u300b", 4, ["\u7532\u4e59\u4e19", "\u300a\u4e01\u300b"]),
        ("\u7532\u4e59\u201c\u4e19\u201d", 3, ["\u7532\u4e59", "\u201c\u4e19\u201d"]),
        ("\u7532\u4e59\u2014\u2014\u4e19", 3, ["\u7532", "\u4e59\u2014\u2014", "\u4e19"]),
        # Numbers, words and what belongs to them stay whole.
        ("\u7532\u4e592030\u5e74\u4e19", 4, ["\u7532\u4e59", "2030\u5e74\u4e19"]),
        ("\u7532\u4e59NQI\u4e19", 3, ["\u7532\u4e59", "NQI\u4e19"]),
        ("\u7532\u4e59\u226598.5%", 4.5, ["\u7532\u4e59", "\u226598.5%"]),
    ],
)
def test_wrap(text: str, width: float, lines: list[str]) -> None:
    assert wrap(text, width * 1000, ems) == lines


def test_pieces_are_the_text() -> None:
    text = "\u7532\uff08NQI\uff09\u4e00\u7ad9, one-stop \u201cquoted\u201d 2030\u5e74"
    assert "".join(pieces(text)) == text


def test_balanced_lines_are_of_about_one_length_and_no_more() -> None:
    text = "\u7532" * 11
    assert wrap(text, 10_000, ems) == ["\u7532" * 10, "\u7532"]
    assert [len(line) for line in balanced(text, 10_000, ems)] == [6, 5]


def test_balanced_lines_end_at_a_pause() -> None:
    text = "\u7532\u4e59\u4e19\u4e01\u620a\u5df1\uff0c\u5e9a\u8f9b\u58ec\u7678"
    assert balanced(text, 8000, ems) == ["\u7532\u4e59\u4e19\u4e01\u620a\u5df1\uff0c", "\u5e9a\u8f9b\u58ec\u7678"]


def test_balanced_lines_break_between_words() -> None:
    assert balanced("建设质量诚信体系", 5000, ems) == ["建设质量", "诚信体系"]
    # A word that is wider than the line is divided.
    assert balanced("沂蒙精神质量强县", 1000, ems) == list("沂蒙精神质量强县")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("扩大监督抽查覆盖面", "扩大|监督|抽查|覆盖面"),
        # A single character belongs to its neighbours, but not across a mark.
        ("全社会质量的提升", "全社会|质量的|提升"),
        ("监管、全社会", "监管、|全社会"),
        ("服务企业和群众", "服务|企业|和群众"),
        ("推进NQI一站式服务", "推进|NQI|一站式|服务"),
        ("Quality in 山东省 2030", "Quality |in |山东省 2030"),
        ("", ""),
    ],
)
def test_words(text: str, found: str) -> None:
    assert "|".join(words(text)) == found
    assert "".join(words(text)) == text


STEPS = ((100, 1), (50, 2))


@pytest.mark.parametrize(
    ("count", "size", "lines"), [(4, 100, 1), (5, 50, 1), (8, 50, 1), (9, 50, 2), (16, 50, 2), (17, 50, 2), (99, 50, 2)]
)
def test_fit_takes_the_largest_type(count: int, size: int, lines: int) -> None:
    found = fit("\u7532" * count, 400, STEPS, ems)
    assert (found.size, len(found.lines)) == (size, lines)
    assert found.lines[-1].endswith("\u2026") == (count > 16)
    assert all(ems(line) * size / 1000 <= 400 for line in found.lines)


def test_fit_ends_at_a_word_and_at_no_mark() -> None:
    found = fit("one two, three four five six seven eight", 90, ((20, 2),), ems, latin=True)
    assert found.lines == ("one two,", "three\ue026")
    assert fit("\u7532\u4e59\uff0c\u4e19\u4e01\u620a", 80, ((20, 1),), ems).lines == ("\u7532\u4e59\u2026",)


# The font.


def covered() -> set[str]:
    with TTFont(FONT) as font:
        return {chr(code) for code in font.getBestCmap()}


def test_missing_characters_are_those_that_the_font_lacks() -> None:
    has = {char for char in covered() if not 0xE000 <= ord(char) < 0xF900}
    # All of the basic plane but surrogates, private use, and what nobody sees; then what is not composed.
    every = [chr(code) for code in range(0x20, 0x2FA20) if not 0xD800 <= code < 0xF900]
    wrong = [c for c in every if (c in has) == bool(missing(c)) and fonts._visible(c) == c and c >= " "]
    assert [hex(ord(c)) for c in wrong if c != "\x7f"] == []
    assert len(has) > 8900


def test_missing() -> None:
    assert missing("A \u7532\u300b\u3014\u2265%\u201c\u2019\u00b7\u00fc") == set()
    # Names have characters of the general standard that GB2312 lacks, some beyond the basic plane.
    assert missing("\u738b\u9555\u6607\u5803\u6d49\U0002c629") == set()
    assert missing("\u738b\u738d\U00020bb7\U0001f600") == {"\u738d", "\U00020bb7", "\U0001f600"}
    # Accents are composed; joiners and selectors are not seen.
    assert missing("u\u0308\u200d\ufe0f\ufeff") == set()


def test_font_is_the_one_that_addresses_stand_for() -> None:
    assert hashlib.sha256(FONT.read_bytes()).hexdigest() == FONT_DIGEST
    assert FONT.stat().st_size < 2_500_000
    assert LACKING in covered()
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONT.parent / "OFL.txt").read_text("utf-8")


def test_drawable() -> None:
    assert drawable("\u738b\u738d", "zh") == "\u738b\u3013"
    assert drawable("\u7532\uff09 \u4e59 \uff08\u4e19", "zh") == "\u7532\uff09\u4e59\uff08\u4e19"
    assert drawable(" a \n  b ", "en") == "a b"
    assert drawable("the county\u2019s", "en") == "the county\ue019s"
    assert set(drawable("\u201c\u201d\u2018\u2019\u2026\u00b7", "en")) <= covered()
    # In English a quotation mark is narrow, in Chinese as wide as a character.
    assert measure(drawable("\u201c", "en")) < 700 < measure(drawable("\u201c", "zh"))


def test_words_of_the_site_itself_can_be_drawn() -> None:
    for key, label in LABELS.items():
        forms = [label.en.one, label.en.other] if isinstance(label.en, Plural) else [label.en]
        assert [missing(words) for words in [label.zh, *forms]] == [set()] * (1 + len(forms)), key


def test_check_warns_of_a_character_that_pictures_cannot_show(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    edit(data / "events/fair.yml", "\u5f00\u653e\u53c2\u89c2", "\u5f00\u653e\u738d\u89c2")
    edit(data / "batches/b1.csv", "\u674f\u812f", "\u738d\u812f")
    # Fields that are not in pictures cause no warning.
    edit(data / "warnings.yml", "\u51ac\u5b63", "\u738d\u5b63")
    edit(data / "batches/b1.csv", "\u68a8\u6c41", "\u738d\u6c41")
    found = [line for line in warnings_of(data) if "\u3013" in line]
    assert [line.partition(" ")[0] for line in found] == ["data/batches/b1.csv:3:1:", "data/events/fair.yml:3:8:"]
    assert found[0].endswith(
        "has no \u201c\u738d\u201d: pictures will show \u201c\u3013\u201d in its place; "
        "everything else shows the character itself"
    )


# Drawing.


def test_picture_has_its_size_and_few_colours() -> None:
    content = draw(CARD)
    image = opened(content)
    assert (image.format, image.mode, image.size) == ("PNG", "P", (WIDTH, HEIGHT))
    assert len(image.getcolors() or []) <= 16
    assert len(content) < 20_000
    assert image.convert("RGB").getpixel((5, 5)) == (0x00, 0x59, 0x4F)
    # The mark keeps its own color.
    assert (0xCC, 0, 0) in {colour for _, colour in image.convert("RGB").getcolors(99) or []}


def test_same_card_gives_the_same_bytes_without_a_time() -> None:
    assert draw(CARD) == draw(replace(CARD))
    assert opened(draw(CARD)).info.keys() <= {"transparency"}


@pytest.mark.parametrize(
    ("field", "top", "bottom"),
    [("kind", 60, 120), ("title", 120, 520), ("figure", 120, 520), ("fact", 120, 520), ("note", 120, 520)],
)
def test_each_part_is_drawn_in_its_place(field: str, top: int, bottom: int) -> None:
    box = changed(CARD, with_word(CARD, field, "\u4e59\u7532"))
    assert box is not None
    assert (box[0] >= 60, box[2] <= 1140, top <= box[1], box[3] <= bottom) == (True,) * 4


@pytest.mark.parametrize("badge", ["\u793a\u4f8b\u6570\u636e", "\u5df2\u53d6\u6d88"])
def test_badge_is_drawn(badge: str) -> None:
    box = changed(CARD, replace(CARD, badges=(badge,)))
    assert box is not None
    assert box[2] - box[0] > 100
    assert changed(replace(CARD, badges=("\u7532",)), replace(CARD, badges=(badge,))) is not None


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("figure", ["", "100%"])
def test_longest_words_stay_in_their_room(language: Language, figure: str) -> None:
    words = "\u7532\u4e59\u4e19\u4e01" * 40 if language == "zh" else "quality goods of the county " * 12
    long = Card(replace(LOOK, language=language), words, words, figure, words, words, ("\u793a\u4f8b\u6570\u636e",))
    box = changed(long, replace(long, kind="", title="", figure="", fact="", note="", badges=()))
    assert box is not None
    assert (box[0] >= 60, box[1] >= 60, box[2] <= 1140, box[3] <= 518) == (True,) * 4


def test_picture_of_a_light_county_has_dark_words() -> None:
    light = opened(draw(replace(CARD, look=replace(LOOK, ground="#ffd700")))).convert("RGB")
    assert {(0xFF, 0xD7, 0), (0, 0, 0)} <= {colour for _, colour in light.getcolors(99) or []}


def test_words_can_be_read_on_the_countys_picture() -> None:
    hero = MARK.replace("0 0 8 8", "0 0 1440 300").replace("M0 0h8v8H0z", "M0 0h1440v300H0z")
    image = opened(draw(replace(CARD, look=replace(LOOK, hero=hero)))).convert("L")
    plain = opened(draw(CARD)).convert("L")
    ground, there = plain.getpixel((1190, 500)), image.getpixel((1190, 500))
    assert isinstance(ground, int) and isinstance(there, int)
    assert 5 <= there - ground <= 30
    assert image.getpixel((1190, 100)) == ground


# Keys and the cache.


@pytest.mark.parametrize("field", ["kind", "title", "figure", "fact", "note"])
def test_key_depends_on_every_word(field: str) -> None:
    assert with_word(CARD, field, "x").key != CARD.key


@pytest.mark.parametrize("field", ["language", "site", "slogan", "address", "ground", "mark", "hero"])
def test_key_depends_on_the_look(field: str) -> None:
    assert replace(CARD, look=with_word(LOOK, field, "x")).key != CARD.key


def test_key_tells_figure_and_badges_apart() -> None:
    assert len({replace(CARD, promised=True).key, replace(CARD, states=("done",)).key, CARD.key}) == 3
    assert replace(CARD, badges=("x",)).key != replace(CARD, note=CARD.note + "x").key
    assert CARD.path == f"pictures/{CARD.key[:16]}.png"


def test_picture_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = png(CARD, Cache(tmp_path))
    monkeypatch.setattr(images, "_draw", lambda card: pytest.fail("drawn again"))
    assert png(CARD, Cache(tmp_path)) == first
    monkeypatch.setattr(images, "_draw", lambda card: b"new")
    assert png(replace(CARD, title="x"), Cache(tmp_path)) == b"new"
    assert png(CARD, None) == b"new"


# What the pictures say.


def test_pictures_match_the_pages(tmp_path: Path) -> None:
    found = cards_of(copy_living(tmp_path))
    said = {address: (c.kind, c.title, c.figure, c.fact, c.note, c.badges) for address, c in found.items()}
    assert said[""][:2] == ("Jiayi County", "Quality Jiayi")
    assert said["events/fair/"] == (
        "Event",
        "\u8d28\u91cf\u65e5\u5f00\u653e\u53c2\u89c2",
        "",
        "28 February to 1 March 2030, 9:00 to 16:30",
        "",
        (),
    )
    assert said["news/2030-01-15-fair/"] == ("News", "The fair opens", "", "15 January 2030", "", ())
    assert said["disclosures/batches/b1/"][3:5] == ("3 sampled, 1 failed", "15 January 2030")
    # Not the producer, and not the failing item as long as it is not translated.
    assert said["disclosures/batches/b1/s-2/"][3:5] == ("15 January 2030", "")
    assert said["tasks/01/"][0] == "Task 1"
    assert said["about/"] == ("About the site", "About this site", "", "", "", ())


def test_a_promised_number_is_an_outline_until_it_is_reported(tmp_path: Path) -> None:
    card = cards_of(copy_living(tmp_path))["tasks/01/"]
    (target,) = catalogue_of(tmp_path / "data").targets_of_record["01"]
    # A result says so, and when and by whom it was told.
    assert (card.figure, card.fact, card.promised) == (
        "93.5%",
        f"{target.title.en} \u00b7 Target value: \u226595%",
        False,
    )
    assert card.note.startswith("Not yet met \u00b7 last report: ") and "Source: " in card.note
    unreported = copy_living(tmp_path / "more", {"ledger/2030.yml": "[]\n"})
    card = cards_of(unreported)["tasks/01/"]
    assert (card.figure, card.fact) == (f"\u2265{target.value}%", f"Target: {target.title.en}")
    assert card.promised and card.note == f"{len(card.states)} measures: Not published yet {len(card.states)}"
    chinese = cards_of(unreported, "zh")["tasks/01/"]
    assert chinese.fact == f"\u76ee\u6807\uff1a{target.title.zh}"
    edit(unreported / "targets.yml", "nature: commitment", "nature: aim")
    assert cards_of(unreported)["tasks/01/"].fact == f"Aim: {target.title.en}"


def test_pictures_have_a_square_for_each_measure(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    found, catalogue = cards_of(data), catalogue_of(data)
    for task in catalogue.all(Task):
        assert len(found[f"tasks/{task.id}/"].states) == len(task.measures)
    together = sum(len(task.measures) for task in catalogue.all(Task))
    for address in ("", "progress/"):
        card = found[address]
        assert (card.figure, card.fact, len(card.states)) == (str(together), "measures", together)
        assert sorted(re.findall(r"[\w ]+ (?=\d)", card.note)) == sorted(
            f"{' ' if place else ''}{LABELS[f'ledger.{state}'].en} "
            for place, state in enumerate(state for state in STATES if state in card.states)
        )
    assert found["events/"].states == ()


@pytest.mark.parametrize("number", [1, 22, 29, 30, 154, 300, 500])
@pytest.mark.parametrize("state", STATES)
def test_squares_stay_in_their_room_and_differ_by_state(number: int, state: State) -> None:
    squares = replace(CARD, states=(state,) * number)
    box = changed(squares, replace(squares, states=(*squares.states[1:], "done" if state == "late" else "late")))
    assert box is not None
    assert (box[0] >= 60, box[1] >= 200, box[2] <= 1140, box[3] <= 518) == (True,) * 4
    # More squares than these would be too small: only the page has them.
    many = replace(CARD, states=(state,) * 600)
    assert changed(many, CARD) is None and many.key != CARD.key


def test_an_outline_differs_from_a_full_number() -> None:
    box = changed(CARD, replace(CARD, promised=True))
    assert box is not None and box[0] >= 60 and box[3] <= 518


def test_figure_stands_apart_from_its_words(tmp_path: Path) -> None:
    found = {language: cards_of(copy_living(tmp_path / language), language) for language in LANGUAGES}
    assert (found["en"]["bodies/quality/"].figure, found["en"]["bodies/quality/"].fact) == ("2", "tasks")
    assert (found["zh"]["tasks/02/"].figure, found["zh"]["tasks/02/"].fact) == ("1", "\u9879\u4e3e\u63aa")


def test_cancelled_event_and_sample_data_say_so(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    file = data / "events/fair.yml"
    file.write_text(file.read_text("utf-8") + "cancelled: {date: 2030-01-25}\nsample: true\n", encoding="utf-8")
    found = cards_of(data, samples=True)
    assert found["events/fair/"].badges == ("Canceled", "Sample data")
    assert found["events/"].badges == ("Sample data",)
    assert found[""].badges == ("Sample data",)
    assert found["tasks/"].badges == ()
    assert found["events/fair/"].alternative.startswith("Canceled \u00b7 Sample data \u00b7 Event \u00b7 ")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_the_built_site_has_its_picture(full_county: BuiltSite, language: Language) -> None:
    folder = "en/" if language == "en" else ""
    found = cards_of(full_county.data, language)
    addresses = {page.address for page in pages(full_county.catalogue)}
    assert addresses <= found.keys()
    files = {name.removeprefix(folder) for name in full_county.files if name.startswith(f"{folder}pictures/")}
    assert {card.path for address, card in found.items() if address in addresses} <= files
    # One picture a page and no other: also for pages that a person wrote.
    assert len(files) == len(full_county.edition(language))
    assert [found[a].title for a in addresses if not found[a].title or not found[a].kind] == []


def test_pictures_of_the_built_site_open_and_are_small(full_county: BuiltSite) -> None:
    files = [full_county.folder / name for name in sorted(full_county.files) if "pictures/" in name]
    assert len(files) > 100
    for file in files:
        assert opened(file.read_bytes()).size == (1200, 630), file.name
        assert file.stat().st_size < 40_000, file.name


@pytest.mark.sweep
def test_changed_title_draws_one_picture_a_language(tmp_path: Path) -> None:
    project = copy_county(tmp_path / "county")
    kept = tmp_path / "cache"

    def built(name: str) -> dict[str, bytes]:
        arguments = ("-m", "haopin", "build", "-f", project / "mkdocs.yml", "--as-of", "2030-02-01")
        done = run(*arguments, "--site-dir", tmp_path / name, HAOPIN_CACHE=str(kept))
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        return {path: content for path, content in files_of(tmp_path / name).items() if "pictures/" in path}

    def entries() -> dict[str, int]:
        # What was read is kept in one entry, apart.
        found = (p for folder in ("zh", "en") for p in (kept / folder).iterdir() if len(p.name) == 32)
        return {str(p): p.stat().st_mtime_ns for p in found}

    first, made = built("one"), entries()
    assert len(made) >= len(first) > 20
    edit(project / "data/bodies.yml", "en: County Commerce Bureau", "en: County Bureau of Commerce")
    second = built("two")
    assert len(second.keys() - first.keys()) == len(first.keys() - second.keys()) == 1
    now = entries()
    assert len(now.items() - made.items()) == len(made.items() - now.items()) == 1


@pytest.mark.sweep
def test_nothing_of_a_withdrawn_record_stays_in_a_cache(tmp_path: Path) -> None:
    """Each kind of build cleans its own entries, and leaves those of the other."""
    project, kept, address = copy_full_county(tmp_path / "county"), tmp_path / "cache", "events/lecture-2030/"

    def built(command: str) -> dict[str, bytes]:
        arguments = ("-m", "haopin", command, "-f", project / "mkdocs.yml", "--as-of", "2030-02-01")
        done = run(*arguments, "--site-dir", tmp_path / command, HAOPIN_CACHE=str(kept))
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        return files_of(tmp_path / command)

    def drawn(site: dict[str, bytes]) -> list[bytes]:
        """Return the preview images of the record, and the lines of its QR codes."""
        texts = [site[f"{path}{address}index.html"] for path in ("", "en/")]
        images = [re.search(rb"/((?:en/)?pictures/\w+\.png)", text) for text in texts]
        codes = [re.search(rb'<path stroke="#000" d="([^"]+)"', text) for text in texts]
        return [*(site[found[1].decode()] for found in images if found), *(found[1] for found in codes if found)]

    def found(results: list[bytes]) -> list[int]:
        """Return how many of ``results`` are in the entries of a production build and of a demonstration."""
        entries = files_of(kept)
        own = [[raw for name, raw in entries.items() if name.startswith("demo/") is demo] for demo in (False, True)]
        return [sum(raw.endswith(result) for raw in each for result in results) for each in own]

    mine = [*drawn(built("build")), *drawn(built("demo"))]
    assert len(mine) == 8 and found(mine[:4])[0] == found(mine[4:])[1] == 4
    with (project / "data/withdrawals.yml").open("a", encoding="utf-8") as file:
        file.write("- {id: w2030-3, date: 2030-02-01, reason: law, record: event/lecture-2030}\n")
    assert f"{address}index.html" not in built("build")
    assert found(mine[:4])[0] == 0 and found(mine[4:])[1] == 4
    built("demo")
    assert found(mine) == [0, 0]


@pytest.mark.sweep
def test_build_with_a_cache_that_cannot_be_written_succeeds(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    project = copy_county(tmp_path / "county")
    arguments = ("-m", "haopin", "build", "-f", project / "mkdocs.yml", "--as-of", "2030-02-01")
    done = run(*arguments, "--site-dir", tmp_path / "site", HAOPIN_CACHE=str(tmp_path / "file/cache"))
    assert (done.returncode, done.stderr) == (0, "")
    with_cache = build(tmp_path / "other", config=project / "mkdocs.yml")
    assert files_of(tmp_path / "site") == files_of(with_cache)
    assert (tmp_path / "site/pictures").is_dir()
