"""What is said around the questions of a new record."""

from collections.abc import Mapping
from typing import Any

from haopin.desk.voice import Voice
from haopin.records import Kind
from haopin.records.disclosure import BATCH
from haopin.records.ledger import ENTRY
from haopin.records.publishable import Publishable

_RULE = "-" * 40


def greeting(kind: Kind, voice: Voice) -> str:
    """Return what is said first."""
    return voice(
        "新建:{title}\n直接回车跳过可不填的项;写错了最后可以改;按 Ctrl-C 放弃,什么都不会改。",
        "New: {title}\nEnter skips what may be skipped; mistakes can be mended at the end; Ctrl-C gives up.",
        title=voice.of(kind.title),
    )


def shown(files: Mapping[str, str], name: str) -> str:
    """Return the text that will be written in each of ``files`` of the data folder ``name``."""
    texts = [f"{_RULE}\n{name}/{file}\n{_RULE}\n{text.rstrip()}" for file, text in files.items()]
    return "\n".join([*texts, _RULE])


def question(voice: Voice, *, whole: bool) -> str:
    """Return the last question: whether to write, or, while something is wrong, what to mend."""
    if whole:
        return voice(
            "写入吗?(y 写入,n 放弃,要改哪一项就写它的字段名,如 date) ",
            "Write it? (y writes, n gives up; to mend a field type its name, such as date) ",
        )
    return voice(
        "要改哪一项?(写字段名,如 date;n 放弃) ",
        "Which field is to be mended? (type its name, such as date; n gives up) ",
    )


def written(kind: Kind, record: Mapping[str, Any], files: Mapping[str, bytes], name: str, voice: Voice) -> list[str]:
    """Return where the ``record`` stands now, and what comes next."""
    lines = [voice("已写入:{file}", "Written: {file}", file=f"{name}/{file}") for file in files]
    steps = []
    if kind is BATCH:
        steps.append(
            voice(
                "把抽检结果填进 {id}.csv,或运行 haopin batch import 表格文件 --id {id}",
                "fill in {id}.csv, or run haopin batch import FILE --id {id}",
                id=record["id"],
            )
        )
    if issubclass(kind.model, Publishable) and "approved" not in record:
        steps.append(
            voice(
                "审核:运行 haopin approve {name},审核以后才公布",
                "approval: run haopin approve {name}; it is published once approved",
                name=f"{kind.name}/{record['id']}",
            )
        )
    steps.append(voice("运行 haopin check,再生成网站", "run haopin check, then build the site"))
    if kind is ENTRY:
        steps.append(
            voice(
                "审核以后这条记录不可改动,更正请另写一条;审核以前写错了可以直接改",
                "once approved the entry may not change, correct it by another; until then a mistake is simply edited",
            )
        )
    head = voice("接下来:", "What comes next:")
    return [*lines, head, *(f"  {number}. {step}" for number, step in enumerate(steps, start=1))]
