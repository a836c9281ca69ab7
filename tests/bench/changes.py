"""Measure what a change costs: ``make bench``, after the tables of full builds.

The county of this repository, and an invented one of 1,000 tasks, are built once; then in turns:

unchanged   ``haopin build`` again, in the same folder with the same cache
one edit    after the title of a measure was edited
next day    ``--as-of`` a day later
check       ``haopin check``
help        ``haopin --help``
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bench import build, compiled_engine, in_turns
from bench_county import copy_own, make_county
from measure import Cost, run

#: The English title of a measure, in a line of its own or after the Chinese one.
_TITLE = re.compile(
    r"(\nmeasures:\n(?:.*\n)*?    title:(?: \{zh: [^,}\n]*,|\n      zh: .*\n     ) en: )(.*?)(?: edit-\d+)?(\}?\n)"
)


class Office:
    """A project that is built, edited and built again."""

    def __init__(self, folder: Path, engine: Path, task: str, day: date) -> None:
        """Use the project ``folder``, whose measures of ``task`` are edited."""
        self.folder, self.day = folder, day
        self.task = folder / "data/tasks" / f"{task}.yml"
        self._engine, self._edits = engine, count(1)
        self._word = self._before = ""

    def edit(self) -> str:
        """Edit the title of a measure; return the word that is new in it."""
        self._word = f"edit-{next(self._edits)}"
        text, found = _TITLE.subn(rf"\1\2 {self._word}\3", self.task.read_text("utf-8"), count=1)
        if found != 1:
            raise ValueError(f"{self.task} has no title of a measure to edit")
        self._write(text)
        return self._word

    def _write(self, text: str) -> None:
        self.task.write_text(text, encoding="utf-8", newline="\n")

    def spoil(self) -> str:
        """Write a group that does not exist; return its name."""
        self._before = self.task.read_text("utf-8")
        word = f"wrong-{next(self._edits)}"
        self._write(re.sub(r"\ngroup: .*", f"\ngroup: {word}", self._before))
        return word

    def correct(self) -> str:
        """Write the text before `spoil` again; return the word of the last edit."""
        self._write(self._before)
        return self._word

    def build(self) -> Cost:
        """Build the site."""
        return build(self.folder, self._engine, self.folder / ".cache", day=self.day.isoformat())

    def build_edited(self) -> Cost:
        """Build the site after an edit."""
        self.edit()
        return self.build()

    def build_next_day(self) -> Cost:
        """Build the site of the next day."""
        self.day += timedelta(days=1)
        return self.build()

    def command(self, *words: str) -> Cost:
        """Run another command."""
        variables = {"PYTHONPATH": str(self._engine), "NO_MKDOCS_2_WARNING": "1", "HAOPIN_AS_OF": self.day.isoformat()}
        return run([sys.executable, "-m", "haopin", *words], self.folder, variables)


def offices(work: Path, engine: Path) -> Iterator[tuple[str, Office]]:
    """Yield the county of this repository and one of 1,000 tasks, with what they are called."""
    copy_own(work / "own", engine)
    yield "county of this repository", Office(work / "own", engine, "01", date(2026, 11, 1))
    make_county(1000, work / "thousand", engine)
    yield "1,000 records", Office(work / "thousand", engine, "x00500", date(2030, 2, 1))


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="haopin-changes-") as name:
        work = Path(name)
        engine = compiled_engine(work)
        print("| county | what | user CPU s | system CPU s | wall s |\n| --- | --- | --- | --- | --- |")
        for what, office in offices(work, engine):
            office.build()
            costs = in_turns(
                options.rounds,
                {
                    "unchanged": office.build,
                    "one edit": office.build_edited,
                    "next day": office.build_next_day,
                    "`haopin check`": partial(office.command, "check"),
                    "`haopin --help`": partial(office.command, "--help"),
                },
            )
            for row, cost in costs.items():
                print(f"| {what} | {row} | {cost.user:.2f} | {cost.system:.2f} | {cost.wall:.2f} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
