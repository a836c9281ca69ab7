"""What the office has done to the data: each step of saving, its contents before and after, undo and restore.

Plain copies in `.desk/`, so that it works without git: contents by their digest, and a log with one line of JSON for
each step. In a repository each step is a commit of exactly its files as well, and earlier commits are history, too.
Old steps are dropped by the rule of `Steps.shrink`; commits stay.
"""

import difflib
import json
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from hashlib import sha256
from pathlib import Path

from haopin.files import atomic_write
from haopin.git import in_repository, run_git, try_git
from haopin.load import yamlfile
from haopin.model.publishable import WITHDRAWAL
from haopin.office.desk_folder import desk_folder, prepared
from haopin.office.raw import RawFolder
from haopin.problem import ConfigurationError, Problem
from haopin.text import Text

#: New content of files by path below the data folder, with ``/``; None deletes the file.
Changes = Mapping[str, bytes | None]


def digest(content: bytes | None) -> str | None:
    """Return the SHA-256 of a file's content, in hexadecimal digits; None for a file that does not exist."""
    return None if content is None else sha256(content).hexdigest()


def contents_of(folder: Path, files: Sequence[str] | Changes) -> dict[str, bytes | None]:
    """Read ``files`` of the data ``folder``; None for those that do not exist."""
    return {file: path.read_bytes() if (path := folder / file).is_file() else None for file in files}


class ChangedMeanwhileError(ConfigurationError):
    """Files were changed by someone else since they were read.

    Attributes:
        files: Content now, and the content that was to be written, by path below the data folder.
    """

    def __init__(self, files: Mapping[str, tuple[bytes | None, bytes | None]]) -> None:
        """Store ``files``; the message names them."""
        self.files = files
        listed = ", ".join(files)
        super().__init__(
            f"文件已被别人改动，没有写入：{listed} / changed by someone else meanwhile, nothing was written: {listed}"
        )


# --- Contents by digest


@dataclass(frozen=True)
class ContentStore:
    """Contents of files, each in a file named by its digest.

    Attributes:
        folder: The folder of these files; need not exist.
    """

    folder: Path

    def keep(self, content: bytes | None) -> str | None:
        """Store ``content`` unless it is there already, and return its digest.

        Raises:
            OSError: if it cannot be written.
        """
        name = digest(content)
        if name is not None and content is not None and self.get(name) is None:
            atomic_write(self._path(name), content, durable=True)
        return name

    def get(self, name: str | None) -> bytes | None:
        """Return the content with the digest ``name``; None if it is missing or damaged."""
        if name is None or not (path := self._path(name)).is_file():
            return None
        content = path.read_bytes()
        return content if digest(content) == name else None

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name


# --- Steps


@dataclass(frozen=True)
class Note:
    """What the log says of a step: who, when, and what in plain words."""

    clerk: str
    sentence: Text
    time: datetime


@dataclass(frozen=True)
class Step:
    """A step of saving.

    Attributes:
        number: 1, 2, 3 …
        note: Who, when, and what in plain words.
        files: Digest before and after by path below the data folder; None where the file did not exist.
        commit: Hash of its commit; None if there is none.
    """

    number: int
    note: Note
    files: Mapping[str, tuple[str | None, str | None]]
    commit: str | None = None


@dataclass(frozen=True)
class Version:
    """The files of a record as they were after a step or a commit.

    Attributes:
        key: Number of the step (with a 0 before it: the state before that step), or hash of the commit.
        note: Who, when and what; of a commit, its author and message.
        contents: Content of each file; None where it did not exist.
    """

    key: str
    note: Note
    contents: Changes


def as_json(note: Note) -> dict[str, object]:
    """Return a note as JSON values."""
    return {
        "time": note.time.isoformat(),
        "clerk": note.clerk,
        "zh": note.sentence.zh,
        "en": note.sentence.en,
    }


def from_json(value: Mapping[str, str | None]) -> Note:
    """Return the note in JSON values.

    Raises:
        KeyError, TypeError, ValueError: if they are none.
    """
    sentence = Text(zh=str(value["zh"]), en=value.get("en"))
    return Note(str(value["clerk"]), sentence, datetime.fromisoformat(str(value["time"])))


#: Headings of `Steps.as_rows`, Chinese and English.
LOG_HEADINGS = (
    ("序号", "No."),
    ("时间", "Time"),
    ("经办人", "Clerk"),
    ("操作", "What was done"),
    ("文件", "File"),
    ("改动前", "Before"),
    ("改动后", "After"),
)
#: The newest steps are always kept; with the older ones, `MOST_STEPS` at most, for `KEPT_FOR` at most.
ALWAYS_KEPT, MOST_STEPS, KEPT_FOR = 200, 2_000, timedelta(days=730)
#: Longest text of a cell of the log, in characters: spreadsheets take 32,767.
_LONGEST = 32_000


class Steps:
    """The log of a data folder."""

    def __init__(self, folder: Path) -> None:
        """Use the log of the data ``folder``; nothing is read or written yet."""
        self.folder = folder
        self._place = desk_folder(folder) / "history"
        self.contents = ContentStore(self._place / "contents")

    @property
    def _log(self) -> Path:
        return self._place / "steps.jsonl"

    # Writing

    def record(self, changes: Changes, before: Changes, note: Note) -> Step:
        """Append a step to the log; `writing.write` does so when all files are written.

        Raises:
            OSError: if it cannot be written.
        """
        files = {file: (self.contents.keep(before[file]), self.contents.keep(changes[file])) for file in changes}
        step = Step(self.last_number() + 1, note, files)
        self.append(step)
        return step

    def append(self, step: Step) -> None:
        """Append ``step``, whose contents are stored, unless it is the last one already.

        Raises:
            OSError: if it cannot be written.
        """
        if any(one.number == step.number for one in self.all()):
            return
        self._write_line({"number": step.number, **as_json(step.note), "files": step.files})
        with suppress(OSError):  # Then the next step tries again.
            self.shrink(step.note.time)

    def shrink(self, now: datetime) -> None:
        """Drop steps that are no longer kept, and the contents that no other step has.

        Kept are the newest `ALWAYS_KEPT`. Of the others, those that are among the newest `MOST_STEPS`, younger than
        `KEPT_FOR`, and later than the last withdrawal in the data: contents from before have the name unstruck. The
        caller holds the lock of the folder.

        Raises:
            OSError: if a file cannot be written or deleted; what is left is dropped by the next call.
        """
        steps = self.all()
        older, kept = steps[:-ALWAYS_KEPT], steps[-ALWAYS_KEPT:]
        if not older:
            return
        withdrawals = RawFolder(self.folder, (WITHDRAWAL,)).records(WITHDRAWAL)
        last = max((str(each.values.get("date")) for each in withdrawals if not each.sample), default="")
        kept += [
            step
            for step in older[-(MOST_STEPS - ALWAYS_KEPT) :]
            if now.astimezone(UTC) - step.note.time.astimezone(UTC) < KEPT_FOR
            and step.note.time.date().isoformat() > last
        ]
        if len(kept) < len(steps):
            numbers = {step.number for step in kept}
            lines = (line for line in self._log.read_bytes().splitlines() if _number_of(line) in numbers)
            atomic_write(self._log, b"".join(line + b"\n" for line in lines), durable=True)
        names = {name for step in kept for pair in step.files.values() for name in pair}
        for path in self.contents.folder.glob("*/*"):
            if path.name not in names:
                path.unlink()

    def last_number(self) -> int:
        """Return the number of the last step; 0 if there is none."""
        return max((step.number for step in self.all()), default=0)

    def commit(self, step: Step) -> tuple[Step, list[str]]:
        """Commit exactly the files of ``step`` if the data folder is in a repository.

        Returns:
            The step with its commit, and a warning if git refused: the files stay written.
        """
        if not in_repository(self.folder.resolve()):
            return step, []
        commit, refused = _commit(self.folder, step)
        if refused is not None:
            return step, [f"已保存，但没有提交到 git：{refused} / saved, but not committed to git: {refused}"]
        if commit is not None:
            with suppress(OSError):  # Then the commit is listed as one made without this program.
                self._write_line({"number": step.number, "commit": commit})
        return replace(step, commit=commit), []

    def _write_line(self, value: Mapping[str, object]) -> None:
        prepared(self.folder)
        self._place.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab+") as log:
            # A power cut may have left half a line.
            if log.seek(0, os.SEEK_END):
                log.seek(-1, os.SEEK_END)
                torn = log.read(1) != b"\n"
            else:
                torn = False
            line = json.dumps(value, ensure_ascii=False).encode() + b"\n"
            log.write(b"\n" + line if torn else line)
            log.flush()
            os.fsync(log.fileno())

    # Reading

    def all(self) -> list[Step]:
        """Return all steps, oldest first; lines that a power cut broke are left out."""
        if not self._log.is_file():
            return []
        steps: dict[int, Step] = {}
        for line in self._log.read_bytes().splitlines():
            try:
                value = json.loads(line)
                number = int(value["number"])
                if "commit" in value:
                    steps[number] = replace(steps[number], commit=str(value["commit"]))
                else:
                    files = {str(file): (pair[0], pair[1]) for file, pair in value["files"].items()}
                    steps[number] = Step(number, from_json(value), files)
            except (ValueError, KeyError, TypeError, IndexError, AttributeError):
                continue
        return [steps[number] for number in sorted(steps)]

    def recent(self, limit: int | None = None) -> list[Step]:
        """Return the last ``limit`` steps, or all of them, newest first."""
        return self.all()[::-1][:limit]

    def step(self, number: int) -> Step:
        """Return a step.

        Raises:
            ConfigurationError: if there is none with that number.
        """
        for step in self.all():
            if step.number == number:
                return step
        raise ConfigurationError(f"没有第 {number} 步 / there is no step {number}")

    def content(self, name: str | None) -> bytes | None:
        """Return the content with the digest ``name``; None for None.

        Raises:
            ConfigurationError: if it is not in the history any more.
        """
        found = self.contents.get(name)
        if name is not None and found is None:
            raise ConfigurationError(
                f"历史记录里缺少这份内容（{name[:12]}） / this content is missing from the history ({name[:12]})"
            )
        return found

    def undo(self, number: int) -> dict[str, bytes | None]:
        """Return the changes that undo a step.

        Raises:
            ChangedMeanwhileError: if a file was changed after the step; has both contents.
            ConfigurationError: if there is no such step, or the history is damaged.
        """
        files = self.step(number).files
        now = contents_of(self.folder, tuple(files))
        wanted = {file: self.content(before) for file, (before, _) in files.items()}
        changed = {
            file: (now[file], wanted[file])
            for file, (before, after) in files.items()
            if digest(now[file]) not in (before, after)
        }
        if changed:
            raise ChangedMeanwhileError(changed)
        return {file: content for file, content in wanted.items() if content != now[file]}

    # History of a record

    def of_files(self, files: Sequence[str], limit: int = 50) -> list[Version]:
        """Return earlier and present versions of the files of a record, newest first.

        Versions before the first step come from git. The first version is what the files have now, unless somebody
        changed them without this program and without a commit.

        Args:
            files: Paths below the data folder.
            limit: Largest number of versions.
        """
        steps = [step for step in self.all() if set(files) & set(step.files)]
        now = contents_of(self.folder, files)
        # The files before the first step that touched them, and then after each step.
        state = {file: digest(content) for file, content in now.items()}
        for step in reversed(steps):
            state |= {file: step.files[file][0] for file in files if file in step.files}
        known = {digest(content): content for content in now.values()}
        found = []
        if steps:
            first = steps[0]
            sentence = Text(zh=f"第 {first.number} 步之前", en=f"Before step {first.number}")
            found.append((f"0{first.number}", replace(first.note, clerk="", sentence=sentence), dict(state)))
        for step in steps:
            state |= {file: step.files[file][1] for file in files if file in step.files}
            found.append((str(step.number), step.note, dict(state)))
        versions = []
        for key, note, digests in found[::-1][:limit]:
            contents = {file: known.get(name) or self.contents.get(name) for file, name in digests.items()}
            # Without one that is damaged, and the state before the first step if there was none.
            if all(digest(contents[file]) == name for file, name in digests.items()) and any(digests.values()):
                versions.append(Version(key, note, contents))
        own = {step.commit for step in steps}
        earlier = [one for one in _commits(self.folder, files, limit + len(own)) if one.key not in own]
        if earlier:
            versions = [one for one in versions if not one.key.startswith("0")]
        return sorted((*versions, *earlier), key=lambda version: version.note.time, reverse=True)[:limit]

    def restore(self, files: Sequence[str], key: str) -> dict[str, bytes | None]:
        """Return the changes that give ``files`` their content of the version ``key`` of `of_files`.

        Raises:
            ConfigurationError: if there is no such version.
        """
        for version in self.of_files(files, limit=1000):
            if version.key == key:
                now = contents_of(self.folder, files)
                return {file: content for file, content in version.contents.items() if content != now[file]}
        raise ConfigurationError(f"没有这个版本：{key} / there is no version {key}")

    # The log as a table

    def as_rows(self, zone: tzinfo) -> Iterator[tuple[int, str, str, str, str, str, str]]:
        """Yield the rows of the log below `LOG_HEADINGS`, oldest first: one for each file of a step.

        Before and after are the lines that differ. They are as written: write them into cells as text, never as
        formulas.

        Args:
            zone: Time zone of the times.
        """
        for step in self.all():
            time = step.note.time.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
            if not step.files:
                # A release or a rollback.
                yield step.number, time, step.note.clerk, step.note.sentence.zh, "", "", ""
            for file, (before, after) in step.files.items():
                old, new = different_lines(self.contents.get(before), self.contents.get(after))
                yield step.number, time, step.note.clerk, step.note.sentence.zh, file, old, new


def _number_of(line: bytes) -> int | None:
    """Return the number of the step that a line of the log is about; None for a broken line."""
    try:
        return int(json.loads(line)["number"])
    except (ValueError, KeyError, TypeError):
        return None


def different_lines(before: bytes | None, after: bytes | None) -> tuple[str, str]:
    """Return the lines of two contents that differ, up to `_LONGEST` characters; of other files, their sizes."""
    old, new = (yamlfile.decode(content or b"", "") for content in (before, after))
    if isinstance(old, Problem) or isinstance(new, Problem):
        first, second = ("" if one is None else f"{len(one):,} B" for one in (before, after))
        return first, second
    first_lines, second_lines = old.splitlines(), new.splitlines()
    gone, added = [], []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, first_lines, second_lines, autojunk=False).get_opcodes():
        if kind != "equal":
            gone += first_lines[a:b]
            added += second_lines[c:d]
    return "\n".join(gone)[:_LONGEST], "\n".join(added)[:_LONGEST]


# --- Git

#: Address of a clerk in commits: git wants one.
_ADDRESS = "desk@localhost"
#: Characters that git takes out of names, or that end one.
_CRUD = re.compile(r"[<>]")


def author(clerk: str) -> str:
    """Return the name of ``clerk`` for a commit, without what git does not take in a name."""
    visible = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in clerk)
    name = " ".join(_CRUD.sub("", visible).split()).strip(".,:;\"'\\ ")
    return name or "desk"


def _commit(folder: Path, step: Step) -> tuple[str | None, str | None]:
    """Commit the files of ``step``, leaving alone whatever else is staged.

    Returns:
        The hash of the commit, and the reason why there is none; neither if there is nothing to commit.
    """
    name = author(step.note.clerk)
    who = {
        f"GIT_{role}_{field}": value
        for role in ("AUTHOR", "COMMITTER")
        for field, value in (("NAME", name), ("EMAIL", _ADDRESS))
    } | {"GIT_AUTHOR_DATE": step.note.time.isoformat(timespec="seconds")}
    # File names are never patterns.
    literal = ("--literal-pathspecs", "-c", "core.quotePath=false", "-c", "i18n.commitEncoding=utf-8")
    paths = tuple(step.files)
    changed = try_git(folder, [*literal, "status", "--porcelain", "-z", "--untracked-files=all", "--", *paths])
    if isinstance(changed, str):
        return None, changed
    if not changed:
        # As in the last commit, or ignored by git.
        return None, None
    tracked = run_git(folder, [*literal, "ls-files", "-z", "--", *paths]) or b""
    new = [path for path in paths if path not in tracked.decode("utf-8", "replace").split("\0")]
    new = [
        path
        for path in new
        if (folder / path).is_file() and run_git(folder, ["check-ignore", "-q", "--", path]) is None
    ]
    if new and isinstance(refused := try_git(folder, [*literal, "add", "--", *new]), str):
        return None, refused
    present = [path for path in paths if path in new or path in tracked.decode("utf-8", "replace").split("\0")]
    words = step.note.sentence.zh
    arguments = [*literal, "commit", "-q", "--no-gpg-sign", "-m", words, "--only", "--", *present]
    refused = try_git(folder, arguments, who)
    if isinstance(refused, str):
        if new:
            run_git(folder, [*literal, "reset", "-q", "--", *new])
        return None, refused
    head = run_git(folder, ["rev-parse", "HEAD"])
    return (head.decode().strip(), None) if head else (None, None)


def _commits(folder: Path, files: Sequence[str], limit: int) -> Iterator[Version]:
    """Yield the versions of ``files`` in the commits that changed them, newest first; none without git."""
    if not in_repository(folder.resolve()):
        return
    form = "--format=%H%x00%an%x00%aI%x00%s"
    told = run_git(folder, ["--literal-pathspecs", "log", f"-{limit}", form, "--encoding=UTF-8", "--", *files])
    for line in (told or b"").decode("utf-8", "replace").splitlines():
        commit, name, time, words = line.split("\0", 3)
        # With line ends as in the folder.
        contents = {file: run_git(folder, ["cat-file", "--filters", f"{commit}:./{file}"]) for file in files}
        if any(content is not None for content in contents.values()):
            note = Note(name, Text(zh=words.strip() or commit[:12]), datetime.fromisoformat(time))
            yield Version(commit, note, contents)
