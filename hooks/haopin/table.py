"""Tables as files: CSV for people with a spreadsheet program, compact JSON for the page's own script."""

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from haopin.records.base import Part

# What a spreadsheet program may take for the beginning of a formula, full-width in Chinese and Japanese programs, also
# behind white space (OWASP, CSV injection); a cell that begins with a tab or a line break is one, too.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
# A plain number is none: -3.5 stays a number.
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?%?")


def safe(cell: str) -> str:
    """Return ``cell`` such that no spreadsheet program takes it for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def csv_file(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV file (RFC 4180) in UTF-8 with the byte order mark by which Excel and WPS know it.

    Texts are made safe; numbers, days and flags stay what they are, so that -5 is a number. What is None is empty.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe(cell) for cell in headings])
    # What is looked at here is looked at for each of a hundred thousand cells.
    writer.writerows(
        [cell if cell is None else safe(cell) if type(cell) is str else _written(cell) for cell in row] for row in rows
    )
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _written(cell: object) -> object:
    """Return what is no text as it is written in the data."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return f"{cell:f}" if isinstance(cell, Decimal) else cell


def json_rows(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows as JSON: ``{"columns": […], "rows": [[…], …]}``, without spaces."""
    return json.dumps({"columns": columns, "rows": list(rows)}, ensure_ascii=False, separators=(",", ":")) + "\n"


def cells(rows: Iterable[Part], names: Sequence[str]) -> list[list[str]]:
    """Return the fields ``names`` of ``rows`` as text; what is not given is empty."""
    return [["" if (value := getattr(row, name)) is None else str(value) for name in names] for row in rows]
