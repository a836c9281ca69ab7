"""Write data files: records as YAML, and changes that are applied completely or not at all."""

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from haopin.files import atomic_write
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


# --- Writing: only if the data stays free of errors; all files or none, each atomically


def write(folder: Path, name: str, changes: Mapping[str, bytes | None]) -> None:
    """Write ``changes`` to the data folder, unless they cause a new error.

    Args:
        folder: The data folder.
        name: Name of the folder in messages, e.g. ``data``.
        changes: New content by path below the folder, with ``/``; None deletes the file.

    Raises:
        DataError: with all errors that the changes would cause; nothing is written.
        ConfigurationError: if a file cannot be written (open in another program, say); nothing is changed.
    """
    before = set(examine(folder, name)[1])
    with changed_copy(folder, changes) as trial:
        new = [line for line in examine(trial, name)[1] if line not in before]
    if new:
        raise DataError(new)
    _replace_all(folder, changes)


@contextmanager
def changed_copy(folder: Path, changes: Mapping[str, bytes | None]) -> Iterator[Path]:
    """Yield a temporary copy of the data ``folder`` with ``changes`` applied, to check their effect."""
    with tempfile.TemporaryDirectory(prefix="haopin-") as place:
        trial = Path(place) / "data"
        shutil.copytree(folder, trial)
        for file, content in changes.items():
            target = trial / file
            if content is None:
                target.unlink()
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        yield trial


def _replace_all(folder: Path, changes: Mapping[str, bytes | None]) -> None:
    previous: dict[Path, bytes | None] = {}
    try:
        for file, content in changes.items():
            target = folder / file
            previous[target] = target.read_bytes() if target.exists() else None
            if content is None:
                target.unlink()
            else:
                atomic_write(target, content)
    except OSError as error:
        for target, content_before in previous.items():
            if content_before is None:
                target.unlink(missing_ok=True)
            elif not target.exists() or target.read_bytes() != content_before:
                atomic_write(target, content_before)
        raise ConfigurationError(
            f"无法写入文件，可能正被别的程序打开，什么都没有改 / cannot write a file, perhaps it is open in another "
            f"program; nothing was changed: {error}"
        ) from error
