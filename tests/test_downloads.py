"""Downloads: every kind and every batch, read by other programs."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from haopin.exports import downloads as module
from haopin.exports.downloads import make_batches, make_downloads, offers
from haopin.exports.source import ExportSource
from haopin.exports.tabular import Cell, CellType
from haopin.exports.xlsx import (
    MOST_CHARACTERS,
    MOST_ROWS,
    Block,
    PublicSheet,
    require_room,
    sheet_names,
    workbook,
)
from haopin.html.csv_tables import csv_file
from haopin.html.i18n import read_labels
from haopin.html.renderer import Renderer, environment
from haopin.model import KINDS
from haopin.model.disclosure import Batch
from haopin.model.ledger import Entry
from haopin.model.site import Site
from haopin.model.task import Task
from haopin.problem import ConfigurationError
from haopin.site.catalogue import Catalogue
from haopin.text import LANGUAGES, Language
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from support import ROOT, BuiltSite, catalogue_of, copy_full_county, edit_all, words
from test_office_ledger import office

LABELS = read_labels(ROOT / "hooks/haopin/labels.yml")
BATCH = "disclosures/batches/fruit-2030-1/"


def source_of(catalogue: Catalogue, language: Language = "zh", as_of: date = date(2030, 2, 1)) -> ExportSource:
    templates = environment(ROOT / "hooks/haopin/templates")
    renderer = Renderer(catalogue, language, as_of, LABELS, templates, up="../" if language == "en" else "")
    return ExportSource(renderer, str(catalogue.site.address), {"zh": "", "en": "en/"})


def made(catalogue: Catalogue) -> dict[str, bytes]:
    return {file.path: file.make() for file in make_downloads(source_of(catalogue))}


def rows_of(raw: bytes) -> list[list[str]]:
    assert raw.startswith(b"\xef\xbb\xbf")
    text = raw.decode("utf-8-sig")
    assert text.endswith("\r\n")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def book_of(raw: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(raw))


def sheet_of(book: openpyxl.Workbook, name: str) -> Worksheet:
    sheet = book[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def as_text(value: Any) -> str:
    """A cell of a sheet as the CSV file has it, the mark of a safe cell aside."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value)


def simple(types: list[CellType], *rows: Sequence[Cell], name: str = "t") -> Worksheet:
    headings = [f"列{n}\nColumn {n}" for n in range(len(types))]
    sheet = PublicSheet(name, headings, types, rows)
    raw = workbook([sheet], [Block([["=1+1"]])], "说明 About", "T", date(2030, 2, 1), "(cut)")
    return sheet_of(book_of(raw), name)


# The built site


@pytest.fixture(scope="module")
def files(full_county: BuiltSite) -> dict[str, bytes]:
    """The files of the kinds, by their path."""
    names = sorted(name for name in full_county.files if name.startswith("downloads/"))
    return {name: (full_county.folder / name).read_bytes() for name in names}


def test_every_kind_with_records_has_its_files_once(full_county: BuiltSite, files: dict[str, bytes]) -> None:
    present = {kind.name for kind in KINDS if full_county.catalogue.all(kind.model)}
    assert {name.removeprefix("downloads/").removesuffix(".xlsx") for name in files if name.endswith("x")} == present
    # A place with one plan need not declare it.
    assert present == {kind.name for kind in KINDS} - {"plan"}
    assert present < {name.removeprefix("downloads/").removesuffix(".csv") for name in files if name.endswith("v")}
    assert {"downloads/task-measures.csv", "downloads/activity-editions-themes.csv"} < set(files)
    assert not [name for name in full_county.files if name.startswith("en/downloads")]


def test_another_process_makes_the_same_bytes(full_county: BuiltSite, files: dict[str, bytes]) -> None:
    """The site was built by a process of its own, with another seed of hashes and another temporary folder."""
    assert made(full_county.catalogue) == files
    for language in LANGUAGES:
        folder = full_county.folder / ("en" if language == "en" else "")
        found = list(make_batches(source_of(full_county.catalogue, language)))
        assert found
        assert [file.make() for file in found] == [(folder / file.path).read_bytes() for file in found]


def test_both_formats_have_the_same_content(files: dict[str, bytes]) -> None:
    seen = set()
    for name, raw in files.items():
        if name.endswith(".csv"):
            continue
        book = book_of(raw)
        *tables, about = book.sheetnames
        assert about == "说明 About"
        for title in tables:
            lines = rows_of(files[f"downloads/{title}.csv"])
            sheet = sheet_of(book, title)
            values = [[as_text(cell) for cell in row] for row in sheet.iter_rows(min_row=2, values_only=True)]
            assert values == [[c[1:] if c[:2] in ("'+", "'-", "'=", "'@") else c for c in line] for line in lines[1:]]
            assert sheet.max_column == len(lines[0])
            seen.add(title)
    assert seen == {Path(name).stem for name in files if name.endswith(".csv")}


def test_every_sheet_is_ready_for_use(files: dict[str, bytes]) -> None:
    for name, raw in files.items():
        if name.endswith(".csv"):
            continue
        book = book_of(raw)
        assert book.properties.created == datetime(2030, 2, 1)
        for title in book.sheetnames[:-1]:
            sheet = sheet_of(book, title)
            assert sheet.freeze_panes == "A2"
            assert sheet.auto_filter.ref == sheet.dimensions
            for cell in sheet[1]:
                zh, en = str(cell.value).split("\n")
                assert zh and en
                assert cell.alignment.wrap_text
            widths = [sheet.column_dimensions[get_column_letter(n)].width for n in range(1, sheet.max_column + 1)]
            assert all(8 <= width <= 57 for width in widths)
        for sheet in book.worksheets:
            cells = [cell for row in sheet.iter_rows() for cell in row]
            assert {cell.data_type for cell in cells} <= {"s", "n", "b", "d"}
            assert not [cell for cell in cells if cell.hyperlink]
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            assert not [part for part in package.namelist() if "externalLink" in part or "vba" in part]


def test_cells_have_the_types_of_their_columns(full_county: BuiltSite, files: dict[str, bytes]) -> None:
    book = book_of(files["downloads/entry.xlsx"])
    sheet = sheet_of(book, "entry")
    names = rows_of(files["downloads/entry.csv"])[0]
    for row in sheet.iter_rows(min_row=2):
        cells = dict(zip(names, row, strict=True))
        entry = full_county.catalogue.get(Entry, str(cells["id"].value))
        assert cells["date"].value == datetime(entry.date.year, entry.date.month, entry.date.day)
        assert cells["date"].number_format == "yyyy-mm-dd"
        assert cells["value"].value == (None if entry.value is None else float(entry.value))
    assert any(isinstance(row[names.index("value")], float | int) for row in sheet.iter_rows(values_only=True))
    tasks = sheet_of(book_of(files["downloads/task.xlsx"]), "task")
    joint = rows_of(files["downloads/task.csv"])[0].index("responsible_joint")
    assert {type(row[joint]) for row in tasks.iter_rows(min_row=2, values_only=True)} == {bool}


def test_words_of_a_record_are_those_of_its_page(full_county: BuiltSite, files: dict[str, bytes]) -> None:
    names, *lines = rows_of(files["downloads/task.csv"])
    for line in lines:
        cells = dict(zip(names, line, strict=True))
        task = full_county.catalogue.get(Task, cells["id"])
        assert (cells["title_zh"], cells["title_en"]) == (task.title.show("zh"), task.title.show("en"))
        assert cells["page"] == f"{full_county.url}tasks/{task.id}/"
        assert cells["page_en"] == f"{full_county.url}en/tasks/{task.id}/"
        for language in LANGUAGES:
            page = full_county.edition(language)[f"tasks/{task.id}/"]
            assert cells[f"title_{language}"] in words(page.one("h1"))
    measures = rows_of(files["downloads/task-measures.csv"])
    assert measures[0][:3] == ["task", "position", "id"]
    expected = [[t.id, str(n), m.id] for t in full_county.catalogue.all(Task) for n, m in enumerate(t.measures, 1)]
    assert [line[:3] for line in measures[1:]] == expected


def test_pages_of_records_exist(full_county: BuiltSite, files: dict[str, bytes]) -> None:
    for name in files:
        names, *lines = rows_of(files[name]) if name.endswith(".csv") else [[]]
        for column in {"page", "page_en"} & set(names):
            for line in lines:
                address, _, anchor = line[names.index(column)].removeprefix(full_county.url).partition("#")
                assert not anchor or anchor in full_county.pages[address].ids, line
                assert address in full_county.pages


def test_the_description_names_owner_and_content(full_county: BuiltSite, files: dict[str, bytes]) -> None:
    catalogue = full_county.catalogue
    book = book_of(files["downloads/task.xlsx"])
    lines = [[cell for cell in row if cell is not None] for row in book["说明 About"].iter_rows(values_only=True)]
    facts = {str(line[0]): line[1:] for line in lines[:6]}
    document = catalogue.document
    assert facts == {
        "内容 Content": ["任务", "Tasks"],
        "县 County": ["甲乙县", "Jiayi County"],
        "本站依据的文件 Document on which this site is based": [document.title.show("zh"), document.title.en],
        "发文字号 Document number": [document.number, *([document.number_en] if document.number_en else [])],
        "数据截至 Data as of": [datetime(2030, 2, 1)],
        "网站 Site": [full_county.url, f"{full_county.url}en/"],
    }
    assert ["task", "任务", "Tasks", len(catalogue.all(Task))] in lines
    dictionary = [line[:2] for line in lines if line and line[0] in book.sheetnames and isinstance(line[1], str)]
    for title in book.sheetnames[:-1]:
        names = rows_of(files[f"downloads/{title}.csv"])[0]
        assert [column for sheet, column in dictionary if sheet == title and column in names] == names
    assert [
        "task-measures",
        "due",
        "完成时限\uff0c未明确则空",
        "Due date; empty until one is laid down",
        "日期 Date",
    ] in lines


def test_only_public_data_is_in_the_files(full_county: BuiltSite, files: dict[str, bytes]) -> None:
    texts = [raw.decode("utf-8-sig") for name, raw in files.items() if name.endswith(".csv")]
    for name, raw in files.items():
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(raw)) as package:
                texts += [package.read(part).decode() for part in package.namelist()]
    everything = "\n".join(texts)
    for word in ("approved", "publish_from", "section-head", "deputy-head", "2030-01-30-draft", "2030-02-10-later"):
        assert word not in everything, word
    for word in ("远岭饮品厂", "Yuanling Beverage Works", "2030-01-19-wrong-figures"):
        assert word not in everything, word
    assert "body" not in rows_of(files["downloads/entry.csv"])[0]
    assert "body" in rows_of(files["downloads/news.csv"])[0]
    assert "sample" not in {name for f in files if f.endswith("csv") for name in rows_of(files[f])[0]}


def test_reporting_bodies_are_in_the_files_where_the_site_shows_them(full_county: BuiltSite) -> None:
    catalogue = full_county.catalogue
    site = catalogue.site.model_copy(update={"show_reporting_bodies": True})
    shown = Catalogue({**catalogue.records, Site: {"site": site}}, tables=catalogue.tables)
    assert "body" in rows_of(made(shown)["downloads/entry.csv"])[0]


def test_samples_are_in_the_files_of_a_demonstration_and_marked(tmp_path: Path) -> None:
    data = copy_full_county(tmp_path / "county") / "data"
    edit_all(data / "violations.yml", "  approved:", "  sample: true\n  approved:")
    names, *lines = rows_of(made(catalogue_of(data, samples=True))["downloads/violation.csv"])
    assert {line[names.index("sample")] for line in lines} == {"true"}
    production = made(catalogue_of(data))
    assert "downloads/violation.csv" not in production
    for raw in (raw for name, raw in production.items() if name.endswith("csv")):
        assert "sample" not in rows_of(raw)[0]


def test_another_program_opens_a_workbook(files: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "entry.xlsx"
    path.write_bytes(files["downloads/entry.xlsx"])
    saved = book_of(office(path, "xlsx", tmp_path / "saved").read_bytes())
    own = book_of(files["downloads/entry.xlsx"])
    assert saved.sheetnames == own.sheetnames
    for title in own.sheetnames:
        values = [list(row) for row in sheet_of(own, title).iter_rows(values_only=True)]
        read = [list(row)[: len(values[0])] for row in sheet_of(saved, title).iter_rows(values_only=True)]
        assert read == values, title
    assert sheet_of(saved, "entry").auto_filter.ref == sheet_of(own, "entry").auto_filter.ref


# Batches


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_batch_has_a_workbook_beside_its_csv(full_county: BuiltSite, language: Language) -> None:
    folder = full_county.folder / ("en" if language == "en" else "") / BATCH
    headings, *lines = rows_of((folder / "fruit-2030-1.csv").read_bytes())
    book = book_of((folder / "fruit-2030-1.xlsx").read_bytes())
    table, about = book.sheetnames
    assert (table, about) == {"zh": ("全部结果", "说明"), "en": ("All results", "About")}[language]
    values = [[as_text(cell) for cell in row] for row in sheet_of(book, table).iter_rows(values_only=True)]
    assert values == [headings, *lines]
    batch = full_county.catalogue.get(Batch, "fruit-2030-1")
    facts = {str(row[0]): row[1] for row in sheet_of(book, about).iter_rows(max_col=2, values_only=True)}
    assert batch.title.show(language) in facts.values()
    assert len(lines) in facts.values()
    assert set(headings) < set(facts)
    page = full_county.edition(language)[BATCH]
    links = [link.attrib["href"] for link in page.all("a") if "download" in link.attrib]
    assert [Path(link).name for link in links] == ["fruit-2030-1.csv", "fruit-2030-1.xlsx"]
    assert {full_county.target(page, link) for link in links} == {
        (f"{folder.relative_to(full_county.folder).as_posix()}/fruit-2030-1.{kind}", "") for kind in ("csv", "xlsx")
    }


# The page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_leads_to_every_file(full_county: BuiltSite, files: dict[str, bytes], language: Language) -> None:
    page = full_county.edition(language)["data/"]
    links = [link for link in page.all("a") if "download" in link.attrib]
    targets = [full_county.target(page, link.attrib["href"]) for link in links]
    prefix = "en/" if language == "en" else ""
    of_batches = [f"{prefix}{BATCH}fruit-2030-1.{kind}" for kind in ("csv", "xlsx")]
    tables = [target[0] for target in targets if target and not target[0].startswith("api/")]
    assert sorted(tables) == sorted([*files, *of_batches])
    records = {target[0] for target in targets if target and target[0].startswith("api/")}
    assert records == {f"api/v1/{kind.name}.json" for kind in KINDS if full_county.catalogue.all(kind.model)}
    # A voice that reads links alone says what each is of.
    spoken = [link.attrib["aria-label"] for link in links]
    assert len(set(spoken)) == len(spoken)
    tasks = page.ids["task"]
    count = len(full_county.catalogue.all(Task))
    assert words(tasks) == {"zh": f"任务 {count}条", "en": f"Tasks {count} records"}[language]


def test_the_page_without_files_says_so() -> None:
    renderer = source_of(catalogue_of(), "en").renderer
    page = next(page for page in renderer.pages if page.template == "data")
    content = renderer.render(page).content
    assert "This build of the site comes without data files." in content
    assert "download" not in content.replace("be downloaded", "")


def test_offers_are_what_is_made(full_county: BuiltSite) -> None:
    source = source_of(full_county.catalogue)
    found = {f"downloads/{table.name}.csv": table.count for offer in offers(source) for table in offer.tables}
    written = {file.path: len(rows_of(file.make())) - 1 for file in make_downloads(source) if file.path.endswith("csv")}
    assert found == written
    assert not [offer for offer in offers(source) if offer.sample]


# Cells that must do nothing


UNSAFE = ["=1+1", "+1", "-1", "@A1", "\t=1", '=HYPERLINK("https://a.example")', "https://a.example/", "<r><t>x</t></r>"]


def test_texts_are_texts_in_a_sheet() -> None:
    sheet = simple(["text"], *([text] for text in [*UNSAFE, "a & b < c", "_x0041_", " a ", "a\nb", "00123", "TRUE"]))
    found = [cell for (cell,) in sheet.iter_rows(min_row=2)]
    assert [cell.data_type for cell in found] == ["s"] * 14
    # xlsxwriter would take a text between these marks for its own: a space at the end keeps it text.
    assert [cell.value for cell in found][:8] == [*UNSAFE[:7], f"{UNSAFE[7]} "]
    assert [cell.value for cell in found][8:] == [
        "a & b < c",
        # What looks like an escaped character is escaped; spreadsheet programs undo that, this reader does not.
        "_x005F_x0041_",
        " a ",
        "a\nb",
        "00123",
        "TRUE",
    ]
    assert not [cell for cell in found if cell.hyperlink]
    assert sheet.parent is not None
    about = sheet.parent["说明 About"]
    assert about["A1"].data_type == "s"


def test_texts_are_safe_in_csv_and_numbers_stay_numbers() -> None:
    raw = csv_file(["a"], [[text] for text in UNSAFE])
    # A plain number is no formula.
    assert [line[0] for line in rows_of(raw)[1:]] == ["'=1+1", "+1", "-1", *(f"'{t}" for t in UNSAFE[3:6]), *UNSAFE[6:]]
    marks = ["=", "+", "-", "@", "＝", "＋", "－", "＠"]
    formulas = [f"{space}{mark}A1" for mark in marks for space in ("", " ", "\u3000", "\t", "\r\n", "\xa0")]
    formulas += ["-1+1", "+86-539-2251234", "-", "--1", "-1.2.3", "－1", "\t1", "\r1", "\n1"]
    assert [line[0] for line in rows_of(csv_file(formulas[:1], [[text] for text in formulas]))] == [
        f"'{text}" for text in (formulas[0], *formulas)
    ]
    honest = ["-3.5", "+5%", "-12", "1-2", "甲=乙", "a@b.example", "a\n=1", "《－》", "—", ""]
    assert [line[0] for line in rows_of(csv_file(["a"], [[text, ""] for text in honest]))[1:]] == honest
    raw = csv_file(["a", "b"], [[-5, Decimal("-2.50")], [Decimal("1E+2"), True], [date(2030, 1, 2), None]])
    assert rows_of(raw)[1:] == [["-5", "-2.50"], ["100", "true"], ["2030-01-02", ""]]


def test_values_that_a_sheet_cannot_store_are_text() -> None:
    long = 1234567890123456
    rows: list[list[Cell]] = [
        [date(2030, 1, 2), -3, Decimal("-2.50"), False],
        [date(1899, 12, 31), long, Decimal("0.1234567890123456"), True],
        [date(1900, 3, 1), 0, Decimal("1E+2"), None],
    ]
    sheet = simple(["day", "whole", "decimal", "flag"], *rows)
    found = list(sheet.iter_rows(min_row=2, values_only=True))
    assert found == [
        (datetime(2030, 1, 2), -3, -2.5, False),
        ("1899-12-31", str(long), "0.1234567890123456", True),
        (datetime(1900, 3, 1), 0, 100, None),
    ]


def test_a_text_that_does_not_fit_is_cut_and_says_so() -> None:
    fits, too_long, pairs = "甲" * MOST_CHARACTERS, "甲" * (MOST_CHARACTERS + 1), "\U0001f600" * MOST_CHARACTERS
    sheet = simple(["text"], [fits], [too_long], [pairs])
    found = [str(row[0]) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert found[0] == fits
    assert found[1] == "甲" * (MOST_CHARACTERS - 5) + "(cut)"
    assert found[2] == "\U0001f600" * ((MOST_CHARACTERS - 5) // 2) + "(cut)"


def test_more_rows_than_a_sheet_takes_are_refused(full_county: BuiltSite, monkeypatch: pytest.MonkeyPatch) -> None:
    require_room("task", MOST_ROWS - 1)
    with pytest.raises(ConfigurationError) as caught:
        require_room("task", MOST_ROWS)
    assert str(caught.value) == (
        "task\uff1a有 1048576 行\uff0c超过一张工作表的上限 1048575 行\uff0c请把记录分成几类或几批 / "
        "task: 1048576 rows are more than a sheet takes (1048575); divide the records"
    )
    # Before anything is written.
    monkeypatch.setattr("haopin.exports.xlsx.MOST_ROWS", 20)
    with pytest.raises(ConfigurationError):
        list(make_downloads(source_of(full_county.catalogue)))
    with pytest.raises(ConfigurationError):
        list(make_batches(source_of(full_county.catalogue)))


def test_tables_of_the_same_name_are_refused(full_county: BuiltSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KINDS", (*KINDS, KINDS[0].__class__(**{**vars(KINDS[1]), "name": "task-measures"})))
    with pytest.raises(ConfigurationError, match="two tables have the same name: task-measures"):
        list(make_downloads(source_of(full_county.catalogue)))


def test_names_of_sheets() -> None:
    long = "a-very-long-name-of-a-kind-of-record"
    assert sheet_names(["task", "Task", "a/b:c'd", long, long]) == [
        "task",
        "Task~2",
        "a-b-c-d",
        long[:31],
        f"{long[:29]}~2",
    ]
    assert simple(["text"], ["x"], name="a").title == "a"


def test_a_large_table_has_every_row() -> None:
    rows: list[list[Cell]] = [[f"甲{n}", n] for n in range(2_500)]
    sheet = simple(["text", "whole"], *rows)
    assert sheet.max_row == 2_501
    assert [cell.value for cell in sheet[2_501]] == ["甲2499", 2499]
    assert sheet.auto_filter.ref == sheet.dimensions == "A1:B2501"
