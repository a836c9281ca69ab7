"""Writes a new site: configuration, records, written pages, handbook, workflow.

It does not need a clone of the program: the package contains the necessary files of a clone (`SHIPPED`), in which lines
about a clone are replaced.
"""

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from haopin import __version__
from haopin.installation import PACKAGE
from haopin.model import Kind
from haopin.model.activity import ACTIVITY
from haopin.model.body import BODY
from haopin.model.document import DOCUMENT
from haopin.model.phase import PHASE, SAFEGUARD
from haopin.model.schema import schema_files
from haopin.model.site import SITE
from haopin.model.target import TARGET
from haopin.model.task import GROUP, SECTION, TASK
from haopin.office.editor_settings import write_settings
from haopin.office.new.session import header
from haopin.office.writing import QuotedText, block, item
from haopin.problem import ConfigurationError
from haopin.site.catalogue import examine
from haopin.start.measures import due_of
from haopin.start.place import NoticePlace
from haopin.start.plan import NoticePlan, PlannedAnnex, PlannedChange, PlannedClause, PlannedMeasure, PlannedRecord
from haopin.start.report import report_of
from haopin.start.responsibility import Responsibility
from haopin.start.tables import PlannedRow

HERE = Path(__file__).parent / "site"
#: Files of a clone that are copied to a site; `pyproject.toml` includes them in the package below ``start/site/``.
SHIPPED = (
    ".ci/no-python.txt",
    ".ci/setup",
    ".ci/setup.py",
    ".gitattributes",
    ".github/workflows/site.yml",
    "data/README.md",
    "deploy/pipeline",
    "deploy/tell",
    "docs/en/accessibility.md",
    "docs/en/privacy.md",
    "docs/zh/accessibility.md",
    "docs/zh/privacy.md",
    "haopin",
    "haopin.cmd",
    "mkdocs.en.yml",
    "mkdocs.yml",
    "编辑台.cmd",
)
_PROGRAMS = (".ci/setup", "deploy/pipeline", "haopin")
REPORT = "start-report.md"
_CONFIG = "mkdocs.yml"
_IGNORED = """\
site/
site-*/
site.zip
preview.zip
.cache/
.desk/
.haopin-*/
/.venv
/.venvs/
# 台账填报表、整理用的表 / forms of the ledger, sheets of the start
/*.xlsx
"""
_REQUIREMENTS = f"""\
# 程序：把 wheel 文件放进 wheels/，再双击 编辑台.cmd，或运行 ./haopin desk、pip install -r requirements.txt
# The program: put its wheel into wheels/, then double-click 编辑台.cmd, or run ./haopin desk or
# pip install -r requirements.txt
--find-links wheels
haopin[desk,materials,ops]=={__version__}
"""


def start(
    folder: Path, plan: NoticePlan | None, place: NoticePlace | None = None, *, english: bool = True
) -> Sequence[str]:
    """Create a site in ``folder``, with the records of ``plan``, or with placeholders if it is None.

    Args:
        folder: A folder that is empty, or does not exist.
        plan: What was read from a notice.
        place: The place, if it is not that of the plan.
        english: Whether the site has English pages; they can be added later.

    Returns:
        Errors in its records, as lines.

    Raises:
        ConfigurationError: if ``folder`` is not empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigurationError(
            f"“{folder}”里已有内容，请换一个空文件夹 / “{folder}” is not empty; choose an empty folder"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    if plan is not None and place is not None:
        plan = replace(plan, place=place)
    with tempfile.TemporaryDirectory(prefix=".haopin-", dir=folder.parent) as scratch:
        made = Path(scratch) / "site"
        document = document_id(plan) if plan is not None else "notice"
        for name, text in {
            **(site_files(document) if english else _only_chinese(site_files(document))),
            **(data_files(plan) if plan is not None else _placeholders(place)),
        }.items():
            target = made / name
            target.parent.mkdir(parents=True, exist_ok=True)
            # The interpreter of .cmd files loses its place in long ones without CR.
            target.write_text(text, encoding="utf-8", newline="\r\n" if target.suffix == ".cmd" else "\n")
        for name in _PROGRAMS:
            (made / name).chmod(0o755)
        schemas = made / "data/schema"
        schemas.mkdir()
        for name, text in schema_files().items():
            (schemas / name).write_text(text, encoding="utf-8", newline="\n")
        write_settings(schemas, always=True)
        errors = examine(made / "data", "data")[1]
        if plan is not None:
            report = report_of(plan, errors)
            (made / REPORT).write_text(report, encoding="utf-8", newline="\n")
        folder.mkdir(exist_ok=True)
        # Into the folder, which may be that of a running program; the configuration last, as it makes it a site.
        for part in sorted(made.iterdir(), key=lambda part: part.name == _CONFIG):
            shutil.move(part, folder / part.name)
    return errors


def _placeholders(place: NoticePlace | None) -> Mapping[str, str]:
    names = ("site.yml", "documents/notice.yml")
    files = {f"data/{name}": (HERE / "data" / name).read_text("utf-8") for name in names}
    if place is not None:
        own = block(_texts(_place(place)))
        files["data/site.yml"] = re.sub(r"(?m)\A(?:place.*\n)+", lambda _: own, files["data/site.yml"])
    return files


def _place(place: NoticePlace) -> dict[str, Any]:
    record: dict[str, Any] = {"place": words(place.name)}
    if place.kind != "county":
        record["place_kind"] = place.kind
    if place.word is not None:
        record["place_word"] = words(place.word)
    if place.region is not None:
        record["region"] = words(place.region)
    return record


def _only_chinese(files: Mapping[str, str]) -> dict[str, str]:
    """Return the files of a site without its English pages."""
    kept = {name: text for name, text in files.items() if name != "mkdocs.en.yml" and not name.startswith("docs/en/")}
    return kept | {
        _CONFIG: _changed(
            files[_CONFIG], ("      - {language: en, path: en/, config: mkdocs.en.yml, docs: docs/en}\n", "")
        )
    }


# --- Files of every site


def shipped(name: str) -> str:
    """Return the text of a file of `SHIPPED`, from the package or from the running clone."""
    inside = HERE / name
    return (inside if inside.is_file() else PACKAGE.parents[1] / name).read_text("utf-8")


def site_files(document: str) -> dict[str, str]:
    """Return the files of a site except its records, by path; ``document`` is the id of its document."""
    files = {name: shipped(name) for name in SHIPPED}
    files["mkdocs.yml"] = _changed(
        files["mkdocs.yml"],
        ("  name: material\n  custom_dir: hooks/haopin/theme\n", "  name: haopin\n"),
        ("hooks:\n  - hooks/main.py\n", ""),
        ("plugins: []", "plugins: [haopin]"),
        ("  - hooks\n", ""),
    )
    files["data/README.md"] = _handbook(files["data/README.md"])
    files[".github/workflows/site.yml"] = _workflow(files[".github/workflows/site.yml"])
    # The tests are only in the clone, and the command is that of the package.
    files["deploy/pipeline"] = _changed(
        files["deploy/pipeline"],
        ("check|build|test|preview", "check|build|preview"),
        ("  test) make test ;;\n", ""),
        ("./haopin", "haopin"),
    )
    for language in ("zh", "en"):
        about = (HERE / f"docs/{language}/about.md").read_text("utf-8")
        files[f"docs/{language}/about.md"] = about.replace("DOCUMENT", document)
    files[".gitignore"] = _IGNORED
    files["requirements.txt"] = _REQUIREMENTS
    return files


def _changed(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        if old not in text:
            raise LookupError(f"there is no {old!r} to change")
        text = text.replace(old, new)
    return text


def _handbook(text: str) -> str:
    """Return the handbook for a folder that uses the installed package."""
    # The pictures of the desk are in the clone only.
    text = re.sub(r"^!\[.*\n\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^.*(?:`\./haopin …`|`\.\\haopin …`).*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^(?:没有网络时|Without a network).*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"\[([^\]]+)\]\(\.\./([^)]+)\)", r"Haopin/\2", text)
    return _changed(text, ("./haopin", "haopin"), (".\\haopin", "haopin"), ("make schema", "haopin schema"))


def _workflow(text: str) -> str:
    """Return the workflow for a folder that installs the program from ``requirements.txt``, without tests."""
    text = re.sub(r" *# The nightly run has the commit .*?deploy/pipeline test\n", "", text, flags=re.DOTALL)
    return _changed(
        text,
        (
            '          python-version: "3.11"\n',
            '          python-version: "3.11"\n      - run: pip install -r requirements.txt\n',
        ),
        ('sudo chown -R "$(id -u):$(id -g)" . && ', ""),
        ("check, build, test, preview", "check, build, preview"),
        ("name: check, build, test", "name: check, build"),
        (
            " tests/test_pipeline.py holds this line against the data: in another time zone, write another line.",
            " In another time zone, write another line.",
        ),
    )


# --- Records


def document_id(plan: NoticePlan) -> str:
    """Return the id of the notice: its year and number, if it has them."""
    return "-".join(["notice", *re.findall("[0-9]+", plan.notice.number or "")])


def words(zh: str, en: str | None = None) -> dict[str, str]:
    """Return a text in the form of a record; most have no English yet."""
    return {"zh": zh} if en is None else {"zh": zh, "en": en}


def data_files(plan: NoticePlan) -> dict[str, str]:
    """Return the files of the records of ``plan``, by path."""
    document = document_id(plan)
    files = {f"data/documents/{document}.zh.txt": "".join(f"{line}\n" for line in _source(plan))}
    one = _Writer(plan, document)
    files |= _single(SITE, one.site(), SITE.path)
    files |= _single(DOCUMENT, one.document(), f"documents/{document}.yml")
    for cited in plan.cited:
        issuer = cited.title.partition("关于")[0] if "关于" in cited.title else ""
        record: dict[str, Any] = {"id": cited.id, "title": words(cited.title)}
        if cited.number is not None:
            record["number"] = cited.number
        if issuer:
            record["issuer"] = words(issuer)
        record["citations"] = [{"clause": one.at(cited.clause), "quote": words(cited.quote)}]
        files |= _single(DOCUMENT, record, f"documents/{cited.id}.yml")
    for task in plan.tasks:
        files |= _single(TASK, one.task(task), f"tasks/{task.id}.yml")
    for activity in plan.activities:
        known = activity.known
        record = {
            "id": known["id"],
            "kind": known["kind"],
            "name": words(known["zh"], known["en"]),
            "as_written": {"clause": one.at(activity.clause), "quote": words(activity.quote)},
            "recurrence": {name: known[name] for name in ("month", "day") if name in known},
        }
        files |= _single(ACTIVITY, record, f"activities/{known['id']}.yml")
    files |= _list(GROUP, one.groups())
    files |= _list(SECTION, [one.section(record) for record in plan.sections])
    files |= _list(PHASE, [one.phase(record) for record in plan.phases])
    files |= _list(SAFEGUARD, [one.committed(record) for record in plan.safeguards])
    files |= _list(BODY, [one.body(body.id) for body in plan.bodies])
    return files | _list(TARGET, one.targets())


def _source(plan: NoticePlan) -> Iterator[str]:
    """Yield the lines of the document, in the order in which the check compares them."""
    yield from (clause.text for clause in plan.clauses)
    for annex in plan.annexes:
        yield from (clause.text for clause in annex.clauses)
        if annex.table is not None:
            yield "\t".join(annex.table.columns)
            yield from ("\t".join(cell or "" for cell in row.cells) for row in annex.table.rows)


def _clauses(clauses: Sequence[PlannedClause]) -> list[dict[str, Any]]:
    return [{"id": each.id, "level": each.level, **words(each.text)} for each in clauses]


def _single(kind: Kind, record: Mapping[str, Any], path: str) -> dict[str, str]:
    return {f"data/{path}": header(kind, path) + block(_texts(record))}


def _list(kind: Kind, records: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    if not records:
        return {}
    return {f"data/{kind.path}": header(kind, kind.path) + "".join(item(_texts(record)) for record in records)}


def _texts(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _texts(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_texts(each) for each in value]
    if isinstance(value, str):
        return QuotedText(value)
    # Dates, numbers and flags need no quotation marks.
    return value if value is None else str(value).lower()


class _Writer:
    """Converts the parts of a plan to plain values of records."""

    def __init__(self, plan: NoticePlan, document: str) -> None:
        self.plan, self._document = plan, document

    def at(self, clause: str) -> dict[str, str]:
        return {"document": self._document, "id": clause}

    def site(self) -> dict[str, Any]:
        plan, notice = self.plan, self.plan.notice
        place = plan.place or NoticePlace("本地", "other", "地方")
        record = _place(place)
        if plan.subject is not None:
            record["subject"] = words(*plan.subject)
        record["name"] = words(f"{place.name}：任务与进展")
        if plan.slogan is not None:
            record |= {"slogan": words(plan.slogan[0]), "slogan_clause": self.at(plan.slogan[1])}
        record["description"] = words(f"《{notice.plan_title}》要做什么，谁负责，进展如何。")
        if notice.issuer is not None:
            record["issuing_body"] = words(notice.issuer)
        if plan.hotlines:
            record["hotlines"] = [
                {"number": number, "name": words(f"{number}热线"), "clause": self.at(clause)}
                for number, clause in plan.hotlines
            ]
        return record | {
            "document": self._document,
            # A reserved host: the real address must be entered before a release.
            "address": "https://haopin.example/",
            "time_zone": "Asia/Shanghai",
            "identity": {"main": "#0d5c63", "main_dark": "#74d2d0"},
        }

    def document(self) -> dict[str, Any]:
        notice = self.plan.notice
        record: dict[str, Any] = {"id": self._document, "title": words(notice.title)}
        given = {"number": notice.number, "adopted": notice.adopted, "published": notice.published}
        record |= {name: value for name, value in given.items() if value is not None}
        if notice.issuer is not None:
            record["issuer"] = words(notice.issuer)
        record["source_file"] = f"{self._document}.zh.txt"
        if self.plan.annexes:
            record["annexes"] = [self._annex(annex) for annex in self.plan.annexes]
        if self.plan.changes:
            record["changes"] = [self._change(change) for change in self.plan.changes]
        return {**record, "clauses": _clauses(self.plan.clauses)}

    @staticmethod
    def _change(change: PlannedChange) -> dict[str, Any]:
        since = {"since": change.since} if change.since is not None else {}
        return {"document": change.document, "what": change.what, **since, "clause": change.clause}

    def _annex(self, annex: PlannedAnnex) -> dict[str, Any]:
        record: dict[str, Any] = {"id": annex.id, "title": words(annex.title)}
        if annex.clauses:
            record["clauses"] = _clauses(annex.clauses)
        if annex.table is not None:
            record["table"] = {
                "columns": [words(name) for name in annex.table.columns],
                "rows": [self._row(row) for row in annex.table.rows],
            }
        return record

    def _row(self, row: PlannedRow) -> dict[str, Any]:
        whole: dict[str, Any] = {"cells": [cell and words(cell) for cell in row.cells]}
        if row.measures and row.responsible is not None:
            said = self._responsible(row.responsible)
            whole["measures"] = row.measures
            whole |= {name: said[name] for name in ("lead", "bodies", "participating", "general") if name in said}
            if row.due is not None:
                whole["due"] = row.due
        return whole

    def committed(self, record: PlannedRecord) -> dict[str, Any]:
        return {**self._head(record), "measures": [self._measure(measure) for measure in record.measures]}

    def section(self, record: PlannedRecord) -> dict[str, Any]:
        return {**self._head(record), "requirements": [self._measure(measure) for measure in record.measures]}

    def _head(self, record: PlannedRecord) -> dict[str, Any]:
        return {"id": record.id, "clause": self.at(record.clause), "title": words(record.title)}

    def task(self, record: PlannedRecord) -> dict[str, Any]:
        head = self._head(record)
        if record.group is not None:
            head["group"] = record.group
        if record.responsible is not None:
            head["responsible"] = self._responsible(record.responsible)
        return {**head, "measures": [self._measure(measure) for measure in record.measures]}

    def groups(self) -> Sequence[dict[str, Any]]:
        """Return the groups of the tasks, and the parents of these."""
        parent = {group.id: group.within for group in self.plan.groups}
        used: set[str | None] = {None}
        for task in self.plan.tasks:
            group = task.group
            while group not in used:
                used.add(group)
                group = parent[group] if group is not None else None
        written = []
        for each in self.plan.groups:
            if each.id in used:
                record = {"id": each.id, "number": each.number, "clause": self.at(each.clause)}
                inner = {} if each.within is None else {"parent": each.within}
                written.append({**record, **inner, "title": words(each.title)})
        return written

    def phase(self, record: PlannedRecord) -> dict[str, Any]:
        whole = self.committed(record)
        assert record.period is not None
        start, end, quote = record.period
        period = {"start": start, "end": end, "quote": words(quote)}
        return {**self._head(record), "period": period, "measures": whole["measures"]}

    def _responsible(self, said: Responsibility) -> dict[str, Any]:
        whole: dict[str, Any] = {"quote": words(said.quote)}
        named: set[str] = set()
        # A body has one role: the first in the notice.
        for part, names in (("lead", said.lead), ("bodies", said.bodies), ("participating", said.participating)):
            own = [body for body in self._ids(names) if body not in named]
            named.update(own)
            if own:
                whole[part] = own
        if said.general:
            whole["general"] = [words(name) for name in dict.fromkeys(said.general)]
        if said.others:
            whole["others"] = words(said.others)
        return whole

    def _ids(self, names: Iterable[str]) -> list[str]:
        return list(dict.fromkeys(self.plan.body_id(name) for name in names))

    def _measure(self, measure: PlannedMeasure) -> dict[str, Any]:
        whole: dict[str, Any] = {"id": measure.id, "title": words(measure.title), "quote": words(measure.quote)}
        said = measure.responsible
        if said is not None:
            own = self._responsible(said)
            if [*own] == ["quote", "bodies"] and len(own["bodies"]) == 1:
                whole["owner"] = own["bodies"][0]
            else:
                whole["responsible"] = own
            if said.due and (day := due_of(said.due)) is not None:
                whole["due"] = day
            if {"owner", "due"} & set(whole):
                whole["assigned_by"] = words(f"《{self.plan.notice.plan_title}》")
        return whole

    def body(self, name: str) -> dict[str, Any]:
        body = next(each for each in self.plan.bodies if each.id == name)
        branch = re.search(r"^[市省].*(?:分局|分中心)$", body.name) is not None
        record: dict[str, Any] = {
            "id": body.id,
            "name": words(body.name),
            "level": "branch" if branch else "own",
        }
        if body.variants:
            record["variants"] = [{"as_written": name, "clause": self.at(at)} for name, at in body.variants]
        return record

    def targets(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for record in self.plan.records:
            for measure in record.measures:
                for number in measure.numbers:
                    target: dict[str, Any] = {
                        "id": f"t{len(found) + 1}",
                        "measure": f"{record.id}/{measure.id}",
                        "title": words(number.title),
                        "scope": words(number.scope),
                        "quote": words(number.quote),
                        "comparator": number.comparator,
                    }
                    if number.value is not None:
                        target["value"] = number.value
                        if number.upper is not None:
                            target["to"] = number.upper
                        unit = str(number.unit)
                        target["unit"] = unit if unit == "percent" else words(unit)
                    if number.change is not None:
                        target["change"] = number.change
                    if number.per is not None:
                        target["per"] = number.per
                    target["nature"] = "aim" if number.aim else "commitment"
                    if number.due is not None:
                        target["due"] = number.due
                    found.append(target)
        return found
