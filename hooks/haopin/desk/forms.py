"""Forms made from the one definition of a kind: inputs with their values, and the values of a form that was sent.

Names of inputs are paths: ``title.zh``, ``measures.2.due``. The number of an item only tells items apart; their order
is that of the form. ``measures.2._`` says which item of the record it was, and is empty for a new one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, get_args

from starlette.datastructures import UploadFile

from haopin.desk.uploads import stored
from haopin.model import Kind
from haopin.model.base import ClauseRef
from haopin.model.choices import CHOICES
from haopin.model.fields import ClauseHeading, Quote, marks_of
from haopin.model.look import SCENES
from haopin.model.photograph import PHOTOGRAPH, PHOTOGRAPHS, Photograph
from haopin.model.publishable import Evidence
from haopin.model.target import PERCENT_SIGNS, Unit
from haopin.office.edit import matched
from haopin.office.new.answers import FEW, Answers
from haopin.office.new.fields import Field, candidates, field_requirement, fields_of
from haopin.office.record_lookup import InvalidAnswerError, RecordLookup
from haopin.problem import Path
from haopin.text import Text

#: Fields that the desk keeps itself: by approval, and by saving.
KEPT = frozenset({"approved", "returned", "drafted", "looked_at"})
#: Fields that are seldom needed, folded at the end of a form.
SELDOM = frozenset({"note", "sample", "publish_from", "expires", "keep", "changed", "cancelled", "short"})
#: Input for a file: of a photograph, or in an item of evidence.
UPLOAD = "upload"
#: Hidden input of an item: its index in the record.
WAS = "_"
_LINES = re.compile(r"\s*\n\s*")
_TOLD = re.compile(r"[(\uff08](?P<id>[a-z0-9/-]+)[)\uff09]\s*$")
_ENDS = {"zh": "[\uff0c\uff1a\uff1b,:;]", "en": "[,;:]"}


# --- Labels: the first words of a field's documentation name it, the rest explains

#: Words for files and codes, which the desk has no need of.
_PLAIN = (
    ("文件头下面的部分", ""),
    (": everything below the header of the file", ""),
    ("evidence 文件夹里的文件名", "已放入的文件"),
    ("name of a file in the “evidence” folder", "file that is there already"),
    ("photographs 文件夹里的文件名", "已放入的照片"),
    ("name of a file in the folder “photographs”", "photograph that is there already"),
    ("的文件名,放在 scenes 文件夹", ""),
    ("file name of its line drawing in the folder scenes", "line drawing"),
    ("的文件夹名,如 activities", ""),
    ("folders of relevant sections, such as activities", "relevant sections"),
    (":类别/编号,如 need/complain;举措写 task/07/举措编号;栏目写文件夹名,如 documents", ""),
    (": kind/id, such as need/complain; a measure as task/07/its-id; a section by its folder, such as documents", ""),
)
_WORD = re.compile(r"(?<![\w/-])[a-z]+(?:[_-][a-z]+)*(?![\w/-])")
_NAMED = re.compile(r"“(?P<name>[a-z_]+)(?P<comma>,?)”")
_ID = {
    "zh": re.compile(r"\s*的 id(?=$|\()"),
    "en": re.compile(r"^(?:Ids? of )(?:the |its )?|record id/(?=measure)|(?<=measure) id$", re.I),
}


def labelled(f: Field) -> tuple[Text, Mapping[str, str]]:
    """Return the name of ``f``, and what explains it by language, "" for nothing; in words of the form.

    Where the Chinese has no explanation, the English is the name as a whole. Ids and codes are replaced by words: an
    input is chosen from, and its choices are shown.
    """
    words = {"zh": f.label.zh, "en": f.label.get("en")}
    for old, new in _PLAIN:
        words = {language: text.replace(old, new) for language, text in words.items()}
    head: dict[str, str] = {}
    rest: dict[str, str] = {}
    for language, text in words.items():
        first, mark, more = re.match(f"([^{_ENDS[language][1:-1]}]*)({_ENDS[language]})?(.*)", text, re.S).groups()  # type: ignore[union-attr]
        if mark and (language == "zh" or rest["zh"]):
            head[language], rest[language] = first.strip(), more.strip()
        else:
            head[language], rest[language] = text.strip(), ""
    if f.shape == "reference" or is_clause(f):
        head = {language: _ID[language].sub("", text) or text for language, text in head.items()}
        if re.search(r"(?<![a-z])id(?![a-z])|编号", rest["zh"]):
            kept = [part for part in rest["zh"].split(";") if not re.search("id|编号", part)]
            rest = {"zh": ";".join(kept), "en": rest["en"] if kept and not re.search(r"\bid\b", rest["en"]) else ""}
    if any(code in _WORD.findall(rest["zh"]) or words.zh in rest["zh"] for code, words in choices_of(f)):
        rest = dict.fromkeys(rest, "")
    if is_unit(f):
        rest = {"zh": "如 %、家、万平方米", "en": "such as %, people, square meters"}
    rest = {"zh": _in_words(rest["zh"], f, "zh"), "en": _in_words(rest["en"], f, "en")}
    head = {"zh": _in_words(head["zh"], f, "zh"), "en": _in_words(head["en"], f, "en")}
    return Text(zh=head["zh"], en=head["en"][0].upper() + head["en"][1:]), rest


def _in_words(text: str, f: Field, language: str) -> str:
    """Return ``text`` with the labels of fields, and the words of choices, in place of their names."""
    near = {other.name: other for other in fields_of(f.model) if other.name != "id"}

    def word(name: str) -> str | None:
        if name in near:
            return re.split(_ENDS[language] + r"|\(", _plain(near[name].label, language))[0].strip()
        found = (words for other in near.values() for code, words in choices_of(other) if code == name)
        return next((words.get(language) for words in found), None)

    if language == "en":
        return _NAMED.sub(lambda found: f"“{word(found['name']) or found['name']}{found['comma']}”", text)
    text = text.replace("写 null", "不填")
    return _WORD.sub(lambda found: f"“{said}”" if (said := word(found[0])) else found[0], text)


def _plain(words: Text, language: str) -> str:
    found = words.get(language)
    return _ID["zh"].sub("", found) if language == "zh" else _ID["en"].sub("", found)


def choices_of(f: Field) -> Sequence[tuple[str, Text]]:
    """Return (code, words) of each choice of ``f``."""
    words = CHOICES.get((f.model, f.name), {})
    return [(code, words.get(code, Text(zh=code, en=code))) for code in f.choices]


def is_clause(f: Field) -> bool:
    """Return whether ``f`` says which document, or which clause of it."""
    return f.model is ClauseRef


def folder_of(f: Field) -> str:
    """Return the folder of the files of which ``f`` names one; "" if it names none."""
    if f.name == "picture":
        return PHOTOGRAPHS if f.model is Photograph else SCENES.rstrip("/")
    return "evidence" if f.model is Evidence and f.name == "file" else ""


def is_unit(f: Field) -> bool:
    """Return whether ``f`` is a unit, which is a percentage or words."""
    return Unit in (hint := f.model.model_fields[f.name].annotation, *get_args(hint))


def may_be_blank(f: Field) -> bool:
    """Return whether items of the list ``f`` may be empty, as cells of a table."""
    item = next(iter(get_args(f.model.model_fields[f.name].annotation)), None)
    return f.many and type(None) in get_args(item)


# --- Inputs


@dataclass(frozen=True)
class Input:
    """An input of a form, or a group of them.

    Attributes:
        name: Name in the form; the path with dots.
        field: The field.
        label: Its name.
        help: Its explanation by language; "" for none.
        value: Its value: text, mapping of languages, or "" if empty.
        required: Whether it must be filled.
        items: Items of a list, each an `Input` or a group.
        parts: Inputs of a part.
        template: For a list of parts or inputs, an empty item.
        quote: Name of the input with the clause that the text quotes; "" for none.
        candidates: For a reference, the id of the list of what it may refer to.
        was: For an item, its index in the record; "" if it is new.
    """

    name: str
    field: Field
    label: Text
    help: Mapping[str, str]
    value: Any = ""
    required: bool = False
    items: tuple["Input", ...] = ()
    parts: tuple["Input", ...] = ()
    template: "Input | None" = None
    quote: str = ""
    candidates: str = ""
    was: str = ""
    is_item: bool = False

    @property
    def id(self) -> str:
        """Id of the element."""
        return self.name.replace(".", "-")

    @property
    def shape(self) -> str:
        """How it is shown."""
        if self.field.many and not self.is_item:
            return "list"
        return "reference" if is_clause(self.field) else self.field.shape

    @property
    def choices(self) -> Sequence[tuple[str, Text]]:
        """(code, words) of each choice."""
        return choices_of(self.field)

    @property
    def folder(self) -> str:
        """Folder of the files of which it names one; "" if it names none."""
        return folder_of(self.field)

    @property
    def called(self) -> Text | None:
        """For an item of parts, what it is called: its title or name, or the first of its parts that has a value."""
        ranked = sorted(self.parts, key=lambda part: part.field.name not in ("title", "name"))
        for part in ranked:
            value = part.value or next((each.value for each in part.items if each.value), "")
            if isinstance(value, Mapping) and any(value.values()):
                zh, en = (
                    str(value.get(side) or value.get(other) or "") for side, other in (("zh", "en"), ("en", "zh"))
                )
                return Text.model_construct(zh=zh, en=en)
            if value and not isinstance(value, Mapping):
                return Text.model_construct(zh=str(value), en=str(value))
        return next((found for part in self.parts if (found := part.called) is not None), None)

    @property
    def is_filled(self) -> bool:
        """Whether it has a value."""
        return bool(self.items or self.value) or any(part.is_filled for part in self.parts)


def hidden_fields(kind: Kind, values: Mapping[str, Any], lookup: RecordLookup) -> frozenset[str]:
    """Return the names of the fields that a record with ``values`` must not have."""
    never = {f.name for f in fields_of(kind.model) if field_requirement(kind, f, values, lookup) == "never"}
    return frozenset(never - SELDOM - {"id"})


class RecordForm:
    """The inputs of a record."""

    def __init__(
        self,
        kind: Kind,
        values: Mapping[str, Any],
        lookup: RecordLookup,
        before: Mapping[str, Any],
        *,
        is_new: bool,
    ) -> None:
        """Make the form.

        Args:
            kind: Kind of the record.
            values: Plain values to be shown.
            lookup: The records that it may refer to.
            before: Plain values of the record, by which items of lists are distinguished.
            is_new: Whether the record does not exist yet.
        """
        self.kind, self._lookup = kind, lookup
        self.names: dict[str, Mapping[str, str]] = {}
        inputs = [
            self._input(f, f.name, values.get(f.name), values, before.get(f.name))
            for f in fields_of(kind.model)
            if f.name not in KEPT and (is_new or f.name != "id")
        ]
        self.hidden = hidden_fields(kind, values, lookup)
        seldom = SELDOM | ({"id"} if is_new else set())
        self.main = tuple(each for each in inputs if each.name not in seldom)
        self.seldom = tuple(each for each in inputs if each.name in seldom)

    def _input(
        self,
        f: Field,
        name: str,
        value: Any,
        given: Mapping[str, Any],
        before: Any,
        *,
        is_item: bool = False,
        was: str = "",
    ) -> Input:
        label, help_ = labelled(f)
        required = f.required if "." in name else field_requirement(self.kind, f, given, self._lookup) == "must"
        quote = next((f"{mark.source}" for at, mark, _ in marks_of(f.model, Quote) if at == f.name and mark), "")
        quote = quote or next(
            (mark.source for at, mark, _ in marks_of(f.model, ClauseHeading) if at == f.name and mark), ""
        )
        common: dict[str, Any] = {
            "name": name,
            "field": f,
            "label": label,
            "help": help_,
            "required": required,
            "quote": quote,
            "was": was,
            "is_item": is_item,
        }
        if f.many and not is_item:
            entries, earlier = (list_ if isinstance(list_, list) else [] for list_ in (value, before))
            items = tuple(
                self._input(
                    f,
                    f"{name}.{n}",
                    each,
                    {},
                    None if index is None else earlier[index],
                    is_item=True,
                    was="" if index is None else str(index),
                )
                for n, (each, index) in enumerate(zip(entries, matched(earlier, entries), strict=True))
            )
            blank = self._input(f, f"{name}.__N__", None, {}, None, is_item=True)
            return Input(**common, items=items, template=blank)
        if f.parts:
            own, old = (part if isinstance(part, Mapping) else {} for part in (value, before))
            parts = tuple(
                self._input(part, f"{name}.{part.name}", own.get(part.name), own, old.get(part.name))
                for part in f.parts
                if part.name not in KEPT
            )
            return Input(**common, parts=parts)
        if f.shape in ("words", "texts"):
            both = value if isinstance(value, Mapping) else {"zh": value or ""}
            both = {"zh": "%"} if is_unit(f) and value == "percent" else both
            return Input(**common, value={side: str(both.get(side) or "").rstrip("\n") for side in ("zh", "en")})
        if f.shape == "reference" or is_clause(f):
            key = self._list_of(f, given)
            name_of = self.names[key].get(str(value)) if value else None
            shown = f"{name_of}\uff08{value}\uff09" if name_of else value
            return Input(**common, value=shown or "", candidates=key)
        return Input(**common, value="" if value is None else str(value))

    def _list_of(self, f: Field, given: Mapping[str, Any]) -> str:
        """Collect the records that ``f`` may refer to, id → Chinese name; return the id of their list."""
        document = str(given.get("document", "")) if is_clause(f) and f.name == "id" else ""
        key = f"{f.model.__name__}.{f.name}" + (f".{document}" if document else "")
        if key not in self.names:
            self.names[key] = {each.id: each.name.show("zh") for each in candidates(f, given, self._lookup)}
        return key


# --- Values of a form that was sent


@dataclass
class Sent:
    """The values of a form.

    Attributes:
        values: Plain values of the record.
        problems: Name of an input → messages about its answer.
        inputs: Path in the values → name of the input.
        files: Path below the data folder → content, of files that were dropped in.
    """

    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, list[Text]] = field(default_factory=dict)
    inputs: dict[Path, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


class _Tree(dict[str, Any]):
    """The answers below a name: part of the name → answer or tree, in the order of the form."""


def _tree(pairs: Iterable[tuple[str, Any]]) -> _Tree:
    root = _Tree()
    for name, value in pairs:
        node, steps = root, name.split(".")
        for step in steps[:-1]:
            below = node.setdefault(step, _Tree())
            if not isinstance(below, _Tree):
                below = node[step] = _Tree()
            node = below
        node[steps[-1]] = value
    return root


class FormReader:
    """Reads the answers of a form into plain values of a record; an answer that did not change keeps its value."""

    def __init__(
        self, kind: Kind, before: Mapping[str, Any], answers: Answers, folder: FilePath, *, blank: bool = False
    ) -> None:
        """Prepare to read a form.

        Args:
            kind: Kind of the record.
            before: Its plain values.
            answers: Understands the answers.
            folder: The data folder.
            blank: Whether to keep items of lists that nothing was written into yet.
        """
        self._blank = blank
        self._kind, self._before, self._answers, self._folder = kind, before, answers, folder
        self._sent = Sent()

    def read(self, pairs: Iterable[tuple[str, Any]]) -> Sent:
        """Return the values of ``pairs`` of names and answers."""
        sent, tree = self._sent, _tree(pairs)
        upload = tree.pop(UPLOAD, None)
        if self._kind is PHOTOGRAPH and isinstance(upload, UploadFile) and upload.filename:
            self._photograph(upload, tree)
        fields = {f.name: f for f in fields_of(self._kind.model)}
        # Fields without an input, and fields that the model does not know, stay as they are.
        sent.values = {name: value for name, value in self._before.items() if name not in tree}
        known: dict[str, Any] = dict(sent.values)
        for name, f in sorted(fields.items(), key=lambda item: item[0] == "corrects"):
            if name in tree and name not in KEPT:
                value = self._field(f, tree[name], self._before.get(name), (name,), name, known)
                if value is not None:
                    sent.values[name] = known[name] = value
        order = [*self._before, *fields]
        sent.values = {name: sent.values[name] for name in dict.fromkeys(order) if name in sent.values}
        return sent

    def _photograph(self, upload: UploadFile, tree: _Tree) -> None:
        """Take the picture that was dropped in; its name is then the answer."""
        try:
            name, content = stored(self._folder, upload, PHOTOGRAPHS)
        except InvalidAnswerError as error:
            self._sent.problems.setdefault("picture", []).append(error.words)
        else:
            self._sent.files[f"{PHOTOGRAPHS}/{name}"] = content
            tree["picture"] = name

    def _field(self, f: Field, answer: Any, before: Any, path: Path, name: str, known: Mapping[str, Any]) -> Any:
        self._sent.inputs[path] = name
        if not f.many:
            return self._one(f, answer, before, path, name, known)
        items: list[Any] = []
        earlier = before if isinstance(before, list) else []
        for number, each in answer.items() if isinstance(answer, _Tree) else ():
            if number == "__N__":
                continue
            was = each.pop(WAS, "") if isinstance(each, _Tree) else ""
            if isinstance(each, _Tree) and set(each) == {"value"}:
                each = each["value"]
            old = earlier[int(was)] if str(was).isdecimal() and int(was) < len(earlier) else None
            here = (*path, len(items))
            self._sent.inputs[here] = f"{name}.{number}"
            value = self._one(f, each, old, here, f"{name}.{number}", known)
            if value is not None or self._blank or may_be_blank(f):
                items.append(value)
        return items or None

    def _one(self, f: Field, answer: Any, before: Any, path: Path, name: str, known: Mapping[str, Any]) -> Any:
        if f.parts:
            return self._part(f, answer, before, path, name)
        if f.shape in ("words", "texts"):
            return self._words(f, answer, before, path, name, known)
        if isinstance(answer, _Tree):
            return None
        return self._leaf(f, answer, before, name, known)

    def _part(self, f: Field, answer: Any, before: Any, path: Path, name: str) -> Any:
        if not isinstance(answer, _Tree):
            return None
        old = before if isinstance(before, Mapping) else {}
        upload = answer.pop(UPLOAD, None)
        if isinstance(upload, UploadFile) and upload.filename:
            try:
                file, content = stored(self._folder, upload)
            except InvalidAnswerError as error:
                self._sent.problems.setdefault(name, []).append(error.words)
            else:
                self._sent.files[f"evidence/{file}"] = content
                old = {key: value for key, value in old.items() if key not in ("link", "number")}
                answer = _Tree({**answer, "link": "", "number": "", "file": file})
        values = {key: value for key, value in old.items() if key not in answer}
        for part in f.parts:
            if part.name in answer:
                where, called = (*path, part.name), f"{name}.{part.name}"
                # A file that was just dropped in is not in the folder yet.
                is_new = f"evidence/{answer[part.name]}" in self._sent.files
                before_ = answer[part.name] if is_new else old.get(part.name)
                value = self._field(part, answer[part.name], before_, where, called, values)
                if value is not None:
                    values[part.name] = value
        order = dict.fromkeys([*old, *(part.name for part in f.parts)])
        return {key: values[key] for key in order if key in values} or None

    def _words(self, f: Field, answer: Any, before: Any, path: Path, name: str, known: Mapping[str, Any]) -> Any:
        sides = answer if isinstance(answer, _Tree) else {"zh": answer}
        old = before if isinstance(before, Mapping) else {"zh": before} if before is not None else {}
        # Further languages have no input here.
        both = {side: words for side, words in old.items() if side not in sides}
        for side in ("zh", "en"):
            self._sent.inputs[(*path, side)] = f"{name}.{side}"
            if (
                side in sides
                and (value := self._leaf(f, sides[side], old.get(side), f"{name}.{side}", known)) is not None
            ):
                both[side] = value
        if not both:
            return None
        if is_unit(f) and all(words.strip() in ("percent", *PERCENT_SIGNS) for words in both.values()):
            return "percent"
        may_be_plain = f.shape == "words" or isinstance(before, str)
        if f.name in ("title", "name", "short_title"):
            # A heading that was copied with its line breaks is one line; Chinese has no spaces there.
            both = {side: _LINES.sub("" if side == "zh" else " ", words) for side, words in both.items()}
        is_plain = set(both) == {"zh"} and not isinstance(before, Mapping) and may_be_plain
        return both["zh"] if is_plain else both

    def _leaf(self, f: Field, answer: Any, before: Any, name: str, known: Mapping[str, Any]) -> str | None:
        typed = str(answer).replace("\r\n", "\n").replace("\r", "\n") if not isinstance(answer, UploadFile) else ""
        if before is not None and typed.strip() == str(before).strip():
            return str(before)
        # As they come with text from Word and the web.
        typed = typed.replace("\u00a0", " ").replace("\t", " ")
        if not typed.strip():
            return None
        if (f.shape == "reference" or is_clause(f)) and (told := _TOLD.search(typed)) is not None:
            typed = told["id"]
            if typed == before:
                return typed
        try:
            value = self._answers.value(f, typed, known)
        except InvalidAnswerError as error:
            self._sent.problems.setdefault(name, []).append(_with_names(error))
            return typed.strip()
        return str(value)


def _with_names(error: InvalidAnswerError) -> Text:
    """Return the message of ``error``, with the names of the records that may be meant."""
    if not error.matches:
        return error.words
    few = error.matches[:FEW]
    zh = "、".join(f"{match.name.show('zh')}\uff08{match.id}\uff09" for match in few)
    en = ", ".join(f"{match.name.show('en')} ({match.id})" for match in few)
    return Text.model_construct(zh=f"{error.words.zh}\uff1a{zh}", en=f"{error.words.get('en')}: {en}")


def input_at(inputs: Mapping[Path, str], path: Path) -> str:
    """Return the name of the input at ``path``, or of the nearest one above it; "" if there is none."""
    for length in range(len(path), 0, -1):
        if path[:length] in inputs:
            return inputs[path[:length]]
    return ""
