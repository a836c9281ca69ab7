"""Rules for languages other than Chinese and English."""

from collections.abc import Iterator

from haopin.check.entries import RecordIndex, texts
from haopin.load.folder import languages_of
from haopin.problem import Problem, problem
from haopin.text import LANGUAGES


def languages_have_labels(entries: RecordIndex) -> Iterator[Problem]:
    """Require labels for each language of a text; without them, the text would not be shown."""
    known = {*LANGUAGES, *languages_of(entries.dataset)}
    for entry in entries.all:
        for path, text in texts(entry.record):
            for code in text.further.keys() - known:
                yield problem(
                    entry.at(*path, code),
                    "本站没有语言“{code}”:请改正代码,或在资料文件夹里加上 labels/{code}.yml",
                    "this site has no language “{code}”: correct the code, or add labels/{code}.yml to the data folder",
                    code=code,
                )
