"""Dialogue of `haopin new`: prompts for the fields, and the messages around them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from haopin.model import Kind
from haopin.model.choices import CHOICES
from haopin.model.disclosure import BATCH
from haopin.model.ledger import ENTRY
from haopin.model.news import News
from haopin.model.publishable import Publishable
from haopin.office.new.answers import Answers
from haopin.office.new.fields import Field, affirmed
from haopin.office.record_lookup import MOST, Candidate, InvalidAnswerError, is_taken
from haopin.office.terminal import COLUMNS, CommandLanguage, cut
from haopin.office.writing import QuotedText
from haopin.text import Text

# --- Prompts: label of a field, valid input, and the default

CHINESE = Text(zh="中文", en="in Chinese")
ENGLISH = Text(zh="英文,可以以后补", en="in English; may follow later")
SKIPPED = Text(zh="直接回车跳过", en="Enter skips")
OPTIONAL = Text(zh="可不填", en="may be skipped")
PARAGRAPHS = Text(zh="一行一段,写完后单独一行写 .", en="one paragraph per line; end with a line “.”")
_HINTS = {
    "reference": Text(zh="写编号或名称里的字,? 列出全部", en="an id or words of the name; ? lists all"),
    "evidence": Text(
        zh="写文号、https 网址或 evidence 里的文件名", en="a document number, an https address or a file in evidence"
    ),
    "day": Text(zh="如 2026-03-05,或写“今天”", en="such as 2026-03-05, or “today”"),
}


def hints_of(field: Field, must: bool) -> Sequence[Text]:
    """Return the hints for the input of ``field``."""
    hints = [_HINTS[field.shape]] if field.shape in _HINTS else []
    return hints if must else [*hints, OPTIONAL]


def prompt(say: CommandLanguage, label: str, hints: Sequence[Text] = (), default: str = "") -> str:
    """Format a prompt: label, hints in parentheses, and the default for Enter."""
    said = [say.of(hint) for hint in hints]
    if say.language == "zh":
        words = "\uff08" + "\uff0c".join(said) + "\uff09" if said else ""
    else:
        words = f" ({', '.join(said)})" if said else ""
    return f"{label}{words}{f' [{default}]' if default else ''}" + ("\uff1a" if say.language == "zh" else ": ")


# --- Input of the fields; an invalid answer is explained, and the prompt repeated


class Prompter:
    """Asks for the fields at a terminal."""

    def __init__(
        self,
        say: CommandLanguage,
        answers: Answers,
        ask: Callable[[str], str],
        tell: Callable[[str], None],
        today: str,
    ) -> None:
        """Store the dependencies; ``ask`` prints a prompt and returns a line, ``tell`` prints a line."""
        self._say, self._answers, self._ask, self._tell, self._today = say, answers, ask, tell, today
        self._usual_source = answers.usual_source

    def field(self, field: Field, given: Mapping[str, Any], *, must: bool) -> Any:
        """Ask for ``field``; return its plain value, or None if it was skipped."""
        if field.shape == "part" and field.name == "approved":
            return self._approval(field)
        if field.many:
            return self._many(field, given, must=must)
        if field.shape == "part":
            self._tell(self._prompt(self._say.of(field.label)))
            return self._part(field, given, must=must)
        if field.name == "source" and (usual := self._usual_source(given)) is not None:
            return self._source(field, usual, must=must)
        if field.shape in ("words", "texts"):
            return self._words(
                field, self._say.of(field.label), must=must, long=field.model is News and field.name == "text"
            )
        default = self._today if field.name == "date" else ""
        return self._leaf(field, self._say.of(field.label), given, must=must, default=default)

    def _source(self, field: Field, usual: Text, *, must: bool) -> Any:
        """Ask for the source; the default is ``usual``, the name of the body with its English."""
        label = self._say.of(field.label)
        zh = self._ask(self._prompt(label, [CHINESE], default=usual.zh)).strip()
        if not zh:
            return {"zh": QuotedText(usual.zh), "en": QuotedText(usual.en)}
        zh = self._understood(field, lambda: zh, must=must) or usual.zh
        en = self._line(field, self._prompt(label, [ENGLISH]), must=False)
        return QuotedText(zh) if en is None else {"zh": QuotedText(zh), "en": QuotedText(en)}

    def id(self, field: Field, suggested: str, taken: frozenset[str]) -> str:
        """Ask for an id that is not ``taken``; the default is ``suggested``."""
        while True:
            found = str(self._leaf(field, self._say.of(field.label), {}, must=True, default=suggested))
            if found not in taken:
                return found
            self._tell(f"  {self._say.of(is_taken(found).words)}")

    def _prompt(self, label: str, hints: Sequence[Text] = (), default: str = "") -> str:
        return prompt(self._say, label, hints, default)

    def _leaf(
        self, field: Field, label: str, given: Mapping[str, Any], *, must: bool, default: str = "", hints: bool = True
    ) -> Any:
        """Ask until the answer is valid; None if it was skipped."""
        if field.shape == "choice":
            self._tell_choices(field)
        asked = self._prompt(label, hints_of(field, must) if hints else (), default)
        listed: tuple[Candidate, ...] = ()
        while True:
            typed = self._ask(asked).strip() or default
            if not typed and not must:
                return None
            if not typed:
                self._tell(self._say("  这一项要填", "  this is required"))
                continue
            if field.shape == "choice" and typed in ("?", "\uff1f"):
                self._tell_choices(field)
                continue
            try:
                value = self._answers.value(field, typed, given, listed)
            except InvalidAnswerError as error:
                listed = error.matches[:MOST]
                self._tell(f"  {self._say.of(error.words)}")
                self._list(listed, len(error.matches))
                continue
            if field.shape == "reference" and value != typed:
                self._tell(f"  → {value}")
            return value

    def _tell_choices(self, field: Field) -> None:
        words = CHOICES[field.model, field.name]
        for number, name in enumerate(field.choices, start=1):
            self._tell(f"  {number}. {self._say.of(words[name])}")

    def _list(self, candidates: Sequence[Candidate], total: int) -> None:
        for number, candidate in enumerate(candidates, start=1):
            self._tell("  " + cut(f"{number}. {candidate.id} {self._say.of(candidate.name)}", COLUMNS - 2))
        if total > len(candidates):
            more = total - len(candidates)
            self._tell(self._say("  还有 {n} 个,请多写几个字", "  {n} more; write more words", n=more))

    def _words(self, field: Field, label: str, *, must: bool, long: bool = False) -> Any:
        """Ask for a text in both languages; the English may be skipped."""
        if long:
            zh, en = self._lines(field, label, CHINESE, must=True), self._lines(field, label, ENGLISH, must=False)
        else:
            zh = self._line(field, self._prompt(label, [CHINESE] if must else [CHINESE, OPTIONAL]), must=must)
            en = self._line(field, self._prompt(label, [ENGLISH]), must=False) if zh else None
        if zh is None:
            return None
        return QuotedText(zh) if en is None else {"zh": QuotedText(zh), "en": QuotedText(en)}

    def _line(self, field: Field, asked: str, *, must: bool) -> str | None:
        return self._understood(field, lambda: self._ask(asked).strip(), must=must)

    def _lines(self, field: Field, label: str, language: Text, *, must: bool) -> str | None:
        """Ask for paragraphs, one per line, ended by a line with only a full stop."""
        self._tell(self._prompt(label, [language, PARAGRAPHS] if must else [language, SKIPPED, PARAGRAPHS]))

        def typed() -> str:
            lines: list[str] = []
            while (line := self._ask("  ").rstrip()) not in (".", "。"):
                if not line and not lines and not must:
                    # Enter skips an optional text, as in other fields.
                    return ""
                lines.append(line)
            return paragraphs(lines)

        return self._understood(field, typed, must=must)

    def _understood(self, field: Field, ask: Callable[[], str], *, must: bool) -> str | None:
        """Ask until the text is valid; None if it was skipped."""
        while True:
            typed = ask()
            if not typed and not must:
                return None
            try:
                if typed:
                    return str(self._answers.value(field, typed, {}))
                self._tell(self._say("  这一项要填", "  this is required"))
            except InvalidAnswerError as error:
                self._tell(f"  {self._say.of(error.words)}")

    def _many(self, field: Field, given: Mapping[str, Any], *, must: bool) -> Any:
        """Ask for items until one is skipped."""
        label = self._say.of(field.label)
        items: list[Any] = []
        self._tell(self._say("{label}:一次写一项,直接回车结束", "{label}: one at a time; Enter ends", label=label))
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
                self._tell(self._say("  这一项已经有了", "  this is already in the list"))
                continue
            items.append(item)

    def _part(self, field: Field, given: Mapping[str, Any], *, must: bool) -> Any:
        """Ask for the fields of a part; if the first is skipped, the part is."""
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
            typed = self._ask(self._say("现在就审核通过吗?(y/n)[n] ", "Approve it now? (y/n) [n] "))
            try:
                if not affirmed(typed):
                    return None
                required = tuple(part for part in field.parts if part.required)
                return self._part(replace(field, parts=required), {}, must=True)
            except InvalidAnswerError as error:
                self._tell(f"  {self._say.of(error.words)}")


def paragraphs(lines: Sequence[str]) -> str:
    """Convert typed ``lines`` to Markdown: one paragraph per line, unless there are blank lines already."""
    text = "\n".join(lines).strip()
    return text if "\n\n" in text else text.replace("\n", "\n\n")


# --- Messages before and after the fields

_RULE = "-" * 40


def greeting(kind: Kind, say: CommandLanguage) -> str:
    """Return the introduction."""
    return say(
        "新建:{title}\n直接回车跳过可不填的项;写错了最后可以改;按 Ctrl-C 放弃,什么都不会改。",
        "New: {title}\nEnter skips an optional field; mistakes can be corrected at the end; Ctrl-C cancels.",
        title=say.of(kind.title),
    )


def shown(files: Mapping[str, str], name: str) -> str:
    """Format the text that will be written to each of ``files`` in the data folder ``name``."""
    texts = [f"{_RULE}\n{name}/{file}\n{_RULE}\n{text.rstrip()}" for file, text in files.items()]
    return "\n".join([*texts, _RULE])


def question(say: CommandLanguage, *, whole: bool) -> str:
    """Return the final prompt: whether to write, or if there are errors, which field to correct."""
    if whole:
        return say(
            "写入吗?(y 写入,n 放弃,要改哪一项就写它的字段名,如 date) ",
            "Write it? (y writes, n cancels; to correct a field, type its name, such as date) ",
        )
    return say(
        "要改哪一项?(写字段名,如 date;n 放弃) ",
        "Which field is to be corrected? (type its name, such as date; n cancels) ",
    )


def written(
    kind: Kind, record: Mapping[str, Any], files: Mapping[str, bytes], name: str, say: CommandLanguage
) -> list[str]:
    """Return the messages after writing ``record``: its files, and the next steps."""
    lines = [say("已写入:{file}", "Written: {file}", file=f"{name}/{file}") for file in files]
    steps = []
    if kind is BATCH:
        steps.append(
            say(
                "把抽检结果填进 {id}.csv,或运行 haopin batch import 表格文件 --id {id}",
                "fill in {id}.csv, or run haopin batch import FILE --id {id}",
                id=record["id"],
            )
        )
    if issubclass(kind.model, Publishable) and "approved" not in record:
        steps.append(
            say(
                "审核:运行 haopin approve {name},审核以后才公布",
                "approval: run haopin approve {name}; it is published once approved",
                name=f"{kind.name}/{record['id']}",
            )
        )
    steps.append(say("运行 haopin check,再生成网站", "run haopin check, then build the site"))
    if kind is ENTRY:
        steps.append(
            say(
                "审核以后这条记录不可改动,更正请另写一条;审核以前写错了可以直接改",
                "an approved entry must not be changed, only corrected by another; before approval, edit it",
            )
        )
    head = say("接下来:", "Next steps:")
    return [*lines, head, *(f"  {number}. {step}" for number, step in enumerate(steps, start=1))]
