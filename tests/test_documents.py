"""Documents of every form: one wrong character is told once, at its cause; numbers, levels, annexes, changes."""

from pathlib import Path

import pytest
from broken import Broken, Recorded
from support import copy_data, edit, errors_of

PLAN = "documents/plan-2030-1.yml"
SOURCE = "documents/plan-2030-1.zh.txt"
_UNSOURCED = (PLAN, "source_file: plan-2030-1.zh.txt\n", "")

#: One wrong character each: whatever quotes the clause, there is one problem.
ONE_CHARACTER = (
    Broken("in-a-clause", [(PLAN, "每年抽查产品,公布", "每年抽杳产品,公布")]),
    Broken("in-the-source", [(SOURCE, "每年抽查产品,公布", "每年抽杳产品,公布")]),
    Broken("lost-in-a-clause", [(PLAN, "合格率不低于95%", "合格率不于95%")]),
    Broken("too-many-in-a-clause", [(PLAN, "合格率不低于95%", "合格率不不低于95%")]),
    Broken("in-the-heading-of-a-clause", [(PLAN, "2.办好质量日。", "2.办好质最日。")]),
    Broken("in-the-bodies-of-a-clause", [(PLAN, "县质量局、县商务局按", "县质量局、县商务厅按")]),
    Broken("in-the-slogan-of-a-clause", [(PLAN, "诚信为本,质量为先。", "诚信为木,质量为先。")]),
    Broken("in-the-last-clause", [(PLAN, "召开会议。", "召开会仪。")]),
    Broken("in-a-clause-without-a-source", [_UNSOURCED, (PLAN, "合格率不低于95%", "合格率不底于95%")]),
    Broken("in-the-english-of-a-clause", [(PLAN, "keep the pass rate at 95%", "keep the pass rate at 96%")]),
    Broken("in-a-quotation", [("tasks/01.yml", "quote: {zh: 公布结果,", "quote: {zh: 公布结杲,")]),
    Broken("lost-in-a-quotation", [("tasks/02.yml", "办好质量日活动", "办好质日活动")]),
    Broken("too-many-in-a-quotation", [("tasks/02.yml", "办好质量日活动", "办好质质量日活动")]),
    Broken("first-in-a-quotation", [("tasks/02.yml", "办好质量日活动", "力好质量日活动")]),
    Broken("last-lost-in-a-quotation", [("tasks/02.yml", "办好质量日活动", "办好质量日活")]),
)
#: More than one mistake: each is told.
SEVERAL = (
    Broken("in-two-clauses", [(PLAN, "每年抽查产品,公布", "每年抽杳产品,公布"), (PLAN, "召开会议。", "召开会仪。")]),
    Broken(
        "in-a-clause-and-in-a-quotation",
        [
            (PLAN, "每年抽查产品,公布", "每年抽杳产品,公布"),
            ("tasks/01.yml", "quote: {zh: 公布结果,", "quote: {zh: 公布结杲,"),
        ],
    ),
    Broken(
        "a-clause-lost",
        [(PLAN, "  - {id: group-1, level: subsection, zh: (一)守住底线, en: (I) Hold the line}\n", "")],
    ),
    Broken(
        "a-clause-too-many",
        [(PLAN, "  - {id: group-1,", "  - {id: group-0, level: paragraph, zh: 增加的一段。}\n  - {id: group-1,")],
    ),
    Broken(
        "two-quotations-against-a-sure-clause",
        [("targets.yml", "合格率不低于95%", "合格率不低于90%"), ("tasks/01.yml", "合格率不低于95%", "合格率不低于90%")],
    ),
)

MESSAGES = Recorded("documents", (broken.name for broken in (*ONE_CHARACTER, *SEVERAL)))


@pytest.mark.parametrize("broken", ONE_CHARACTER, ids=lambda broken: broken.name)
def test_one_wrong_character_is_one_problem(broken: Broken, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    broken.spoil(data)
    lines = errors_of(data)
    assert len(lines) == 1
    MESSAGES.check(broken.name, lines)


@pytest.mark.parametrize("broken", SEVERAL, ids=lambda broken: broken.name)
def test_every_mistake_is_told(broken: Broken, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    broken.spoil(data)
    MESSAGES.check(broken.name, errors_of(data))


def test_every_message_is_of_a_case() -> None:
    MESSAGES.check_whole()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("tasks/01.yml", "{zh: 每年抽查产品,", '{zh: "每年抽查产品\uff0c公布结果",'),
        ("tasks/01.yml", "合格率不低于95%", "合格率不低于95\uff05"),
        ("targets.yml", "合格率不低于95%", "合格率不低于\uff19\uff15\uff05"),
        ("tasks/01.yml", "quote: {zh: 公布结果,", 'quote: {zh: "公布结果\uff0c 合格率不低于95%",'),
        ("tasks/02.yml", "{zh: 办好质量日活动,", '{zh: "办好质量日活动\uff61",'),
        ("tasks/02.yml", "en: Hold the events of Quality Day}", 'en: "Hold the events of Quality Day\uff0e"}'),
        ("phases.yml", "zh: 2030年1月至3月", 'zh: "\uff082030年1月至3月\uff09"'),
        ("site.yml", "诚信为本,质量为先。", "诚信为本\uff0c质量为先。"),
    ],
)
def test_a_quotation_is_found_whatever_the_width_of_its_marks(file: str, old: str, new: str, tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    edit(data / file, old, new)
    assert errors_of(data) == []


def test_a_clause_of_either_width_is_quoted_in_the_other(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    for file in (PLAN, SOURCE):
        edit(data / file, "1.抽查产品。每年抽查产品,公布结果,", "1.抽查产品。每年抽查产品\uff0c公布结果\uff0c")
        edit(data / file, "(县质量局负责)", "\uff08县质量局负责\uff09")
        edit(data / file, "(2030年1月至3月)", "\uff082030年1月至3月\uff09")
    assert errors_of(data) == []
