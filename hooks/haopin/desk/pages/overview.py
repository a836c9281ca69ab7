"""The first page: what is to be done today; and who the clerk is."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from haopin.desk.desk import CLERK, LANGUAGE, NAMED_KINDS, desk_of, posted, redirect, url
from haopin.model import READ
from haopin.office.project import Office
from haopin.office.raw import RawFolder, RawRecord
from haopin.office.status import StatusGroup, StatusLine, groups, rows
from haopin.problem import Place

RecordsByPlace = Mapping[tuple[str, str | int | None], RawRecord]
#: Groups that come first, because somebody waits for them.
_FIRST = ("unapproved", "overdue", "due", "old-english", "untranslated")
_YEAR = 365 * 86_400
_MONTHS = 6
_TEXTS = ("untranslated", "old-english")
#: Names of fields, which `haopin status` gives for those who write files.
_CODE = re.compile(r"\s?[(\uff08][a-z_]+[)\uff09]")


def overview(request: Request) -> Response:
    """Show the office's tasks; each line leads to the form that completes it."""
    desk = desk_of(request)
    found = desk.examined()
    raw = placed_records(desk.raw)
    problems = [(problem, link(raw, problem.place)) for problem in found.problems]
    errors = [each for each in problems if each[0].severity == "error"]
    warnings = [each for each in problems if each[0].severity == "warning"]
    tasks: list[tuple[StatusGroup, list[tuple[object, str]]]] = []
    table: list[object] = []
    if not errors:
        project = desk.project_of(found)
        office = Office(project.dataset, project.day, project.samples, None, project.languages)
        every = {group.name: group for group in groups(office, _MONTHS)}
        order = [*_FIRST, *(name for name in every if name not in _FIRST)]
        tasks = [
            (every[name], [(line, mending(raw, name, line)) for line in every[name].lines])
            for name in order
            if every[name].lines
        ]
        table = list(rows(office))
    say = desk.say(request)
    drafts, damaged = desk.drafts.all()

    def words(group: str, line: StatusLine) -> str:
        """Return what is to be done, without names of fields."""
        said = say.of(line.words)
        # A text to be translated begins with its place in the record.
        return re.split("[:\uff1a]", said, maxsplit=1)[-1].strip() if group in _TEXTS else _CODE.sub("", said)

    return desk.page(
        request,
        "overview.html",
        errors=errors,
        warnings=warnings,
        tasks=tasks,
        words=words,
        heading=lambda group: _CODE.sub("", say.of(group.title)),
        table=table,
        messages=[*desk.messages, *damaged],
        drafts=drafts,
        kinds=NAMED_KINDS,
        day=desk.day(found),
        records=len(found.dataset.entries),
    )


def placed_records(raw: RawFolder) -> RecordsByPlace:
    """Return the records by file and index; those with a file of their own under the index None."""
    return {
        (file, record.path[0] if record.path else None): record
        for kind in READ
        for record in raw.records(kind)
        for file in (record.file, *record.sides.values())
    }


def mending(raw: RecordsByPlace, group: str, line: StatusLine) -> str:
    """Return the path of the form that completes a task of a ``group`` of `haopin.office.status`."""
    about = line.name
    if group == "unapproved" and "/" in about:
        return url("approval", *about.split("/", 1))
    if group in ("owners", "dues"):
        return url("records", "assignment", "new", measure=about)
    if group in ("overdue", "due", "stale") and about:
        return url("records", "entry", "new", **{"measure" if "/" in about else "target": about})
    if group == "unreported" and about:
        return url("ledger", "grid", body=about)
    if group in _TEXTS:
        return url("translation", *about.split(":", 1)[0].split("/", 1))
    return link(raw, line.place)


def link(raw: RecordsByPlace, place: Place) -> str:
    """Return the path of the form of the record at ``place``, at its field; or of the file as text."""
    index = next((step for step in place.path[:1] if isinstance(step, int)), None)
    record = raw.get((place.file, index)) or raw.get((place.file, None))
    if record is None or not (record.id or record.kind.layout == "single"):
        return url("files", place.file)
    inside = place.path[len(record.path) :]
    anchor = "-".join(map(str, inside))
    return url("records", record.kind.name, record.id or record.kind.name) + (f"#{quote(anchor)}" if anchor else "")


def choose_language(request: Request, form: FormData) -> Response:
    """Change the language of the desk."""
    response = redirect(_back(form))
    language = "en" if form.get("language") == "en" else "zh"
    response.set_cookie(LANGUAGE, language, max_age=_YEAR, samesite="strict", httponly=True)
    return response


def who(request: Request) -> Response:
    """Ask for the name of the clerk."""
    return desk_of(request).page(request, "who.html", back=request.query_params.get("back", "/"))


def be(request: Request, form: FormData) -> Response:
    """Remember the name of the clerk in this browser."""
    name = " ".join(str(form.get("name", "")).split())[:40]
    response = redirect(_back(form))
    response.set_cookie(CLERK, quote(name), max_age=_YEAR, samesite="strict", httponly=True)
    return response


def take_over(request: Request, form: FormData) -> Response:
    """Let this desk be the one that saves."""
    desk = desk_of(request)
    desk.other = desk.presence.open(take_over=True)
    return redirect("/")


def _back(form: FormData) -> str:
    """Return the path to return to: one of the desk."""
    path = str(form.get("back") or "/")
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


ROUTES = (
    Route("/", overview),
    Route("/language", posted(choose_language), methods=["POST"]),
    Route("/take-over", posted(take_over), methods=["POST"]),
    Route("/who", who),
    Route("/who", posted(be), methods=["POST"]),
)
