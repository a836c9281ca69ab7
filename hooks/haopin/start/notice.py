"""The parts of a notice: head, numbered headings and items as a tree, foot, annexes.

Recognized by rules, from the layout of official documents (GB/T 9704-2012, 7.3) and its numbers: 一、, then （一）, 1.,
（1）. Guesses are recorded as doubts.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from haopin.model.document import Level
from haopin.numerals import CHINESE, DAY, day_in, number_of
from haopin.start.lines import Source, SourceLine
from haopin.text import Text

#: Formats of numbers before headings and items, highest level first, each with its rank.
_LABELS: Sequence[tuple[int, re.Pattern[str]]] = (
    (0, re.compile(rf"第({CHINESE})(?:章|部分|篇)\s*")),
    (1, re.compile(rf"({CHINESE})、(?!{CHINESE}、)\s*")),
    (2, re.compile(rf"第({CHINESE})条\s*")),
    (2, re.compile(rf"[(（]({CHINESE})[)）]\s*")),
    (3, re.compile(r"([0-9０-９]{1,3})\s*[.．、](?![0-9])\s*")),
    (4, re.compile(r"[(（]([0-9０-９]{1,2})[)）]\s*")),
    (5, re.compile(r"([①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳])\s*")),
)
_DECIMAL = re.compile(r"([0-9]{1,2}(?:\.[0-9]{1,2})*)\.?\s+(?=[^0-9\s])|([0-9]{1,2}(?:\.[0-9]{1,2})+)\s*(?=[^0-9.%\s])")
NUMBER = re.compile(
    r"([\u4e00-\u9fff]{2,16}?)\s*[〔\[(（【﹝［]\s*([0-9]{4})\s*[〕\])）】﹞］]\s*第?\s*([0-9]{1,5})\s*号"
)
#: A line with a document number, optionally in brackets or incomplete.
_NUMBER_LINE = re.compile(
    rf"[(（]?(?:{NUMBER.pattern}|[\u4e00-\u9fff]{{2,12}}[〔\[(（][0-9]{{4}}[〕\])）][0-9]*号?)[)）]?"
)
#: Lines with other forms of numbers: “第12号” and “2030年第5号” of orders and announcements, and Latin ones.
_OTHER_NUMBER = re.compile(
    rf"[(（]?(?P<words>[\u4e00-\u9fff]{{0,20}}?(?:(?:[0-9]{{4}}|[〇○零一二三四五六七八九]{{4}})年)?第(?:[0-9]{{1,5}}|{CHINESE})号|"
    r"[A-Z]{1,10}(?:/[A-Z]{1,6})?[-—–.]?[〔\[(（]?[0-9]{1,6}[〕\])）]?(?:[-—–./]?[0-9]{1,6}){0,3}号?)[)）]?"
)
_REMARK = re.compile(
    r"[(（].{0,24}(?:公开|发布|删减|印发).{0,12}[)）]|[(（][0-9〇○零一二三四五六七八九]{4}年.{0,80}(?:公布|通过|施行|修订|修正)[)）]"
)
#: Signature of an order, with the position of the signer.
_SIGNER = re.compile(r"(?:代)?(?:省|市|县|区|州|盟|旗|局|厅|部)长[\u4e00-\u9fff·]{2,4}|主任[\u4e00-\u9fff·]{2,4}")
_ANNEX = re.compile(r"附\s*件\s*(?P<number>[0-9一二三四五六七八九十]{0,2})\s*(?P<colon>[:：])?\s*(?P<title>.*)")
_ANNEX_ITEM = re.compile(r"[0-9一二三四五六七八九十]{1,2}\s*[.．、]\s*(.+)")
_PRINTED = re.compile(
    r"(?:抄送|主送|主题词|公开方式|分送)\s*[:：].*|.{2,30}[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日印发|[-—–]*\s*[0-9]*\s*[-—–]*"
)
_MADE_BY = re.compile(
    r".{2,40}(?:人民政府|委员会|办公室|办公厅|政府办|领导小组|管委会|局|厅|部|院|署|总局)(?:文件|令|公告|通告)?"
)
#: Formulas before the signature, which are ignored.
_CLOSING = re.compile("特此(?:公告|通告|通知|通报|函告)[。！]?")
#: Lines of the foot.
_FOOT = (DAY, _SIGNER, _MADE_BY, _REMARK, _PRINTED, _CLOSING)
_KIND_OF_TEXT = re.compile(r"方案|规划|纲要|计划|意见|措施|办法|规定|细则|要点|通知|决定|条例|预案|安排|分工|任务|清单")
_STOP = "。;；:：!！?？"
#: Longest heading that runs into its text, in characters.
_LONGEST_HEADING = 40


@dataclass
class Node:
    """A heading or an item with everything below it.

    Attributes:
        label: Its number as written, such as ``（一）``; empty for a bullet.
        number: The number; None if the label is not a number.
        rank: Its level; 0 is the highest.
        text: The paragraph, including its number.
        heading: The heading without number and full stop; "" if the paragraph has none.
        rest: Text after the heading in the same paragraph.
        below: Paragraphs and table rows before the next number.
        children: Headings and items below it.
        start: Index of its line in the file.
    """

    label: str
    number: int | None
    rank: int
    text: str
    heading: str
    rest: str
    below: list[SourceLine] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)
    start: int = 0

    def walk(self) -> Iterable["Node"]:
        """Yield the node and its descendants, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class NoticeLine:
    """A line of the head or foot: its type, and its text."""

    level: Level
    role: str
    text: str


@dataclass
class NoticeAnnex:
    """An annex: its title, and its lines in the file."""

    title: str
    lines: list[SourceLine] = field(default_factory=list)


@dataclass
class Notice:
    """A notice.

    Attributes:
        head: Lines before the first heading of the plan.
        tree: Headings and items of the plan.
        foot: Lines after them.
        annexes: Annexes, included or only named.
        title: Full title.
        plan_title: Title of the plan that the notice issues; that of the notice if it is the plan itself.
        number: Document number in the usual form; None if there is none.
        issuer: Issuing body, as signed.
        adopted: Date of adoption.
        published: Date of publication, if the file has one.
        doubts: Messages for a person to check.
    """

    head: list[NoticeLine]
    tree: list[Node]
    foot: list[NoticeLine]
    annexes: list[NoticeAnnex]
    title: str
    plan_title: str
    number: str | None
    issuer: str | None
    adopted: date | None
    published: date | None
    doubts: list[Text]


def bare(text: str) -> str:
    """Return ``text`` without white space, for comparison."""
    return "".join(text.split())


def read_notice(source: Source) -> Notice:
    """Return the parts of the notice in ``source``; guesses are among its doubts."""
    doubts = list(source.doubts)
    lines = _run_apart(source.lines, doubts)
    decimal = sum(bool(re.match(r"[0-9]{1,2}\.[0-9]{1,2}(?![0-9]*[%％年])", line.text)) for line in lines) >= 3
    labels = [_label(line, decimal) for line in lines]
    begin = _first_heading(lines, labels)
    end = _foot(lines, labels, begin)
    head = _head(lines[:begin])
    tree = _tree(lines[begin:end], labels[begin:end], begin, doubts)
    foot, annexes = _tail(lines[end:])
    parts = [*head, *foot]

    def said(role: str) -> list[str]:
        return [part.text for part in parts if part.role == role]

    title = "".join(said("title"))
    if not title:
        title = "".join(said("plan-title")) or lines[0].text
        # An order has no title other than that of the rules that it publishes.
        if not any(text.endswith("令") for text in said("issuer")) or not said("plan-title"):
            doubts.append(
                Text(zh=f"没有找到标题,用了“{title[:30]}”", en=f"no title was found; “{title[:30]}” was used")
            )
    signed = said("signature")
    if len(signed) > 1:
        signed = [name for line in signed for name in line.split()]
    issuers = said("issuer")
    issuer = signed[0] if signed else re.sub("(?:文件|令|公告|通告)$", "", issuers[0]) if issuers else None
    if issuer is None and (before := re.match(r"(.{2,40}?)(?:关于|转发)", title)) and _MADE_BY.fullmatch(before[1]):
        issuer = before[1]
    if len(signed) > 1:
        doubts.append(
            Text(
                zh=f"落款有几个单位:{'、'.join(signed)};发文机关只写了第一个",
                en=f"several bodies signed ({', '.join(signed)}); only the first is given as the issuer",
            )
        )
    if issuer and title.startswith(("关于", "转发")):
        title = issuer + title
    number = _number(said("number"))
    if number is None:
        doubts.append(
            Text(
                zh="没有找到发文字号(或不完整);有的话请补到 documents/ 的 number",
                en="no complete document number was found; if there is one, add it in documents/ as number",
            )
        )
    days = [day for role in ("date", "remark") for text in said(role) if (day := day_in(text))]
    adopted = days[0] if days else None
    if adopted is None:
        doubts.append(Text(zh="没有找到成文日期", en="no date of adoption was found"))
    if issuer is None:
        doubts.append(Text(zh="没有找到发文机关", en="the issuing body was not found"))
    if not tree:
        doubts.append(
            Text(
                zh="没有找到带编号的标题(一、(一)1.),没有任务可以读出",
                en="no numbered heading was found, so no task could be read",
            )
        )
    return Notice(
        head=head,
        tree=tree,
        foot=foot,
        annexes=annexes,
        title=title,
        plan_title="".join(said("plan-title")) or title,
        number=number,
        issuer=issuer,
        adopted=adopted,
        published=date.fromisoformat(source.published) if source.published else None,
        doubts=doubts,
    )


def _number(texts: Sequence[str]) -> str | None:
    for text in texts:
        if found := NUMBER.search(bare(text)):
            return f"{bare(found[1])}〔{found[2]}〕{int(found[3])}号"
        if found := _OTHER_NUMBER.fullmatch(bare(text)):
            return found["words"]
    return None


# --- Lines


#: Split points of a paragraph with a whole notice: before numbers, and around signature and date.
_RUN_ON = re.compile(
    rf"(?<=[。;；)）])\s*(?={CHINESE}、(?!{CHINESE}、))|(?<=[。;；)）])\s*(?=[(（]{CHINESE}[)）])|"
    r"(?<=[\u4e00-\u9fff])(?=[(（]一[)）])|(?<=[。)）\u4e00-\u9fff])\s*(?=[0-9]{1,2}[.．][\u4e00-\u9fff])|"
    r"(?<=[：:])(?=现将|《[^》]+》(?:已|业))|"
    rf"(?<=。)(?=[^。]{{2,30}}{DAY.pattern.replace('(', '(?:')})"
)
_LONG = 400


def _run_apart(lines: Sequence[SourceLine], doubts: list[Text]) -> list[SourceLine]:
    """Return ``lines``, splitting those with several headings, because some web pages lose all line breaks."""
    found: list[SourceLine] = []
    for line in lines:
        pieces = [line.text]
        if line.cells is None and len(line.text) > _LONG:
            pieces = [piece.strip() for piece in _RUN_ON.split(line.text) if piece and piece.strip()]
        labels = sum(any(pattern.match(piece) for _, pattern in _LABELS) for piece in pieces)
        if labels < 3:
            found.append(line)
            continue
        doubts.append(
            Text(
                zh=f"“{line.text[:12]}…”一段里有 {labels} 个标题,已按编号分段,请与原文核对",
                en=f"the paragraph “{line.text[:12]}…” held {labels} headings and was divided at their numbers",
            )
        )
        for piece in pieces:
            found += map(SourceLine, _signed_apart(piece, line.text))
    return found


def _signed_apart(piece: str, whole: str) -> list[str]:
    """Split ``piece`` into signature, date, title of the plan and its first words, if it contains all of them."""
    day = DAY.search(piece)
    if day is None or not _MADE_BY.fullmatch(piece[: day.start()].strip()):
        return [piece]
    parts, rest = [piece[: day.start()].strip(), day[0]], piece[day.end() :].strip()
    title = next((name for name in re.findall("《([^《》]+)》", whole) if rest.startswith(name)), "")
    return [part for part in (*parts, title, rest[len(title) :]) if part]


@dataclass(frozen=True)
class _Label:
    text: str
    number: int | None
    rank: int


def _label(line: SourceLine, decimal: bool) -> _Label | None:
    """Return the number at the beginning of a line; None if there is none, or for a row of a table."""
    if line.cells is not None:
        return None
    if decimal and (found := _DECIMAL.match(line.text)):
        digits = found[1] or found[2]
        return _Label(found[0], int(digits.rpartition(".")[2]), 1 + digits.count("."))
    for rank, pattern in _LABELS:
        if found := pattern.match(line.text):
            number = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳".find(found[1]) + 1 or number_of(found[1])
            return _Label(found[0], number, rank)
    return None


def _is_title(text: str) -> bool:
    return len(text) <= 60 and text[-1] not in f"{_STOP},，、"


def _first_heading(lines: Sequence[SourceLine], labels: Sequence[_Label | None]) -> int:
    """Return the index of the first heading of the plan: the first number, or the first after the notice's date."""
    numbered = [at for at, label in enumerate(labels) if label is not None]
    if not numbered:
        return len(lines)
    top = min(label.rank for label in labels if label is not None)
    days = [at for at, line in enumerate(lines) if DAY.fullmatch(bare(line.text))]
    for day in days:
        after = [at for at in numbered if at > day]
        # Some notices have numbered requirements before the signature, followed by the plan.
        if after and labels[after[0]] and labels[after[0]].number == 1 and labels[after[0]].rank == top:  # type: ignore[union-attr]
            return after[0]
    return numbered[0]


def _foot(lines: Sequence[SourceLine], labels: Sequence[_Label | None], begin: int) -> int:
    """Return the index of the foot: annexes, signature, date, printing details."""
    end = len(lines)
    for at in range(begin, len(lines)):
        line = lines[at]
        if line.cells is None and (found := _ANNEX.fullmatch(line.text)) and (found["colon"] or len(line.text) <= 6):
            end = at
            break
    # Signature and date may precede the annexes.
    at = end
    while at > begin and at > end - 6:
        line = lines[at - 1]
        text = bare(line.text)
        if line.cells is not None or labels[at - 1] is not None:
            break
        if not any(pattern.fullmatch(text) for pattern in _FOOT):
            break
        at -= 1
    return at


# --- Head


def _head(lines: Sequence[SourceLine]) -> list[NoticeLine]:
    parts: list[NoticeLine] = []
    days = [at for at, line in enumerate(lines) if DAY.fullmatch(bare(line.text))]
    addressed = dated = planned = stated = False
    for at, line in enumerate(lines):
        text, tight = line.text, bare(line.text)
        is_number = _NUMBER_LINE.fullmatch(tight) or (not addressed and _OTHER_NUMBER.fullmatch(tight))
        if is_number and "关于" not in tight:
            parts.append(NoticeLine("number", "number", text))
        elif at in days:
            parts.append(NoticeLine("date", "date", text))
            dated = True
        elif _REMARK.fullmatch(tight):
            parts.append(NoticeLine("remark", "remark", text))
        elif _SIGNER.fullmatch(tight):
            parts.append(NoticeLine("signature", "signer", text))
        elif _PRINTED.fullmatch(tight):
            parts.append(NoticeLine("remark", "printed", text))
        elif (found := _ANNEX.fullmatch(text)) and (found["colon"] or len(tight) <= 6):
            parts.append(NoticeLine("annex", "annex", text))
        elif not addressed and not dated and text[-1] in ":：" and at < 12:
            parts.append(NoticeLine("salutation", "recipients", text))
            addressed = True
        elif (addressed or stated) and not dated and days and _is_title(text):
            parts.append(NoticeLine("signature", "signature", text))
        elif not addressed and not dated and _is_title(text):
            is_issuer = _MADE_BY.fullmatch(tight) and not _KIND_OF_TEXT.search(tight)
            parts.append(NoticeLine("title", "issuer" if is_issuer else "title", text))
        elif (dated or addressed) and not planned and _is_title(text):
            parts.append(NoticeLine("title", "plan-title", text))
        else:
            planned = planned or dated
            stated = True
            parts.append(NoticeLine("paragraph", "preamble" if planned else "body", text))
    return parts


# --- Tree


def _tree(lines: Sequence[SourceLine], labels: Sequence[_Label | None], offset: int, doubts: list[Text]) -> list[Node]:
    roots: list[Node] = []
    path: list[Node] = []
    for at, (line, label) in enumerate(zip(lines, labels, strict=True)):
        if label is None:
            if path:
                path[-1].below.append(line)
            continue
        heading, rest = _split(line.text[len(label.text) :])
        node = Node(label.text.strip(), label.number, label.rank, line.text, heading, rest, start=offset + at)
        while path and path[-1].rank >= label.rank:
            path.pop()
        (path[-1].children if path else roots).append(node)
        path.append(node)
    _find_gaps(roots, doubts)
    return roots


def _find_gaps(roots: Sequence[Node], doubts: list[Text]) -> None:
    """Report numbers out of sequence: a missing heading, or text mistaken for one."""
    by_rank: dict[int, list[Node]] = {}
    for root in roots:
        for node in root.walk():
            by_rank.setdefault(node.rank, []).append(node)
    for nodes in by_rank.values():
        for before, node in pairwise(nodes):
            if before.number is None or node.number is None or node.number in (1, before.number + 1):
                continue
            doubts.append(
                Text(
                    zh=f"编号不连续:“{before.text[:16]}”之后是“{node.text[:16]}”",
                    en=f"numbers are not consecutive: “{node.text[:16]}” follows “{before.text[:16]}”",
                )
            )


def _split(words: str) -> tuple[str, str]:
    """Return the heading of a paragraph ("" if it has none) and the text after it."""
    words = words.strip()
    if not words:
        return "", ""
    if words[-1] not in f"{_STOP})）〕" and "。" not in words and len(words) <= 2 * _LONGEST_HEADING:
        return words, ""
    stop = re.search(r"[。:：]", words)
    if stop is None:
        return ("", words) if re.search("[,，；;]", words) else (words, "")
    first, rest = words[: stop.start()], words[stop.end() :].strip()
    outside = re.sub(r"[“(（《][^”)）》]*[”)）》]", "", first)
    if len(first) <= _LONGEST_HEADING and not re.search("[,，；;]", outside) and first.count("“") == first.count("”"):
        return first, rest
    return "", words


# --- Foot


def _tail(lines: Sequence[SourceLine]) -> tuple[list[NoticeLine], list[NoticeAnnex]]:
    parts: list[NoticeLine] = []
    annexes: list[NoticeAnnex] = []
    current: NoticeAnnex | None = None
    listing = False
    for at, line in enumerate(lines):
        text, tight = line.text, bare(line.text)
        found = _ANNEX.fullmatch(text) if line.cells is None else None
        if found and (found["colon"] or len(tight) <= 6):
            title = found["title"].strip()
            own = not (found["colon"] and title)
            item = _ANNEX_ITEM.fullmatch(title)
            if not own:
                annexes.append(NoticeAnnex(item[1] if item else title))
                listing = item is not None
            else:
                # The annex itself: its title is the next line.
                number = number_of(found["number"]) if found["number"] else 1
                listing = False
                if number and number <= len(annexes):
                    current = annexes[number - 1]
                else:
                    following = lines[at + 1].text if at + 1 < len(lines) else text
                    current = NoticeAnnex(following)
                    annexes.append(current)
                current.lines.append(line)
                continue
            parts.append(NoticeLine("annex", "annex", text))
        elif listing and (item := _ANNEX_ITEM.fullmatch(text)):
            annexes.append(NoticeAnnex(item[1]))
            parts.append(NoticeLine("annex", "annex", text))
        elif current is not None:
            current.lines.append(line)
        elif DAY.fullmatch(tight):
            parts.append(NoticeLine("date", "date", text))
        elif _REMARK.fullmatch(tight) or _PRINTED.fullmatch(tight):
            parts.append(NoticeLine("remark", "remark", text))
        elif _MADE_BY.fullmatch(tight):
            parts.append(NoticeLine("signature", "signature", text))
        elif _SIGNER.fullmatch(tight):
            parts.append(NoticeLine("signature", "signer", text))
        else:
            parts.append(NoticeLine("paragraph", "other", text))
    return parts, annexes
