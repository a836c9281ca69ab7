"""Rules on evidence files: what is in them, and what no program can read."""

from collections.abc import Iterator

from haopin.checking.entries import Entries
from haopin.checking.personal import ADVICE, allowed_numbers, personal_numbers
from haopin.evidence_files import fingerprint, path_of, said, seen_files
from haopin.folding import BARRIER
from haopin.problem import Place, Problem, problem
from haopin.publish import withdrawn_names
from haopin.records.publishable import Evidence, Publishable, Withdrawal
from haopin.redaction import Names
from haopin.text import fullwidth

_WHY = {
    "encrypted": ("有密码", "it has a password"),
    "damaged": ("打不开,可能已损坏", "it cannot be opened and may be damaged"),
    "no-text": ("扫描件,里面没有文字", "it is a scan without text"),
    "picture": ("图片", "it is a picture"),
    "too-large": ("太大", "it is too large"),
}


def evidence_is_looked_at(entries: Entries) -> Iterator[Problem]:
    """No evidence file holds a withdrawn name or a personal number; one that cannot be read was looked at."""
    withdrawals = [withdrawal for withdrawal, _ in entries.of(Withdrawal)]
    names = withdrawn_names(withdrawals, entries.reading)
    latest = max((w.date for w in withdrawals if w.names), default=None)
    seen = seen_files(entries.reading)
    allowed = allowed_numbers(entry.record for entry in entries.all)
    for record, place in entries.of(Publishable):
        for index, item in enumerate(record.evidence):
            if item.file is None or not path_of(entries.reading.folder, item.file).is_file():
                continue
            where = place.at("evidence", index, "file")
            yield from _of_words(entries, item, names, allowed, where)
            yield from _of_reading(entries, item, bool(names), seen, where)
            if latest and item.file in seen and item.looked_at and item.looked_at.date < latest:
                yield problem(
                    place.at("evidence", index, "looked_at"),
                    "看过这个文件({seen})以后又撤下了名称({latest}),请再看一遍里面有没有,没有就改这里的日期",
                    "a name was withdrawn ({latest}) after somebody looked at this file ({seen}); look again whether "
                    "it is in it, and change this date if it is not",
                    severity="warning",
                    seen=item.looked_at.date,
                    latest=latest,
                )


def _of_words(
    entries: Entries, item: Evidence, names: Names, allowed: frozenset[str], place: Place
) -> Iterator[Problem]:
    words = said(entries.reading, item)
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
    entries: Entries, item: Evidence, withdrawn: bool, seen: frozenset[str], place: Place
) -> Iterator[Problem]:
    why = said(entries.reading, item).unread
    own = fingerprint(path_of(entries.reading.folder, item.file or ""))
    if item.looked_at and item.looked_at.file != own:
        yield problem(
            place,
            "文件“{file}”在有人看过以后变了,请再看一遍,并把 looked_at 的 file 改成 {own}",
            "the file “{file}” has changed since somebody looked at it; look again, and put {own} as file of looked_at",
            severity="warning",
            file=item.file,
            own=own,
        )
    elif why is not None and item.file not in seen and (withdrawn or why != "picture"):
        so = (
            ("有撤下的名称,所以它现在不公开。", "names are withdrawn, so it is not published now. ")
            if withdrawn
            else ("", "")
        )
        yield problem(
            place,
            "程序读不出文件“{file}”({zh_why})。{zh_so}请看一遍有没有撤下的名称、个人信息,没有就在这一项下面加 "
            "looked_at{colon} {{date{colon} 看的日期, file{colon} {own}}}",
            "no program can read the file “{file}”: {en_why}. {en_so}Look whether withdrawn names or personal data are "
            "in it; if not, add below it looked_at: {{date: the day, file: {own}}}",
            severity="warning",
            file=item.file,
            zh_why=fullwidth(_WHY[why][0]),
            en_why=_WHY[why][1],
            zh_so=fullwidth(so[0]),
            en_so=so[1],
            own=own,
        )
