"""Statements of responsibility in notices: in brackets after a text, or on a line of their own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_OPEN, _CLOSE = "(（〔[【", ")）〕]】"
_ROLE = re.compile(
    r"[\[〔【]?(?P<role>牵头|主责|责任|配合|参与|参加|协办|主办|协助|协同|支持|落实|实施|主管)(?:单位|部门|科室)(?:及责任人)?"
    r"\s*(?:[:：\]〕】]|为(?=[\u4e00-\u9fff]))|(?P<person>(?:牵头|责任|分管|配合)(?:领导|人)|负责人|联系人)\s*[:：]|"
    r"(?P<due>完成时限|完成时间|时间要求|时限)\s*[:：]"
)
_LEADS, _HELPS = ("牵头", "主办", "主责"), ("配合", "参与", "参加", "协办", "协助", "协同", "支持")
_SAYS = re.compile(
    r"负责|牵头|配合单位|责任单位|责任部门|参与单位|主责|协同单位|主办|协办|会同|按职责|(?:单位|部门)[:：]"
)
#: A role in brackets after a name.
_OWN_PART = re.compile(r"[(（](牵头|主办|主责|配合|参与|协办)(?:单位|部门)?[)）]$")
_ENDS_BODY = re.compile(
    r"(?:局|委|办|厅|部|院|署|中心|政府|办事处|街道|公司|单位|部门|银行|协会|联合会|工会|团委|妇联|支行|大队|支队|所|站|校|社|会)$"
)
_DUE = re.compile(
    r"(?:完成时限|完成时间|时间要求|时限)[:：]\s*.+|(?:[0-9]{4}年)?(?:[0-9]{1,2}月)?(?:底|末|年底)?前?完成|"
    r"[0-9]{4}年(?:[0-9]{1,2}月)?(?:底|末)?前(?:完成)?|(?:长期|持续|常年)(?:坚持|推进|落实|实施)?"
)
_VERB = re.compile(
    r"(?P<names>.*?)(?P<verb>(?:牵头|共同|分别|为主|具体|按(?:照)?(?:各自)?职责(?:分工)?|分工)*"
    r"(?:牵头|负责落实|负责|协助配合|参与配合|协同配合|积极配合|密切配合|配合|参与|参加|协助|协同|指导|落实|组织实施|按(?:照)?(?:各自)?职责(?:分工)?))"
)
_AND_OTHERS = re.compile(r"等(?:各)?(?:有关|相关)?(?:部门|单位|部门、单位|部门和单位|单位和部门|地方|成员单位)?$")
#: Longest word before a role, such as 市级 in “市级牵头单位：”.
_PREFIX = 4
_GENERAL = re.compile(r"^(?:各|有关|相关|其他)|^.{1,4}各|(?:有关|相关)(?:单位|部门)$")


@dataclass
class Responsibility:
    """Responsible bodies, by their names as written.

    Attributes:
        quote: The words of the notice, without enclosing brackets.
        lead: Leading bodies.
        bodies: Responsible bodies without a statement of who leads.
        participating: Participating bodies.
        general: Groups of bodies, such as ``各乡镇（街道）``.
        others: Words such as ``等部门``.
        due: Due date, as written.
    """

    quote: str
    lead: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    participating: list[str] = field(default_factory=list)
    general: list[str] = field(default_factory=list)
    others: str | None = None
    due: str | None = None

    @property
    def named(self) -> list[str]:
        """All bodies by name, each once, leading ones first."""
        return list(dict.fromkeys([*self.lead, *self.bodies, *self.participating]))


def trailing(text: str) -> tuple[int, int] | None:
    """Return start and end of the bracket with responsible bodies at the end of ``text``; None if there is none.

    The bracket may be before or after the full stop.
    """
    bare = text.rstrip()
    bare = bare.removesuffix("。").rstrip() if bare.endswith(("）。", ")。", "〕。", "]。")) else bare
    if not bare or bare[-1] not in _CLOSE:
        return None
    depth = 0
    for at in range(len(bare) - 1, -1, -1):
        if bare[at] in _CLOSE:
            depth += 1
        elif bare[at] in _OPEN:
            depth -= 1
            if depth == 0:
                return (at, len(bare)) if is_statement(bare[at + 1 : -1]) else None
    return None


def is_statement(words: str) -> bool:
    """Return whether ``words`` state who is responsible: by a verb, or as a list of bodies."""
    if len(words) < 2:
        return False
    if _SAYS.search(words):
        # Not a sentence about responsibility in general, which names no body before the verb.
        return bool(_ROLE.search(words)) or bool(parse(words).named or parse(words).general)
    pieces = list(outside(words, "、,，;；"))
    return len(pieces) > 1 and all(_ENDS_BODY.search(_AND_OTHERS.sub("", piece)) for piece in pieces)


def is_line(text: str) -> bool:
    """Return whether a paragraph only states who is responsible."""
    words = text.strip().removesuffix("。")
    if words[:1] in _OPEN and words[-1:] in _CLOSE:
        return is_statement(words[1:-1])
    if _ROLE.match(words):
        return True
    return (
        len(words) < 200
        and not re.search("[。:：]", words)
        and re.search(r"(?:负责|牵头|配合|负责落实)$", words) is not None
        and is_statement(words)
        and all(_ENDS_BODY.search(name) for name in (*parse(words).named, *parse(words).general))
    )


def outside(text: str, marks: str) -> Iterator[str]:
    """Split ``text`` at ``marks`` outside brackets and quotations."""
    depth, start = 0, 0
    for at, char in enumerate(text):
        if char in "(（〔[【“《":
            depth += 1
        elif char in ")）〕]】”》":
            depth = max(0, depth - 1)
        elif char in marks and depth == 0:
            if text[start:at].strip():
                yield text[start:at].strip()
            start = at + 1
    if text[start:].strip():
        yield text[start:].strip()


def parse(words: str) -> Responsibility:
    """Parse ``words``, the content of a bracket or a line."""
    words = words.strip().removesuffix("。")
    if words[:1] in _OPEN and words[-1:] in _CLOSE:
        words = words[1:-1]
    found = Responsibility(words)
    # A second sentence is about other items, or about details.
    words = next(outside(words, "。"), words)
    marks = list(_ROLE.finditer(words))
    if marks:
        if before := words[: marks[0].start()].strip("，,；;、 ") if marks[0].start() > _PREFIX else "":
            _by_verbs(before, found)
        for mark, following in zip(marks, [*marks[1:], None], strict=True):
            piece = words[mark.end() : following.start() if following else len(words)]
            if mark["due"]:
                found.due = piece.strip("，,；;。 ") or None
            # Not persons.
            if mark["role"] is None:
                continue
            role = mark["role"]
            into = found.lead if role in _LEADS else found.participating if role in _HELPS else found.bodies
            _names(piece, into, found)
        return found
    _by_verbs(words, found)
    return found


def _by_verbs(words: str, found: Responsibility) -> None:
    """Add the bodies in words such as “甲牵头，乙、丙配合” to ``found``."""
    waiting: list[str] = []
    for chunk in outside(words, ",，;；。"):
        if _DUE.fullmatch(chunk):
            found.due = chunk
            continue
        chunk = chunk.removeprefix("由")
        verb = _VERB.fullmatch(chunk)
        if verb is None:
            waiting.append(chunk)
            continue
        said = verb["verb"]
        leads = "牵头" in said or "为主" in said
        helps = not leads and re.search("配合|参与|参加|协助|协同|指导", said) is not None
        into = found.lead if leads else found.participating if helps else found.bodies
        first, joint, second = verb["names"].partition("会同")
        for piece in waiting:
            _names(piece, into, found)
        waiting = []
        if joint:
            _names(first, found.lead, found)
            _names(second, found.participating, found)
        else:
            _names(first, into, found)
    for piece in waiting:
        _names(piece, found.bodies, found)


def _names(piece: str, into: list[str], found: Responsibility) -> None:
    for chunk in _apart(piece):
        if _DUE.fullmatch(chunk):
            found.due = chunk
            continue
        name = chunk
        if (rest := _AND_OTHERS.search(name)) is not None and rest.start() > 0:
            found.others = rest[0]
            name = name[: rest.start()].strip()
        elif name in ("单位", "部门") and found.others:
            # 等部门、单位
            found.others += f"、{name}"
            continue
        if not name:
            continue
        own = _OWN_PART.search(name)
        if own is not None:
            name = name[: own.start()].strip()
        part = into if own is None else found.lead if own[1] in _LEADS else found.participating
        if _GENERAL.search(name):
            found.general.append(name)
        elif name not in part:
            part.append(name)


def _apart(piece: str) -> Iterator[str]:
    """Yield the names in ``piece``, separated by marks, or by spaces if each part is the name of a body."""
    for chunk in outside(piece, "、,，;；。"):
        names = chunk.split()
        yield from names if len(names) > 1 and all(map(_ENDS_BODY.search, names)) else [chunk]


def joined(parts: Sequence[Responsibility], quote: str) -> Responsibility:
    """Combine the statements of several lines into one with the words ``quote``."""
    whole = Responsibility(quote)
    for part in parts:
        whole.lead += [name for name in part.lead if name not in whole.lead]
        whole.bodies += [name for name in part.bodies if name not in whole.bodies]
        whole.participating += [name for name in part.participating if name not in whole.participating]
        whole.general += [name for name in part.general if name not in whole.general]
        whole.others = whole.others or part.others
        whole.due = whole.due or part.due
    return whole
