"""Records: lists, forms, checks while typing, saving, deleting."""

import json
import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from haopin.desk.desk import NAMED_KINDS, Desk, desk_of, posted, redirect, shown, text_of, url
from haopin.desk.forms import FormReader, RecordForm, Sent, hidden_fields, input_at, is_clause, labelled
from haopin.desk.pages.materials import DRAWN
from haopin.load.folder import is_litter
from haopin.model import READ, Kind
from haopin.model.choices import CHOICES
from haopin.model.document import Document
from haopin.model.publishable import Publishable, SentBack
from haopin.office.approval import as_saved
from haopin.office.differences import ValueChange, differences
from haopin.office.drafts import Draft
from haopin.office.edit import created, removed, saved
from haopin.office.new.answers import Answers
from haopin.office.new.fields import candidates, completed, fields_of
from haopin.office.new.session import ordered, problems_of, suggested_id
from haopin.office.raw import RawRecord
from haopin.office.record_lookup import RecordLookup, fold, is_taken
from haopin.problem import DataError, Path, Problem
from haopin.site.publish import publish
from haopin.text import Text
from haopin.transcription import romanized

#: Records shown at once in a list; candidates in the page itself, more of which are asked for.
PAGE, FEW = 100, 300
NEW = "new"
_QUOTED = re.compile("“([a-z_]+)”")
#: Names of form fields that are not of the record.
_OWN = ("do", "base", "before", "draft", "typed")


# --- Lists


def kinds(request: Request) -> Response:
    """Show all kinds with the number of their records."""
    desk = desk_of(request)
    desk.raw.refresh()
    counts = {kind.name: len([r for r in desk.raw.records(kind) if not r.sample]) for kind in READ}
    published = [kind for kind in READ if issubclass(kind.model, Publishable)]
    others = [kind for kind in READ if kind not in published]
    return desk.page(request, "kinds.html", groups=_kind_groups(published, others), counts=counts)


def _kind_groups(published: Sequence[Kind], others: Sequence[Kind]) -> Sequence[tuple[Text, Sequence[Kind]]]:
    return (
        (Text(zh="陆续公布的", en="Published over time"), published),
        (Text(zh="方案和网站", en="Plan and site"), others),
    )


@dataclass(frozen=True)
class ListedRecord:
    """A record in a list.

    Attributes:
        record: The record.
        title: Its title, in the languages it has.
        date: Its date; "" if it has none.
        state: Code of what a visitor sees of it; "" if unknown.
    """

    record: RawRecord
    title: Any
    date: str
    state: str


#: What a visitor sees of a record, by code of `haopin.site.publish.Reason`.
STATES: Mapping[str, Text] = {
    "public": Text(zh="已公布", en="public"),
    "unapproved": Text(zh="待审核", en="awaiting approval"),
    "changed": Text(zh="改动后待审核", en="changed, awaiting approval"),
    "future": Text(zh="已审核待发布", en="approved, for later"),
    "expired": Text(zh="已到期", en="expired"),
    "withdrawn": Text(zh="已撤下", en="withdrawn"),
    "sample": Text(zh="示例", en="sample"),
    "error": Text(zh="有错误", en="has errors"),
}


def listing(request: Request) -> Response:
    """Show the records of a kind, searched by words, pinyin or id, and filtered by state."""
    desk, kind = desk_of(request), _kind(request)
    if kind is None:
        return desk.missing(request)
    asked, state = request.query_params.get("q", "").strip(), request.query_params.get("state", "")
    page = page_number(request)
    every = _rows(desk, kind)
    rows = [row for row in every if not state or row.state == state]
    if asked:
        words = [fold(word) for word in asked.split()]
        rows = [row for row in rows if _fits(row, words)]
    if any(row.date for row in rows):
        rows.sort(key=lambda row: row.date, reverse=True)
    if kind.layout == "single" and rows:
        return redirect(url("records", kind.name, kind.name))
    states = dict.fromkeys(row.state for row in every if row.state)
    return desk.page(
        request,
        "list.html",
        kind=kind,
        rows=rows[PAGE * page : PAGE * (page + 1)],
        count=len(rows),
        page_number=page,
        pages=-(-len(rows) // PAGE),
        asked=asked,
        state=state,
        states={code: STATES[code] for code in states},
        words=STATES,
    )


def _rows(desk: Desk, kind: Kind) -> list[ListedRecord]:
    found = desk.examined()
    wrong = {(p.place.file, p.place.path[:1]) for p in found.errors}
    wrong_files = {file for file, _ in wrong}
    withheld: dict[str, str] = {}
    if not found.errors and issubclass(kind.model, Publishable):
        published = publish(found.dataset, desk.day(found), samples=True)
        withheld = {w.entry.record.id: w.reason for w in published.withheld if w.entry.kind is kind}
    labels = {entry.record.id: entry.record.label for entry in found.dataset.entries if entry.kind is kind}
    rows = []
    for record in desk.raw.records(kind):
        state = ""
        if (record.file, record.path) in wrong or (not record.path and record.file in wrong_files):
            state = "error"
        elif record.sample:
            state = "sample"
        elif issubclass(kind.model, Publishable) and not found.errors:
            state = withheld.get(record.id, "public")
        day = str(record.values.get("date") or "")
        rows.append(ListedRecord(record, labels.get(record.id) or title_of(record), day, state))
    return rows


def title_of(record: RawRecord) -> Any:
    """Return the title, name or term of a record; else the beginning of its text, or its id."""
    for name in ("title", "name", "term", "product", "measure", "target", "text"):
        if value := record.values.get(name):
            return value
    return record.id


def _fits(row: ListedRecord, words: Sequence[str]) -> bool:
    """Return whether each of the folded ``words`` is in a record, or in the pinyin of its title."""
    own = fold(f"{row.record.id} {shown(row.title, 'zh')} {shown(row.title, 'en')} {row.date}")
    missing = [word for word in words if word not in own]
    return not missing or (
        all(word.isascii() and word.isalpha() for word in missing)
        and all(word in romanized(shown(row.title, "zh")) for word in missing)
    )


def page_number(request: Request) -> int:
    """Return the number of the page of a list that a request asks for; 0 for the first."""
    asked = request.query_params.get("page", "")
    return int(asked) if asked.isdecimal() and len(asked) < 6 else 0


# --- A form and what was sent with it


@dataclass
class Attempt:
    """A form that was sent, as it would be saved.

    Attributes:
        kind: Kind of the record.
        record: The record as it is; None for a new one.
        sent: What was sent.
        changes: Files that would change.
        problems: Input → messages; "" for those elsewhere.
        warnings: The same for warnings.
        id: Id of the record.
        preview: Path of the root of its preview; "" if there is none.
        draft: Name of its draft.
    """

    kind: Kind
    record: RawRecord | None
    sent: Sent
    changes: dict[str, bytes | None] = field(default_factory=dict)
    problems: dict[str, list[Text]] = field(default_factory=dict)
    warnings: dict[str, list[Text]] = field(default_factory=dict)
    id: str = ""
    preview: str = ""
    draft: str = ""


def _changes(
    request: Request, trial: Attempt, before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None
) -> Sequence[ValueChange]:
    """Return in words what ``trial`` would change, or what differs between two versions of its record."""
    desk = desk_of(request)
    before = (trial.record.values if trial.record else {}) if before is None else before
    after = trial.sent.values if after is None else after
    return differences(trial.kind, before, after, desk.language(request), RecordLookup(desk.examined().dataset))


def form(request: Request) -> Response:
    """Show the form of a record, or of a new one."""
    desk, kind = desk_of(request), _kind(request)
    if kind is None:
        return desk.missing(request)
    desk.raw.refresh()
    record = _record(desk, request, kind)
    if record is None and (request.path_params["id"] != NEW or kind.layout == "single"):
        return desk.missing(request)
    wanted = request.query_params.get("draft", "")
    draft = desk.drafts.get(kind.name, wanted if record is None else record.id or kind.name)
    if draft is not None and wanted:
        return _shown_form(request, kind, record, draft.values, draft=draft)
    values = record.values if record is not None else _preset(desk, request, kind)
    return _shown_form(request, kind, record, values, waiting=draft)


def _preset(desk: Desk, request: Request, kind: Kind) -> Mapping[str, Any]:
    """Return the first values of a new record: today's date, those in the address, or a copy of another record."""
    fields = {f.name for f in fields_of(kind.model)}
    values: dict[str, Any] = {}
    other = desk.raw.record(kind, request.query_params.get("copy", ""))
    if other is not None:
        left = ("id", "approved", "returned", "drafted", "date", "corrects", "reason", "changed", "cancelled", "sample")
        values = {name: value for name, value in other.values.items() if name not in left}
    if "date" in fields and issubclass(kind.model, Publishable):
        values["date"] = desk.day().isoformat()
    values |= {name: value for name, value in request.query_params.items() if name in fields}
    return values


def _shown_form(
    request: Request,
    kind: Kind,
    record: RawRecord | None,
    values: Mapping[str, Any],
    *,
    trial: Attempt | None = None,
    confirm: Sequence[ValueChange] | None = None,
    draft: Draft | None = None,
    waiting: Draft | None = None,
    status: int = 200,
    message: str = "",
) -> Response:
    """Show the form of a record.

    Args:
        request: The request.
        kind: Kind of the record.
        record: The record; None for a new one.
        values: Values in the form.
        trial: What was sent.
        confirm: What would be written, to be confirmed.
        draft: The draft that the values are from.
        waiting: A draft that could be continued instead.
        status: Status of the answer.
        message: A message above the form.
    """
    desk = desk_of(request)
    digest, before = (record.digest, record.values) if record else ("", {})
    if draft is not None and record is not None:
        # What others saved since then is noticed when the draft is saved.
        digest, before = next(iter(draft.base.values()), "") or "", draft.base_values
    return desk.page(
        request,
        "form.html",
        status=status,
        **_inputs(desk, kind, record, values, before, trial),
        title=title_of(record) if record is not None else None,
        confirm=confirm,
        base=digest,
        draft=draft.id if draft else trial.draft if trial else _draft_id(kind, record),
        waiting=waiting,
        shown=draft,
        returned=record.values.get("returned") if record else None,
        roles=CHOICES[SentBack, "role"],
        message=message,
        address=_address(desk, kind, record.id if record else ""),
        can_delete=record is not None and can_delete(desk, kind, record),
        materials=url("materials", of=f"{kind.name}/{record.id}") if record and kind.name in DRAWN else "",
    )


def _inputs(
    desk: Desk,
    kind: Kind,
    record: RawRecord | None,
    values: Mapping[str, Any],
    before: Mapping[str, Any],
    trial: Attempt | None,
) -> dict[str, Any]:
    """Return what every page with the form of a record shows.

    Args:
        desk: The desk.
        kind: Kind of the record.
        record: The record; None for a new one.
        values: Values in the form.
        before: Values of the record that they are compared with when they are sent.
        trial: What was sent, whose problems are shown.
    """
    return {
        "kind": kind,
        "record": record,
        "form": RecordForm(kind, values, RecordLookup(desk.examined().dataset), before, is_new=record is None),
        "problems": trial.problems if trial else {},
        "warnings": trial.warnings if trial else {},
        "has_problem": _asks(trial),
        "before": json.dumps(before, ensure_ascii=False),
        "few": FEW,
        "stored": lambda folder: sorted(_stored(desk, folder)),
        "is_article": kind.layout == "articles",
        "pinyin": romanized,
    }


def _asks(trial: Attempt | None) -> Callable[[str], bool]:
    """Return a function that says whether anything is said in the input of a name, or in those below it."""
    names = [*trial.problems, *trial.warnings] if trial else []
    return lambda name: any(f"{each}.".startswith(f"{name}.") for each in names)


def _draft_id(kind: Kind, record: RawRecord | None) -> str:
    """Return the name of a draft; each form of a new record has its own."""
    return f"new-{secrets.token_hex(6)}" if record is None else record.id or kind.name


def drop(request: Request, sent: FormData) -> Response:
    """Delete a draft."""
    desk, kind = desk_of(request), _kind(request)
    if kind is None:
        return desk.missing(request)
    desk.drafts.delete(kind.name, str(sent.get("draft", "")))
    return redirect(
        "/" if str(sent.get("draft", "")).startswith(NEW) else url("records", kind.name, request.path_params["id"])
    )


def _keep_draft(request: Request, trial: Attempt, sent: FormData) -> None:
    """Keep what is in a form that was not saved yet; drop it if it is the record as it is."""
    desk, record = desk_of(request), trial.record
    own = ("drafted", "returned")
    before = {name: value for name, value in (record.values if record else {}).items() if name not in own}
    values = {name: value for name, value in trial.sent.values.items() if name not in own}
    if record is not None and values == before:
        desk.drafts.delete(trial.kind.name, trial.draft)
        return
    base: dict[str, str | None] = {record.file: str(sent.get("base", ""))} if record else {}
    draft = Draft(
        trial.kind.name, trial.draft, values, base, _before(sent) or {}, desk.clerk(request), datetime.now(desk.zone())
    )
    desk.drafts.save(draft)


def _stored(desk: Desk, name: str) -> Iterable[str]:
    """Return the names of the files in a folder of the data."""
    folder = desk.folder / name
    return (p.name for p in folder.iterdir() if p.is_file() and not is_litter(p.name)) if folder.is_dir() else ()


def _address(desk: Desk, kind: Kind, record_id: str) -> str:
    """Return the address of the record's page in the preview; "" if it has none."""
    try:
        return kind.anchor(record_id or "-") if kind.section or kind.page or kind.name == "site" else ""
    except ValueError:
        return ""


def can_delete(desk: Desk, kind: Kind, record: RawRecord) -> bool:
    """Return whether the record may be deleted: it was never approved, or is not of the kinds that are published."""
    if kind.layout == "single":
        return False
    return not issubclass(kind.model, Publishable) or not record.values.get("approved")


# --- Sending a form


def send(request: Request, sent: FormData) -> Response:
    """Save a record, after showing what changes; or change the form: add, remove or move an item of a list."""
    desk, kind = desk_of(request), _kind(request)
    if kind is None:
        return desk.missing(request)
    with desk.lock:
        desk.raw.refresh()
        record = _record(desk, request, kind)
        if record is None and request.path_params["id"] != NEW:
            return desk.missing(request)
        do = str(sent.get("do", "save"))
        pairs = edited(list(sent.multi_items()), do)
        if do not in ("save", "save!"):
            trial = Attempt(kind, record, _read(desk, kind, record, pairs, _before(sent), blank=True))
            trial.draft = _draft_of(sent, kind, record)
            return _shown_form(request, kind, record, trial.sent.values, trial=trial)
        trial = tried(desk, kind, record, pairs, _before(sent), clerk=desk.clerk(request))
        trial.draft = _draft_of(sent, kind, record)
        if record is not None and sent.get("base") not in ("", record.digest):
            return _changed_elsewhere(request, kind, record, trial, _before(sent))
        if trial.problems:
            return _shown_form(request, kind, record, trial.sent.values, trial=trial, status=422)
        if not trial.changes:
            say = desk.say(request)
            message = say("没有改动,什么都没有写。", "Nothing was changed, nothing was written.")
            return _shown_form(request, kind, record, trial.sent.values, trial=trial, message=message)
        if do == "save" and not trial.sent.files:
            return _shown_form(request, kind, record, trial.sent.values, trial=trial, confirm=_changes(request, trial))
        if not desk.clerk(request):
            return _shown_form(request, kind, record, trial.sent.values, trial=trial, status=422, message="who")
        verb = Text(zh="新建", en="created") if record is None else Text(zh="修改", en="changed")
        name = kind.title.zh, kind.title.get("en")
        sentence = Text(zh=f"{verb.zh}{name[0]} {trial.id}", en=f"{name[1]} {trial.id}: {verb.en}")
        try:
            desk.save(request, trial.changes, sentence)
        except DataError as error:
            trial.problems[""] = [Text.model_construct(zh=line, en=line) for line in error.lines]
            return _shown_form(request, kind, record, trial.sent.values, trial=trial, status=422)
        desk.drafts.delete(kind.name, trial.draft)
    return redirect(url("records", kind.name, trial.id, saved="1"))


def _draft_of(sent: FormData, kind: Kind, record: RawRecord | None) -> str:
    given = str(sent.get("draft", ""))
    return given if record is None and re.fullmatch("new-[0-9a-f]{12}", given) else _draft_id(kind, record)


def _before(sent: FormData) -> Mapping[str, Any] | None:
    """Return the values of the record when the form was shown; None if they were not sent."""
    try:
        found = json.loads(str(sent.get("before") or "null"))
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def edited(pairs: list[tuple[str, Any]], do: str) -> list[tuple[str, Any]]:
    """Return the ``pairs`` of a form after an order such as ``add:measures`` or ``up:measures.2``."""
    verb, _, name = do.partition(":")
    if verb == "add" and name:
        taken = {key.removeprefix(f"{name}.").partition(".")[0] for key, _ in pairs if key.startswith(f"{name}.")}
        number = next(n for n in range(10_000) if str(n) not in taken)
        return [*pairs, (f"{name}.{number}._", "")]
    if verb == "remove" and name:
        return [(key, value) for key, value in pairs if not key.startswith(f"{name}.")]
    if verb in ("up", "down") and name:
        group = name.rpartition(".")[0]
        order = list(
            dict.fromkeys(
                key.removeprefix(f"{group}.").partition(".")[0] for key, _ in pairs if key.startswith(f"{group}.")
            )
        )
        at = order.index(name.rpartition(".")[2]) if name.rpartition(".")[2] in order else 0
        other = at + (1 if verb == "down" else -1)
        if 0 <= other < len(order):
            order[at], order[other] = order[other], order[at]
        inside = [(key, value) for key, value in pairs if key.startswith(f"{group}.")]
        rest = [(key, value) for key, value in pairs if not key.startswith(f"{group}.")]
        for each in order:
            rest += [(key, value) for key, value in inside if key.startswith(f"{group}.{each}.")]
        return rest
    return pairs


def tried(
    desk: Desk,
    kind: Kind,
    record: RawRecord | None,
    pairs: Sequence[tuple[str, Any]],
    before: Mapping[str, Any] | None = None,
    *,
    clerk: str = "",
    preview: bool = False,
) -> Attempt:
    """Return the form as it would be saved, with the problems that it would cause.

    Args:
        desk: The desk.
        kind: Kind of the record.
        record: The record; None for a new one.
        pairs: Names and answers of the form.
        before: Plain values of the record when the form was shown; by default as it is now.
        clerk: Name of the clerk; "" if not given.
        preview: Whether to let the preview be that of the form.
    """
    found = desk.examined()
    lookup = RecordLookup(found.dataset)
    sent = _read(desk, kind, record, pairs, before)
    sent.values = completed(kind, sent.values, lookup)
    trial = Attempt(kind, record, sent, problems=_in_words(sent.problems, kind))
    trial.changes |= sent.files
    if issubclass(kind.model, Publishable) and (record is None or sent.values != record.values):
        sent.values = as_saved(found.dataset, kind, sent.values, clerk, desk.day(found)) if clerk else sent.values
    if record is None:
        _begin(trial, desk, lookup)
        if not trial.problems:
            trial.changes |= created(kind, trial.sent.values, desk.folder, lookup.bodies)
    else:
        trial.id = record.id or kind.name
        if trial.problems:
            _validate(trial)
        if sent.values != record.values or trial.changes:
            trial.changes |= saved(desk.folder, record, sent.values)
    if (trial.changes or preview) and not trial.problems:
        with desk.trial(trial.changes) as copy:
            after = desk.examine(copy.folder) if trial.changes else found
            sort_problems(trial, after.problems, found.problems)
            if preview and not after.errors:
                trial.preview = desk.previewed(copy, after)
    return trial


def _read(
    desk: Desk,
    kind: Kind,
    record: RawRecord | None,
    pairs: Sequence[tuple[str, Any]],
    before: Mapping[str, Any] | None,
    *,
    blank: bool = False,
) -> Sent:
    """Return the values of a form; with items that nothing was written into yet, if ``blank``."""
    found = desk.examined()
    old = before if before is not None else (record.values if record else {})
    answers = Answers(RecordLookup(found.dataset), desk.day(found))
    reader = FormReader(kind, old, answers, desk.folder, blank=blank)
    return reader.read([(key, value) for key, value in pairs if key not in _OWN])


def _begin(trial: Attempt, desk: Desk, lookup: RecordLookup) -> None:
    """Give a new record its id, and report what is missing."""
    values = trial.sent.values
    values = ordered(trial.kind, {k: v for k, v in values.items() if v not in (None, {}, [])})
    if "id" not in values:
        # Nothing that is wrong becomes part of an id.
        right = {name: value for name, value in values.items() if name not in trial.sent.problems}
        values = ordered(trial.kind, {**values, "id": suggested_id(trial.kind, right, lookup.ids)})
    elif values["id"] in lookup.ids:
        trial.problems.setdefault("id", []).append(is_taken(values["id"]).words)
    trial.sent.values, trial.id = values, str(values["id"])
    _validate(trial)


def _validate(trial: Attempt) -> None:
    """Report what no record may have; an answer that was not understood is reported once."""
    for wrong in problems_of(trial.kind, trial.sent.values):
        name = input_at(trial.sent.inputs, wrong.place.path) or _first(wrong.place.path)
        if name not in trial.sent.problems:
            trial.problems.setdefault(name, []).append(_words(text_of(wrong), trial.kind))


def _first(path: Sequence[str | int]) -> str:
    return str(path[0]) if path else ""


def sort_problems(trial: Attempt, after: Iterable[Problem], before: Iterable[Problem]) -> None:
    """Put the problems of the record beside its inputs; new ones elsewhere under ""."""
    known = {(problem.place.file, problem.en) for problem in before}
    files = set(trial.changes)
    if trial.record is not None:
        files |= {trial.record.file, *trial.record.sides.values()}
    for wrong in after:
        path = _inside(trial, wrong)
        is_new = (wrong.place.file, wrong.en) not in known
        if path is None and not is_new:
            continue
        into = trial.problems if wrong.severity == "error" else trial.warnings
        name = (input_at(trial.sent.inputs, path) or _first(path)) if path is not None else ""
        into.setdefault(name, []).append(_words(text_of(wrong), trial.kind))


def _inside(trial: Attempt, wrong: Problem) -> Path | None:
    """Return the path of a problem in the record; None if it is elsewhere."""
    file, path = wrong.place.file, wrong.place.path
    record = trial.record
    if record is None:
        if file not in trial.changes:
            return None
        if trial.kind.layout in ("list", "lists"):
            # New records are at the end of their list.
            return path[1:] if path and wrong.place.mark is None else None
        return path
    if file in record.sides.values():
        return path or ("text",)
    if file != record.file or path[: len(record.path)] != record.path:
        return None
    return path[len(record.path) :]


def _in_words(problems: Mapping[str, Sequence[Text]], kind: Kind) -> dict[str, list[Text]]:
    return {name: [_words(words, kind) for words in found] for name, found in problems.items()}


def _words(said: Text, kind: Kind | None = None) -> Text:
    """Return the message ``said``; names of fields in it are those of the form."""
    zh, en = said.zh.replace("“zh”", "“中文”").replace("“en”", "“英文”"), said.get("en")
    en = en.replace("“zh”", "“Chinese”").replace("“en”", "“English”").replace("“en,”", "“English,”")
    for name in dict.fromkeys(_QUOTED.findall(zh)):
        if (label := _labels(kind).get(name)) is not None:
            zh, en = zh.replace(f"“{name}”", f"“{label.zh}”"), en.replace(f"“{name}”", f"“{label.get('en')}”")
    return Text.model_construct(zh=zh, en=en)


def _labels(kind: Kind | None) -> Mapping[str, Text]:
    """Return the label of each field of ``kind`` and its parts, by name; those of the record come first."""
    found: dict[str, Text] = {}
    waiting = list(fields_of(kind.model)) if kind is not None else []
    while waiting:
        field = waiting.pop(0)
        found.setdefault(field.name, labelled(field)[0])
        waiting += field.parts
    return found


def _changed_elsewhere(
    request: Request, kind: Kind, record: RawRecord, trial: Attempt, before: Mapping[str, Any] | None
) -> Response:
    """Show both versions of a record that somebody else changed while the form was open."""
    desk = desk_of(request)
    base = before or {}
    theirs = _changes(request, trial, base, record.values)
    mine = _changes(request, trial, base)
    if not theirs:
        # Only the rest of the file changed.
        confirm = _changes(request, trial)
        return _shown_form(request, kind, record, trial.sent.values, trial=trial, confirm=confirm)
    merged = {**record.values, **{name: value for name, value in trial.sent.values.items() if value != base.get(name)}}
    for name in base:
        if name not in trial.sent.values:
            merged.pop(name, None)
    return desk.page(
        request,
        "conflict.html",
        status=409,
        **_inputs(desk, kind, record, merged, record.values, None),
        theirs=theirs,
        mine=mine,
        both=sorted({d.path[0] for d in theirs if d.path} & {d.path[0] for d in mine if d.path}, key=str),
        base=record.digest,
    )


# --- While typing


def check(request: Request, sent: FormData) -> Response:
    """Answer with the problems of a form that is being filled in, and prepare its preview; nothing is saved."""
    desk, kind = desk_of(request), _kind(request)
    if kind is None:
        return JSONResponse({}, 404)
    say = desk.say(request)
    with desk.lock:
        desk.raw.refresh()
        record = _record(desk, request, kind)
        trial = tried(desk, kind, record, list(sent.multi_items()), _before(sent), preview=True)
        trial.draft = _draft_of(sent, kind, record)
        if sent.get("typed"):
            _keep_draft(request, trial, sent)
        hidden = hidden_fields(kind, trial.sent.values, RecordLookup(desk.examined().dataset))
    return JSONResponse(
        {
            "problems": {name: [say.of(words) for words in found] for name, found in trial.problems.items()},
            "warnings": {name: [say.of(words) for words in found] for name, found in trial.warnings.items()},
            "values": trial.sent.values,
            "differences": [
                {"label": say.of(each.label), "before": each.before, "after": each.after}
                for each in _changes(request, trial)
            ],
            "hidden": sorted(hidden),
            "preview": trial.preview,
            "number": desk.previewer.number,
            "address": _address(desk, kind, trial.id),
        }
    )


def choices(request: Request) -> Response:
    """Answer with the candidates of a reference that words, pinyin or an id find."""
    desk, kind = desk_of(request), _kind(request)
    name = request.query_params.get("field", "")
    fields = list(fields_of(kind.model)) if kind else []
    found = None
    for step in (part for part in name.split(".") if not part.isdecimal() and part not in ("__N__", "value")):
        found = next((f for f in fields if f.name == step), None)
        fields = list(found.parts) if found else []
    if found is None or not (found.shape == "reference" or is_clause(found)):
        return JSONResponse([], 404)
    asked = fold(request.query_params.get("q", ""))
    given = {part: request.query_params.get(part, "") for part in ("document", "measure", "target")}
    every = candidates(found, given, RecordLookup(desk.examined().dataset))
    matches = (
        each
        for each in every
        if not asked
        or asked in fold(f"{each.id} {each.name.zh} {each.name.get('en')}")
        or asked in romanized(each.name.zh)
    )
    listed = [f"{each.name.show('zh')}\uff08{each.id}\uff09" for each in islice(matches, 50)]
    return JSONResponse(listed)


def clause(request: Request) -> Response:
    """Answer with the text of a clause, from which words are quoted by marking them."""
    desk = desk_of(request)
    wanted = request.query_params.get("document", ""), request.query_params.get("id", "")
    for document in desk.examined().dataset.records(Document):
        for each in document.every_clause:
            if (document.id, each.id) == wanted:
                return JSONResponse({"title": document.title.zh, "text": each.text.zh})
    return JSONResponse({}, 404)


# --- Deleting


def delete(request: Request, sent: FormData) -> Response:
    """Delete a record that was never approved."""
    desk, kind = desk_of(request), _kind(request)
    if kind is None:
        return desk.missing(request)
    with desk.lock:
        desk.raw.refresh()
        record = _record(desk, request, kind)
        if record is None or not can_delete(desk, kind, record):
            return desk.missing(request)
        if sent.get("base") != record.digest or sent.get("do") != "delete!":
            return desk.page(request, "delete.html", kind=kind, record=record, title=title_of(record))
        sentence = Text(zh=f"删去{kind.title.zh} {record.id}", en=f"{kind.title.get('en')} {record.id}: deleted")
        desk.save(request, removed(desk.folder, record), sentence)
    return redirect(url("records", kind.name))


def _kind(request: Request) -> Kind | None:
    return NAMED_KINDS.get(request.path_params["kind"])


def _record(desk: Desk, request: Request, kind: Kind) -> RawRecord | None:
    return record_at(desk, kind, request.path_params["id"])


def record_at(desk: Desk, kind: Kind, record_id: str) -> RawRecord | None:
    """Return the record of ``kind`` with the id; a single record is found by the name of its kind, too."""
    if kind.layout == "single":
        return next(iter(desk.raw.records(kind)), None)
    return desk.raw.record(kind, record_id)


ROUTES = (
    Route("/records", kinds),
    Route("/records/{kind}", listing),
    Route("/records/{kind}/{id}", form),
    Route("/records/{kind}/{id}", posted(send), methods=["POST"]),
    Route("/records/{kind}/{id}/check", posted(check), methods=["POST"]),
    Route("/records/{kind}/{id}/drop", posted(drop), methods=["POST"]),
    Route("/records/{kind}/{id}/delete", posted(delete), methods=["POST"]),
    Route("/choices/{kind}", choices),
    Route("/clause", clause),
)
