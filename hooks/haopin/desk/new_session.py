"""Making one new record: its answers, the text that they make, and writing it when the clerk agrees."""

from collections.abc import Callable, Sequence
from typing import Any

from haopin.data import examine
from haopin.desk.new import kind_named, ordered, problems_of, suggested_id
from haopin.desk.new_answers import Answers, UnclearError, affirmed
from haopin.desk.new_asking import Asking
from haopin.desk.new_fields import Field, fields_of
from haopin.desk.new_files import files_of
from haopin.desk.new_given import Given
from haopin.desk.new_lookup import Lookup, fold
from haopin.desk.new_needs import completed, missing, need
from haopin.desk.opening import Desk
from haopin.desk.voice import Voice
from haopin.desk.writing import write
from haopin.problem import DataError
from haopin.records.disclosure import BATCH
from haopin.records.ledger import ENTRY
from haopin.records.publishable import Publishable
from haopin.text import Language

_RULE = "-" * 40


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
        self._fields = fields_of(self._kind.model)
        self._lookup = Lookup(desk.reading)
        self._answers = Answers(self._lookup, desk.day)
        self._given = Given(self._fields, self._answers)
        self._given.read(options)
        self._values: dict[str, Any] = {**preset, **self._given.values}

    def unasked(self) -> list[str]:
        """Write the record without a question, and return what to tell.

        Raises:
            DataError: with every answer that is missing or wrong.
        """
        record = self._record()
        wrong = [f"--set {option}: {words.show('zh')} / {words.en}" for option, words in self._given.problems]
        told = {option.partition(".")[0] for option, _ in self._given.problems}
        needed = [f for f in missing(self._kind, self._fields, self._values, self._lookup) if f.name not in told]
        if needed or wrong:
            wrong += [
                f"--set {f.name}=…: 缺少这一项\uff1a{f.label.show('zh')} / is missing: {f.label.en}" for f in needed
            ]
            raise DataError(wrong)
        found = problems_of(self._kind, record)
        if found:
            raise DataError([f"{'.'.join(map(str, p.place.path)) or '--set'}: {p.zh} / {p.en}" for p in found])
        return self._write(record)

    def dialogue(self, ask: Callable[[str], str], tell: Callable[[str], None]) -> list[str]:
        """Ask for what is not given, show the text, and write it if the clerk agrees.

        Returns:
            What to tell; nothing if nothing was written.
        """
        asking = Asking(self.voice, self._answers, ask, tell, self._desk.day.isoformat())
        tell(self.voice("新建\uff1a{title}", "New: {title}", title=self.voice.of(self._kind.title)))
        tell(
            self.voice(
                "直接回车跳过可不填的项;写错了最后可以改;按 Ctrl-C 放弃,什么都不会改。",
                "Enter skips what may be skipped; mistakes can be mended at the end; Ctrl-C gives up, and nothing changes.",
            )
        )
        for option, words in self._given.problems:
            tell(
                f"--set {option}\uff1a{self.voice.of(words)}"
                if self.voice.language == "zh"
                else f"--set {option}: {words.en}"
            )
        self._ask_all(asking)
        while True:
            record = self._record()
            wrong = [p.zh if self.voice.language == "zh" else p.en for p in problems_of(self._kind, record)]
            for line in wrong:
                tell(line)
            if not wrong:
                for file, text in self._shown(record).items():
                    tell(f"{_RULE}\n{self._desk.name}/{file}\n{_RULE}\n{text.rstrip()}")
                tell(_RULE)
            answer = ask(self._question(can_write=not wrong))
            if (field := self._field_meant(answer)) is not None:
                self._ask_again(asking, field)
                continue
            try:
                if not affirmed(answer) and fold(answer):
                    return []
                if affirmed(answer) and not wrong:
                    return self._write(record)
            except UnclearError as error:
                tell(self.voice.of(error.words))
            except DataError as error:
                tell("\n".join(error.lines))

    def _question(self, *, can_write: bool) -> str:
        if can_write:
            return self.voice(
                "写入吗?(y 写入,n 放弃,要改哪一项就写它的字段名,如 date) ",
                "Write it? (y writes, n gives up; to mend a field write its name, such as date) ",
            )
        return self.voice(
            "要改哪一项?(写字段名,如 date;n 放弃) ",
            "Which field is to be mended? (its name, such as date; n gives up) ",
        )

    def _field_meant(self, answer: str) -> Field | None:
        word = fold(answer)
        for field in self._fields:
            if word and word in (field.name, fold(field.label.zh)):
                return field
        return None

    def _ask_all(self, asking: Asking) -> None:
        for field in self._fields:
            if field.name in self._values or field.name == "approved":
                continue
            found = need(self._kind, field, self._known(), self._lookup)
            if found == "never":
                continue
            self._values[field.name] = asking.field(field, self._known(), must=found == "must")
        for field in self._fields:
            if field.name == "approved" and "approved" not in self._values:
                self._values["id"] = self._asked_id(asking)
                self._values["approved"] = asking.field(field, {}, must=False)
        if "id" not in self._values:
            self._values["id"] = self._asked_id(asking)

    def _asked_id(self, asking: Asking) -> Any:
        field = next(f for f in self._fields if f.name == "id")
        return asking.id(field, suggested_id(self._kind, self._known(), self._lookup.ids), self._lookup.ids)

    def _ask_again(self, asking: Asking, field: Field) -> None:
        """Ask for one field anew, and for what depends on it."""
        if field.name == "id":
            self._values["id"] = self._asked_id(asking)
            return
        required = field.required or need(self._kind, field, self._known(), self._lookup) == "must"
        before = self._values.pop(field.name, None)
        self._values[field.name] = asking.field(field, self._known(), must=required)
        if (
            self._kind is ENTRY
            and field.name in ("measure", "target", "corrects")
            and before != self._values[field.name]
        ):
            other = {"measure": "target", "target": "measure"}.get(field.name)
            if other and self._values[field.name]:
                self._values.pop(other, None)
            for name in ("state", "value", "unit", "covers", "corrects", "reason"):
                if name != field.name and not (field.name == "corrects" and name != "reason"):
                    self._values.pop(name, None)
            self._ask_all(asking)

    def _known(self) -> dict[str, Any]:
        return {name: value for name, value in self._values.items() if value is not None}

    def _record(self) -> dict[str, Any]:
        """Return the plain values of the record, with its id and what follows from them."""
        values = completed(self._kind, self._known(), self._lookup)
        values.setdefault("id", suggested_id(self._kind, values, self._lookup.ids))
        return ordered(self._kind, values)

    def _shown(self, record: dict[str, Any]) -> dict[str, str]:
        """Return the text of each file as it will be; of a file that is there, what is added to it."""
        shown = {}
        for file, content in files_of(self._kind, record, self._desk.folder, self._lookup.bodies).items():
            path = self._desk.folder / file
            old = path.read_bytes() if path.exists() else b""
            shown[file] = content[len(old) :].decode("utf-8-sig")
        return shown

    def _write(self, record: dict[str, Any]) -> list[str]:
        desk = self._desk
        files = files_of(self._kind, record, desk.folder, self._lookup.bodies)
        write(desk.folder, desk.name, files)
        lines = [self.voice("已写入\uff1a{file}", "Written: {file}", file=f"{desk.name}/{file}") for file in files]
        lines += [line for line in examine(desk.folder, desk.name)[2] if line not in desk.warnings]
        return lines + self._next(record)

    def _next(self, record: dict[str, Any]) -> list[str]:
        """Return what comes next."""
        lines = []
        if self._kind is BATCH:
            lines.append(
                self.voice(
                    "下一步\uff1a把抽检结果填进 {id}.csv,或用 haopin batch import 文件 --id {id} 导入。",
                    "Next: fill in {id}.csv, or import the results with haopin batch import FILE --id {id}.",
                    id=record["id"],
                )
            )
        if issubclass(self._kind.model, Publishable) and "approved" not in record:
            lines.append(
                self.voice(
                    "下一步\uff1a还没有审核,审核后在这条记录里加上 approved(role 和 date),才会公布。",
                    "Next: it is not approved yet; it is published when approved (role and date) is added to the record.",
                )
            )
        lines.append(
            self.voice(
                "下一步\uff1a运行 haopin check 检查,再生成网站。", "Next: run haopin check, then build the site."
            )
        )
        return lines
