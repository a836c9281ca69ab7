"""Batches of product sampling: a spreadsheet of a testing body becomes the table of a batch."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from haopin.desk.desk import Changes, Desk, desk_of, posted, redirect, text_of, url
from haopin.desk.kept import chosen_file
from haopin.load.tables import headings
from haopin.model.body import Body
from haopin.model.disclosure import BATCH, Batch, Sampled
from haopin.model.publishable import Drafting
from haopin.office.approval import as_saved
from haopin.office.batch_import import (
    NEEDED,
    BatchImport,
    answer,
    batch_import,
    batch_rows,
    existing,
    new_record,
    placed,
)
from haopin.office.cells import CellsError, cell_name
from haopin.office.differences import cells_of, row_differences
from haopin.office.edit import saved
from haopin.office.project import Project
from haopin.office.record_lookup import InvalidAnswerError
from haopin.problem import DataError, Problem
from haopin.text import Text


def ask(request: Request) -> Response:
    """Ask for the table, and for what is not in it."""
    return _page(request, desk_of(request).project(), {"id": request.query_params.get("id", "")})


def send(request: Request, form: FormData) -> Response:
    """Check a table; write it once the clerk has seen what is in it."""
    with desk_of(request).lock:
        return _send(request, form)


def _send(request: Request, form: FormData) -> Response:
    desk = desk_of(request)
    by = desk.clerk(request)
    project = desk.project()
    given = {name: str(form.get(name, "")).strip() for name in ("id", *NEEDED)}
    file = chosen_file(request, form)
    wrong = _wrong(given, project)
    if file is None:
        wrong["file"] = Text(zh="请选择表格文件", en="Choose the file of the table")
    record, problems = None, []
    if given["id"] and existing(project.dataset, given["id"]) is None and not wrong.keys() - {"file"}:
        found = new_record(given["id"], {name: answer(name, given[name], project) for name in NEEDED})
        if isinstance(found, Batch):
            record = found.model_copy(update={"drafted": Drafting(by=by, date=project.day)}) if by else found
        else:
            problems = list(found)
    wrong |= {str(p.place.path[0] if p.place.path else "id"): text_of(p) for p in problems}
    if file is None:
        return _page(request, project, given, wrong=wrong, status=422)
    shown: dict[str, Any] = {"file": file.name, "token": file.token}
    try:
        rows = batch_rows(Path(file.name), file.content)
    except DataError as error:
        found_in = error.problems if isinstance(error, CellsError) else ()
        lines = () if found_in else error.lines
        return _page(request, project, given, wrong=wrong, problems=found_in, lines=lines, status=422, **shown)
    if wrong:
        return _page(request, project, given, wrong=wrong, status=422, **shown)
    plan = batch_import(rows, project.dataset, given["id"], record)
    if form.get("do") == "save" and plan.changes and by:
        words = Text(
            zh=f"导入抽检批次“{given['id']}”：{len(rows)} 个样品",
            en=f"Imported the sampling batch “{given['id']}”: products {len(rows)}",
        )
        try:
            desk.save(request, {**_redrafted(desk, given["id"], by, project), **plan.changes}, words)
        except DataError as error:
            lines = tuple(placed(line, f"{project.name}/batches/{given['id']}", file.name) for line in error.lines)
            return _page(request, project, given, lines=lines, status=422, **shown)
        return redirect(url("batches", "import", saved=str(len(rows))))
    nameless = form.get("do") == "save" and bool(plan.changes)
    return _page(request, project, given, plan=plan, nameless=nameless, **shown)


def _redrafted(desk: Desk, batch_id: str, by: str, project: Project) -> Changes:
    """Return the record of an existing batch with ``by`` as its drafter, who may then not approve the new table."""
    known = desk.raw.record(BATCH, batch_id)
    values = as_saved(project.dataset, BATCH, known.values, by, project.day) if known else {}
    return saved(desk.folder, known, values) if known else {}


def _wrong(given: Mapping[str, str], project: Project) -> dict[str, Text]:
    """Return what is wrong with the fields of a batch; those of an existing one are not needed."""
    wrong = {}
    is_known = bool(given["id"]) and existing(project.dataset, given["id"]) is not None
    for name in ("id", *(() if is_known else NEEDED)):
        if not given[name]:
            wrong[name] = Text(zh="请填写", en="This is needed")
            continue
        try:
            answer(name, given[name], project)
        except InvalidAnswerError as error:
            wrong[name] = error.words
    return wrong


def _page(
    request: Request,
    project: Project,
    given: Mapping[str, str],
    *,
    wrong: Mapping[str, Text] | None = None,
    file: str = "",
    token: str = "",
    plan: BatchImport | None = None,
    problems: Sequence[Problem] = (),
    lines: Sequence[str] = (),
    nameless: bool = False,
    status: int = 200,
) -> Response:
    return desk_of(request).page(
        request,
        "batch_import.html",
        status=status,
        given={"id": "", **dict.fromkeys(NEEDED, ""), **given},
        wrong=wrong or {},
        bodies=list(project.dataset.records(Body)),
        batches=[batch for batch in project.dataset.records(Batch) if not batch.sample],
        headings=list(headings(Sampled).values()),
        file=file,
        token=token,
        plan=plan,
        changes=row_differences(
            BATCH, [*map(cells_of, plan.before)], [*map(cells_of, plan.rows)], desk_of(request).language(request)
        )
        if plan and plan.before
        else (),
        failing=sum(row.result == "fail" for row in plan.rows) if plan else 0,
        problems=problems,
        lines=lines,
        nameless=nameless,
        cell_name=cell_name,
        saved=request.query_params.get("saved", ""),
    )


ROUTES = (
    Route("/batches/import", ask),
    Route("/batches/import", posted(send), methods=["POST"]),
)
