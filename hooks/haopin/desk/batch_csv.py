"""Tables in text files: commas, tabs or semicolons, in any of the encodings that spreadsheet programs write."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

from haopin.desk.cells import text
from haopin.desk.workbook import Cell, refusal
from haopin.reading.table import MOST_ROWS

# Among the first rows are the headings.
_FIRST_ROWS = 30
# Empty lines count, too: nothing may take for ever.
_MOST_LINES = 4 * MOST_ROWS
#: Rows with their numbers, the words of each by the number of the column.
Rows = list[tuple[int, dict[int, str]]]


def csv_rows(raw: bytes, path: Path, headings: Callable[[Rows], int]) -> Rows:
    """Return the rows of a text file.

    Args:
        raw: Its bytes, in any usual encoding.
        path: The file, for messages.
        headings: Counts the headings that it knows: cells are separated as most of them are found.

    Raises:
        DataError: if the file cannot be read.
    """
    words = _decoded(raw, path)
    best: Rows = []
    for separator in (",", "\t", ";"):
        try:
            rows = _split(words, separator, path)
        except csv.Error as error:
            if separator == "," and "\t" not in words and ";" not in words:
                raise refusal(path, f"引号不成对({error})", f"unpaired quotation marks ({error})") from error
            continue
        if not best or headings(_cleaned(rows[:_FIRST_ROWS])) > headings(_cleaned(best[:_FIRST_ROWS])):
            best = rows
    return _cleaned(best)


def _cleaned(rows: Rows) -> Rows:
    """Return ``rows`` as those of a workbook are read: nothing invisible, line feeds between lines."""
    cleaned = ((number, {n: text(Cell("text", word)) for n, word in cells.items()}) for number, cells in rows)
    return [(number, found) for number, cells in cleaned if (found := {n: word for n, word in cells.items() if word})]


def _split(words: str, separator: str, path: Path) -> Rows:
    lines = csv.reader(io.StringIO(words, newline=""), delimiter=separator, strict=True)
    rows: Rows = []
    start = 1
    for cells in lines:
        found = {n: cell for n, cell in enumerate(cells, start=1) if cell and not cell.isspace()}
        if found:
            rows.append((start, found))
        if len(rows) > MOST_ROWS or lines.line_num > _MOST_LINES:
            raise refusal(
                path,
                f"行太多(最多 {MOST_ROWS} 行),请分成几个文件导入,并删去空行",
                f"there are too many rows ({MOST_ROWS} at most); import it as several files, without empty lines",
            )
        start = lines.line_num + 1
    return rows


def _decoded(raw: bytes, path: Path) -> str:
    encodings = ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            # More than one byte order mark comes of files put together; it would hide a quotation mark.
            return raw.decode(encoding).lstrip("\ufeff")
        except UnicodeDecodeError:
            continue
    raise refusal(
        path,
        "读不出文字,请在表格软件里另存为“CSV UTF-8”或 xlsx",
        "the encoding is unknown; save the table as “CSV UTF-8” or xlsx",
    )
