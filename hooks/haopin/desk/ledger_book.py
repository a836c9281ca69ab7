"""The ledger as a workbook for WPS and Excel: help, the form to be filled in, and what was reported before."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from haopin.catalogue import Catalogue
from haopin.desk.ledger_columns import GIVEN, HELP, HIDDEN, HISTORY, PROGRESS, VERSION, columns
from haopin.desk.ledger_help import draw_help
from haopin.desk.ledger_past import HISTORY_COLUMNS, past
from haopin.desk.ledger_rows import given, items
from haopin.desk.ledger_sheet import draw, finish, fit, legend_of, style, title_of, write_title
from haopin.records.body import Body
from haopin.text import Language, Text

#: Row of the hidden sheet below which what was given stands, a row an item; names of bodies stand right of it.
HIDDEN_HEAD = 5
_ALL = Text(zh="各责任单位", en="all bodies")


def ledger_book(catalogue: Catalogue, body: str | None, as_of: date, language: Language) -> bytes:
    """Return the workbook of ``body`` (of all bodies if None); the same bytes for the same data and day."""
    book = Workbook()
    cols = columns(reporter=body is None)
    who = catalogue.get(Body, body).name.show(language) if body else _ALL.show(language)
    found = items(catalogue, body)
    rows = [(item, given(catalogue, item, as_of, language, body)) for item in found.values()]
    title = title_of(who, as_of.isoformat(), language)

    draw_help(book.worksheets[0], title, cols, language)
    form = book.create_sheet(PROGRESS.get(language))
    write_title(form, title, legend_of(HELP.get(language), language))
    names = [b.name.show(language) for b in catalogue.all(Body)]
    place = get_column_letter(len(GIVEN) + 2)
    first = HIDDEN_HEAD + 1
    area = f"{quote_sheetname(HIDDEN)}!${place}${first}:${place}${first + len(names) - 1}"
    draw(form, cols, [(item, [words.get(c.name, "") for c in cols]) for item, words in rows], language, area)
    _past(book.create_sheet(HISTORY.get(language)), past(catalogue, found.values(), as_of, language), title, language)

    hidden = book.create_sheet(HIDDEN)
    hidden.sheet_state = "hidden"
    for line in (("haopin-ledger", VERSION), ("body", body or ""), ("day", as_of.isoformat()), ("language", language)):
        hidden.append(line)
    hidden.append([column.name for column in GIVEN])
    for _, words in rows:
        hidden.append([words[column.name] for column in GIVEN])
    for number, name in enumerate(names):
        hidden.cell(first + number, len(GIVEN) + 2, name)
    for row in hidden.iter_rows():
        for cell in row:
            # Never a formula, whatever a title begins with.
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    book.active = 1
    book.worksheets[0].sheet_view.tabSelected = False
    return _fixed(book, as_of)


def _past(sheet: Worksheet, rows: Sequence[Sequence[str]], title: str, language: Language) -> None:
    write_title(sheet, title)
    for number, (heading, width) in enumerate(HISTORY_COLUMNS, start=1):
        style(sheet.cell(2, number, heading.get(language)), bold=True, fill="D9D9D9")
        sheet.column_dimensions[get_column_letter(number)].width = width
    for index, words in enumerate(rows, start=3):
        for number, word in enumerate(words, start=1):
            style(sheet.cell(index, number, word or None))
        fit(sheet, index, words, [width for _, width in HISTORY_COLUMNS])
    finish(sheet, 2, len(HISTORY_COLUMNS), "A3")


def _fixed(book: Workbook, day: date) -> bytes:
    """Return the file of ``book`` without the clock of the machine in it."""
    book.properties.creator, book.properties.created = "Haopin", datetime(day.year, day.month, day.day)
    raw, out = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as written, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in written.namelist():
            data = written.read(name)
            if name == "docProps/core.xml":
                stamp = f"{day.isoformat()}T00:00:00Z".encode()
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            # A height that is only proposed: the row grows with what is typed.
            data = data.replace(b' customHeight="1"', b"") if "worksheets/" in name else data
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(part, data)
    return out.getvalue()
