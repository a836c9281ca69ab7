"""Tables in text files: commas, tabs or semicolons, in any of the encodings that spreadsheet programs write."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

from haopin.desk.workbook import refusal

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
            rows = _split(words, separator)
        except csv.Error as error:
            if separator == "," and "\t" not in words and ";" not in words:
                raise refusal(path, f"引号不成对({error})", f"unpaired quotation marks ({error})") from error
            continue
        if not best or headings(rows) > headings(best):
            best = rows
    return best


def _split(words: str, separator: str) -> Rows:
    lines = csv.reader(io.StringIO(words, newline=""), delimiter=separator, strict=True)
    rows: Rows = []
    start = 1
    for cells in lines:
        found = {n: cell.strip() for n, cell in enumerate(cells, start=1) if cell.strip()}
        if found:
            rows.append((start, found))
        start = lines.line_num + 1
    return rows


def _decoded(raw: bytes, path: Path) -> str:
    encodings = ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refusal(
        path,
        "读不出文字,请在表格软件里另存为“CSV UTF-8”或 xlsx",
        "the encoding is unknown; save the table as “CSV UTF-8” or xlsx",
    )
