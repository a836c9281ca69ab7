"""Reads the file of a notice as lines: Word with automatic numbers, plain text, web page, PDF with text.

A line is a paragraph. What is only implied by the file (automatic numbers of Word, paragraphs across pages of a PDF) is
reconstructed here and reported as a doubt.
"""

import io
import logging
import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

from haopin.load.characters import cleaned, decoded
from haopin.numerals import day_in
from haopin.problem import DataError
from haopin.start.lines import Source, SourceLine
from haopin.start.tables import with_tables
from haopin.start.web_page import read_page
from haopin.start.word import read_word
from haopin.text import Text

#: Supported file suffixes.
READABLE = (".docx", ".txt", ".html", ".htm", ".pdf")
#: Largest file, in bytes.
LARGEST = 50_000_000


def read_source(path: Path) -> Source:
    """Return the lines of the notice in ``path``.

    Raises:
        DataError: if it has another type, is too large or empty, or has no machine-readable text.
    """
    if not path.is_file():
        raise _refusal(path, "找不到这个文件,请核对名称和文件夹", "there is no such file; check its name and folder")
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise _refusal(
            path,
            "只能读 docx、txt、html 和有文字的 pdf。别的格式(doc、wps、ofd)请先另存为 docx",
            "only docx, txt, html and pdf with text can be read; save others (doc, wps, ofd) as docx first",
        )
    raw = path.read_bytes()
    if not raw:
        raise _refusal(path, "文件是空的,请重新复制或下载", "the file is empty; copy or download it again")
    if len(raw) > LARGEST:
        raise _refusal(path, "文件太大", "the file is too large")
    try:
        source = reader(raw)
    except DataError as error:
        raise _refusal(path, *error.lines) from error
    except Exception as error:
        # A damaged file may cause any exception.
        raise _refusal(
            path,
            "文件已损坏,读不出来;请打开后另存一份",
            "the file is damaged and cannot be read; open it and save it again",
        ) from error
    source.lines = [line for each in source.lines if (line := _tidy(each)) is not None]
    if sum(len(line.text) for line in source.lines) < 20:
        raise _refusal(
            path,
            "没有文字(可能是扫描件);请用有文字的文件,或先做文字识别并校对",
            "there is no text in it (a scan, perhaps); use a file with text, or have the text recognized and read it "
            "over first",
        )
    return source


def _refusal(path: Path, zh: str, en: str) -> DataError:
    return DataError([f"{path.name}: {Text(zh=zh, en=en).show('zh')} / {en}"])


def _tidy(line: SourceLine) -> SourceLine | None:
    cells = tuple(_spaced(cell) for cell in line.cells) if line.cells is not None else None
    text = "\t".join(cells) if cells is not None else _spaced(line.text)
    return SourceLine(text, cells, line.above) if text.strip() else None


def _spaced(text: str) -> str:
    """Return ``text`` without invisible characters, and with white space collapsed."""
    return " ".join(cleaned(text).split())


# --- Text


def _text(raw: bytes) -> Source:
    return Source(list(with_tables(decoded(raw).splitlines(), list)))


# --- PDF: lines are joined to paragraphs

_PAGE_NUMBER = re.compile(r"\s*(?:[-—–－]\s*)?(?:第\s*)?\d{1,3}(?:\s*页.*)?(?:\s*[-—–－])?\s*")
#: Beginnings of paragraphs: number of a heading or an item, bullet, annex.
BEGINS = re.compile(
    r"\s*(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}\s*[.．、](?!\d)|[(（]\d{1,2}[)）]|"
    r"[①-⑳]|第[一二三四五六七八九十百]+[章条部]|——|附\s*件)"
)


def _pdf(raw: bytes) -> Source:
    from pypdf import PdfReader

    # Its warnings about damaged files, in English only, are not useful to clerks.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = PdfReader(io.BytesIO(raw))
    if reader.is_encrypted and not reader.decrypt(""):
        raise DataError(["文件有密码,请取消密码", "the file has a password; remove it first"])
    pages = [[line for line in page.extract_text().splitlines() if line.strip()] for page in reader.pages]
    pages = [[line for line in page if not _PAGE_NUMBER.fullmatch(line)] for page in pages]
    # Lines at the top or bottom of most pages are not part of the text.
    repeated = {
        edge
        for at in (0, -1)
        for edge in {page[at] for page in pages if page}
        if len(pages) > 2 and sum(bool(page) and page[at] == edge for page in pages) > len(pages) / 2
    }
    rows = [line for page in pages for line in page if line not in repeated]
    source = Source(list(with_tables(rows, _joined)))
    source.doubts.append(
        Text(
            zh="pdf 里没有段落,段落是按行的长短和编号拼接的,请与原文核对",
            en="a PDF has lines, not paragraphs; they were joined by their length and by numbers, compare them",
        )
    )
    return source


def _joined(rows: list[str]) -> list[str]:
    """Join ``rows`` to paragraphs: a full line continues, unless the next one begins a paragraph."""
    full = 0.85 * max((len(row.strip()) for row in rows), default=0)
    paragraphs: list[str] = []
    for before, row in pairwise(["", *rows]):
        goes_on = (
            paragraphs
            and not BEGINS.match(row)
            and len(before.strip()) >= full
            and not (day_in(row) and len(row.strip()) < 14)
        )
        if goes_on:
            paragraphs[-1] += row.strip()
        else:
            paragraphs.append(row.strip())
    return paragraphs


_READERS: Mapping[str, Callable[[bytes], Source]] = {
    ".docx": read_word,
    ".txt": _text,
    ".html": read_page,
    ".htm": read_page,
    ".pdf": _pdf,
}
