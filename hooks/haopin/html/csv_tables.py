"""Tables as CSV for spreadsheets and as JSON for the page's script, and their cells in a language."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from html import escape

from markupsafe import Markup

from haopin.html.context import TemplateContext
from haopin.html.i18n import Labels
from haopin.model.base import Nested
from haopin.model.disclosure import Sampled
from haopin.text import LANGUAGE_TAGS, Language, Wording, fullwidth

# --- Tables as files: CSV for people with a spreadsheet program, compact JSON for the page's own script

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
    """Return a value that is not text as it is written in the data."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return f"{cell:f}" if isinstance(cell, Decimal) else cell


def json_rows(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows as JSON: ``{"columns": […], "rows": [[…], …]}``, without spaces."""
    return json.dumps({"columns": columns, "rows": list(rows)}, ensure_ascii=False, separators=(",", ":")) + "\n"


def cells(rows: Iterable[Nested], names: Sequence[str]) -> list[list[str]]:
    """Return the fields ``names`` of ``rows`` as text; what is not given is empty."""
    return [["" if (value := getattr(row, name)) is None else str(value) for name in names] for row in rows]


# --- Cells of a batch’s table in one language: on its page, in the file for people, and for the page’s script


class Cells:
    """The tables of batches in one language."""

    def __init__(self, language: Language, t: Labels, say: Callable[[Wording], Markup | str]) -> None:
        """Keep the words; ``say`` shows a text, marked if it is not translated yet."""
        self._language, self._t, self._say = language, t, say

    def cell(self, row: Sampled, name: str) -> Markup | str:
        """Return a cell of a batch’s table; Chinese on an English page is marked as what it is."""
        words = getattr(row, name) or ""
        if self._language == "zh" or words.isascii():
            return fullwidth(words)
        if f"{name}_en" in Sampled.model_fields:
            return self._say(Wording(zh=words, en=self._english(row, name)))
        return Markup(f'<span lang="{LANGUAGE_TAGS["zh"]}">{escape(fullwidth(words))}</span>')

    @property
    def names(self) -> list[str]:
        """Names of the columns of a batch’s table as a reader of this language gets it as a file."""
        return [*TemplateContext.columns] if self._language == "zh" else [*Sampled.model_fields]

    def table(self, rows: Sequence[Sampled]) -> tuple[list[str], list[list[str]]]:
        """Return headings and cells of a batch’s table as a reader of this language gets it as a file.

        Names stand as they are in the data; an English file has the English columns beside the Chinese ones.
        """
        names = self.names
        headings = [self._t(f"column.{name}") for name in names]
        lines = cells(rows, names)
        result = names.index("result")
        for line in lines:
            line[result] = self._t(f"batch.{line[result]}")
        return headings, lines

    def table_json(self, rows: Sequence[Sampled]) -> str:
        """Return a batch’s table for the script of its page: result as its code, the last column the page of a row."""
        lines = []
        for row in rows:
            cells = [
                row.result if name == "result" else self._plain_cell(row, name) for name in TemplateContext.columns
            ]
            lines.append([*cells, row.slug if row.result == "fail" else ""])
        return json_rows([*TemplateContext.columns, "page"], lines)

    def _plain_cell(self, row: Sampled, name: str) -> str:
        words = getattr(row, name) or ""
        return fullwidth(words) if self._language == "zh" else self._english(row, name) or words

    def _english(self, row: Sampled, name: str) -> str | None:
        """Return the English of a cell on English pages; other languages show names as in the data."""
        return getattr(row, f"{name}_en", None) if self._language == "en" else None
