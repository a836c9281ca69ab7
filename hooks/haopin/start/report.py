"""Report of `haopin start` (``start-report.md``): what was found, doubts, and next steps."""

from collections.abc import Iterator, Sequence

from haopin.start.plan import NoticePlan
from haopin.start.responsibility import Responsibility
from haopin.text import fullwidth

_CHANGED = {
    "up-by": "增长 / up by",
    "up-to": "提高到 / up to",
    "down-by": "下降 / down by",
    "down-to": "降到 / down to",
}
_EACH = {"year": "每年 / each year", "year-average": "年均 / on average a year"}
_COMPARED = {
    "at-least": "不低于 / at least",
    "at-most": "不超过 / at most",
    "equal": "达到 / equal",
    "about": "左右 / about",
    "between": "之间 / between",
    "full-coverage": "全覆盖 / full coverage",
    "achieve": "达成 / achieve",
}


def report_of(plan: NoticePlan, errors: Sequence[str]) -> str:
    """Return the report as Markdown.

    Args:
        plan: The plan that was read.
        errors: Errors in the written records, as lines.
    """
    parts = (
        _counts(plan),
        _errors(errors),
        _doubts(plan),
        _numbers(plan),
        _responsibilities(plan),
        _rows(plan),
        _next(),
    )
    return "\n".join(line for part in parts for line in part)


_WHO = ("牵头 / lead", "负责 / answer", "配合 / take part", "统称 / not named one by one", "时限 / due")


def _head(*names: str) -> str:
    return f"| {' | '.join(names)} |\n|{' --- |' * len(names)}"


def _counts(plan: NoticePlan) -> Iterator[str]:
    notice = plan.notice
    measures = sum(len(task.measures) for task in plan.tasks)
    yield "# 从通知开始：读出了什么 / What was read from the notice\n"
    yield f"《{notice.title}》"
    yield ""
    yield _head("项目 / item", "读出 / found")
    for zh, en, value in (
        ("发文字号", "document number", notice.number),
        ("发文机关", "issuer", notice.issuer),
        ("成文日期", "date of adoption", notice.adopted),
        ("地方", "place", plan.place and f"{plan.place.region or ''}{plan.place.name}"),
        ("哪方面的工作", "subject", plan.subject and plan.subject[0]),
        ("口号", "slogan", plan.slogan and plan.slogan[0]),
        ("条款", "clauses", len(plan.clauses)),
        ("任务分组", "groups", len(plan.groups)),
        ("任务", "tasks", len(plan.tasks)),
        ("责任单位", "bodies", len(plan.bodies)),
        ("总体要求与目标", "requirements and aims", sum(len(section.measures) for section in plan.sections)),
        ("阶段", "phases", len(plan.phases)),
        ("保障措施", "safeguards", len(plan.safeguards)),
        ("举措", "measures", measures),
        ("已知的活动", "known activities", len(plan.activities)),
        ("引用的文件", "cited documents", len(plan.cited)),
    ):
        yield f"| {zh} / {en} | {'—' if value is None else value} |"
    yield ""


def _errors(errors: Sequence[str]) -> Iterator[str]:
    yield f"## 检查还有的错误 / Errors that remain: {len(errors)}\n"
    if not errors:
        yield "没有。可以直接生成网站。 / None: the site can be built."
    else:
        yield "通知里没有、程序又要求的内容，没有编造，要由人补上。"
        yield "These fields are required, but not in the notice: people have to add them.\n"
        yield from (f"- {line}" for line in errors)
    yield ""


def _doubts(plan: NoticePlan) -> Iterator[str]:
    yield f"## 拿不准的 / Doubts: {len(plan.doubts)}\n"
    yield from (f"- {fullwidth(doubt.zh)}。 / {doubt.en}." for doubt in plan.doubts)
    yield ""


def _numbers(plan: NoticePlan) -> Iterator[str]:
    rows = [
        (record, measure, number)
        for record in plan.records
        for measure in record.measures
        for number in measure.numbers
    ]
    if not rows:
        return
    yield "## 数字 / Numbers\n"
    yield "都已录入 targets.yml。名称、范围和比较方式是按规则写的，请逐个核对。"
    yield "All are in targets.yml. Titles, scopes and ways of comparing were written by rule: check each.\n"
    yield _head(
        "举措 / measure",
        "原文 / words",
        "是什么 / what",
        "范围 / scope",
        "比较 / compared",
        "数 / number",
        "期限 / due",
    )
    for record, measure, number in rows:
        value = "—" if number.value is None else f"{number.value:f}"
        value += f"–{number.upper:f}" if number.upper is not None else ""
        unit = "%" if number.unit == "percent" else number.unit or ""
        compared = [_EACH[number.per]] if number.per else []
        compared += [_CHANGED[number.change]] if number.change else []
        if number.comparator != "equal" or number.change is None:
            compared.append(_COMPARED[number.comparator])
        compared += ["力争 / aim"] if number.aim else []
        due = "—" if number.due is None else number.due.isoformat()
        yield (
            f"| {record.id}/{measure.id} | {number.quote} | {number.title} | {number.scope} | "
            f"{'；'.join(compared)} | {value}{unit} | {due} |"
        )
    yield ""


def _responsibilities(plan: NoticePlan) -> Iterator[str]:
    rows = [(f"{record.id} {record.title}", record.responsible) for record in plan.tasks if record.responsible]
    rows += [
        (f"{record.id}/{measure.id} {measure.title}", measure.responsible)
        for record in plan.records
        for measure in record.measures
        if measure.responsible is not None
    ]
    if not any(said.lead or said.participating or said.general for _, said in rows):
        return
    yield "## 牵头与配合 / Who leads, who takes part\n"
    yield _head("任务或举措 / task or measure", *_WHO)
    yield from (f"| {name} | {_who(said)} |" for name, said in rows)
    yield ""


def _who(said: Responsibility) -> str:
    general = [*said.general, *([said.others] if said.others else [])]
    names = (said.lead, said.bodies, said.participating, general)
    return " | ".join([*("、".join(each) or "—" for each in names), said.due or "—"])


def _rows(plan: NoticePlan) -> Iterator[str]:
    if not plan.rows:
        return
    yield "## 附件的表 / Tables of annexes\n"
    yield "每一行说的是哪些举措，写在文件的附表里；没有写的，请补上。"
    yield "The table in the document gives the measures of each row; add them where they are missing.\n"
    yield _head("内容 / words", *_WHO, "举措 / measures")
    for row in plan.rows:
        assert row.responsible is not None
        yield f"| {row.texts[0]} | {_who(row.responsible)} | {', '.join(row.measures) or '—'} |"
    yield ""


def _next() -> Iterator[str]:
    yield "## 接下来 / Next steps\n"
    yield "1. 核对上面拿不准的，改 `data/` 里的文件。"
    yield "   Check each doubt above, and change the files in `data/`."
    yield "2. `haopin sheet export` 写出一张表：短标题、英文、举措的合并与拆分、数字的范围。"
    yield "   填好后 `haopin sheet import 文件.xlsx`。"
    yield "   `haopin sheet export` writes a workbook for short titles, English, joining and splitting measures, and"
    yield "   the scope of numbers; fill it in, then `haopin sheet import FILE.xlsx`."
    yield "3. `haopin check`，没有错误就 `haopin build`。"
    yield "   `haopin check`; when it finds no error, `haopin build`."
    yield "4. 发布前在 `data/site.yml` 写好网址、颜色、联系方式。"
    yield "   Before a release, give address, colours and contacts in `data/site.yml`."
    yield ""
