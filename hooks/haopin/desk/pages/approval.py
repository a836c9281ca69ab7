"""Approval: pending records as pages and with the difference to what was approved before; approve, or send back."""

from collections.abc import Mapping, Sequence

from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from haopin.desk.desk import NAMED_KINDS, Desk, desk_of, posted, redirect, text_of, url
from haopin.desk.forms import KEPT
from haopin.desk.pages.records import title_of
from haopin.load.dataset import Dataset, LoadedRecord
from haopin.load.messages import translate
from haopin.model.choices import CHOICES
from haopin.model.publishable import Approval, Publishable, SentBack, Withdrawal
from haopin.office.approval import approved, concerning, returned, waiting, why_not
from haopin.office.differences import ValueChange, record_differences
from haopin.office.edit import saved
from haopin.office.raw import RawRecord
from haopin.office.record_lookup import RecordLookup
from haopin.office.sheet import sheet
from haopin.privacy.evidence import fingerprint, path_of, said, seen_files
from haopin.privacy.redaction import latest_names
from haopin.problem import DataError, Place
from haopin.text import Language, Text

_SHEET_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
_VERSIONS = 200


def listing(request: Request) -> Response:
    """Show the records that are pending, and those that were sent back."""
    desk = desk_of(request)
    project = desk.project()
    found = waiting(project.dataset, project.day, samples=project.samples)
    return desk.page(
        request,
        "approvals.html",
        waiting=[(entry, _record_of(entry)) for entry in found if _record_of(entry).returned is None],
        returned=[(entry, _record_of(entry)) for entry in found if _record_of(entry).returned is not None],
        roles=CHOICES[Approval, "role"],
    )


def _record_of(entry: LoadedRecord) -> Publishable:
    assert isinstance(entry.record, Publishable)
    return entry.record


def one(request: Request) -> Response:
    """Show one record as its reader would see it, and ask for the decision."""
    return _shown(request)


def _shown(
    request: Request, problems: list[Text] | None = None, answers: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    desk = desk_of(request)
    with desk.lock:
        if (asked := _asked(desk, request)) is None:
            return desk.missing(request)
        entry, record, raw = asked
        found = desk.examined()
        with desk.trial({}) as copy:
            root = desk.previewed(copy, found)
        return desk.page(
            request,
            "approval.html",
            status=status,
            kind=entry.kind,
            record=record,
            raw=raw,
            title=title_of(raw),
            address=entry.kind.anchor(record.id),
            root=root,
            changes=_changes(desk, raw, desk.language(request)),
            warnings=concerning([entry], found.warnings).get(0, ()),
            unread=_unread(found.dataset, record),
            roles=CHOICES[Approval, "role"],
            approvers=desk.approvers(),
            problems=problems or [],
            answers={"role": "", "name": desk.clerk(request), "paper": "", "reason": "", **(answers or {})},
        )


def _changes(desk: Desk, record: RawRecord, language: Language) -> tuple[bool, Sequence[ValueChange]]:
    """Return whether the record was approved before, and what differs from then; all of it if it was not."""
    before = approved_before(desk, record)
    return before is not None, record_differences(before, record, language, RecordLookup(desk.examined().dataset), KEPT)


def approved_before(desk: Desk, record: RawRecord) -> RawRecord | None:
    """Return ``record`` as it was when it got its present approval, from the history; None if never or unknown."""
    approval = record.values.get("approved")
    if not approval:
        return None
    found = None
    for version in desk.steps.of_files(record.files, _VERSIONS):
        earlier = next((r for r in desk.records_of(version.contents, record.kind) if r.id == record.id), None)
        if earlier is None or earlier.values.get("approved") != approval:
            break
        found = earlier
    return found


def _unread(dataset: Dataset, record: Publishable) -> list[tuple[int, str]]:
    """Return index and name of the files of evidence that no program can read and nobody has looked at.

    A file that somebody has looked at before the last withdrawal of a name is looked at again.
    """
    seen, last = seen_files(dataset), latest_names(dataset.records(Withdrawal))
    return [
        (index, item.file)
        for index, item in enumerate(record.evidence)
        if item.file and (item.file not in seen or (last and item.looked_at and item.looked_at.date < last))
        if said(dataset, item).unread is not None
    ]


def look(request: Request, form: FormData) -> Response:
    """Note that a person has looked at a file of evidence and found it fit to publish."""
    desk = desk_of(request)
    with desk.lock:
        if (asked := _asked(desk, request)) is None:
            return desk.missing(request)
        _, record, raw = asked
        files = {str(index): file for index, file in _unread(desk.examined().dataset, record)}
        file = files.get(str(form.get("item", "")))
        if file is not None and form.get("base") == raw.digest:
            evidence = [dict(item) for item in raw.values["evidence"]]
            mark = fingerprint(path_of(desk.folder, file))
            evidence[int(str(form["item"]))]["looked_at"] = {"date": desk.day().isoformat(), "file": mark}
            sentence = Text(zh=f"看过文件 {file}，可以公布", en=f"File {file} looked at and found fit to publish")
            desk.save(request, saved(desk.folder, raw, {**raw.values, "evidence": evidence}), sentence)
    return redirect(request.url.path.removesuffix("/look"))


def decide(request: Request, form: FormData) -> Response:
    """Approve a record or send it back."""
    desk = desk_of(request)
    answers = {name: str(form.get(name, "")).strip() for name in ("role", "name", "paper", "reason")}
    with desk.lock:
        if (asked := _asked(desk, request)) is None:
            return desk.missing(request)
        entry, _, raw = asked
        if form.get("base") != raw.digest:
            changed = Text(
                zh="您看的时候,这条改动了。下面是现在的内容,请再看一遍。",
                en="The record was changed while you read it. Below is what it is now; read it again.",
            )
            return _shown(request, [changed], answers, 409)
        try:
            changes, sentence = _decision(desk, entry, str(form.get("do", "")), answers)
            desk.save(request, changes, sentence)
        except ValidationError as error:
            model = SentBack if form.get("do") == "return" else Approval
            wrong = [text_of(problem) for problem in translate(error, model, Place(""))]
            return _shown(request, wrong, answers, 422)
        except DataError as error:
            return _shown(request, [Text.model_construct(zh=line, en=line) for line in error.lines], answers, 422)
    return redirect(url("approval"))


def _decision(desk: Desk, entry: LoadedRecord, do: str, answers: Mapping[str, str]) -> tuple[Mapping[str, bytes], Text]:
    """Return the changes of an approval or a return, and what was done in words.

    Raises:
        ValidationError: if an answer is missing or wrong.
        DataError: with the reasons why the record cannot be approved.
    """
    project = desk.project()
    name = f"{entry.kind.title.zh} {entry.record.id}", f"{entry.kind.title.get('en')} {entry.record.id}"
    given = {key: value for key, value in answers.items() if value}
    if do == "return":
        values = {"by": given.get("name"), "role": given.get("role"), "reason": given.get("reason")}
        back = SentBack.model_validate({**{k: v for k, v in values.items() if v}, "date": project.day})
        sentence = Text(zh=f"退回{name[0]}：{back.reason}", en=f"{name[1]} sent back: {back.reason}")
        return returned(project.folder, entry, back), sentence
    given.pop("reason", None)
    approval = Approval.model_validate({**given, "date": project.day})
    if wrong := why_not(project.dataset, entry, approval):
        raise DataError(f"{words.zh} / {words.get('en')}" for words in map(text_of, wrong))
    sentence = Text(zh=f"审核通过{name[0]}", en=f"{name[1]} approved")
    return approved(project.dataset, [entry], approval), sentence


def signing(request: Request) -> Response:
    """Answer with the sheet for signature of a record, to be printed."""
    desk = desk_of(request)
    with desk.lock:
        if (asked := _asked(desk, request)) is None:
            return desk.missing(request)
        entry, _, raw = asked
        before = approved_before(desk, raw)
        earlier = {(entry.kind.name, entry.record.id): before} if before else {}
        page = sheet(desk.project(), [entry], earlier, language=desk.language(request))
    return HTMLResponse(page, headers={"Content-Security-Policy": _SHEET_POLICY})


def _asked(desk: Desk, request: Request) -> tuple[LoadedRecord, Publishable, RawRecord] | None:
    """Return the record that a request is about: loaded, and as it stands in its file; None if there is none."""
    kind, record_id = NAMED_KINDS.get(request.path_params["kind"]), request.path_params["id"]
    for record, entry in desk.project().dataset.of(Publishable):
        if entry.kind is kind and record.id == record_id and (raw := desk.raw.record(kind, record_id)) is not None:
            return entry, record, raw
    return None


ROUTES = (
    Route("/approval", listing),
    Route("/approval/{kind}/{id}", one),
    Route("/approval/{kind}/{id}", posted(decide), methods=["POST"]),
    Route("/approval/{kind}/{id}/look", posted(look), methods=["POST"]),
    Route("/approval/{kind}/{id}/sheet", signing),
)
