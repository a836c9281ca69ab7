"""What was done: the log of all steps with undo, and earlier versions of a record's files with restore."""

from collections.abc import Mapping, Sequence
from io import BytesIO

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from xlsxwriter import Workbook  # type: ignore[import-untyped]

from haopin.desk.desk import XLSX, Desk, desk_of, download, posted, redirect, url
from haopin.load.folder import home
from haopin.model import READ
from haopin.office.differences import ValueChange, record_differences
from haopin.office.edit import created, saved
from haopin.office.raw import RawRecord
from haopin.office.record_lookup import RecordLookup
from haopin.office.steps import LOG_HEADINGS, Step, Version
from haopin.problem import ConfigurationError
from haopin.text import Language, Text

#: Steps and versions shown.
STEPS, VERSIONS = 200, 100


def log(request: Request) -> Response:
    """Show all steps, the latest first."""
    desk = desk_of(request)
    steps = desk.steps.recent(STEPS)
    return desk.page(request, "log.html", steps=steps, undone=_undoable(desk, steps))


def _undoable(desk: Desk, steps: Sequence[Step]) -> frozenset[int]:
    """Return the numbers of the steps after which no other one touched the same files."""
    seen: set[str] = set()
    found = set()
    for step in steps:
        if step.files and not seen & set(step.files):
            found.add(step.number)
        seen |= set(step.files)
    return frozenset(found)


def undo(request: Request, form: FormData) -> Response:
    """Undo a step; if a file was changed since, it is refused, with both contents on the page."""
    desk = desk_of(request)
    typed = str(form.get("number", ""))
    with desk.lock:
        desk.raw.refresh()
        number = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
        changes = desk.steps.undo(number)
        step = desk.steps.step(number)
        if changes:
            said = step.note.sentence
            sentence = Text(zh=f"撤销：{said.zh}", en=f"Undone: {said.get('en')}")
            desk.save(request, changes, sentence)
    return redirect(url("history"))


def versions(request: Request) -> Response:
    """Show the earlier versions of a file, or of one record in it, and what each changed, in words."""
    desk, file = desk_of(request), request.path_params["file"]
    files, only = _together(desk, file), request.query_params.get("record", "")
    if not files:
        return desk.missing(request)
    found = desk.steps.of_files(files, VERSIONS)
    lookup, language = RecordLookup(desk.examined().dataset), desk.language(request)
    rows = [(version, _changed(desk, found, number, language, lookup)) for number, version in enumerate(found)]
    if only:
        named = [(version, [each for each in changed if each[0].id == only]) for version, changed in rows]
        rows = [row for row in named if row[1]]
    return desk.page(request, "versions.html", file=file, rows=rows, only=only, is_list=_is_list(file))


def _is_list(file: str) -> bool:
    kind = home(file, READ)
    return kind is not None and kind.layout in ("list", "lists")


def restore(request: Request, form: FormData) -> Response:
    """Give a record the content of an earlier version; other records of its file stay as they are."""
    desk, file = desk_of(request), request.path_params["file"]
    files, key, wanted = _together(desk, file), str(form.get("key", "")), str(form.get("record", ""))
    if not files:
        return desk.missing(request)
    with desk.lock:
        is_list = _is_list(file)
        changes = _one_restored(desk, file, key, wanted) if is_list else desk.steps.restore(files, key)
        if changes:
            name = wanted or file
            sentence = Text(zh=f"恢复以前的版本：{name}", en=f"Earlier version restored: {name}")
            desk.save(request, changes, sentence)
    return redirect(url("history", file, record=wanted))


def _one_restored(desk: Desk, file: str, key: str, wanted: str) -> Mapping[str, bytes | None]:
    """Return the changes that restore one record of a list; a deleted one is added at its end."""
    version = next((each for each in desk.steps.of_files((file,), VERSIONS) if each.key == key), None)
    old = _records(desk, version).get(wanted) if version is not None else None
    if old is None:
        raise ConfigurationError(f"这个版本里没有“{wanted}” / this version has no record “{wanted}”")
    now = desk.raw.record(old.kind, wanted)
    if now is not None:
        return saved(desk.folder, now, old.values)
    return created(old.kind, old.values, desk.folder, RecordLookup(desk.examined().dataset).bodies)


def as_workbook(request: Request) -> Response:
    """Answer with the log as a workbook, for the archive."""
    desk = desk_of(request)
    say = desk.say(request)
    content = BytesIO()
    # What clerks wrote is text, never a formula or a link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(content, options) as book:
        page = book.add_worksheet(say("操作日志", "Log"))
        page.write_row(0, 0, [say(zh, en) for zh, en in LOG_HEADINGS], book.add_format({"bold": True}))
        for number, row in enumerate(desk.steps.as_rows(desk.zone()), 1):
            page.write_row(number, 0, row)
        page.freeze_panes(1, 0)
    return download(content.getvalue(), "log.xlsx", XLSX)


def _together(desk: Desk, file: str) -> tuple[str, ...]:
    """Return the files of the record in ``file``, which may be deleted; () if it holds no records."""
    kind = home(file, READ)
    if kind is None or ".." in file.split("/"):
        return ()
    desk.raw.refresh()
    for record in desk.raw.records(kind):
        if file in record.files:
            return record.files
    return (file,)


def _changed(
    desk: Desk, found: Sequence[Version], number: int, language: Language, lookup: RecordLookup
) -> Sequence[tuple[RawRecord, Sequence[ValueChange]]]:
    """Return the records that a version changed, and how; [] for the oldest one known."""
    if number + 1 >= len(found):
        return []
    now, before = (_records(desk, found[at]) for at in (number, number + 1))
    changed = []
    for key in {**before, **now}:
        old, new = before.get(key), now.get(key)
        record = new or old
        assert record is not None
        if said := record_differences(old, new, language, lookup):
            changed.append((record, said))
    return changed


def _records(desk: Desk, version: Version) -> dict[str, RawRecord]:
    kind = next(kind for file in version.contents if (kind := home(file, READ)) is not None)
    return {record.id: record for record in desk.records_of(version.contents, kind)}


ROUTES = (
    Route("/history", log),
    Route("/history", posted(undo), methods=["POST"]),
    Route("/history.xlsx", as_workbook),
    Route("/history/{file:path}", versions),
    Route("/history/{file:path}", posted(restore), methods=["POST"]),
)
