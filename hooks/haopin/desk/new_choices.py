"""The words of fixed choices, as a clerk says them, and which of them an answer means."""

from collections.abc import Mapping

from pydantic import BaseModel

from haopin.desk.cells import narrow
from haopin.desk.ledger_columns import STATES
from haopin.desk.new_fields import Field
from haopin.desk.new_lookup import fold
from haopin.desk.new_unclear import UnclearError
from haopin.records.ledger import Entry
from haopin.records.news import News
from haopin.records.publishable import Approval, Withdrawal
from haopin.records.recognition import Demonstration, Standard
from haopin.text import Text


def _words(**pairs: tuple[str, str]) -> dict[str, Text]:
    return {name.replace("_", "-"): Text(zh=zh, en=en) for name, (zh, en) in pairs.items()}


#: Words of each choice, by the model and the field that offer it; a test proves that none is missing.
CHOICES: Mapping[tuple[type[BaseModel], str], Mapping[str, Text]] = {
    (Approval, "role"): _words(
        section_head=("科室负责人", "head of section"),
        deputy_head=("分管负责人", "deputy head"),
        head=("主要负责人", "head of the body"),
    ),
    (Entry, "state"): {name: text for name, text in STATES.items()},  # noqa: C416
    (Entry, "unit"): _words(percent=("百分比", "percent")),
    (News, "kind"): _words(news=("动态", "news"), notice=("通知", "notice")),
    (Standard, "level"): _words(
        international=("国际标准", "international standard"),
        national=("国家标准", "national standard"),
        industry=("行业标准", "industry standard"),
        provincial=("省级地方标准", "provincial standard"),
        city=("市级地方标准", "city standard"),
        group=("团体标准", "association standard"),
        enterprise=("企业标准", "enterprise standard"),
    ),
    (Standard, "role"): _words(
        lead=("主导制定", "led the drafting"), participant=("参与制定", "took part in drafting")
    ),
    (Demonstration, "state"): _words(building=("创建中", "being built"), awarded=("已获命名", "awarded")),
    (Withdrawal, "reason"): _words(
        credit_restored=("信用修复", "credit restored"),
        wrong_name=("名称有误", "wrong name"),
        error=("内容有误", "error in the content"),
        law=("依法删除", "removed as required by law"),
        other=("其他原因", "other reason"),
    ),
}


def chosen(field: Field, typed: str) -> str:
    """Return the choice that ``typed`` means: its number, its words in either language, or its value."""
    words = CHOICES[field.model, field.name]
    number = narrow(typed)
    if number.isdecimal() and number.isascii() and 1 <= int(number) <= len(field.choices):
        return field.choices[int(number) - 1]
    by_words = {name: (fold(name), fold(words[name].zh), fold(words[name].en)) for name in field.choices}
    wanted = fold(typed)
    exact = [name for name, forms in by_words.items() if wanted in forms]
    part = [name for name, forms in by_words.items() if any(wanted in form for form in forms)]
    for matches in (exact, part):
        if len(matches) == 1:
            return matches[0]
    raise UnclearError(
        "“{value}”不可用,请写 1 到 {n} 的号码或其中的词",
        "“{value}” is not possible; write a number from 1 to {n}, or one of the words",
        value=typed,
        n=len(field.choices),
    )


def affirmed(typed: str) -> bool:
    """Tell whether ``typed`` is a yes.

    Raises:
        UnclearError: if it is neither yes nor no.
    """
    word = fold(typed)
    if word in ("y", "yes", "是", "是的", "好", "对", "true", "写入"):
        return True
    if word in ("", "n", "no", "否", "不", "不是", "false", "放弃"):
        return False
    raise UnclearError("“{value}”不清楚,请写 y(是)或 n(否)", "“{value}” is not clear; write y or n", value=typed)
