"""Snapshot tests of messages: invalid input, and the exact lines printed for it, recorded in `tests/messages`.

After an intended change of messages: ``make messages``, and read the difference before committing it.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from support import ROOT, edit

#: File, old, new: ``new`` for the only ``old``; the whole file if ``old`` is None; no file if both are.
Edit = tuple[str, str | None, str | bytes | None]
ACCEPT = os.environ.get("HAOPIN_MESSAGES") == "accept"


class Broken:
    """A county with some edits, which the check must reject."""

    def __init__(self, name: str, edits: list[Edit]) -> None:
        self.name, self.edits = name, edits

    def spoil(self, data: Path) -> None:
        """Apply the edits in the folder ``data``."""
        for file, old, new in self.edits:
            path = data / file
            path.parent.mkdir(parents=True, exist_ok=True)
            if new is None:
                path.unlink()
            elif isinstance(new, bytes):
                path.write_bytes(new)
            elif old is None:
                path.write_text(new, encoding="utf-8", newline="")
            else:
                edit(path, old, new)


class Recorded:
    """The lines that are recorded for the ``cases`` of one file of tests: a line ``# case``, then its lines.

    Each line begins with a match of ``place``.
    """

    def __init__(self, file: str, cases: Iterable[str], place: str = r"data/[^:]+:[1-9][0-9]*:[1-9][0-9]*: ") -> None:
        self.path, self.cases, self._place = ROOT / f"tests/messages/{file}.txt", tuple(cases), place
        assert len(set(self.cases)) == len(self.cases), f"{file} has two cases of one name"
        text = self.path.read_bytes().decode("utf-8") if self.path.exists() else ""
        parts = (part.rstrip("\n").split("\n") for part in re.split(r"^# ", text, flags=re.MULTILINE)[1:])
        self._lines = {case: lines for case, *lines in parts}

    def lines(self, case: str) -> list[str]:
        """Return the lines of ``case``; none if it is new."""
        return self._lines.get(case, [])

    def check(self, case: str, lines: list[str]) -> None:
        """Compare ``lines``, just printed, with those recorded for ``case``; HAOPIN_MESSAGES=accept records them."""
        if ACCEPT:
            self._lines[case] = lines
            known = (name for name in self.cases if name in self._lines)
            self.path.write_bytes(
                "\n".join(f"# {name}\n" + "".join(f"{line}\n" for line in self._lines[name]) for name in known).encode()
            )
        assert lines == self.lines(case)

    def check_whole(self) -> None:
        """Compare the file with the cases: each has lines, and there are no lines of deleted cases.

        Every line has both languages and a position.
        """
        assert [case for case in self.cases if not self.lines(case)] == [], "make messages"
        assert [case for case in self._lines if case not in self.cases] == [], "make messages"
        wrong = [line for lines in self._lines.values() for line in lines if not self._is_message(line)]
        assert wrong == []

    def _is_message(self, line: str) -> bool:
        chinese, _, english = line.partition(" / ")
        return (
            re.match(self._place, line) is not None
            and len(line.splitlines()) == 1
            and re.search(r"[\u4e00-\u9fff]", chinese) is not None
            and re.search(r"[a-z]", english) is not None
        )
