"""Write data files: records as YAML, and changes that are applied completely or not at all."""

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from haopin.cache import Readings
from haopin.files import Scratch, atomic_write, sync_folder
from haopin.office.desk_folder import JOURNAL, desk_folder, locked, prepared
from haopin.office.steps import (
    ChangedMeanwhileError,
    Changes,
    ContentStore,
    Note,
    Step,
    Steps,
    as_json,
    contents_of,
    digest,
    from_json,
)
from haopin.problem import ConfigurationError, DataError
from haopin.site.catalogue import examine

# --- Records as YAML, formatted as a clerk would: plain values, with a comment above a field where useful

# Plain scalars that YAML readers take for null, boolean, number or time.
_NO_TEXT = re.compile(r"~|null|true|false|yes|no|on|off|y|n|[-+]?[0-9.][0-9a-f.:_xoe+-]*", re.I)


class QuotedText(str):
    """A text that is quoted if editors could take it for a number or a boolean."""


class _PlainDumper(yaml.SafeDumper):
    """Writes dates and numbers without quotation marks: this program reads every plain scalar as text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists below their field, as in the other data files."""
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    # A plain “null” or “~” would be read as null.
    style = "|" if "\n" in value else "'" if value.lower() in ("null", "~") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _words(dumper: yaml.SafeDumper, value: QuotedText) -> yaml.ScalarNode:
    if _NO_TEXT.fullmatch(value):
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style='"')
    return _text(dumper, value)


def _nothing(dumper: yaml.SafeDumper, _: None) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", "null")


_PlainDumper.add_representer(type(None), _nothing)
_PlainDumper.add_representer(str, _text)
_PlainDumper.add_representer(QuotedText, _words)


def block(value: Mapping[str, Any], comments: Mapping[str, str] | None = None) -> str:
    """Format a record as YAML, with its fields in the given order.

    Args:
        value: Texts, lists and mappings of them.
        comments: Comment line above a field, by field name.
    """
    parts = []
    for name, item in value.items():
        if comments and name in comments:
            parts.append(f"# {comments[name]}\n")
        parts.append(
            yaml.dump(
                {name: item},
                Dumper=_PlainDumper,
                allow_unicode=True,
                sort_keys=False,
                width=1000,
                default_flow_style=False,
            )
        )
    return "".join(parts)


def item(value: Mapping[str, Any], comments: Mapping[str, str] | None = None) -> str:
    """Format a record as an item of a list."""
    lines = block(value, comments).splitlines()
    first = next(index for index, line in enumerate(lines) if not line.startswith("#"))
    out = [f"  {line}" for line in lines]
    out[first] = f"- {lines[first]}"
    # The comment of the first field is at the indentation of the item.
    out[:first] = lines[:first]
    return "\n".join(out) + "\n"


def in_line(value: Mapping[str, str | date]) -> str:
    """Format a part of a record on one line, in braces."""
    quoted = {
        name: item.isoformat() if isinstance(item, date) else QuotedText(" ".join(item.split()))
        for name, item in value.items()
    }
    words: str = yaml.dump(
        quoted, Dumper=_PlainDumper, allow_unicode=True, sort_keys=False, width=float("inf"), default_flow_style=True
    )
    return words.strip()


def appended(text: str, items: Sequence[str]) -> str:
    """Append ``items`` to the text of a list file; the existing text is unchanged to the byte."""
    gap = "" if not text or text.endswith("\n") else "\n"
    return text + gap + "".join(items)


# --- Writing: only if the data stays free of errors; all files or none, also if the process is killed meanwhile


def write(
    folder: Path,
    name: str,
    changes: Changes,
    note: Note | None = None,
    expected: Mapping[str, str | None] | None = None,
) -> Step | None:
    """Write ``changes`` to the data folder, unless they cause a new error.

    Args:
        folder: The data folder.
        name: Name of the folder in messages, e.g. ``data``.
        changes: New content by path below the folder, with ``/``; None deletes the file.
        note: Who, when and what, for the log of steps; None keeps no step.
        expected: `steps.digest` of what the changes were made from, by path; they are refused if a file has another
            content by now.

    Returns:
        The step in the log, or None without a note.

    Raises:
        DataError: with all errors that the changes would cause; nothing is written.
        ChangedMeanwhileError: if a file is not as expected; nothing is written.
        ConfigurationError: if a file cannot be written (open in another program, say); nothing is changed.
    """
    with locked(folder):
        return _write(folder, name, changes, note, expected or {})


def save(
    folder: Path,
    name: str,
    changes: Changes,
    note: Note,
    expected: Mapping[str, str | None] | None = None,
    readings: Readings | None = None,
) -> tuple[Step, list[str]]:
    """Write ``changes`` like `write`, as a step, and commit its files if the folder is in a repository.

    Args:
        folder: As in `write`, like the next four.
        name: Name of the folder in messages.
        changes: New content by path.
        note: Who, when and what.
        expected: What the changes were made from.
        readings: Results of slow reads that the caller keeps.

    Returns:
        The step, and a warning if git refused the commit: the files stay written.
    """
    with locked(folder):
        step = _write(folder, name, changes, note, expected or {}, readings)
        assert step is not None, "it has a note"
        # Still locked: the next step may change the same files.
        return Steps(folder).commit(step)


def _write(
    folder: Path,
    name: str,
    changes: Changes,
    note: Note | None,
    expected: Mapping[str, str | None],
    readings: Readings | None = None,
) -> Step | None:
    _refuse_outside(changes)
    try:
        _finish(folder)
        now = contents_of(folder, tuple(expected))
        changed = {file: (now[file], changes.get(file)) for file in now if digest(now[file]) != expected[file]}
        if changed:
            raise ChangedMeanwhileError(changed)
        with changed_copy(folder, changes) as trial:
            errors = examine(trial, name, readings)[1]
        if errors:
            before = set(examine(folder, name, readings)[1])
            if new := [line for line in errors if line not in before]:
                raise DataError(new)
        return replace_files(folder, changes, note)
    except OSError as error:
        raise _unwritable(error) from error


def _refuse_outside(files: Iterable[str]) -> None:
    """Raise an error for paths that may lead out of the data folder, on any system."""
    for file in files:
        parts = file.split("/")
        if re.search(r"[\\:\0]", file) or not all(part.strip(". ") for part in parts):
            raise ConfigurationError(f"文件不在资料文件夹里：{file} / this file is not in the data folder: {file}")


@contextmanager
def changed_copy(folder: Path, changes: Changes) -> Iterator[Path]:
    """Yield a temporary copy of the data ``folder`` with ``changes`` applied, to check their effect.

    Files are hard links as far as the file system has them: only read them.
    """
    scratch = Scratch(prepared(folder), "trial-")
    try:
        trial = scratch.path / "data"
        shutil.copytree(folder, trial, copy_function=_linked)
        for file, content in changes.items():
            target = trial / file
            # Never write into a file that may be a link to the original.
            target.unlink(missing_ok=content is not None)
            if content is not None:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        yield trial
    finally:
        scratch.remove()


def _linked(source: str, target: str) -> None:
    try:
        if not Path(source).is_symlink():
            os.link(source, target)
            return
    except OSError:
        # Another file system, or one without links.
        pass
    shutil.copy2(source, target)


# The journal: which files a step writes, by digests of contents that are stored before. It exists from the moment on
# when all contents are stored until all files are written; a later process that finds it finishes the step.


def replace_files(folder: Path, changes: Changes, note: Note | None = None) -> Step | None:
    """Write ``changes`` without checking the data: all files or none, also if the process is killed meanwhile.

    The caller holds the lock of the folder.

    Returns:
        The step in the log, or None without a note.

    Raises:
        ConfigurationError: if a file cannot be written; nothing is changed.
        OSError: if the journal cannot be written; nothing is changed.
    """
    steps, place = Steps(folder), prepared(folder)
    store = steps.contents if note is not None else ContentStore(place / _PASSING)
    before = contents_of(folder, tuple(changes))
    files = {file: (store.keep(before[file]), store.keep(content)) for file, content in changes.items()}
    journal = _Journal(files, store.folder.name, Step(steps.last_number() + 1, note, files) if note else None)
    journal.write(place)
    try:
        return journal.apply(folder)
    except OSError as error:
        backwards = _Journal({file: (after, old) for file, (old, after) in files.items()}, store.folder.name, None)
        try:
            backwards.write(place)
            backwards.apply(folder)
        except OSError as still:
            raise ConfigurationError(
                f"无法写入文件，可能正被别的程序打开；请关闭该程序，下一次运行时恢复原样 / cannot write a file, "
                f"perhaps it is open in another program; close that, and the next run restores what was there: {still}"
            ) from error
        raise _unwritable(error) from error


def recover(folder: Path) -> list[str]:
    """Finish or drop what a killed process was writing to the data ``folder``.

    Returns:
        A message if it was dropped, because a file was changed by someone else since.

    Raises:
        ConfigurationError: if a file cannot be written; a later call tries again.
    """
    if not (desk_folder(folder) / JOURNAL).exists():
        return []
    try:
        with locked(folder):
            return _finish(folder)
    except OSError as error:
        raise _unwritable(error) from error


def _finish(folder: Path) -> list[str]:
    place = desk_folder(folder)
    journal = _Journal.read(place)
    if journal is None:
        shutil.rmtree(place / _PASSING, ignore_errors=True)
        return []
    if journal.step is not None and journal.step.number <= Steps(folder).last_number():
        # All was written; only the journal was not removed.
        (place / JOURNAL).unlink()
        return []
    now = {file: digest(content) for file, content in contents_of(folder, tuple(journal.files)).items()}
    foreign = [file for file, pair in journal.files.items() if now[file] not in pair]
    if not foreign:
        journal.apply(folder)
        return []
    # The person who changed a file did not know of the step: keep the change, and restore the others.
    others = {file: (after, old) for file, (old, after) in journal.files.items() if file not in foreign}
    dropped = _Journal(others, journal.store, None)
    dropped.write(place)
    dropped.apply(folder)
    listed = ", ".join(foreign)
    return [
        f"上次保存时中断，其后 {listed} 又有改动：那次保存没有生效，请重新做一遍 / saving was interrupted, and "
        f"{listed} was changed since: that step was dropped, please repeat it"
    ]


#: Folder in the office's folder for contents that are not kept in the history.
_PASSING = "passing"


@dataclass(frozen=True)
class _Journal:
    """What is being written.

    Attributes:
        files: Digest before and after by path below the data folder.
        store: Where the contents are: name of the folder, the history's or another.
        step: The step to append to the log; None for none.
    """

    files: Mapping[str, tuple[str | None, str | None]]
    store: str
    step: Step | None

    def write(self, place: Path) -> None:
        """Put the journal in its place, from where it is finished."""
        step = self.step and {"number": self.step.number, **as_json(self.step.note)}
        value = {"files": self.files, "store": self.store, "step": step}
        atomic_write(place / JOURNAL, json.dumps(value, ensure_ascii=False).encode(), durable=True)

    @staticmethod
    def read(place: Path) -> "_Journal | None":
        """Return the journal that a killed process left; None if there is none."""
        try:
            value = json.loads((place / JOURNAL).read_bytes())
        except FileNotFoundError:
            return None
        files = {str(file): (pair[0], pair[1]) for file, pair in value["files"].items()}
        note = value["step"]
        return _Journal(files, value["store"], Step(note["number"], from_json(note), files) if note else None)

    def apply(self, folder: Path) -> Step | None:
        """Write all files, append the step to the log, and remove the journal.

        Raises:
            OSError: if a file cannot be written; the journal stays.
        """
        place, steps = desk_folder(folder), Steps(folder)
        store = ContentStore(place / _PASSING) if self.store == _PASSING else steps.contents
        for file, (_, after) in self.files.items():
            target = folder / file
            content = store.get(after)
            if after is None:
                if target.is_file():
                    target.unlink()
                    sync_folder(target.parent)
            elif content is None:
                raise OSError(f"{place.name}: {after}")
            elif not target.is_file() or target.read_bytes() != content:
                atomic_write(target, content, durable=True)
        # Half-written files of a killed process, which are no data.
        for parent in {(folder / file).parent for file in self.files}:
            for half in parent.glob(".haopin-????????"):
                if half.is_file():
                    half.unlink()
        if self.step is not None:
            steps.append(self.step)
        (place / JOURNAL).unlink(missing_ok=True)
        sync_folder(place)
        shutil.rmtree(place / _PASSING, ignore_errors=True)
        return self.step


def _unwritable(error: OSError) -> ConfigurationError:
    return ConfigurationError(
        f"无法写入文件，可能正被别的程序打开，什么都没有改 / cannot write a file, perhaps it is open in another "
        f"program; nothing was changed: {error}"
    )
