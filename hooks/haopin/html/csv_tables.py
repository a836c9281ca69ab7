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

# --- Tables as files: CSV for spreadsheet programs, compact JSON for the script of the page

# Characters that may begin a formula, full-width ones in Chinese and Japanese programs, also after white space (OWASP,
# CSV injection), including a tab or a line break at the beginning.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
# A plain number is not a formula: -3.5 stays a number.
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?%?")


def safe(cell: str) -> str:
    """Return ``cell``, escaped so that no spreadsheet program interprets it as a formula."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def csv_file(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV file (RFC 4180) in UTF-8 with a byte order mark, by which Excel and WPS recognize the encoding.

    Texts are escaped; numbers, dates and flags are not, so that -5 stays a number. None becomes an empty cell.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe(cell) for cell in headings])
    # Runs for each of a hundred thousand cells.
    writer.writerows(
        [cell if cell is None else safe(cell) if type(cell) is str else _written(cell) for cell in row] for row in rows
    )
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _written(cell: object) -> object:
    """Return a value that is not text, in the notation of the data."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return f"{cell:f}" if isinstance(cell, Decimal) else cell


def json_rows(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows as JSON: ``{"columns": […], "rows": [[…], …]}``, without spaces."""
    return json.dumps({"columns": columns, "rows": list(rows)}, ensure_ascii=False, separators=(",", ":")) + "\n"


def cells(rows: Iterable[Nested], names: Sequence[str]) -> list[list[str]]:
    """Return the fields ``names`` of ``rows`` as text; "" for missing values."""
    return [["" if (value := getattr(row, name)) is None else str(value) for name in names] for row in rows]


# --- Cells of a batch’s table in one language: for its page, for the CSV file, and for the script of the page


class Cells:
    """The tables of batches in one language."""

    def __init__(self, language: Language, t: Labels, say: Callable[[Wording], Markup | str]) -> None:
        """Store the words; ``say`` displays a text, marked if it is not translated."""
        self._language, self._t, self._say = language, t, say

    def cell(self, row: Sampled, name: str) -> Markup | str:
        """Return a cell of a batch’s table, with Chinese marked on an English page."""
        words = getattr(row, name) or ""
        if self._language == "zh" or words.isascii():
            return fullwidth(words)
        if f"{name}_en" in Sampled.model_fields:
            return self._say(Wording(zh=words, en=self._english(row, name)))
        return Markup(f'<span lang="{LANGUAGE_TAGS["zh"]}">{escape(fullwidth(words))}</span>')

    @property
    def names(self) -> list[str]:
        """Columns of the CSV file of a batch’s table in this language."""
        return [*TemplateContext.columns] if self._language == "zh" else [*Sampled.model_fields]

    def table(self, rows: Sequence[Sampled]) -> tuple[list[str], list[list[str]]]:
        """Return headings and cells of the CSV file of a batch’s table in this language.

        Names are as in the data; an English file has the English columns beside the Chinese ones.
        """
        names = self.names
        headings = [self._t(f"column.{name}") for name in names]
        lines = cells(rows, names)
        result = names.index("result")
        for line in lines:
            line[result] = self._t(f"batch.{line[result]}")
        return headings, lines

    def table_json(self, rows: Sequence[Sampled]) -> str:
        """Return a batch’s table for the script of its page: results as codes, page of the row in the last column."""
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
        """Return the English of a cell on English pages; other languages display names as in the data."""
        return getattr(row, f"{name}_en", None) if self._language == "en" else None
