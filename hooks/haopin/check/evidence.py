"""Rules on evidence files: size, file type, and content that no program can read."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from haopin.check.entries import RecordIndex
from haopin.check.personal import ADVICE, allowed_numbers, personal_numbers
from haopin.model.publishable import Evidence, Publishable, Withdrawal
from haopin.privacy.evidence import MOST_TEXT, fingerprint, path_of, said, seen_files, size_of_text
from haopin.privacy.folding import BARRIER
from haopin.privacy.redaction import Names, latest_names, withdrawn_names
from haopin.problem import Place, Problem, problem
from haopin.text import fullwidth

# --- Content of evidence files

_WHY = {
    "encrypted": ("有密码", "it has a password"),
    "damaged": ("打不开,可能已损坏", "it cannot be opened and may be damaged"),
    "no-text": ("扫描件,里面没有文字", "it is a scan without text"),
    "picture": ("图片", "it is a picture"),
    "too-large": ("太大", "it is too large"),
}


#: Button of the desk for what `LookedAt` says.
_BUTTON = ("在审核那一页点“看过了,可以公布”", "press “Looked at, fit to publish” on its page of approval")


def evidence_is_looked_at(entries: RecordIndex) -> Iterator[Problem]:
    """No evidence file contains a withdrawn name or a personal number; a person has checked unreadable files."""
    if not any(item.file for record, _ in entries.of(Publishable) for item in record.evidence):
        return
    withdrawals = [withdrawal for withdrawal, _ in entries.of(Withdrawal)]
    names = withdrawn_names(withdrawals, entries.dataset)
    latest = latest_names(withdrawals)
    seen = seen_files(entries.dataset)
    allowed = allowed_numbers(entry.record for entry in entries.all)
    for record, place in entries.of(Publishable):
        for index, item in enumerate(record.evidence):
            if item.file is None or not path_of(entries.dataset.folder, item.file).is_file():
                continue
            where = place.at("evidence", index, "file")
            yield from _of_words(entries, item, names, allowed, where)
            yield from _of_reading(entries, item, bool(names), seen, where)
            if latest and item.file in seen and item.looked_at and item.looked_at.date < latest:
                zh = "看过这个文件({seen})以后又撤下了名称({latest}),请再看一遍里面有没有,没有就"
                en = (
                    "a name was withdrawn ({latest}) after this file was checked ({seen}); check whether it contains "
                    "the name, and if not, "
                )
                yield problem(
                    place.at("evidence", index, "looked_at"),
                    f"{zh}改这里的日期",
                    f"{en}change this date",
                    severity="warning",
                    desk=(zh + _BUTTON[0], en + _BUTTON[1]),
                    seen=item.looked_at.date,
                    latest=latest,
                )


def _of_words(
    entries: RecordIndex, item: Evidence, names: Names, allowed: frozenset[str], place: Place
) -> Iterator[Problem]:
    words = said(entries.dataset, item)
    for name in names.in_text(f"{item.file}{BARRIER}{words.text}"):
        yield problem(
            place,
            "文件“{file}”里有已撤下的名称“{name}”,它不会公开;请换成没有这个名称的文件",
            "the file “{file}” has the withdrawn name “{name}” and is not published; put a file without it here",
            severity="warning",
            file=item.file,
            name=name,
        )
    for number, kind in dict.fromkeys(personal_numbers(words.text)):
        if number not in allowed:
            yield problem(
                place,
                "文件“{file}”里像有{zh_kind}“{number}”," + ADVICE[0],
                "the file “{file}” seems to hold {en_kind}, “{number}”; " + ADVICE[1],
                file=item.file,
                number=number,
                zh_kind=kind[0],
                en_kind=kind[1],
            )
    if words.comments:
        yield problem(
            place,
            "文件“{file}”里有批注或修订,谁都能看到;请接受修订、删除批注后再放进来",
            "the file “{file}” has comments or tracked changes, which everybody can read; accept the changes and "
            "delete the comments",
            severity="warning",
            file=item.file,
        )


def _of_reading(
    entries: RecordIndex, item: Evidence, withdrawn: bool, seen: frozenset[str], place: Place
) -> Iterator[Problem]:
    why = said(entries.dataset, item).unread
    own = fingerprint(path_of(entries.dataset.folder, item.file or ""))
    if item.looked_at and item.looked_at.file != own:
        zh, en = "文件“{file}”在有人看过以后变了,请再看一遍,", "the file “{file}” has changed since it was checked; "
        yield problem(
            place,
            f"{zh}并把 looked_at 的 file 改成 {{own}}",
            f"{en}check it again, and write {{own}} as file of looked_at",
            severity="warning",
            desk=(f"{zh}没有问题就{_BUTTON[0]}", f"{en}check it again, and if it is fit to publish, {_BUTTON[1]}"),
            file=item.file,
            own=own,
        )
    elif why is not None and item.file not in seen and (withdrawn or why != "picture"):
        so = (
            ("有撤下的名称,所以它现在不公开。", "Names are withdrawn, so it is not published now. ")
            if withdrawn
            else ("", "")
        )
        zh = "程序读不出文件“{file}”({zh_why})。{zh_so}请看一遍有没有撤下的名称、个人信息,没有就"
        en = (
            "no program can read the file “{file}”: {en_why}. {en_so}Check it for withdrawn names and personal data; "
            "if it has none, "
        )
        yield problem(
            place,
            zh + "在这一项下面加 looked_at{colon} {{date{colon} 查看日期, file{colon} {own}}}",
            en + "add below it looked_at: {{date: the day, file: {own}}}",
            severity="warning",
            desk=(zh + _BUTTON[0], en + _BUTTON[1]),
            file=item.file,
            zh_why=fullwidth(_WHY[why][0]),
            en_why=_WHY[why][1],
            zh_so=fullwidth(so[0]),
            en_so=so[1],
            own=own,
        )


# --- Size and type of evidence files

#: Largest evidence file, and limit of all together, in bytes; a site has a copy per language.
LARGEST_FILE, MOST_OF_ALL = 50_000_000, 500_000_000
#: Total size from which a warning is printed.
NEARLY_ALL = 400_000_000
_MEGABYTE = 1_000_000
_START = 1 << 16
# First bytes of files of a type.
_BEGINNINGS = {
    "pdf": (b"%PDF-",),
    "jpg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    **dict.fromkeys(("ofd", "xlsx", "docx"), (b"PK\x03\x04",)),
}
# A part that every package of a type has.
_PARTS = {"ofd": "OFD.xml", "xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
# Not in text files: control characters except white space.
_NO_TEXT = bytes({*range(9), 11, *range(14, 27), *range(28, 32)})
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def evidence_has_a_size(entries: RecordIndex) -> Iterator[Problem]:
    """Evidence files keep within the limits for one file and for all together."""
    total = 0
    for file in sorted(entries.dataset.files):
        size = (entries.dataset.folder / file).stat().st_size
        total += size
        if size == 0:
            yield problem(
                Place(file, mark=(1, 1)),
                "这个文件是空的,请重新放入",
                "this file is empty; copy it here again",
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
        elif (text := size_of_text(entries.dataset.folder / file)) > MOST_TEXT:
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
            "the evidence files have {size} MB in total; the limit is {most} MB. Make large ones smaller, "
            "or give a document number or an address (link)",
            severity="error" if total > MOST_OF_ALL else "warning",
            size=-(-total // _MEGABYTE),
            most=MOST_OF_ALL // _MEGABYTE,
        )


def evidence_is_of_its_type(entries: RecordIndex) -> Iterator[Problem]:
    """The content of each evidence file matches its suffix: a program named a.pdf is rejected."""
    for file in sorted(entries.dataset.files):
        path = entries.dataset.folder / file
        if 0 < path.stat().st_size <= LARGEST_FILE and not _is_of_type(path):
            yield problem(
                Place(file, mark=(1, 1)),
                "文件内容不是 {type}(可能只改了扩展名,或文件已损坏、有密码);请用原来的软件打开,另存或导出为 {type}",
                "the content of this file is not {type} (perhaps only its name was changed, or it is damaged or has a "
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
    # Some programs write a few bytes before the PDF header; PDF readers allow a thousand.
    if not (start[:1024].find(_BEGINNINGS[kind][0]) >= 0 if kind == "pdf" else start.startswith(_BEGINNINGS[kind])):
        return False
    if kind not in _PARTS:
        return True
    try:
        with zipfile.ZipFile(path) as package:
            return _PARTS[kind] in package.namelist()
    except Exception:
        # A damaged package may raise any exception.
        return False
