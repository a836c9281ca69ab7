"""Making one new record: its answers, the text that they make, and writing it when the clerk agrees."""

from collections.abc import Callable, Sequence
from typing import Any

from haopin.data import examine
from haopin.desk.new import kind_named, ordered, problems_of, suggested_id
from haopin.desk.new_answers import Answers
from haopin.desk.new_asking import Asking
from haopin.desk.new_choices import affirmed
from haopin.desk.new_fields import Field, fields_of
from haopin.desk.new_files import files_of
from haopin.desk.new_given import Given
from haopin.desk.new_lookup import Lookup, fold
from haopin.desk.new_needs import completed, dependents, missing, need
from haopin.desk.new_told import greeting, question, shown, written
from haopin.desk.new_unclear import UnclearError
from haopin.desk.opening import Desk
from haopin.desk.voice import Voice
from haopin.desk.writing import write
from haopin.problem import DataError
from haopin.text import Language


class Session:
    """One new record of the data on a desk."""

    def __init__(self, desk: Desk, language: Language, kind: str, options: Sequence[str]) -> None:
        """Begin with what the name of the ``kind`` and the ``options`` say.

        Raises:
            ConfigurationError: if there is no such kind.
        """
        self.voice = Voice(language)
        self._desk = desk
        self._kind, preset = kind_named(kind)
        self._fields = {field.name: field for field in fields_of(self._kind.model)}
        self._lookup = Lookup(desk.reading)
        self._answers = Answers(self._lookup, desk.day)
        self._given = Given(tuple(self._fields.values()), self._answers)
        self._given.read(options)
        self._given.refuse_id(self._lookup.ids)
        # None for a field that was skipped.
        self._values: dict[str, Any] = {**preset, **self._given.values}

    def unasked(self) -> list[str]:
        """Write the record without a question, and return what to tell.

        Raises:
            DataError: with every answer that is missing or wrong.
        """
        wrong = [f"--set {option}: {words.zh} / {words.en}" for option, words in self._given.problems]
        spoiled = {option.partition(".")[0] for option, _ in self._given.problems}
        for field in missing(self._kind, tuple(self._fields.values()), self._known, self._lookup):
            if field.name not in spoiled:
                wrong.append(f"--set {field.name}: 缺少“{field.label.show('zh')}” / missing: {field.label.en}")
        if not wrong:
            found = problems_of(self._kind, self._record)
            wrong = [f"--set {'.'.join(map(str, p.place.path))}: {p.zh} / {p.en}" for p in found]
        if wrong:
            raise DataError(wrong)
        return self._write()

    def dialogue(self, ask: Callable[[str], str], tell: Callable[[str], None]) -> list[str]:
        """Ask for what is not given, show the text, and write it if the clerk agrees.

        Returns:
            What to tell; nothing if nothing was written.
        """
        asking = Asking(self.voice, self._answers, ask, tell, self._desk.day.isoformat())
        tell(greeting(self._kind, self.voice))
        for option, words in self._given.problems:
            tell(f"--set {option}: {self.voice.of(words)}")
        self._ask_all(asking)
        while True:
            wrong = problems_of(self._kind, self._record)
            tell("\n".join(p.zh if self.voice.language == "zh" else p.en for p in wrong) or self._shown())
            answer = self._answer(ask, tell, whole=not wrong)
            if answer is None:
                return []
            if isinstance(answer, Field):
                self._ask_again(asking, answer)
                continue
            try:
                return self._write()
            except DataError as error:
                tell("\n".join(error.lines))

    def _answer(self, ask: Callable[[str], str], tell: Callable[[str], None], *, whole: bool) -> Field | bool | None:
        """Return True to write, a field to mend, or None to give up."""
        while True:
            word = fold(ask(question(self.voice, whole=whole)))
            for field in self._fields.values():
                if word and word in (field.name, fold(field.label.zh)):
                    return field
            try:
                if whole and word and affirmed(word):
                    return True
                if word and not affirmed(word):
                    return None
            except UnclearError:
                names = ", ".join(self._fields)
                tell(
                    self.voice(
                        "没有“{word}”这一项,有:{names}", "no field “{word}”; there are: {names}", word=word, names=names
                    )
                )

    def _ask_all(self, asking: Asking) -> None:
        """Ask every field that has no answer yet, the id and the approval last."""
        for field in self._fields.values():
            if field.name in self._values or field.name == "approved":
                continue
            wanted = need(self._kind, field, self._known, self._lookup)
            if wanted != "never":
                self._values[field.name] = asking.field(field, self._known, must=wanted == "must")
        for name in ("id", "approved"):
            if name in self._fields and name not in self._values:
                self._ask_again(asking, self._fields[name])

    def _ask_again(self, asking: Asking, field: Field) -> None:
        """Ask for one field, and for those whose answers depend on it."""
        if field.name == "id":
            suggested = suggested_id(self._kind, self._known, self._lookup.ids)
            self._values["id"] = asking.id(field, suggested, self._lookup.ids)
            return
        for name in dependents(self._kind, field.name):
            self._values.pop(name, None)
        self._values.pop(field.name, None)
        must = field.required or need(self._kind, field, self._known, self._lookup) == "must"
        self._values[field.name] = asking.field(field, self._known, must=must)
        if dependents(self._kind, field.name):
            self._ask_all(asking)

    @property
    def _known(self) -> dict[str, Any]:
        return {name: value for name, value in self._values.items() if value is not None}

    @property
    def _record(self) -> dict[str, Any]:
        """The plain values of the record, with its id and what follows from them."""
        values = completed(self._kind, self._known, self._lookup)
        values.setdefault("id", suggested_id(self._kind, values, self._lookup.ids))
        return ordered(self._kind, values)

    def _files(self) -> dict[str, bytes]:
        return files_of(self._kind, self._record, self._desk.folder, self._lookup.bodies)

    def _shown(self) -> str:
        """Return the text of each file as it will be; of a file that is there, what is added to it."""
        texts = {}
        for file, content in self._files().items():
            path = self._desk.folder / file
            known = path.stat().st_size if path.exists() else 0
            texts[file] = content[known:].decode("utf-8-sig")
        return shown(texts, self._desk.name)

    def _write(self) -> list[str]:
        desk, files = self._desk, self._files()
        write(desk.folder, desk.name, files)
        lines = written(self._kind, self._record, files, desk.name, self.voice)
        return lines + [line for line in examine(desk.folder, desk.name)[2] if line not in desk.warnings]
