"""Translation: texts without English, and English older than its Chinese; written, or marked as current."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from haopin.desk.desk import NAMED_KINDS, Desk, desk_of, posted, redirect, text_of, url
from haopin.desk.forms import labelled
from haopin.desk.pages.records import page_number, record_at, title_of
from haopin.load import translations
from haopin.load.folder import TRANSLATIONS, Places
from haopin.load.translations import Translated
from haopin.model.provision import Term
from haopin.office.approval import as_saved
from haopin.office.edit import saved
from haopin.office.new.fields import fields_of
from haopin.office.raw import RawRecord
from haopin.office.translations import (
    Standing,
    compared,
    earlier_chinese,
    marked,
    same_elsewhere,
    standings,
    terms_in,
    with_english,
)
from haopin.problem import Problem
from haopin.text import Text

#: Texts on a page of the list, and versions of a record that are searched for the Chinese that was translated.
PAGE, VERSIONS = 100, 50
#: Standings in the order of their tabs.
_ORDER: tuple[Standing, ...] = ("old", "missing", "unrecorded")
#: In place of the name of a text, for problems of none.
_ELSEWHERE = "?"


# --- The list, on which texts are marked as current


def listing(request: Request) -> Response:
    """Show the texts to translate, those with older English first."""
    desk = desk_of(request)
    project = desk.project()
    found = standings(project.dataset, samples=project.samples)
    counts = Counter(standing for _, standing in found.values() if standing is not None)
    asked = request.query_params.get("standing", "")
    chosen = next((each for each in _ORDER if each == asked), next((each for each in _ORDER if counts[each]), "old"))
    texts = [text for text, standing in found.values() if standing == chosen]
    page = page_number(request)
    return desk.page(
        request,
        "translation.html",
        english="en" in project.languages,
        counts=counts,
        order=_ORDER,
        chosen=chosen,
        texts=[(text, _title(desk, text), _label(text)) for text in texts[PAGE * page : PAGE * (page + 1)]],
        count=len(texts),
        page_number=page,
        pages=-(-len(texts) // PAGE),
        marked=request.query_params.get("marked", ""),
        fingerprint=translations.fingerprint,
    )


def _title(desk: Desk, text: Translated) -> Any:
    record = record_at(desk, text.entry.kind, text.key.record_id)
    return title_of(record) if record is not None else text.key.record_id


def _label(text: Translated) -> Text:
    """Return the label of the field that a text is in, such as “Measures 2, Title”."""
    zh, en = [], []
    parts = fields_of(text.entry.kind.model)
    for step in text.place:
        if isinstance(step, int):
            zh.append(f"第 {step + 1} 项")
            en.append(f"no. {step + 1}")
            continue
        part = next((each for each in parts if each.name == step), None)
        label = labelled(part)[0] if part is not None else Text(zh=step, en=step)
        zh.append(label.zh or step)
        en.append(label.get("en"))
        parts = part.parts if part is not None else ()
    return Text(zh="，".join(zh) or "内容", en=", ".join(en) or "Content")


def mark(request: Request, form: FormData) -> Response:
    """Record the chosen texts as translated from their present Chinese."""
    desk = desk_of(request)
    with desk.lock:
        project = desk.project()
        found = standings(project.dataset, samples=project.samples)
        if form.get("every"):
            chosen = [text for text, standing in found.values() if standing == "unrecorded"]
        else:
            wanted = {str(key) for key in form.getlist("key")}
            # What the clerk has not seen is not marked: the Chinese may have changed while the page was open.
            chosen = [
                text
                for key, (text, _) in found.items()
                if str(key) in wanted and text.en and form.get(f"zh.{key}") == translations.fingerprint(text.zh)
            ]
        marks = marked(project.dataset, chosen)
        if marks.text is not None:
            sentence = Text(zh=f"{len(chosen)} 处英文标为最新", en=f"English texts marked as current: {len(chosen)}")
            desk.save(request, {TRANSLATIONS: marks.text.encode()}, sentence)
    return redirect(url("translation", standing=str(form.get("standing") or ""), marked=str(len(chosen))))


# --- The texts of one record


@dataclass
class TextToTranslate:
    """A text of a record on its page.

    Attributes:
        text: The text.
        standing: Why it is shown; None if it is up to date.
        label: Label of its field.
        english: What is in its input.
        then: The Chinese that was translated, and what differs now; None if not known.
        terms: Terms of the glossary in it.
        others: English of the same Chinese elsewhere, with a place that has it.
        problems: What is wrong with what was sent.
    """

    text: Translated
    standing: Standing | None
    label: Text
    english: str
    then: Sequence[tuple[str, str]] | None = None
    terms: Sequence[Term] = ()
    others: Mapping[str, Any] = field(default_factory=dict)
    problems: list[Text] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Name of its inputs: its path in the record, "" for the record itself."""
        return self.text.key.path


def one(request: Request) -> Response:
    """Show the texts of a record with their English; by default, those to be looked at."""
    desk = desk_of(request)
    with desk.lock:
        desk.raw.refresh()
        return _shown(request, desk)


def _shown(
    request: Request,
    desk: Desk,
    sent: Mapping[str, str] | None = None,
    problems: Sequence[tuple[str, Text]] = (),
    status: int = 200,
) -> Response:
    kind = NAMED_KINDS.get(request.path_params["kind"])
    record = record_at(desk, kind, request.path_params["id"]) if kind is not None else None
    if kind is None or record is None:
        return desk.missing(request)
    texts = _texts(desk, record, sent, every="every" in request.query_params)
    for name, words in problems:
        for each in texts:
            if each.name == name:
                each.problems.append(words)
    shown = {each.name for each in texts}
    return desk.page(
        request,
        "translate.html",
        status=status,
        kind=kind,
        record=record,
        title=title_of(record),
        texts=texts,
        problems=[words for name, words in problems if name not in shown],
        every="every" in request.query_params,
        approved=bool(record.values.get("approved")),
        compared=compared,
    )


def _texts(
    desk: Desk, record: RawRecord, sent: Mapping[str, str] | None = None, *, every: bool = False
) -> list[TextToTranslate]:
    dataset = desk.project().dataset
    record_id = record.id or record.values.get("id")
    of_record = [
        (text, standing)
        for text, standing in standings(dataset, samples=True).values()
        if text.entry.kind is record.kind and (record.kind.layout == "single" or text.key.record_id == record_id)
    ]
    shown = [
        (text, standing)
        for text, standing in of_record
        if every or standing is not None or (sent is not None and text.key.path in sent)
    ]
    marks = translations.recorded(dataset)
    old = {text.key: marks[str(text.key)] for text, standing in shown if standing == "old"}
    then: Mapping[str, str] = {}
    if old:
        versions = desk.steps.of_files(record.files, VERSIONS)
        earlier = (r.values for v in versions for r in desk.records_of(v.contents, record.kind))
        then = earlier_chinese(frozenset(old.values()), earlier)
    terms, others = list(dataset.records(Term)), same_elsewhere(dataset)
    found = []
    for text, standing in shown:
        english = text.en or "" if sent is None else sent.get(text.key.path, text.en or "")
        before = then.get(old.get(text.key, ""))
        same = others.get(translations.fingerprint(text.zh), {})
        found.append(
            TextToTranslate(
                text,
                standing,
                _label(text),
                english,
                None if before is None else compared(before, text.zh),
                [term for term in terms_in(text.zh, terms) if term.term.zh != text.zh or record.kind.model is not Term],
                {en: key for en, key in same.items() if en != text.en and key != text.key},
            )
        )
    return found


def save(request: Request, form: FormData) -> Response:
    """Write the English of a record, and record it as translated from the present Chinese."""
    desk, kind = desk_of(request), NAMED_KINDS.get(request.path_params["kind"])
    sent = {
        name.removeprefix("en."): str(value).replace("\r\n", "\n").strip()
        for name, value in form.multi_items()
        if name.startswith("en.")
    }
    with desk.lock:
        desk.raw.refresh()
        record = record_at(desk, kind, request.path_params["id"]) if kind is not None else None
        if kind is None or record is None:
            return desk.missing(request)
        if form.get("base") != record.digest:
            words = Text(
                zh="您写的时候，这条资料改动了。您写的英文还在下面，请对照现在的中文再看一遍，再保存。",
                en="The record was changed while you wrote. Your English is below: compare it with the present "
                "Chinese, then save again.",
            )
            return _shown(request, desk, sent, [(_ELSEWHERE, words)], 409)
        texts = {each.name: each.text for each in _texts(desk, record, every=True)}
        new = [
            (texts[name], words) for name, words in sent.items() if name in texts and words != (texts[name].en or "")
        ]
        kept = {str(name) for name in form.getlist("current")}
        current = [text for name, text in texts.items() if name in kept and text.en is not None and sent.get(name)]
        if new or current:
            changes = _changes(desk, request, record, new, current)
            problems = _problems(desk, changes, list(texts.values()))
            if problems:
                return _shown(request, desk, sent, problems, 422)
            name = f"{kind.title.zh} {record.id}".strip(), f"{kind.title.get('en')} {record.id}".strip()
            desk.save(request, changes, Text(zh=f"{name[0]}：英文", en=f"{name[1]}: English"))
    return redirect(url("translation", marked=str(len(new) + len(current))))


def _changes(
    desk: Desk,
    request: Request,
    record: RawRecord,
    new: Sequence[tuple[Translated, str]],
    current: Sequence[Translated],
) -> dict[str, bytes | None]:
    """Return the files with the new English, and the fingerprints of it and of what is ``current`` as it is."""
    project = desk.project()
    changes: dict[str, bytes | None] = {}
    if new:
        values = with_english(record.values, new)
        clerk = desk.clerk(request)
        if clerk and "date" in record.kind.model.model_fields and "approved" in record.kind.model.model_fields:
            values = as_saved(project.dataset, record.kind, values, clerk, project.day)
        changes |= saved(desk.folder, record, values)
    written = [text for text, words in new if words]
    marks = marked(project.dataset, [*written, *current])
    if marks.text is not None:
        changes[TRANSLATIONS] = marks.text.encode()
    return changes


def _problems(
    desk: Desk, changes: Mapping[str, bytes | None], texts: Sequence[Translated]
) -> Sequence[tuple[str, Text]]:
    """Return the errors that ``changes`` would cause, each with the name of its text; `_ELSEWHERE` for others."""
    before = {(wrong.place.file, wrong.en) for wrong in desk.examined().errors}
    with desk.trial(changes) as copy:
        after = desk.examine(copy.folder).errors
        new = [wrong for wrong in after if (wrong.place.file, wrong.en) not in before]
        places = Places(copy.folder)
        return [(_text_of(wrong, texts, places), text_of(wrong)) for wrong in new]


def _text_of(wrong: Problem, texts: Sequence[Translated], places: Places) -> str:
    """Return the name of the text that a problem is in: by its path, or by its line if it has no path."""
    for text in texts:
        place, side = text.entry.place.at(*text.place), text.entry.at(*text.place, "en")
        if wrong.place.mark is not None:
            inside = wrong.place.file == side.file and places.line(wrong.place) == places.line(side)
        else:
            inside = wrong.place.file == place.file and wrong.place.path[: len(place.path)] == place.path
        if inside or (side.file != place.file and wrong.place.file == side.file and text.place[0] == "text"):
            return text.key.path
    return _ELSEWHERE


ROUTES = (
    Route("/translation", listing),
    Route("/translation", posted(mark), methods=["POST"]),
    Route("/translation/{kind}/{id}", one),
    Route("/translation/{kind}/{id}", posted(save), methods=["POST"]),
)
