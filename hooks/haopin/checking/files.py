"""Rules on evidence files as files: how large they are, and whether each is what its name says."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from haopin.checking.entries import Entries
from haopin.evidence_files import MOST_TEXT, size_of_text
from haopin.problem import Place, Problem, problem

#: Largest evidence file and most of all together, in bytes; a site has each of them once a language.
LARGEST_FILE, MOST_OF_ALL = 50_000_000, 500_000_000
#: From here on it is said that little is left.
NEARLY_ALL = 400_000_000
_MEGABYTE = 1_000_000
_START = 1 << 16
# What files of a type begin with.
_BEGINNINGS = {
    "pdf": (b"%PDF-",),
    "jpg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    **dict.fromkeys(("ofd", "xlsx", "docx"), (b"PK\x03\x04",)),
}
# A part that packages of a type have.
_PARTS = {"ofd": "OFD.xml", "xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
# What no text has: all control characters but white space.
_NO_TEXT = bytes({*range(9), 11, *range(14, 27), *range(28, 32)})
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def evidence_has_a_size(entries: Entries) -> Iterator[Problem]:
    """No evidence file, and not all of them together, are larger than a site should carry."""
    total = 0
    for file in sorted(entries.reading.files):
        size = (entries.reading.folder / file).stat().st_size
        total += size
        if size == 0:
            yield problem(
                Place(file, mark=(1, 1)),
                "这个文件是空的,请重新放入",
                "this file is empty; put it here again",
            )
        if size > LARGEST_FILE:
            yield problem(
                Place(file, mark=(1, 1)),
                "文件太大({size} MB),一个依据文件最多 {most} MB;扫描件请降低分辨率(150 到 200 dpi)另存,"
                "或改用文号、网址(link)",
                "the file is too large ({size} MB); an evidence file has {most} MB at most. Save a scan with less "
                "resolution (150 to 200 dpi), or give a document number or an address (link)",
                size=-(-size // _MEGABYTE),
                most=LARGEST_FILE // _MEGABYTE,
            )
        elif (text := size_of_text(entries.reading.folder / file)) > MOST_TEXT:
            yield problem(
                Place(file, mark=(1, 1)),
                "文件里的文字太多({size} MB),一个依据文件最多 {most} MB;请只留需要的部分,或导出为 pdf",
                "there is too much text in this file ({size} MB, {most} MB at most); keep only the part that is "
                "needed, or export it as pdf",
                size=-(-text // _MEGABYTE),
                most=MOST_TEXT // _MEGABYTE,
            )
    if total > NEARLY_ALL:
        yield problem(
            Place("evidence", mark=(1, 1)),
            "依据文件共 {size} MB,最多 {most} MB;请压缩大的文件,或改用文号、网址(link)",
            "all evidence files have {size} MB together, and {most} MB at most are possible; make large ones smaller, "
            "or give a document number or an address (link)",
            severity="error" if total > MOST_OF_ALL else "warning",
            size=-(-total // _MEGABYTE),
            most=MOST_OF_ALL // _MEGABYTE,
        )


def evidence_is_of_its_type(entries: Entries) -> Iterator[Problem]:
    """Each evidence file is what its name says: a program that is called a.pdf is none."""
    for file in sorted(entries.reading.files):
        path = entries.reading.folder / file
        if 0 < path.stat().st_size <= LARGEST_FILE and not _is_of_type(path):
            yield problem(
                Place(file, mark=(1, 1)),
                "文件内容不是 {type}(可能只改了扩展名,或文件已损坏、有密码);请用原来的软件打开,另存或导出为 {type}",
                "what is in this file is not {type} (perhaps only its name was changed, or it is damaged or has a "
                "password); open it in the program that made it, and save or export it as {type}",
                type=path.suffix[1:],
            )


def _is_of_type(path: Path) -> bool:
    kind = path.suffix[1:]
    with path.open("rb") as file:
        start = file.read(_START)
    if kind not in _BEGINNINGS:
        # Text in any encoding: with every other byte zero in UTF-16.
        return start.startswith(_WIDE) or not start.translate(None, bytes(set(range(256)) - set(_NO_TEXT)))
    # Some programs write a few bytes in front of a PDF; readers allow a thousand.
    if not (start[:1024].find(_BEGINNINGS[kind][0]) >= 0 if kind == "pdf" else start.startswith(_BEGINNINGS[kind])):
        return False
    if kind not in _PARTS:
        return True
    try:
        with zipfile.ZipFile(path) as package:
            return _PARTS[kind] in package.namelist()
    except Exception:
        # Whatever a spoiled package makes the reader raise.
        return False
