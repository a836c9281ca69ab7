"""Commitments in a text: split at sentences, quoted verbatim, with their numbers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from haopin.model.target import Change, Comparator, Per
from haopin.numerals import MONTH, YEAR, last_day_of
from haopin.start.responsibility import is_statement

_OPEN, _CLOSE = "(（〔[【“‘《〈", ")）〕]】”’》〉"
#: Beginnings of adverbial phrases (means, place, purpose), which stay with the words after them.
_ADVERBIAL = re.compile(
    r"(?:.{0,12}?(?:部门|单位|企业|政府)要|要|并|同时|进一步|紧紧)?"
    r"(?:围绕|对照|根据|按照|依照|依据|针对|依托|结合|聚焦|运用|利用|通过|立足|紧扣|面向|借助|为(?!基础|重点|目标)|当|如)"
)
_TIME = re.compile(r"(?:到|至|自|从)?[0-9]{4}年(?:[0-9]{1,2}月)?(?:底|末)?(?:前|之前|以前|起)?|除.{2,60}(?:外|以外)")
_PLACE = re.compile(r"在.{2,60}(?:领域|方面|企业|行业|环节|区域|地区|过程中|基础上|前提下|等|中|上|下|内)$")
_TAKES = re.compile(
    r"以.{2,60}为(?:重点|目标|导向|核心|主线|抓手|载体|契机|牵引|引领|支撑|突破口|基础|依托|根本|纽带|主体|单位)$"
)
#: Adverb and verb: the beginning of a complete commitment.
_DOES = re.compile(
    r"(?:积极|大力|加快|深入|全面|进一步|持续|着力|扎实|切实|严格|不断|稳步|有序|广泛)(?=[\u4e00-\u9fff]{2})"
)
_TITLE = 24
#: Longest verb, in characters.
_VERB = 2
_LABEL = re.compile(r"^(?:[(（][0-9一二三四五六七八九十]{1,3}[)）]|[0-9]{1,2}[.．、]|[①-⑳]|——?|—)\s*")


def pieces(text: str) -> list[tuple[str, str]]:
    """Split ``text`` at 。；， outside brackets and quotations; return each piece with the mark at its end."""
    found: list[tuple[str, str]] = []
    depth = start = opened = 0
    for at, char in enumerate(text):
        if char in _OPEN:
            opened = opened if depth else at
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
            if depth == 0 and char in ")）〕" and is_statement(text[opened + 1 : at]):
                # A statement of responsibility ends a piece, whatever mark follows.
                found.append((text[start : at + 1].strip(), "。"))
                start = at + 1
        elif depth == 0 and char in "。；;，,!！?？":
            if char == "," and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit():
                continue
            found.append((text[start:at].strip(), char))
            start = at + 1
    found.append((text[start:].strip(), ""))
    return [(piece, mark) for piece, mark in found if piece]


def cut(text: str, *, aims: bool = False) -> list[str]:
    """Return the commitments in ``text``, each verbatim.

    Args:
        text: A paragraph, without its heading.
        aims: Whether it is about aims, in which “以…为目标” is a commitment of its own.
    """
    found: list[str] = []
    begin: int | None = None
    at = 0
    cuts = pieces(text)
    for number, (piece, mark) in enumerate(cuts):
        start = text.index(piece, at)
        at = start + len(piece)
        if piece[:1] in _OPEN[:5] and piece[-1:] in _CLOSE[:5] and found and is_statement(piece[1:-1]):
            # Responsibility for the previous sentence.
            found[-1] = text[text.rindex(found[-1], 0, start) : at]
            continue
        begin = start if begin is None else begin
        following = cuts[number + 1][0] if number + 1 < len(cuts) else ""
        if mark in ("，", ",") and (_waits(piece, aims) or following.startswith("以及")):
            continue
        found.append(text[begin:at])
        begin = None
    if begin is not None:
        found.append(text[begin:at])
    return found


def _waits(piece: str, aims: bool) -> bool:
    words = _LABEL.sub("", piece)
    if _DOES.search(words):
        return False
    if _PLACE.match(words) or _TIME.fullmatch(words):
        return True
    if _TAKES.match(words):
        return not aims
    if aims and words.startswith("聚焦"):
        return False
    return _ADVERBIAL.match(words) is not None


def title_of(quote: str) -> str:
    """Return a short title for a measure from its own words, to be improved by people."""
    words = _LABEL.sub("", quote)
    if len(words) > _TITLE:
        words = next((piece for piece, _ in reversed(pieces(words)) if not is_statement(piece.strip("()（）"))), words)
    return words if len(words) <= _TITLE else f"{words[: _TITLE - 2]}…"


# --- Numbers

_UP_BY = re.compile(r"(?:增长|提高|提升|上升|增加)了?(?:约|不低于|不少于|至少|超过)?\s*$")
_DOWN_BY = re.compile(r"(?:下降|降低|减少|压缩|缩减|压减)了?(?:约|不低于|不少于|至少|超过)?\s*$")
_UP_TO = re.compile(r"(?:提高|提升|上升|增长|增加)(?:到|至)(?:约|不低于|不少于|至少)?\s*$")
_DOWN_TO = re.compile(r"(?:下降|降低|减少|压缩|缩减|压减|降)(?:到|至)(?:约)?\s*$")
_CHANGES: Sequence[tuple[Change, re.Pattern[str]]] = (
    ("up-by", _UP_BY),
    ("down-by", _DOWN_BY),
    ("up-to", _UP_TO),
    ("down-to", _DOWN_TO),
)

_UNITS = (
    "个百分点|批次|人次|公里|平方公里|平方米|万元|亿元|小时|分钟|个工作日|工作日|家|个|项|件|次|人|所|条|种|名|户|亩|元|吨|"
    "处|座|台|套|张|篇|部|例|辆|户次|场|门|支|只|分|天|年|倍|位|起|批"
)
_AMOUNT = re.compile(
    rf"(?P<value>[0-9]+(?:\.[0-9]+)?)\s*(?:[%％]?[-—~～至]\s*(?P<upper>[0-9]+(?:\.[0-9]+)?)\s*)?"
    rf"(?P<unit>[%％]|[万亿]?(?:{_UNITS})|[万亿](?![\u4e00-\u9fff]))(?P<after>以上|以内|以下|左右|及以上)?"
)
_FULL = re.compile("全覆盖|100%覆盖")
_AIM = re.compile("力争|争取|努力实现|争创")
_PROMISES = re.compile(
    r"(?:达到?|不低于|不少于|不高于|不超过|低于|高于|超过|至少|提高到?|提升到?|增长|稳定在|保持在|控制在|降至|下降|降低|减少|压缩|压减|增加到?|新增|"
    r"引进|争创|培育|建成|建设|制定|修订|完成|打造|创建|≥|≤|>|力争|为)\s*[^0-9，。；]{0,12}$"
)
_COMPARES = re.compile(
    r"(?:力争|争取|确保|实现|达到?|不低于|不少于|不高于|不超过|低于|高于|超过|至少|提高到?|提升到?|增长|稳定在|保持在|控制在|降至|降到|下降到?|降低到?|减少到?|压缩到?|压减到?|增加到?|约|≥|≤|>|为)+\s*$"
)
_YEAR_FIRST = re.compile(r"^(?:到|至)?[0-9〇一二三四五六七八九]{4}年(?:底|末)?(?:前)?[,，]?")
_RATE = re.compile(r"(?:满意度|[\u4e00-\u9fff]{2}率)$")


@dataclass(frozen=True)
class Number:
    """A number in a commitment.

    Attributes:
        quote: The words with the number, verbatim.
        title: What is counted, guessed by rule.
        scope: What it covers, guessed by rule.
        comparator: Comparator of the number.
        value: The number; None for a state to be achieved.
        upper: Upper end of a range.
        unit: ``percent``, or the unit as written.
        aim: Whether it is an aim, not a commitment.
        due: Due date, if the text has one.
        change: Direction of a change, if it is one, and whether the number is its size or the level reached.
        per: Period for each of which it holds, if any.
    """

    quote: str
    title: str
    scope: str
    comparator: Comparator
    value: Decimal | None
    upper: Decimal | None
    unit: str | None
    aim: bool
    due: date | None
    change: Change | None = None
    per: Per | None = None


def numbers(quote: str) -> Iterator[Number]:
    """Yield the numbers in the measure ``quote``."""
    due, aim = due_of(quote), _AIM.search(quote) is not None
    found = False
    for match in _AMOUNT.finditer(quote):
        before = quote[: match.start()]
        percent = match["unit"] in ("%", "％")
        if not percent and not (_PROMISES.search(before) or match["after"]):
            continue
        if not percent and (match["unit"] in ("年", "天", "人次") or re.search(r"第$", before)):
            continue
        if re.match(r"年|月|日|号", quote[match.end() :]) and not percent:
            continue
        found = True
        clause = before[max(before.rfind(mark) for mark in ("，", ",", "；", "。", "：")) + 1 :]
        title = _counted(clause, quote[match.end() :]) or title_of(quote)
        upper = Decimal(match["upper"]) if match["upper"] else None
        if percent and match["value"] == "100" and quote[match.end() :].startswith("全覆盖"):
            yield _covered(quote, title, aim, due)
            continue
        change = next((name for name, pattern in _CHANGES if pattern.search(before)), None)
        if not (percent or match["unit"] == "个百分点" or re.search(r"(?:增加|减少|[到至])[^0-9]*$", before)):
            change = None
        yield Number(
            quote=quote,
            title=title,
            scope=_scope(title),
            comparator=_comparator(before, match, upper),
            change=change,
            per="year-average" if "年均" in clause else "year" if re.search("每年|逐年", clause) else None,
            value=Decimal(match["value"]),
            upper=upper,
            unit="percent" if percent else match["unit"],
            aim=aim,
            due=due,
        )
    if not found and _FULL.search(quote) and re.search("实现|达到|做到|确保", quote):
        scope = re.sub(r"^.*?(?:实现|达到|做到|确保)", "", _LABEL.sub("", quote))
        scope = _FULL.sub("", scope).strip() or title_of(quote)
        yield replace(_covered(quote, title_of(re.sub("^实现", "", quote)), aim, due), scope=scope)
    elif not found and _AIM.search(quote) and due is not None:
        title = re.sub(rf"^.*?(?:{_AIM.pattern})(?:到|在|于)?(?:{YEAR.pattern})?(?:底|末)?(?:前)?[,，]?", "", quote)
        yield Number(quote, title or title_of(quote), title or title_of(quote), "achieve", None, None, None, True, due)


def _covered(quote: str, title: str, aim: bool, due: date | None) -> Number:
    return Number(quote, title, _scope(title), "full-coverage", None, None, None, aim, due)


def _counted(before: str, after: str) -> str:
    """Return what a number counts: the words before it, or those after it if only a verb precedes."""
    words = _COMPARES.sub("", re.sub("^(?:力争|争取|确保)", "", _YEAR_FIRST.sub("", _LABEL.sub("", before))))
    words = re.sub(r"^(?:每年|年均|逐年)|(?:每年|年均|逐年)$", "", words.strip("“”、,， "))
    return words + re.split("[，,。；;]", after)[0] if len(words) <= _VERB else words


def _scope(title: str) -> str:
    """Return the subject of a rate; the whole ``title`` if hardly anything would remain."""
    rest = _RATE.sub("", title)
    return rest if len(rest) > 1 else title


def _comparator(before: str, match: re.Match[str], upper: Decimal | None) -> Comparator:
    if upper is not None:
        return "between"
    if match["after"] in ("以内", "以下") or re.search(r"(?:不超过|不高于|(?<!不)低于|≤|<|控制在)\s*$", before):
        return "at-most"
    if match["after"] in ("以上", "及以上") or re.search(r"(?:不低于|不少于|至少|超过|高于|≥|>)\s*$", before):
        return "at-least"
    if match["after"] == "左右" or re.search(r"(?:约|大约)\s*$", before):
        return "about"
    return "equal"


_BEFORE = re.compile(
    rf"(?:{YEAR.pattern})(?:底|末)?(?:前|以前|之前)|(?:到|至)(?:{YEAR.pattern})|(?:{YEAR.pattern})(?:底|末)"
)


def due_of(text: str) -> date | None:
    """Return the last date in ``text``: “2023年底前”, “到2025年”, “2024年6月底前”."""
    if found := re.search(rf"(?:{MONTH.pattern})(?:底|末)?(?:前|以前|完成)", text):
        return last_day_of(found[1], found[2])
    if found := _BEFORE.search(text):
        year = next(group for group in found.groups() if group)
        return last_day_of(year)
    return None
