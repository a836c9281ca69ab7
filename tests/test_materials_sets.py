"""Sets of pieces: which there are, their cache, the command, and the page of materials on the site."""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from haopin.build import session as sessions
from haopin.build.session import open_session
from haopin.build.settings import read_config
from haopin.cache import Cache
from haopin.exports.source import ExportSource
from haopin.html.i18n import site_labels
from haopin.html.renderer import Renderer, environment
from haopin.materials import sets
from haopin.materials.drawer import DrawingJob
from haopin.materials.handover import packed
from haopin.materials.public import FILES
from haopin.materials.sets import PieceFilter, formats_of, own_templates, pieces, set_of, shipped
from haopin.model import INTERNAL, KINDS
from haopin.model.choices import CHOICES
from haopin.model.material_format import MATERIAL_FORMAT, MaterialFormat
from haopin.site.pages import pages as pages_of
from office_commands import office_command
from PIL import Image
from pypdf import PdfReader
from support import (
    AS_OF,
    COUNTY,
    ROOT,
    TEST_DAY,
    BuiltSite,
    build,
    catalogue_of,
    copy_county,
    edit,
    errors_of,
    files_of,
    run,
)
from weight import Scales

LABELS = site_labels(ROOT / "hooks/haopin/labels.yml")
TEMPLATES = environment(ROOT / "hooks/haopin/templates")
#: What most tests draw: a printed format and a small one of a screen.
FEW = PieceFilter(formats=("poster-a3", "wechat-cover"))


def source_of(data: Path = COUNTY / "data", kept: Cache | None = None) -> ExportSource:
    renderer = Renderer(catalogue_of(data), "zh", TEST_DAY, LABELS, TEMPLATES)
    return ExportSource(renderer, "https://quality.example/", {"zh": "", "en": "en/"}, True, kept)


def write_formats(data: Path, *records: str) -> None:
    (data / "materials.yml").write_text("".join(f"- {{{each}}}\n" for each in records), "utf-8")


# --- Formats

BOARD = "id: hall, name: {zh: 厅, en: Hall}, channel: boards, shape: board, width: 80, height: 60, unit: mm, safe: 20"
WRONG = {
    "no-width-as-shown": (
        "id: wall, name: {zh: 屏, en: Wall}, channel: screens, shape: led, width: 320, height: 160, unit: px, safe: 9, "
        "colour: rgb, distance: 20",
        "按像素的规格须写“shown”（屏幕实际多宽，毫米），由此算出最小字号",
    ),
    "margin-too-large": (f"{BOARD.replace('safe: 20', 'safe: 300')}, colour: cmyk, distance: 3", "安全边距“safe”太大"),
    "unknown-shape": (f"{BOARD.replace('shape: board', 'shape: bord')}, colour: cmyk, distance: 3", "bord"),
    "unknown-content": (f"{BOARD}, colour: cmyk, distance: 3, on_site: [slogans]", "slogans"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_format_is_reported_with_its_place(tmp_path: Path, name: str) -> None:
    record, words = WRONG[name]
    data = tmp_path / "data"
    copy_county(tmp_path)
    write_formats(data, record)
    (line,) = errors_of(data)
    assert line.startswith("data/materials.yml:1:") and words in line, line


def test_a_county_changes_and_adds_formats(tmp_path: Path) -> None:
    assert MATERIAL_FORMAT in INTERNAL and MATERIAL_FORMAT not in KINDS
    copy_county(tmp_path)
    first, *others = shipped()
    added = f"{BOARD}, colour: cmyk, distance: 1"
    write_formats(tmp_path / "data", added.replace("id: hall", f"id: {first.id}"), added)
    changed, *rest = formats_of(source_of(tmp_path / "data"))
    assert (changed.id, changed.width, rest[:-1], rest[-1].id) == (first.id, 80, others, "hall")
    assert len({each.id for each in shipped()}) == len(shipped())
    # Every channel of publicity has a format.
    assert {each.channel for each in shipped()} == CHOICES[MaterialFormat, "channel"].keys()


def test_smallest_characters_follow_from_the_distance() -> None:
    by_id = {each.id: each for each in shipped()}
    assert by_id["board-900x1200"].smallest == 3000 / 250
    # A screen of 55 inches, read from 5 m.
    assert by_id["screen-1920x1080"].smallest == pytest.approx(5000 / 250 * 1920 / 1218)


# --- Sets and their cache


def test_a_wish_selects() -> None:
    source = source_of()
    every = pieces(source)
    names = [piece.name for piece in every]
    assert len(set(names)) == len(names)
    assert {"slogan-poster-a3-zh.pdf", "edition-quality-day-2032-net-square-zh.png"} <= set(names)
    assert {piece.format.id for piece in pieces(source, FEW)} == set(FEW.formats)
    of_day = pieces(source, replace(FEW, of="activity/quality-day"))
    assert {piece.content.id for piece in of_day} == {"quality-day-2032"}
    (later,) = pieces(source, PieceFilter(of="activity/quality-day", year=2036, formats=("poster-a3",)))
    assert later.content.id == "quality-day-2036"
    assert {piece.content.kind for piece in pieces(source, replace(FEW, of="target"))} == {"target"}
    assert {piece.output for piece in pieces(source, replace(FEW, png=True))} == {"png"}
    # A line of the sender is another piece with the same name.
    sent = pieces(source, replace(FEW, sender="县实验小学"))
    assert [piece.name for piece in sent] == [piece.name for piece in pieces(source, FEW)]
    assert {piece.job.key for piece in sent}.isdisjoint({piece.job.key for piece in pieces(source, FEW)})


@pytest.fixture
def orders(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The keys that each call draws."""
    found: list[list[str]] = []
    draw = sets._draw

    def noted(jobs: list[DrawingJob], *rest: object) -> None:
        found.append([job.key for job in jobs])
        draw(jobs, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(sets, "_draw", noted)
    return found


def test_what_is_unchanged_is_not_drawn_again(tmp_path: Path, orders: list[list[str]]) -> None:
    copy_county(tmp_path)
    cache = tmp_path / "cache"
    source = source_of(tmp_path / "data", Cache(cache, "zh"))
    first = set_of(source, FEW)
    made = first.draw()
    assert [each.failure for each in made] == [None] * len(made)
    assert len(orders) == 1 and len(orders[0]) == len(made)
    files = [first.file(piece) for piece in first.pieces]
    assert [each.size for each in made] == list(map(len, files))
    assert set_of(source_of(tmp_path / "data", Cache(cache, "zh")), FEW).draw() == made
    assert len(orders) == 1
    # Another cache, the same bytes.
    other = set_of(source_of(tmp_path / "data", Cache(tmp_path / "other", "zh")), FEW)
    other.draw()
    assert [other.file(piece) for piece in other.pieces] == files
    # A damaged entry is drawn again, and nothing else.
    (cache / "zh" / first.pieces[0].job.key).write_bytes(b"damaged")
    assert set_of(source, FEW).draw() == made
    assert orders[2:] == [[first.pieces[0].job.key]]
    # One activity with another name: its pieces.
    edit(tmp_path / "data/activities/quality-day.yml", "\nname: {zh: ", "\nname: {zh: 全县")
    changed = set_of(source_of(tmp_path / "data", Cache(cache, "zh")), FEW)
    changed.draw()
    assert orders[3] == [piece.job.key for piece in changed.pieces if piece.content.kind == "edition"]


def test_why_a_piece_cannot_be_drawn_is_kept(tmp_path: Path, orders: list[list[str]]) -> None:
    copy_county(tmp_path)
    # No font has this character.
    edit(tmp_path / "data/activities/quality-day.yml", "\nname: {zh: ", "\nname: {zh: \U0001f600")
    for _ in range(2):
        found = set_of(source_of(tmp_path / "data", Cache(tmp_path / "cache", "zh")), FEW)
        failures = {each.piece.content.kind: each.failure for each in found.draw()}
        assert failures["slogan"] is None
        assert failures["edition"] is not None and "\U0001f600" in failures["edition"].text
    assert len(orders) == 1


DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path fill="#c00" d="M0 0h9v9H0z"/></svg>'


def add_templates(county: Path, files: Mapping[str, str]) -> None:
    """Give a county templates and pictures for them, by file name."""
    (county / "data/materials").mkdir()
    for name, text in files.items():
        (county / "data/materials" / name).write_text(text, "utf-8")


def test_a_county_has_templates_of_its_own(tmp_path: Path) -> None:
    copy_county(tmp_path)
    wanted = PieceFilter(formats=("poster-a3",))
    own = '#import "county.typ": *\n#let piece = { set page(width: 100mm, height: 50mm); [own] }\n'
    add_templates(tmp_path, {"poster.typ": own})
    source = source_of(tmp_path / "data")
    assert own_templates(source) == {"poster.typ": own}
    found = set_of(source, wanted)
    found.draw()
    page = PdfReader(io.BytesIO(found.file(found.pieces[0]))).pages[0]
    assert page.extract_text().strip() == "own" and round(float(page.mediabox.width) / 72 * 25.4) == 100


def test_templates_of_a_county_have_pictures(tmp_path: Path) -> None:
    copy_county(tmp_path)
    own = (
        '#let piece = { set page(width: 9mm, height: 9mm, margin: 0mm); image("seal.svg", alt: "red", width: 100%) }\n'
    )
    add_templates(tmp_path, {"poster.typ": own, "seal.svg": DRAWING})
    wanted = PieceFilter(formats=("poster-a3",), png=True)
    found = set_of(source_of(tmp_path / "data"), wanted)
    found.draw()
    picture = Image.open(io.BytesIO(found.file(found.pieces[0]))).convert("RGB")
    assert picture.getpixel((picture.width // 2, picture.height // 2)) == (0xCC, 0, 0)
    # Another picture is another piece.
    before = found.pieces[0].job.key
    (tmp_path / "data/materials/seal.svg").write_text(DRAWING.replace("#c00", "#00c"), "utf-8")
    assert set_of(source_of(tmp_path / "data"), wanted).pieces[0].job.key != before
    # A picture is checked as others are.
    (tmp_path / "data/materials/seal.svg").write_text(DRAWING.replace("<path", "<script/><path"), "utf-8")
    done = office_command(tmp_path, "check")
    assert done.code == 1 and "data/materials/seal.svg:1:59: " in done.output


@pytest.mark.parametrize(
    ("line", "column", "said"),
    [
        ("#let piece = nothing", 14, "模板出错：poster.typ:2:14: unknown variable: nothing / error in"),
        ('#let piece = image("seal.svg")', 14, '; 请写 image(…, alt: "文字说明")'),
        # Another font would stand in its place.
        ('#let piece = text(font: "SimSun")[甲]', 25, "unknown font family: simsun; 请用 county.typ 里 faces 的字体"),
        # What the machine has besides is not read, nor is its place said.
        ('#let piece = [#read("/data/site.yml")]', 21, "poster.typ:2:21: file not found\n"),
        ('#let piece = [#read("../../../../data/site.yml")]', 21, "error in a template: poster.typ:2:21: "),
    ],
)
def test_an_error_of_a_template_is_said_at_its_place(tmp_path: Path, line: str, column: int, said: str) -> None:
    copy_county(tmp_path)
    add_templates(tmp_path, {"poster.typ": f"// One of ours\n{line}\n", "seal.svg": DRAWING})
    wanted = ("--content", "slogan", "--format", "poster-a3", "--language", "zh", "--out", str(tmp_path / "made"))
    done = office_command(tmp_path, "materials", *wanted)
    assert done.code == 1
    assert f"data/materials/poster.typ:2:{column}: " in done.output and said in done.output, done.output
    assert str(tmp_path) not in done.output and "Traceback" not in done.output


def test_a_zip_has_the_same_bytes_for_the_same_files() -> None:
    files = [("b.pdf", b"2"), ("a.pdf", b"1")]
    assert packed(files) == packed(reversed(files))
    with zipfile.ZipFile(io.BytesIO(packed(files))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == dict(files)


# --- The command


def test_the_command_makes_a_set(tmp_path: Path) -> None:
    copy_county(tmp_path / "county")
    wanted = ("--activity", "quality-day", "--format", "poster-a3", "--format", "wechat-cover", "--for", "县实验小学")

    def made(folder: str) -> dict[str, bytes]:
        done = office_command(tmp_path / "county", "materials", *wanted, "--out", str(tmp_path / folder))
        assert done.code == 0 and done.lines[0].startswith("4 件，"), done.output
        return files_of(tmp_path / folder)

    files = made("one")
    stem = "edition-quality-day-2032"
    assert set(files) == {
        "contact-sheet.pdf",
        "materials.zip",
        *(f"{stem}-poster-a3-{language}.pdf" for language in ("zh", "en")),
        *(f"{stem}-wechat-cover-{language}.png" for language in ("zh", "en")),
    }
    with zipfile.ZipFile(io.BytesIO(files["materials.zip"])) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            name: content for name, content in files.items() if name != "materials.zip"
        }
    assert Image.open(io.BytesIO(files[f"{stem}-wechat-cover-zh.png"])).size == (900, 383)
    text = PdfReader(io.BytesIO(files[f"{stem}-poster-a3-zh.pdf"])).pages[0].extract_text()
    assert "县实验小学" in text.replace("\n", "")
    sheet = PdfReader(io.BytesIO(files["contact-sheet.pdf"])).pages[0].extract_text()
    assert f"{stem}-poster-a3-zh.pdf" in sheet.replace("\n", "")
    assert made("two") == files


def test_the_command_draws_ahead(tmp_path: Path) -> None:
    copy_county(tmp_path / "county")
    wanted = ("--content", "slogan", "--format", "wechat-cover", "--language", "zh")
    done = office_command(tmp_path / "county", "materials", *wanted, "--prepare")
    assert (done.code, done.output) == (0, "") and not (tmp_path / "county/site-materials").exists()
    found = set_of(source_of(tmp_path / "county/data", Cache(tmp_path / "county/.cache", "zh")), FEW)
    assert "slogan-wechat-cover-zh.png" in {piece.name for piece in found.pieces if found.found(piece)}


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--format", "poster-a33", "没有规格“poster-a33”，可选：board-900x1200、"),
        ("--activity", "quality-dy", "没有活动“quality-dy”，可选：quality-day / there is no activity “quality-dy”"),
        ("--content", "slogans", "没有内容“slogans”，可选：slogan、"),
        ("--language", "fr", "没有语言“fr”，可选：zh、en / there is no language “fr”"),
    ],
)
def test_the_command_names_what_there_is(tmp_path: Path, option: str, value: str, words: str) -> None:
    copy_county(tmp_path / "county")
    done = office_command(tmp_path / "county", "materials", option, value, "--out", str(tmp_path / "out"))
    assert done.code == 1 and words in done.output
    assert not (tmp_path / "out").exists()


def test_the_command_reports_what_cannot_be_drawn(tmp_path: Path) -> None:
    copy_county(tmp_path / "county")
    edit(tmp_path / "county/data/activities/quality-day.yml", "\nname: {zh: ", "\nname: {zh: \U0001f600")
    wanted = ("--format", "wechat-cover", "--language", "zh", "--out", str(tmp_path / "out"))
    done = office_command(tmp_path / "county", "materials", *wanted)
    assert done.code == 1
    assert re.search(r"^data/activities/quality-day\.yml:\d+:12: “\U0001f600质量日”：字体里没有", done.output, re.M)
    assert (tmp_path / "out/slogan-wechat-cover-zh.png").is_file()


def test_the_short_form_is_taken_where_the_full_text_has_no_room(tmp_path: Path) -> None:
    copy_county(tmp_path / "county")
    file = tmp_path / "county/data/activities/quality-day.yml"
    theme, place = "人人参与" * 40, "data/activities/quality-day.yml:10:20: "
    wanted = ("--year", "2028", "--language", "zh", "--format", "banner-6m", "--format", "poster-a3")

    def made(*more: str) -> tuple[int, list[str], dict[str, str]]:
        folder = tmp_path / "out"
        done = office_command(tmp_path / "county", "materials", *wanted, *more, "--out", str(folder))
        pages = {path.name: PdfReader(path).pages[0] for path in folder.glob("edition-*.pdf")}
        texts = {name: page.extract_text().replace("\n", "") for name, page in pages.items()}
        return done.code, [line for line in done.lines if ": " in line and line.startswith("data/")], texts

    edit(file, "text: {zh: 人人参与, ", f"text: {{zh: {theme}, ")
    code, (line,), texts = made()
    assert code == 1 and set(texts) == {"edition-quality-day-2028-poster-a3-zh.pdf"}
    assert line == (
        f"{place}主题“{theme}”太长：横幅 0.7×6 米最多约 68 字；请填 short / "
        f"wording of the theme “{theme}” is too long for Banner 0.7 × 6 m: at most about 68 characters; fill in short"
    )
    # Text of the poster is as before; the banner has the short form.
    edit(file, "        official: ", "        short: {zh: 齐参与}\n        official: ")
    code, lines, texts = made()
    assert (code, lines) == (0, []) and "齐参与" in texts["edition-quality-day-2028-banner-6m-zh.pdf"]
    assert theme in texts["edition-quality-day-2028-poster-a3-zh.pdf"]
    edit(file, "short: {zh: 齐参与}", f"short: {{zh: {theme}齐}}")
    code, (line,), texts = made()
    assert line.startswith("data/activities/quality-day.yml:11:21: 宣传物料用的短标题“") and "；请写短一些" in line


# --- The site


def offering(folder: Path, *ids: str) -> Path:
    """Copy the invented county to ``folder``, with materials of only these formats."""
    copy_county(folder)
    edit(folder / "data/site.yml", "materials: false", "materials: true")
    records = []
    for each in shipped():
        kinds = "[slogan, edition]" if each.id in ids else "[]"
        values = {
            name: value
            for name, value in each.model_dump(mode="json", exclude={"on_site", "sample", "note", "name"}).items()
            if value is not None
        }
        values |= {"name": f"{{zh: {each.name.zh}, en: '{each.name.en}'}}", "on_site": kinds}
        records.append(", ".join(f"{name}: {value}" for name, value in values.items()))
    write_formats(folder / "data", *records)
    return folder


def test_the_site_offers_them(tmp_path: Path) -> None:
    county = offering(tmp_path / "county", "poster-a3", "wechat-cover")
    config = county / "mkdocs.yml"
    site = build(tmp_path / "site", config=config)
    built = BuiltSite(site, county / "data")
    page = built.pages["materials/"]
    stems = ("slogan", "edition-quality-day-2032")
    files = {f"{FILES}{stem}-{end}" for stem in stems for end in ("poster-a3-zh.pdf", "wechat-cover-zh.png")}
    assert {element.get("href") for element in page.all("a") if element.get("download") is not None} == {
        f"../{file}" for file in files
    }
    # Thumbnails of every format by the slogan, and of each other content.
    shown = {element.get("src") for element in page.all("img") if "materials" in str(element.get("src"))}
    names = ("slogan-poster-a3-zh", "slogan-wechat-cover-zh", "edition-quality-day-2032-poster-a3-zh")
    assert shown == {f"../{FILES}{name}.webp" for name in names}
    for name in files | {f"{FILES}{name}.webp" for name in names}:
        assert (site / name).stat().st_size > 1000
    assert built.broken_links == []
    # The page of the activity leads to its own.
    links = [element.get("href") for element in built.pages["activities/quality-day/"].all("a")]
    assert "../../materials/#edition-quality-day-2032" in links
    assert "edition-quality-day-2032" in page.ids
    assert sum(Scales(built).parts(page).values()) <= 45_000
    again = build(tmp_path / "again", config=config)
    assert files_of(again / FILES) == files_of(site / FILES)


def test_without_the_packages_the_rest_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = offering(tmp_path / "county") / "mkdocs.yml"
    settings, extensions = read_config(config)
    settings = settings.model_copy(update={"as_of": TEST_DAY})

    def found() -> tuple[bool, tuple[str, ...]]:
        session = open_session(settings, config.parent, extensions, lambda line: None)
        return "materials/" in {page.address for page in pages_of(session.catalogue)}, session.notices

    assert found() == (True, ())
    monkeypatch.setattr(sessions, "is_available", lambda: False)
    offered, (line,) = found()
    assert not offered
    assert line.startswith("这台机器没有装上画宣传物料的程序包") and " / this machine lacks the packages" in line
    # Nothing is said of what is not wanted.
    edit(config.parent / "data/site.yml", "materials: true", "materials: false")
    assert found() == (False, ())


def test_nothing_leads_to_what_could_not_be_drawn(tmp_path: Path) -> None:
    county = offering(tmp_path / "county", "wechat-cover")
    edit(county / "data/activities/quality-day.yml", "\nname: {zh: ", "\nname: {zh: \U0001f600")
    done = run(
        *("-m", "haopin", "build", "-f", county / "mkdocs.yml", "--as-of", AS_OF, "--site-dir", tmp_path / "site"),
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"data/activities/quality-day\.yml:\d+:12: 提醒 / warning: “\U0001f600质量日”：", done.stderr)
    built = BuiltSite(tmp_path / "site", county / "data")
    assert built.broken_links == []
    assert not any("materials/#" in str(a.get("href")) for a in built.pages["activities/quality-day/"].all("a"))
    assert "edition-quality-day-2032" not in built.pages["materials/"].ids
