"""Content of a plan: groups, tasks, responsibilities, phases, safeguards, aims, numbers, activities.

Recognized by rules. Nothing is added that is not in the notice; choices of a rule are recorded as doubts.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from haopin.check.responsibility import leading
from haopin.model.document import Level
from haopin.numerals import CHINESE, first_day_of, last_day_of
from haopin.start.changes import Unsure, What, changes_in
from haopin.start.lines import SourceLine
from haopin.start.measures import Number, cut, numbers, title_of
from haopin.start.notice import Node, Notice, NoticeLine
from haopin.start.place import NoticePlace, place_of, subject_of
from haopin.start.responsibility import Responsibility, is_line, joined, outside, parse, trailing
from haopin.start.tables import PlannedRow, PlannedTable, assign, is_head, read_table
from haopin.text import Text, squeeze
from haopin.transcription import romanized

SectionKind = Literal["tasks", "aims", "slogan", "phases", "safeguards", "background"]

#: Type of a section by words of its heading; the first match counts.
_SECTIONS: Sequence[tuple[SectionKind, str]] = (
    ("slogan", r"口号|质量精神"),
    ("phases", r"步骤|阶段|进度安排|时间安排|实施进程|工作安排$"),
    ("safeguards", r"保障|组织领导|组织实施|组织推进|工作要求|有关要求|相关要求|^要求|监督考核|附则"),
    (
        "tasks",
        r"任务|重点工作|工作重点|主要工作|主要措施|重点举措|工作措施|具体措施|主要内容|工作内容|重点内容|重点项目",
    ),
    ("aims", r"总体要求|总体思路|指导思想|目标|基本原则|工作原则|总体安排|^总则"),
    ("background", r"形势|现状|背景|意义|重要性|必要性|回顾|发展基础|基础与|问题"),
)
_SAYS_TASKS = re.compile(dict(_SECTIONS)["tasks"])
_SHORT, _ALIKE = 60, 0.85
#: Lowest rank of a task: numbers such as 1.
_LOWEST = 3
_HOTLINE = re.compile(
    r"[“\"]?(1[0-9]{4})[”\"]?(?:政务服务|政府服务|市民|投诉举报|消费者?投诉举报)*(?:便民)?(?:服务)?热线"
)


@dataclass(frozen=True)
class PlannedClause:
    """A clause of the document: id, level, text."""

    id: str
    level: Level
    text: str


@dataclass
class PlannedMeasure:
    """A measure: id, text, and its own responsible bodies, if any."""

    id: str
    quote: str
    title: str
    responsible: Responsibility | None = None
    numbers: list[Number] = field(default_factory=list)


@dataclass
class PlannedRecord:
    """A task, a phase, a safeguard or a section of the plan.

    Attributes:
        id: Its id.
        clause: Id of its clause.
        title: Its heading, as written.
        measures: Its measures.
        group: Id of its group; None if there is none.
        responsible: Responsible bodies; None if unknown.
        period: First day, last day, and the quoted words, for a phase.
    """

    id: str
    clause: str
    title: str
    measures: list[PlannedMeasure]
    group: str | None = None
    responsible: Responsibility | None = None
    period: tuple[date, date, str] | None = None


@dataclass(frozen=True)
class PlannedGroup:
    """A group of tasks; ``within`` is its parent group."""

    id: str
    number: str
    clause: str
    title: str
    within: str | None = None


@dataclass
class PlannedBody:
    """A body: id, name, and other forms of the name in the notice, each with a clause."""

    id: str
    name: str
    variants: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class PlannedActivity:
    """A known activity in the notice: entry of ``activities.yml``, quoted words, clause."""

    known: Mapping[str, Any]
    quote: str
    clause: str


@dataclass(frozen=True)
class PlannedChange:
    """A change of another document by a clause of the notice: id, type of change, effective date."""

    document: str
    what: What
    since: date | None
    clause: str


@dataclass(frozen=True)
class CitedDocument:
    """A document that the notice cites by number, or changes."""

    id: str
    title: str
    number: str | None
    quote: str
    clause: str


@dataclass
class PlannedAnnex:
    """An annex: id, title, clauses, and table."""

    id: str
    title: str
    clauses: list[PlannedClause] = field(default_factory=list)
    table: PlannedTable | None = None


@dataclass
class NoticePlan:
    """All content of a site from a notice, and doubts for a person to check."""

    notice: Notice
    clauses: list[PlannedClause] = field(default_factory=list)
    groups: list[PlannedGroup] = field(default_factory=list)
    tasks: list[PlannedRecord] = field(default_factory=list)
    sections: list[PlannedRecord] = field(default_factory=list)
    phases: list[PlannedRecord] = field(default_factory=list)
    safeguards: list[PlannedRecord] = field(default_factory=list)
    bodies: list[PlannedBody] = field(default_factory=list)
    activities: list[PlannedActivity] = field(default_factory=list)
    cited: list[CitedDocument] = field(default_factory=list)
    changes: list[PlannedChange] = field(default_factory=list)
    annexes: list[PlannedAnnex] = field(default_factory=list)
    slogan: tuple[str, str] | None = None
    hotlines: list[tuple[str, str]] = field(default_factory=list)
    place: NoticePlace | None = None
    subject: tuple[str, str] | None = None
    doubts: list[Text] = field(default_factory=list)

    @property
    def records(self) -> list[PlannedRecord]:
        """All records with measures, in the order of the files."""
        return [*self.sections, *self.tasks, *self.phases, *self.safeguards]

    @property
    def rows(self) -> list[PlannedRow]:
        """Table rows with assignments."""
        tables = [annex.table for annex in self.annexes if annex.table is not None]
        return [row for table in tables for row in table.rows if row.responsible is not None]

    def body_id(self, name: str) -> str:
        """Return the id of the body that the notice calls ``name``."""
        for body in self.bodies:
            if name == body.name or any(name == written for written, _ in body.variants):
                return body.id
        raise LookupError(name)


def read_plan(notice: Notice) -> NoticePlan:
    """Return the plan in ``notice``."""
    return _PlanReader(notice).plan


# --- Clauses and records


class _PlanReader:
    """Reads the tree of a notice in one pass."""

    def __init__(self, notice: Notice) -> None:
        self.notice = notice
        self.plan = NoticePlan(notice, doubts=list(notice.doubts))
        self._taken: set[str] = set()
        self._merged = 0
        self._parts(notice.head, {"plan-title": "plan-title", "preamble": "plan-preamble"}, "notice-")
        kinds = self._kinds()
        self._task_rank = self._rank_of_tasks([root for root, kind in kinds if kind == "tasks"])
        for root, kind in kinds:
            self._section(root, kind)
        self._parts(notice.foot, {}, "")
        if self._merged:
            self._doubt(
                f"{self._merged} 项由几段组成,合为一个条款(文字和标点不变)",
                f"{self._merged} items of several paragraphs became one clause each (no word or mark was changed)",
            )
        self._find_annexes()
        self._find_bodies()
        self._find_words()
        self._find_changes()
        self._find_leads()
        self._find_place()

    def _doubt(self, zh: str, en: str) -> None:
        self.plan.doubts.append(Text(zh=zh, en=en))

    def _clause(self, name: str, level: Level, text: str) -> str:
        clause = self._made(name, level, text)
        self.plan.clauses.append(clause)
        return clause.id

    def _made(self, name: str, level: Level, text: str) -> PlannedClause:
        free, number = name, 1
        while free in self._taken:
            number += 1
            free = f"{name}-{number}"
        self._taken.add(free)
        return PlannedClause(free, level, " ".join(text.split()))

    def _parts(self, parts: Sequence[NoticeLine], names: Mapping[str, str], prefix: str) -> None:
        for part in parts:
            self._clause(names.get(part.role, f"{prefix}{part.role}"), part.level, part.text)

    def _kinds(self) -> list[tuple[Node, SectionKind]]:
        """Return the type of each section, by its heading; a group of tasks if no heading says “tasks”."""
        found: list[tuple[Node, SectionKind | None]] = []
        for root in self.notice.tree:
            heading = root.heading or root.text[:_SHORT]
            found.append((root, next((kind for kind, words in _SECTIONS if re.search(words, heading)), None)))
        has_tasks = any(kind == "tasks" for _, kind in found)
        kinds: list[tuple[Node, SectionKind]] = []
        for root, kind in found:
            if kind is None:
                # Without a section of tasks, every section with items is one; else only those with responsible bodies.
                kind = "tasks" if not has_tasks or self._says_who(root) else "background"
                if has_tasks or not (root.children or root.rest):
                    self._doubt(
                        f"“{root.text[:20]}”是什么,标题看不出,按{'任务' if kind == 'tasks' else '背景'}处理",
                        f"the heading “{root.text[:20]}” does not show what the section is; it was treated as "
                        f"{'tasks' if kind == 'tasks' else 'background'}",
                    )
            kinds.append((root, kind))
        return kinds

    def _says_who(self, root: Node) -> bool:
        return any(self._statement(node) is not None for node in root.walk())

    @staticmethod
    def _statement(node: Node) -> str | None:
        """Return the statement of responsibility at the end of a node's own paragraphs."""
        texts = [node.text, *(line.text for line in node.below if line.cells is None)]
        last = texts[-1]
        if len(texts) > 1 and is_line(last):
            return last
        place = trailing(last)
        return last[place[0] : place[1]] if place else None

    def _rank_of_tasks(self, roots: Sequence[Node]) -> int:
        """Return the rank of tasks: that of most statements of responsibility, or else the lowest with headings."""
        who: dict[int, int] = {}
        leaves: dict[int, int] = {}
        for root in roots:
            for node in self._answering(root):
                who[node.rank] = who.get(node.rank, 0) + 1
            for node in root.walk():
                if not node.children and node is not root and node.rank <= _LOWEST:
                    leaves[node.rank] = leaves.get(node.rank, 0) + 1
        counts = who or leaves
        if not who and leaves:
            self._doubt(
                "没有一项写明由谁负责;任务按编号的层次认定",
                "no item names responsible bodies; tasks were recognized by the level of their numbers",
            )
        return max(counts, key=lambda rank: (counts[rank], rank)) if counts else 1

    def _answering(self, node: Node) -> Iterator[Node]:
        """Yield ``node`` and its descendants that have a statement of responsibility.

        A line after the last of several items applies to all of them, as does a statement at a lower item.
        """
        if not node.children:
            if self._statement(node) is not None:
                yield node
            return
        says = [child for child in node.children if self._statement(child) is not None]
        lowest = node.children[0].rank > _LOWEST
        whole = len(node.children) > 1 and says == node.children[-1:] and is_line(_last(says[0]))
        if self._statement(node) is not None or (says and (lowest or whole)):
            yield node
            return
        for child in node.children:
            yield from self._answering(child)

    # --- One section

    def _section(self, root: Node, kind: SectionKind) -> None:
        ordinal = root.number if root.number is not None else len(self.plan.clauses)
        name = f"section-{ordinal}"
        if kind == "tasks" and root.rank >= self._task_rank:
            self._task(root, None)
            return
        clause = self._clause(name, "section", root.text)
        if kind == "tasks":
            direct = any(child.rank >= self._task_rank or not child.children for child in root.children)
            within = self._group(root, clause, None) if direct or not _SAYS_TASKS.search(root.heading) else None
            self._below(root, name)
            for child in root.children:
                self._tasks(child, within)
            return
        if kind == "slogan" and (words := [line for line in root.below if len(line.text) <= _SHORT]):
            self.plan.slogan = (words[0].text.rstrip("。"), f"{name}-text")
        if root.rest and kind in ("aims", "safeguards"):
            record = self._record(f"{name}-part", clause, root, root.rest, aims=kind == "aims")
            (self.plan.sections if kind == "aims" else self.plan.safeguards).append(record)
        for at, line in enumerate(root.below):
            own = self._clause(f"{name}-text" if at == 0 else f"{name}-text-{at + 1}", "paragraph", _cells(line))
            if line.cells is None and kind in ("aims", "safeguards"):
                self.plan.sections.append(self._paragraph(own, root, line.text))
        for number, child in enumerate(root.children, start=1):
            if kind in ("phases", "safeguards"):
                self._step(child, kind, number)
            elif kind == "aims":
                self._aim(child, f"{name}-{child.number or number}")
            else:
                self._plain(child, f"{name}-{child.number or number}")

    def _below(self, node: Node, name: str) -> None:
        for line in node.below:
            self._clause(f"{name}-text", "paragraph", _cells(line))
            if line.cells is None and len(line.text) > _SHORT:
                self._doubt(
                    f"“{line.text[:16]}…”是分组下面的一段,没有列入任何任务,请看是否有要做的事项",
                    f"the paragraph “{line.text[:16]}…” is below a group and in no task; check whether it commits to "
                    "something",
                )

    def _group(self, node: Node, clause: str, within: str | None) -> str:
        group = PlannedGroup(clause, node.label.strip("、.．()（）") or node.label, clause, _heading(node), within)
        self.plan.groups.append(group)
        return group.id

    def _tasks(self, node: Node, within: str | None) -> None:
        inner = [each for each in node.walk() if each is not node and each.rank <= self._task_rank]
        if node.rank >= self._task_rank or not inner:
            self._task(node, within)
            return
        clause = self._clause(f"group-{len(self.plan.groups) + 1}", "subsection", node.text)
        group = self._group(node, clause, within)
        self._below(node, clause)
        for child in node.children:
            self._tasks(child, group)

    def _task(self, node: Node, group: str | None) -> None:
        number = f"{len(self.plan.tasks) + 1:02d}"
        paragraphs, rows = self._paragraphs(node)
        said: list[str] = []
        while len(paragraphs) > 1 and is_line(paragraphs[-1]):
            said.insert(0, paragraphs.pop())
        if not said and (place := trailing(paragraphs[-1])):
            said = [paragraphs[-1][place[0] : place[1]]]
            rest = paragraphs[-1][place[1] :]
            paragraphs[-1] = paragraphs[-1][: place[0]].rstrip()
            tail = rest.strip()
        else:
            tail = ""
        text = _run(paragraphs)
        responsible = None
        if said:
            statement = _run(said)
            gap = "" if statement[:1] in "(（〔[" or text[-1:] in "。；;" else " "
            text = f"{text}{gap}{statement}{tail}"
            words = [parse(each) for each in said]
            responsible = joined(words, words[0].quote if len(words) == 1 else _run([each.quote for each in words]))
        self._merged += len(paragraphs) > 1
        clause = self._clause(f"task-{number}", "item", text)
        for row in rows:
            self._clause(f"task-{number}-row", "paragraph", _cells(row))
        record = PlannedRecord(number, clause, _heading(node), [], group, responsible)
        record.measures = self._measures([_after_heading(node, paragraphs[0]), *paragraphs[1:]])
        if not record.measures:
            record.measures = self._measures([_heading(node)])
        if responsible is None:
            inside = [measure for measure in record.measures if measure.responsible is not None]
            if not inside:
                self._doubt(
                    f"任务{number}“{record.title[:16]}”没有写明由谁负责",
                    f"task {number} “{record.title[:16]}” names no responsible body",
                )
        if not node.heading:
            self._doubt(
                f"任务{number}没有标题,标题取了开头的话“{record.title}”",
                f"task {number} has no heading; its title is its first words, “{record.title}”",
            )
        self.plan.tasks.append(record)

    def _paragraphs(self, node: Node) -> tuple[list[str], list[SourceLine]]:
        texts = [node.text]
        rows = [line for line in node.below if line.cells is not None]
        texts += [line.text for line in node.below if line.cells is None]
        for child in node.children:
            inner, more = self._paragraphs(child)
            texts += inner
            rows += more
        return texts, rows

    def _measures(self, paragraphs: Sequence[str], *, aims: bool = False) -> list[PlannedMeasure]:
        found: list[PlannedMeasure] = []
        for paragraph in paragraphs:
            for quote in cut(paragraph, aims=aims):
                place = trailing(quote)
                responsible = parse(quote[place[0] : place[1]]) if place else None
                bare_quote = quote[: place[0]].rstrip("。；;，, ") if place else quote
                measure = PlannedMeasure(f"m{len(found) + 1}", quote, title_of(bare_quote or quote), responsible)
                measure.numbers = list(numbers(quote))
                found.append(measure)
        return found

    # --- Aims, phases, safeguards, and other sections

    def _record(self, name: str, clause: str, node: Node, text: str, *, aims: bool = False) -> PlannedRecord:
        return PlannedRecord(name, clause, _heading(node), self._measures([text], aims=aims))

    def _paragraph(self, clause: str, root: Node, text: str) -> PlannedRecord:
        """Return the record of a paragraph; a short first sentence of a bullet is its title."""
        first, _, rest = re.sub(r"^[—-]+\s*", "", text).partition("。")
        own = text[:1] in "—-" and rest and len(first) <= 30
        return PlannedRecord(clause, clause, first if own else _heading(root), self._measures([text], aims=True))

    def _aim(self, node: Node, name: str) -> None:
        clause = self._clause(name, "item" if node.rest else "subsection", node.text)
        if node.rest:
            self.plan.sections.append(self._record(clause, clause, node, node.rest, aims=True))
        for line in node.below:
            own = self._clause(f"{name}-text", "paragraph", _cells(line))
            if line.cells is None:
                self.plan.sections.append(self._paragraph(own, node, line.text))
        for number, child in enumerate(node.children, start=1):
            self._aim(child, f"{name}-{child.number or number}")

    def _step(self, node: Node, kind: SectionKind, number: int) -> None:
        word = "phase" if kind == "phases" else "safeguard"
        paragraphs, rows = self._paragraphs(node)
        text = _run(paragraphs)
        self._merged += len(paragraphs) > 1
        clause = self._clause(f"{word}-{number}", "item", text)
        for row in rows:
            self._clause(f"{word}-{number}-row", "paragraph", _cells(row))
        title, period = _heading(node), None
        if kind == "phases":
            title, period = _period(title, text)
        pieces = [_after_heading(node, paragraphs[0]), *paragraphs[1:]]
        record = PlannedRecord(clause, clause, title, self._measures(pieces))
        record.period = period
        if not record.measures:
            record.measures = self._measures([title])
        if kind == "phases" and period is None:
            self._doubt(
                f"“{title[:20]}”没有写明起止月份,没有列为阶段,列在总体要求与目标里",
                f"“{title[:20]}” has no first and last month, so it is not a phase; it was put among the aims",
            )
            self.plan.sections.append(record)
            return
        (self.plan.phases if kind == "phases" else self.plan.safeguards).append(record)

    def _plain(self, node: Node, name: str) -> None:
        self._clause(name, "item" if node.rest else "subsection", node.text)
        for line in node.below:
            self._clause(f"{name}-text", "paragraph", _cells(line))
        for number, child in enumerate(node.children, start=1):
            self._plain(child, f"{name}-{child.number or number}")

    # --- Annexes, bodies, and content of several records

    def _find_annexes(self) -> None:
        for number, annex in enumerate(self.notice.annexes, start=1):
            found = PlannedAnnex(f"annex-{number}", annex.title)
            self.plan.annexes.append(found)
            if not annex.lines:
                self._doubt(
                    f"附件“{annex.title[:30]}”只有标题,没有内容",
                    f"only the title of the annex “{annex.title[:30]}” is in the file",
                )
            self._annex(found, annex.lines)
        rows = self.plan.rows
        assign(
            rows,
            {
                f"{record.id}/{measure.id}": (record.title, _without_statement(measure.quote))
                for record in self.plan.records
                for measure in record.measures
                # Responsibility in the text has precedence over a table.
                if measure.responsible is None
            },
        )
        lost = sum(not row.measures for row in rows)
        if rows:
            self._doubt(
                f"附件的表里有 {len(rows)} 行写明责任单位或时限,其中 {lost} 行与正文的举措对不上;见“附件的表”",
                f"tables of annexes assign {len(rows)} rows, of which {lost} match no measure; see “Tables of annexes”",
            )

    def _annex(self, annex: PlannedAnnex, lines: Sequence[SourceLine]) -> None:
        """Divide an annex into clauses and a table; the rows of a second table become clauses."""
        rows = [at for at, line in enumerate(lines) if line.cells is not None]
        head = next((at for at in rows if is_head(lines[at].cells or ())), rows[0] if rows else len(lines))
        end = next((at for at in range(head, len(lines)) if lines[at].cells is None), len(lines))
        annex.table = read_table(lines[head:end]) if end - head > 1 else None
        if annex.table is None:
            end = head
        for at, line in enumerate([*lines[:head], *lines[end:]]):
            level: Level = "title" if line.text == annex.title else "annex" if at == 0 else "paragraph"
            annex.clauses.append(
                self._made(f"{annex.id}-{'heading' if level == 'annex' else level}", level, _cells(line))
            )
        if end > head and end < len(lines):
            self._doubt(
                f"附件“{annex.title[:30]}”的表后面还有文字,列在了表的前面",
                f"the text after the table of the annex “{annex.title[:30]}” was moved before it",
            )

    def _find_bodies(self) -> None:
        plan = self.plan
        for record in plan.records:
            said = [record.responsible, *(measure.responsible for measure in record.measures)]
            for responsible in said:
                for name in responsible.named if responsible else ():
                    self._body(name, record.clause)
        for row in plan.rows:
            for name in row.responsible.named if row.responsible else ():
                self._body(name, "")

    def _body(self, name: str, clause: str) -> None:
        if any(name == body.name or name in (written for written, _ in body.variants) for body in self.plan.bodies):
            return
        like = [body for body in self.plan.bodies if _likeness(name, body.name) >= _ALIKE]
        if len(like) == 1 and clause:
            like[0].variants.append((name, clause))
            self._doubt(
                f"“{name}”和“{like[0].name}”按同一单位处理",
                f"“{name}” and “{like[0].name}” were taken for one body",
            )
            return
        near = next((body for body in self.plan.bodies if body.name.endswith(name) or name.endswith(body.name)), None)
        if near is not None:
            self._doubt(
                f"“{name}”和“{near.name}”可能是同一单位,按两个单位处理",
                f"“{name}” and “{near.name}” may be one body; they were kept apart",
            )
        if len(name) > 25 or re.search("[，。；]", name):
            self._doubt(f"“{name}”像是一句话,不像单位名称", f"“{name}” looks like a sentence, not like a body")
        taken = {body.id for body in self.plan.bodies}
        base = slug(name) or "body"
        free, number = base, 1
        while free in taken:
            number += 1
            free = f"{base}-{number}"
        self.plan.bodies.append(PlannedBody(free, name))

    def _find_words(self) -> None:
        """Find the hotline, activities, and documents cited by number."""
        plan, named, dialled = self.plan, set(), set()
        for clause in [*plan.clauses, *(clause for annex in plan.annexes for clause in annex.clauses)]:
            for known in known_activities():
                words = next((each for each in known["words"] if each in clause.text), None)
                if words is not None and known["id"] not in named:
                    named.add(known["id"])
                    plan.activities.append(PlannedActivity(known, words, clause.id))
            for found in _HOTLINE.finditer(clause.text):
                if found[1] not in dialled:
                    dialled.add(found[1])
                    plan.hotlines.append((found[1], clause.id))
            for found in _CITED.finditer(clause.text):
                number = f"{found['body']}〔{found['year']}〕{int(found['number'])}号"
                if number != self.notice.number and number not in {each.number for each in plan.cited}:
                    plan.cited.append(
                        CitedDocument(f"cited-{len(plan.cited) + 1}", found["title"], number, found[0], clause.id)
                    )

    def _find_changes(self) -> None:
        """Find the documents that the notice changes; each is reported for a person to check."""
        plan, notice = self.plan, self.notice
        own = (notice.title, notice.plan_title)
        for clause in plan.clauses:
            for found in changes_in(clause.text, own):
                if isinstance(found, Unsure) or (found.since is None and not (notice.adopted or notice.published)):
                    words = found.words if isinstance(found, Unsure) else clause.text
                    self._doubt(
                        f"“{words[-60:].rstrip('。；;')}”似乎修改或废止了别的文件,没有录入;请看是否要写 changes",
                        f"“{words[-60:].rstrip('。；;')}” may change another document; nothing was entered: check "
                        "whether it belongs in changes",
                    )
                    continue
                cited = next((each for each in plan.cited if each.title == found.title), None)
                if cited is None:
                    number = squeeze(found.number) if found.number else None
                    cited = CitedDocument(f"cited-{len(plan.cited) + 1}", found.title, number, found.quote, clause.id)
                    plan.cited.append(cited)
                if any(change.document == cited.id for change in plan.changes):
                    continue
                plan.changes.append(PlannedChange(cited.id, found.what, found.since, clause.id))
                told = {"amends": ("修改", "amends"), "repeals": ("废止", "repeals"), "replaces": ("代替", "replaces")}
                zh, en = told[found.what]
                self._doubt(
                    f"条款“{clause.id}”{zh}《{found.title}》,已写进 changes,请核对",
                    f"the clause “{clause.id}” {en} 《{found.title}》; this was written in changes, check it",
                )

    def _find_leads(self) -> None:
        """Find measures whose text, outside brackets, names a leading body."""
        for record in self.plan.records:
            for measure in record.measures:
                for found in _LEADS.finditer(measure.quote) if measure.responsible is None else ():
                    for name in found["names"].split("、"):
                        self._body(name, record.clause)
        names = {squeeze(form): body.id for body in self.plan.bodies for form in (body.name, *dict(body.variants))}
        for record in self.plan.records:
            known = record.responsible.lead if record.responsible else []
            for measure in record.measures:
                if measure.responsible is not None or "牵头" not in measure.quote:
                    continue
                led = [name for name in leading(squeeze(measure.quote), names) if name not in known]
                if led:
                    measure.responsible = Responsibility(measure.quote, lead=led)

    def _find_place(self) -> None:
        notice, plan = self.notice, self.plan
        addressed = "".join(part.text for part in notice.head if part.role == "recipients")
        plan.place = place_of([notice.issuer or "", notice.plan_title, notice.title], addressed)
        plan.subject = subject_of([notice.plan_title, notice.title])
        if plan.place is None:
            self._doubt(
                "看不出是哪个地方,请在 site.yml 填写", "the place could not be determined; enter it in site.yml"
            )
        elif plan.place.doubt is not None:
            plan.doubts.append(plan.place.doubt)
        if plan.subject is None:
            self._doubt(
                "标题没有说方案管哪方面的工作;可以在 site.yml 的 subject 写一个词",
                "the titles do not show the subject of the plan; it can be entered in site.yml as subject",
            )


_LEADS = re.compile(
    r"(?:^|[，,；;。]|由)(?P<names>[\u4e00-\u9fff]{2,16}(?:局|委|办|厅|部|委员会|政府)(?:、[\u4e00-\u9fff]{2,16}(?:局|委|办|厅|部|委员会|政府))*)牵头"
)
_CITED = re.compile(
    r"《(?P<title>[^《》]+(?:《[^》]*》|〈[^〉]*〉)?[^《》]*)》\s*[(（]\s*(?P<body>[\u4e00-\u9fff]{2,16})\s*[〔\[(（]\s*"
    r"(?P<year>[0-9]{4})\s*[〕\])）]\s*(?P<number>[0-9]{1,5})\s*号\s*[)）]"
)


def _without_statement(quote: str) -> str:
    place = trailing(quote)
    return quote[: place[0]] if place else quote


def _last(node: Node) -> str:
    return node.below[-1].text if node.below else ""


def _cells(line: SourceLine) -> str:
    return " ".join(cell for cell in line.cells if cell) if line.cells is not None else line.text


def _run(texts: Sequence[str]) -> str:
    """Join paragraphs, with a space if the first does not end in a punctuation mark."""
    whole = ""
    for text in texts:
        gap = "" if not whole or whole[-1] in "。；;：:！？）)〕" else " "
        whole += gap + text
    return whole


def _after_heading(node: Node, paragraph: str) -> str:
    """Return the text after number and heading in the first ``paragraph`` of ``node``."""
    at = paragraph.find(node.heading, len(node.label)) if node.heading else len(node.label)
    return paragraph[at + len(node.heading) :].lstrip("。:： ")


def _heading(node: Node) -> str:
    if node.heading:
        return node.heading
    words = node.text[len(node.label) :].strip() or node.text
    first = next(outside(words, "，,。；;"), words)
    return first if len(first) <= 40 else next(outside(first, "、"), first)[:40]


_SPAN_YEAR = rf"(?P<year>[0-9]{{4}}|[〇○零一二三四五六七八九]{{4}})年(?P<month>[0-9]{{1,2}}|{CHINESE})月"
_SPAN = re.compile(
    rf"{_SPAN_YEAR}(?:(?P<day>[0-9]{{1,2}})日)?(?:上旬|中旬|下旬|初|底)?\s*(?:[-—–－~～至到]+|——)\s*"
    rf"(?:(?P<year2>[0-9]{{4}}|[〇○零一二三四五六七八九]{{4}})年)?(?P<month2>[0-9]{{1,2}}|{CHINESE})月"
    rf"(?:(?P<day2>[0-9]{{1,2}})日)?(?:上旬|中旬|下旬|初|底|末)?"
)


def _period(title: str, text: str) -> tuple[str, tuple[date, date, str] | None]:
    """Return the title of a phase without its months, and the months as a period with the quoted words."""
    found = _SPAN.search(title) or _SPAN.search(text[: len(title) + 60])
    single = None if found else re.search(_SPAN_YEAR, title)
    match = found or single
    words = re.sub(r"\s*[(（][^()（）]*[0-9〇一二三四五六七八九十]+月[^()（）]*[)）]\s*$", "", title)
    words = re.sub(r"\s*[:：]\s*$", "", words) or title
    if match is None:
        return title, None
    if found:
        year2, month2, day2 = found["year2"] or found["year"], found["month2"], found["day2"]
    else:
        year2, month2, day2 = match["year"], match["month"], None
    start, end = first_day_of(match["year"], match["month"]), last_day_of(year2, month2)
    if found and found["day"] and start:
        start = _on(start, found["day"])
    if day2 and end:
        end = _on(end, day2)
    if start is None or end is None or start > end:
        return title, None
    return words, (start, end, match[0])


def _on(month: date, day: str) -> date | None:
    try:
        return month.replace(day=int(day))
    except ValueError:
        return None


# --- Names


def _likeness(name: str, other: str) -> float:
    """Return the similarity of two names, 0 to 1; 0 unless one is the other without some characters."""
    if name[:1] != other[:1] or name[-1:] != other[-1:]:
        return 0
    short, long = sorted((name, other), key=len)
    rest = iter(long)
    return SequenceMatcher(None, name, other).ratio() if all(char in rest for char in short) else 0


def slug(name: str) -> str:
    """Return an id from the pinyin of ``name``."""
    return romanized(name)[:60]


@cache
def known_activities() -> Sequence[Mapping[str, Any]]:
    """Return the known activities with a fixed time of year."""
    return tuple(yaml.safe_load(Path(__file__).with_name("activities.yml").read_text("utf-8")))
