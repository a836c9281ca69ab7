"""Edits to a project at random, as clerks, editors and engineers make them."""

import random
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

_DAY = re.compile(r"\b20[0-9]{2}-[0-9]{2}-[0-9]{2}\b")
_WORDS = re.compile(r"((?:^|[{\s])(?:zh|en): )([^\"'>|{\[\s][^,}\n]*)")
_ITEM = re.compile(r"^- ", re.MULTILINE)


class Project:
    """A project that is edited; `edited` restores it if the edit is refused.

    Attributes:
        folder: The project, with a copy of the program in ``hooks``.
        day: The date of its pages.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        """Edit ``folder`` in the order of ``seed``."""
        self.folder, self.day, self.samples = folder, date(2030, 2, 1), False
        self._random = random.Random(seed)
        self._kinds: list[Callable[[], str]] = [
            *[self._words] * 6,
            *[self._date] * 2,
            *[self._delete] * 2,
            *[self._copy] * 2,
            self._rename,
            self._reorder,
            self._drop_field,
            *[self._another_day] * 2,
            self._withdraw,
            self._label,
            self._template,
            self._page,
            self._kind,
            self._mode,
            self._damage,
        ]

    @contextmanager
    def edited(self) -> Iterator[str]:
        """Make an edit; yield what was done. An exception in the block takes it back."""
        before, day, samples = self.folder.with_name("before"), self.day, self.samples
        shutil.rmtree(before, ignore_errors=True)
        before.mkdir()
        for name in ("data", "docs", "hooks"):
            shutil.copytree(self.folder / name, before / name)
        try:
            yield self._random.choice(self._kinds)()
        except BaseException:
            self.day, self.samples = day, samples
            for name in ("data", "docs", "hooks"):
                shutil.rmtree(self.folder / name)
                shutil.copytree(before / name, self.folder / name)
            raise

    def _files(self, pattern: str = "data/**/*.yml") -> list[Path]:
        return sorted(file for file in self.folder.glob(pattern) if file.is_file())

    def _change(self, file: Path, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str]) -> str:
        text = file.read_text("utf-8")
        found = list(pattern.finditer(text))
        if not found:
            return f"nothing in {file.name}"
        match = self._random.choice(found)
        file.write_text(text[: match.start()] + new(match) + text[match.end() :], encoding="utf-8")
        return f"{file.relative_to(self.folder)}: {match[0]!r}"

    def _words(self) -> str:
        more = self._random.choice(["改", "（二）", " A&B", "<i>", "质量月", "12345"])
        files = [file for file in self._files() if "documents" not in file.parts]
        return self._change(self._random.choice(files), _WORDS, lambda found: f"{found[1]}{found[2].rstrip()}{more}")

    def _date(self) -> str:
        def moved(found: re.Match[str]) -> str:
            return (
                date.fromisoformat(found[0]) + timedelta(self._random.choice([-400, -30, -1, 1, 20, 370]))
            ).isoformat()

        return self._change(self._random.choice(self._files()), _DAY, moved)

    def _items(self, file: Path) -> list[str]:
        text = file.read_text("utf-8")
        starts = [match.start() for match in _ITEM.finditer(text)]
        return (
            [text[: starts[0]], *(text[a:b] for a, b in zip(starts, [*starts[1:], None], strict=True))]
            if starts
            else []
        )

    def _lists(self) -> list[Path]:
        return [file for file in self._files() if len(self._items(file)) > 2]

    def _delete(self) -> str:
        if self._random.random() < 0.4:
            files = self._files("data/news/*.md") + self._files("data/events/*.yml") + self._files("data/tasks/*.yml")
            if files:
                file = self._random.choice(files)
                file.unlink()
                return f"delete {file.name}"
        file = self._random.choice(self._lists())
        head, *items = self._items(file)
        gone = items.pop(self._random.randrange(len(items)))
        file.write_text(head + "".join(items), encoding="utf-8")
        return f"delete from {file.name}: {gone[:30]!r}"

    def _copy(self) -> str:
        number = self._random.randrange(10**6)
        if self._random.random() < 0.4:
            file = self._random.choice(self._files("data/news/*.zh.md") + self._files("data/events/*.yml"))
            name = f"{file.name.partition('.')[0]}-{number}"
            copy = file.with_name(f"{name}.{file.name.partition('.')[2]}")
            text = re.sub(r"^id: .*$", f"id: {name}", file.read_text("utf-8"), count=1, flags=re.MULTILINE)
            copy.write_text(text, encoding="utf-8")
            return f"copy {file.name}"
        file = self._random.choice(self._lists())
        item = self._random.choice(self._items(file)[1:])
        new = re.sub(r"^- id: (\S+)$", rf"- id: \1-{number}", item, count=1, flags=re.MULTILINE)
        file.write_text(file.read_text("utf-8").rstrip("\n") + "\n" + new, encoding="utf-8")
        return f"copy in {file.name}: {item[:30]!r}"

    def _rename(self) -> str:
        pattern = re.compile(r"^(- id: )([a-z0-9-]+)$", re.MULTILINE)
        return self._change(self._random.choice(self._lists()), pattern, lambda found: f"{found[1]}{found[2]}-x")

    def _reorder(self) -> str:
        file = self._random.choice(self._lists())
        head, *items = [item if item.endswith("\n") else f"{item}\n" for item in self._items(file)]
        self._random.shuffle(items)
        file.write_text(("" if head == "\n" else head) + "".join(items), encoding="utf-8")
        return f"reorder {file.name}"

    def _drop_field(self) -> str:
        pattern = re.compile(r"^ +[a-z_]+: \S.*\n", re.MULTILINE)
        return self._change(self._random.choice(self._files()), pattern, lambda _: "")

    def _another_day(self) -> str:
        self.day += timedelta(self._random.choice([1, 1, 1, 7, 31, 200, -3, -40]))
        self.day = max(self.day, date(2029, 6, 1))
        return f"day {self.day}"

    def _withdraw(self) -> str:
        names = [f"news/{file.name.partition('.')[0]}" for file in self._files("data/news/*.md")]
        names += [f"event/{file.stem}" for file in self._files("data/events/*.yml")]
        name, number = self._random.choice(names), self._random.randrange(10**6)
        with (self.folder / "data/withdrawals.yml").open("a", encoding="utf-8") as file:
            file.write(f"- id: w-{number}\n  date: 2030-01-31\n  reason: error\n  record: {name}\n")
        return f"withdraw {name}"

    def _label(self) -> str:
        pattern = re.compile(r"(?<=\{zh: )([^,{}\"']+)(?=, en:)")
        return self._change(self.folder / "hooks/haopin/labels.yml", pattern, lambda found: f"{found[0]}改")

    def _template(self) -> str:
        file = self._random.choice(self._files("hooks/haopin/templates/**/*.html"))
        return self._change(file, re.compile(r"</(?:p|h2|li|td)>"), lambda found: f"<b>x</b>{found[0]}")

    def _page(self) -> str:
        file = self._random.choice(self._files("docs/**/*.md"))
        with file.open("a", encoding="utf-8") as opened:
            opened.write("\n改\n")
        return f"page {file.name}"

    def _kind(self) -> str:
        names = ("recalls.yml", "policies.yml", "standards.yml", "needs.yml", "photographs.yml", "synonyms.yml")
        file = self.folder / "data" / self._random.choice(names)
        kept = self.folder / f"kept-{file.name}"
        if file.exists():
            file.rename(kept)
        elif kept.exists():
            kept.rename(file)
        return f"all of {file.name}"

    def _mode(self) -> str:
        self.samples = not self.samples
        return f"samples {self.samples}"

    def _damage(self) -> str:
        file = self._random.choice([path for path in sorted((self.folder / "site").rglob("*")) if path.is_file()])
        file.write_bytes(file.read_bytes()[:-1] + b"?")
        return f"damage {file.relative_to(self.folder)}"
