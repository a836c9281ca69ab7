"""The dialogue in which a clerk answers field by field: what is wrong is explained and asked again."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from haopin.desk.new_answers import Answers
from haopin.desk.new_choices import affirmed
from haopin.desk.new_fields import Field
from haopin.desk.new_lookup import Candidate
from haopin.desk.new_prompts import CHINESE, ENGLISH, OPTIONAL, PARAGRAPHS, SKIPPED, hints_of, prompt
from haopin.desk.new_unclear import MOST, UnclearError, is_taken
from haopin.desk.voice import Voice
from haopin.desk.width import COLUMNS, cut
from haopin.desk.yamltext import Words
from haopin.records.choices import CHOICES
from haopin.records.news import News
from haopin.text import Text


class Asking:
    """Asks at a terminal."""

    def __init__(
        self, voice: Voice, answers: Answers, ask: Callable[[str], str], tell: Callable[[str], None], today: str
    ) -> None:
        """Keep what the dialogue needs; ``ask`` prints a prompt and returns a line, ``tell`` prints a line."""
        self._voice, self._answers, self._ask, self._tell, self._today = voice, answers, ask, tell, today
        self._usual_source = answers.usual_source

    def field(self, field: Field, given: Mapping[str, Any], *, must: bool) -> Any:
        """Return the plain value of ``field``; None if it was skipped."""
        if field.shape == "part" and field.name == "approved":
            return self._approval(field)
        if field.many:
            return self._many(field, given, must=must)
        if field.shape == "part":
            self._tell(self._prompt(self._voice.of(field.label)))
            return self._part(field, given, must=must)
        if field.name == "source" and (usual := self._usual_source(given)) is not None:
            return self._source(field, usual, must=must)
        if field.shape in ("words", "texts"):
            return self._words(
                field, self._voice.of(field.label), must=must, long=field.model is News and field.name == "text"
            )
        default = self._today if field.name == "date" else ""
        return self._leaf(field, self._voice.of(field.label), given, must=must, default=default)

    def _source(self, field: Field, usual: Text, *, must: bool) -> Any:
        """Ask for the source; Enter takes the ``usual`` one, the body of the record, with its English."""
        label = self._voice.of(field.label)
        zh = self._ask(self._prompt(label, [CHINESE], default=usual.zh)).strip()
        if not zh:
            return {"zh": Words(usual.zh), "en": Words(usual.en)}
        zh = self._understood(field, lambda: zh, must=must) or usual.zh
        en = self._line(field, self._prompt(label, [ENGLISH]), must=False)
        return Words(zh) if en is None else {"zh": Words(zh), "en": Words(en)}

    def id(self, field: Field, suggested: str, taken: frozenset[str]) -> str:
        """Return an id that is not ``taken``: the ``suggested`` one, or another of the right form."""
        while True:
            found = str(self._leaf(field, self._voice.of(field.label), {}, must=True, default=suggested))
            if found not in taken:
                return found
            self._tell(f"  {self._voice.of(is_taken(found).words)}")

    def _prompt(self, label: str, hints: Sequence[Text] = (), default: str = "") -> str:
        return prompt(self._voice, label, hints, default)

    def _leaf(
        self, field: Field, label: str, given: Mapping[str, Any], *, must: bool, default: str = "", hints: bool = True
    ) -> Any:
        """Ask until the answer is understood; None if it was skipped."""
        if field.shape == "choice":
            self._tell_choices(field)
        asked = self._prompt(label, hints_of(field, must) if hints else (), default)
        listed: tuple[Candidate, ...] = ()
        while True:
            typed = self._ask(asked).strip() or default
            if not typed and not must:
                return None
            if not typed:
                self._tell(self._voice("  这一项要填", "  this is needed"))
                continue
            if field.shape == "choice" and typed in ("?", "\uff1f"):
                self._tell_choices(field)
                continue
            try:
                value = self._answers.value(field, typed, given, listed)
            except UnclearError as error:
                listed = error.matches[:MOST]
                self._tell(f"  {self._voice.of(error.words)}")
                self._list(listed, len(error.matches))
                continue
            if field.shape == "reference" and value != typed:
                self._tell(f"  → {value}")
            return value

    def _tell_choices(self, field: Field) -> None:
        words = CHOICES[field.model, field.name]
        for number, name in enumerate(field.choices, start=1):
            self._tell(f"  {number}. {self._voice.of(words[name])}")

    def _list(self, candidates: Sequence[Candidate], total: int) -> None:
        for number, candidate in enumerate(candidates, start=1):
            self._tell("  " + cut(f"{number}. {candidate.id} {self._voice.of(candidate.name)}", COLUMNS - 2))
        if total > len(candidates):
            more = total - len(candidates)
            self._tell(self._voice("  还有 {n} 个,请多写几个字", "  {n} more; write more words", n=more))

    def _words(self, field: Field, label: str, *, must: bool, long: bool = False) -> Any:
        """Ask for a text in both languages; the English may wait."""
        if long:
            zh, en = self._lines(field, label, CHINESE, must=True), self._lines(field, label, ENGLISH, must=False)
        else:
            zh = self._line(field, self._prompt(label, [CHINESE] if must else [CHINESE, OPTIONAL]), must=must)
            en = self._line(field, self._prompt(label, [ENGLISH]), must=False) if zh else None
        if zh is None:
            return None
        return Words(zh) if en is None else {"zh": Words(zh), "en": Words(en)}

    def _line(self, field: Field, asked: str, *, must: bool) -> str | None:
        return self._understood(field, lambda: self._ask(asked).strip(), must=must)

    def _lines(self, field: Field, label: str, language: Text, *, must: bool) -> str | None:
        """Ask for paragraphs, a line each, up to a line with a full stop only."""
        self._tell(self._prompt(label, [language, PARAGRAPHS] if must else [language, SKIPPED, PARAGRAPHS]))

        def typed() -> str:
            lines: list[str] = []
            while (line := self._ask("  ").rstrip()) not in (".", "。"):
                if not line and not lines and not must:
                    # What may be skipped is skipped by Enter, here as everywhere.
                    return ""
                lines.append(line)
            return paragraphs(lines)

        return self._understood(field, typed, must=must)

    def _understood(self, field: Field, ask: Callable[[], str], *, must: bool) -> str | None:
        """Ask until a text is understood; None if it was skipped."""
        while True:
            typed = ask()
            if not typed and not must:
                return None
            try:
                if typed:
                    return str(self._answers.value(field, typed, {}))
                self._tell(self._voice("  这一项要填", "  this is needed"))
            except UnclearError as error:
                self._tell(f"  {self._voice.of(error.words)}")

    def _many(self, field: Field, given: Mapping[str, Any], *, must: bool) -> Any:
        """Ask for items until one is skipped."""
        label = self._voice.of(field.label)
        items: list[Any] = []
        self._tell(self._voice("{label}:一次写一项,直接回车结束", "{label}: one at a time; Enter ends", label=label))
        while True:
            needed = must and not items
            number = f"  {len(items) + 1}."
            item: Any
            if field.shape == "part":
                item = self._part(field, given, must=needed)
            elif field.shape == "words":
                item = self._words(field, number, must=needed)
            else:
                item = self._leaf(field, number, given, must=needed, hints=not items)
            if item is None:
                return items or None
            if item in items:
                self._tell(self._voice("  这一项已经有了", "  this is there already"))
                continue
            items.append(item)

    def _part(self, field: Field, given: Mapping[str, Any], *, must: bool) -> Any:
        """Ask for the fields of a part; skipping the first skips the part."""
        found: dict[str, Any] = {}
        for index, part in enumerate(field.parts):
            value = self.field(part, given, must=must if index == 0 else part.required)
            if value is not None:
                found[part.name] = value
            elif index == 0:
                return None
        return found

    def _approval(self, field: Field) -> Any:
        while True:
            typed = self._ask(self._voice("现在就审核通过吗?(y/n)[n] ", "Approve it now? (y/n) [n] "))
            try:
                if not affirmed(typed):
                    return None
                return self._part(field, {}, must=True)
            except UnclearError as error:
                self._tell(f"  {self._voice.of(error.words)}")


def paragraphs(lines: Sequence[str]) -> str:
    """Return typed ``lines`` as Markdown: a paragraph each, or as they are where blank lines part them already."""
    text = "\n".join(lines).strip()
    return text if "\n\n" in text else text.replace("\n", "\n\n")
