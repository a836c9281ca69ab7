"""The ledger: which bodies have reported, reports of a body as a grid, forms to download and to take back."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from babel.dates import format_date
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from haopin.desk.desk import XLSX, Desk, desk_of, download, posted, redirect, url
from haopin.desk.kept import chosen_file
from haopin.model.body import Body
from haopin.model.choices import STATES
from haopin.model.fields import Span
from haopin.model.ledger import Entry
from haopin.office.cells import CellsError, cell_name
from haopin.office.drafts import Draft
from haopin.office.ledger.columns import ReportItem, is_in, state_shown, unit_shown, value_shown, whole
from haopin.office.ledger.export import book_name, ledger_book, ledger_books
from haopin.office.ledger.grid import CheckedGrid, LedgerGrid, ReportedItem, TypedRow, periods
from haopin.office.ledger.importing import LedgerImport, read_import, words_of
from haopin.office.project import Office, Project
from haopin.office.status import returns
from haopin.problem import DataError, Problem
from haopin.site.catalogue import Catalogue
from haopin.text import Language, Text

#: In place of the id of a body: all of them.
ALL = "all"
#: Kind of the drafts of grids, of which there is one for each body.
DRAFT = "ledger"
#: Columns of longer texts.
_LONG = ("text", "text_en", "source", "reason")
_NAME = re.compile(r"r(\d{1,5})\.([a-z_]+)")

# --- Bodies and periods


def bodies(request: Request) -> Response:
    """Show which bodies have reported in a period; lead to the grid, the forms, and the imports."""
    desk = desk_of(request)
    project = desk.project()
    period = _period(request.query_params.get("period", ""))
    office = Office(project.dataset, project.day, project.samples, None, project.languages)
    table = returns(office, period)
    return desk.page(
        request,
        "ledger.html",
        table=table,
        silent=[each for each in table if not each.reported],
        period=code_of(period),
        periods=_choices(project, desk.language(request)),
        day=project.day,
    )


def code_of(period: Span | None) -> str:
    """Return the code of a period in addresses and forms; "" for none."""
    return f"{period.start}_{period.end}" if period else ""


def _period(code: str) -> Span | None:
    start, _, end = code.partition("_")
    try:
        return Span(start=date.fromisoformat(start), end=date.fromisoformat(end))
    except ValueError:
        return None


def _choices(project: Project, language: Language) -> Sequence[tuple[str, str]]:
    """Return code and name of the periods to choose from: since the first report, or for a year at least."""
    covered = [entry.covers.start for entry in project.dataset.records(Entry) if entry.covers and not entry.sample]
    first = min([*covered, project.day.replace(year=project.day.year - 1, month=1, day=1)])
    return [(code_of(span), period_name(span, language)) for span in periods(project.day, first)]


def period_name(span: Span, language: Language) -> str:
    """Return the name of a whole month, quarter, half or year."""
    year, months = span.start.year, span.end.month - span.start.month + 1
    if months == 1:
        return f"{year}年{span.start.month}月" if language == "zh" else format_date(span.start, "MMMM y", "en_US")
    part = (span.start.month - 1) // months
    if months == 3:
        return f"{year}年{'一二三四'[part]}季度" if language == "zh" else f"Quarter {part + 1} of {year}"
    if months == 6:
        return f"{year}年{'上下'[part]}半年" if language == "zh" else f"{('First', 'Second')[part]} half of {year}"
    return f"{year}年全年" if language == "zh" else f"The year {year}"


# --- The grid of a body


@dataclass(frozen=True)
class GridCell:
    """An input of the grid.

    Attributes:
        name: Name of the column.
        title: Heading.
        value: What was typed.
        is_open: Whether the item is reported in this column.
        is_long: Whether it holds a longer text.
        problems: Errors, then warnings; each with its class.
    """

    name: str
    title: Text
    value: str
    is_open: bool
    is_long: bool
    problems: Sequence[tuple[str, Problem]]


@dataclass(frozen=True)
class GridRow:
    """A row of the grid: its item, None if there is no such item, and its inputs."""

    number: int
    about: str
    reported: ReportedItem | None
    identity: Mapping[str, str]
    cells: Sequence[GridCell]
    problems: Sequence[tuple[str, Problem]]


def grid(request: Request) -> Response:
    """Show the grid of a body, empty or with an entry to be corrected."""
    project, ledger = _ledger(request, request.query_params)
    if ledger is None:
        return redirect("/ledger")
    rows: Sequence[TypedRow] = ledger.empty()
    draft = desk_of(request).drafts.get(DRAFT, ledger.body or ALL)
    if draft is not None and request.query_params.get("draft"):
        typed = [TypedRow(str(about), cells) for about, cells in draft.values.get("rows", ())]
        filled = {row.about for row in typed}
        rows = [*(row for row in rows if row.about not in filled), *typed]
        order = {about: number for number, about in enumerate(ledger.items)}
        rows = sorted(rows, key=lambda row: order.get(row.about, len(order)))
        period = _period(str(draft.values.get("period", "")))
        ledger = replace(ledger, source=str(draft.values.get("source", "")), period=ledger.period or period)
        draft = None
    elif request.query_params.get("open") and ledger.period:
        rows = [row for row in rows if not _reported(ledger, row.about)]
    said = None
    if (saved := request.query_params.get("saved", "")).isdigit():
        say = desk_of(request).say(request)
        said = say("已写入 {n} 条，审核后公布。", "Entries written: {n}; they are published once approved.", n=saved)
    shown = CheckedGrid(tuple(rows), LedgerImport((), (), {}, ()), ())
    return _grid_page(request, project, ledger, shown, said=said, draft=draft)


def send(request: Request, form: FormData) -> Response:
    """Paste, check, or save what was typed into the grid."""
    with desk_of(request).lock:
        return _send(request, form)


def _send(request: Request, form: FormData) -> Response:
    desk = desk_of(request)
    project, ledger = _ledger(request, form)
    if ledger is None:
        return redirect("/ledger")
    rows = _sent_rows(form)
    unclear: Sequence[Problem] = ()
    do = str(form.get("do", "check"))
    focus = ""
    if do.startswith("correct:") and (correction := ledger.correction(do.partition(":")[2], desk.language(request))):
        at = [n for n, row in enumerate(rows) if row.about == correction.about]
        index = next((n for n in at if not rows[n].is_filled), at[-1] + 1 if at else len(rows))
        rows = [*rows[:index], correction, *rows[index + (index in at) :]]
        focus = f"r{index}-reason"
    elif do == "paste":
        row = str(form.get("paste_row", ""))
        pasted, unclear = ledger.paste(
            rows, str(form.get("pasted", "")), int(row) if row.isdigit() else 0, str(form.get("paste_column", ""))
        )
        rows = list(pasted)
    if do == "drop":
        desk.drafts.delete(DRAFT, ledger.body or ALL)
        return redirect(url("ledger", "grid", body=ledger.body or ALL, period=code_of(ledger.period)))
    _keep(desk, ledger, rows)
    if do == "draft":
        return Response(status_code=204)
    try:
        done = ledger.check(rows)
        warned = _digest(done.plan.warnings)
        is_ready = do == "save" and not done.errors and done.plan.new and str(form.get("warned", "")) == warned
        if is_ready and ledger.by:
            desk.save(request, done.plan.changes, _sentence(ledger, len(done.plan.new)))
            desk.drafts.delete(DRAFT, ledger.body or ALL)
            query = {"body": ledger.body or ALL, "period": code_of(ledger.period), "saved": str(len(done.plan.new))}
            return redirect(url("ledger", "grid", **query))
    except DataError as error:
        empty = CheckedGrid(tuple(rows), LedgerImport((), (), {}, ()), ())
        return _grid_page(request, project, ledger, empty, lines=error.lines, status=422)
    return _grid_page(
        request,
        project,
        ledger,
        _with(done, unclear),
        checked=not focus,
        nameless=bool(is_ready),
        pasted=str(form.get("pasted", "")) if unclear else "",
        focus=focus,
    )


def _keep(desk: Desk, ledger: LedgerGrid, rows: Sequence[TypedRow]) -> None:
    """Keep what is typed and not saved, for the case that the browser closes or the power fails."""
    typed = [[row.about, dict(row.cells)] for row in rows if row.is_filled]
    if not typed:
        desk.drafts.delete(DRAFT, ledger.body or ALL)
        return
    values = {"rows": typed, "source": ledger.source, "period": code_of(ledger.period)}
    desk.drafts.save(Draft(DRAFT, ledger.body or ALL, values, {}, {}, ledger.by, datetime.now(desk.zone())))


def _with(done: CheckedGrid, more: Sequence[Problem]) -> CheckedGrid:
    """Return ``done`` with ``more`` errors before its own."""
    return CheckedGrid(done.rows, done.plan, (*more, *done.errors))


def _ledger(request: Request, asked: Mapping[str, Any]) -> tuple[Project, LedgerGrid | None]:
    """Return the project, and the grid that is asked for; None if there is no such body."""
    project = desk_of(request).project()
    body = str(asked.get("body", ""))
    if body != ALL and body not in {each.id for each in project.dataset.records(Body)}:
        return project, None
    period = _period(str(asked.get("period", "")))
    chosen = None if body == ALL else body
    source = asked.get("source")
    if source is None:
        # Mostly the body itself.
        source = next((each.name.zh for each in project.dataset.records(Body) if each.id == chosen), "")
    grid = LedgerGrid(project.dataset, project.name, chosen, project.day, period, project.samples, str(source).strip())
    grid = replace(grid, by=desk_of(request).clerk(request))
    return project, grid


def _sent_rows(form: FormData) -> list[TypedRow]:
    rows: dict[int, dict[str, str]] = {}
    for name, value in form.multi_items():
        if (match := _NAME.fullmatch(name)) and isinstance(value, str):
            rows.setdefault(int(match[1]), {})[match[2]] = value.replace("\r\n", "\n").strip()
    return [
        TypedRow(cells.get("about", ""), {name: word for name, word in cells.items() if word and name != "about"})
        for _, cells in sorted(rows.items())
    ]


def _digest(warnings: Sequence[Problem]) -> str:
    """Return a mark of warnings that the clerk has seen; "" if there are none."""
    words = "\n".join(f"{w.place} {w.zh}" for w in warnings)
    return hashlib.sha256(words.encode()).hexdigest()[:16] if words else ""


def _sentence(ledger: LedgerGrid, count: int) -> Text:
    name = ledger.catalogue.get(Body, ledger.body).name if ledger.body else Text(zh="各责任单位", en="all bodies")
    return Text(zh=f"报送台账：{name.zh}，{count} 条", en=f"Ledger of {name.get('en')}: entries {count}")


def _reported(ledger: LedgerGrid, about: str) -> bool:
    found = ledger.reported.get(about)
    return bool(found and ledger.period and any(is_in(entry, ledger.period) for entry in found.past))


def _grid_page(
    request: Request,
    project: Project,
    ledger: LedgerGrid,
    done: CheckedGrid,
    *,
    checked: bool = False,
    said: str | None = None,
    lines: Sequence[str] = (),
    pasted: str = "",
    focus: str = "",
    nameless: bool = False,
    draft: Draft | None = None,
    status: int = 200,
) -> Response:
    desk = desk_of(request)
    language = desk.language(request)
    problems: dict[tuple[int, str], list[tuple[str, Problem]]] = {}
    for kind, found in (("wrong", done.errors), ("warn", done.plan.warnings)):
        for each in found:
            problems.setdefault(ledger.place(each), []).append((kind, each))
    rows = [_grid_row(ledger, number, row, problems) for number, row in enumerate(done.rows)]
    titles = {column.name: column.title for column in ledger.columns}
    return desk.page(
        request,
        "ledger_grid.html",
        status=status,
        ledger=ledger,
        body=ledger.body or ALL,
        who=ledger.catalogue.get(Body, ledger.body).name if ledger.body else Text(zh="各责任单位", en="All bodies"),
        period=code_of(ledger.period),
        periods=_choices(project, language),
        bodies=_bodies(ledger.catalogue),
        rows=rows,
        titles=titles,
        columns=ledger.columns,
        states=[state.get(language) for state in STATES.values()],
        errors=[
            (number, name, each)
            for (number, name), found in problems.items()
            for kind, each in found
            if kind == "wrong"
        ],
        new=[words_of(report, language) for report in done.plan.new] if checked and not done.errors else [],
        known=len(done.plan.known) if checked else 0,
        warned=_digest(done.plan.warnings),
        warnings=len(done.plan.warnings),
        checked=checked,
        said=said,
        lines=lines,
        pasted=pasted,
        focus=focus,
        nameless=nameless,
        draft=draft,
        is_reported=lambda about: _reported(ledger, about),
        last_of=lambda reported: _last(reported, language),
        unit_of=lambda item: unit_shown(item, language),
        entry_words=lambda item, entry: _entry_words(item, entry, language),
    )


def _grid_row(
    ledger: LedgerGrid, number: int, row: TypedRow, problems: Mapping[tuple[int, str], list[tuple[str, Problem]]]
) -> GridRow:
    item = ledger.items.get(row.about)
    cells = []
    for column in ledger.columns:
        typed = row.cells.get(column.name, "")
        is_asked = {"value": item.number, "of": item.counted}.get(column.name, True) is not None if item else True
        found = problems.get((number, column.name), [])
        cells.append(
            GridCell(column.name, column.title, typed, is_asked or bool(typed or found), column.name in _LONG, found)
        )
    identity = {name: word for name, word in row.cells.items() if name in ("kind", "task", "title")}
    said = [*problems.get((number, "id"), []), *problems.get((number, ""), [])]
    return GridRow(number, row.about, ledger.reported.get(row.about), identity, cells, said)


def _bodies(catalogue: Catalogue) -> Sequence[Body]:
    return catalogue.all(Body)


def _last(reported: ReportedItem, language: Language) -> str:
    return _entry_words(reported.item, reported.last, language) if reported.last else ""


def _entry_words(item: ReportItem, entry: Entry, language: Language) -> str:
    parts = [entry.date.isoformat(), state_shown(entry, language), value_shown(item, entry, language)]
    if entry.covers:
        parts.append(f"{entry.covers.start} – {entry.covers.end}")
    return " ".join(part for part in parts if part)


# --- Forms as workbooks


def form_file(request: Request) -> Response:
    """Download the form of a body, or of all bodies in one workbook."""
    desk = desk_of(request)
    project, ledger = _ledger(request, request.query_params)
    if ledger is None:
        return redirect("/ledger")
    language = desk.language(request)
    every = whole(project.dataset, samples=project.samples)
    body = every.get(Body, ledger.body) if ledger.body else None
    name = f"{book_name(body, project.day, language)}.xlsx"
    return download(ledger_book(every, ledger.body, project.day, language), name, XLSX)


def form_files(request: Request) -> Response:
    """Download the forms of all bodies, each as a workbook, in one archive."""
    desk = desk_of(request)
    project, language = desk.project(), desk.language(request)
    raw = ledger_books(whole(project.dataset, samples=project.samples), project.day, language)
    return download(raw, f"{book_name(None, project.day, language)}.zip", "application/zip")


# --- Forms that come back


def import_form(request: Request) -> Response:
    """Ask for a filled-in form."""
    return _import_page(request, desk_of(request).project())


def import_sent(request: Request, form: FormData) -> Response:
    """Check a filled-in form; write it once the clerk has seen what is added."""
    with desk_of(request).lock:
        return _import_sent(request, form)


def _import_sent(request: Request, form: FormData) -> Response:
    desk = desk_of(request)
    project = desk.project()
    body = str(form.get("body", "")) or None
    if body not in {each.id for each in project.dataset.records(Body)}:
        body = None
    file = chosen_file(request, form)
    if file is None:
        return _import_page(request, project, body=body, is_missing=True, status=422)
    try:
        plan = read_import(
            Path(file.name),
            project.dataset,
            project.name,
            body=body,
            samples=project.samples,
            today=project.day,
            raw=file.content,
            by=desk.clerk(request),
        )
        if form.get("do") == "save" and plan.new and desk.clerk(request):
            words = Text(
                zh=f"导入台账表“{file.name}”：{len(plan.new)} 条",
                en=f"Imported the ledger form “{file.name}”: entries {len(plan.new)}",
            )
            desk.save(request, plan.changes, words)
            return redirect(url("ledger", "import", saved=str(len(plan.new))))
    except DataError as error:
        found = error.problems if isinstance(error, CellsError) else ()
        return _import_page(
            request, project, body=body, file=file.name, problems=found, lines=() if found else error.lines, status=422
        )
    nameless = form.get("do") == "save" and bool(plan.new)
    return _import_page(request, project, body=body, file=file.name, token=file.token, plan=plan, nameless=nameless)


def _import_page(
    request: Request,
    project: Project,
    *,
    body: str | None = None,
    file: str = "",
    token: str = "",
    plan: LedgerImport | None = None,
    problems: Sequence[Problem] = (),
    lines: Sequence[str] = (),
    is_missing: bool = False,
    nameless: bool = False,
    status: int = 200,
) -> Response:
    desk = desk_of(request)
    language = desk.language(request)
    return desk.page(
        request,
        "ledger_import.html",
        status=status,
        bodies=list(project.dataset.records(Body)),
        body=body,
        file=file,
        token=token,
        plan=plan,
        new=[words_of(report, language) for report in plan.new] if plan else [],
        warnings=plan.warnings if plan else (),
        problems=problems,
        lines=lines,
        is_missing=is_missing,
        nameless=nameless,
        cell_name=cell_name,
        saved=request.query_params.get("saved", ""),
    )


ROUTES = (
    Route("/ledger", bodies),
    Route("/ledger/grid", grid),
    Route("/ledger/grid", posted(send), methods=["POST"]),
    Route("/ledger/form", form_file),
    Route("/ledger/forms.zip", form_files),
    Route("/ledger/import", import_form),
    Route("/ledger/import", posted(import_sent), methods=["POST"]),
)
