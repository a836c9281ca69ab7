"""Measure the drawing of materials: ``make bench-materials``.

What the site of this repository's county offers, in both languages, drawn by a process that does nothing else:

first       with an empty cache: draws each piece, and the thumbnails of the page
unchanged   again, with the same cache: draws nothing
"""

import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bench import compiled_engine
from bench_county import copy_own
from measure import run

COLUMNS = (
    *("pieces", "MB", "user CPU s", "system CPU s", "wall s"),
    *("pieces a CPU second", "largest process MB", "all processes MB"),
)
_DRAW = """
from datetime import date
from pathlib import Path
from haopin.build.standalone import open_site
from haopin.materials.sets import PieceFilter, set_of
for source in open_site(Path("mkdocs.yml"), as_of=date(2026, 11, 1), is_cached=True).sources.values():
    made = set_of(source, PieceFilter(on_site=True)).draw()
    print(sum(each.size > 0 for each in made), sum(each.size for each in made))
"""


def main() -> int:
    """Measure and print a table."""
    with tempfile.TemporaryDirectory(prefix="haopin-materials-") as name:
        work = Path(name)
        engine = compiled_engine(work)
        copy_own(work / "own", engine)
        print("| set |", *(f"{column} |" for column in COLUMNS))
        print("| --- " * (len(COLUMNS) + 1) + "|")
        for what in ("first", "unchanged"):
            cost = run([sys.executable, "-c", _DRAW], work / "own", {"PYTHONPATH": str(engine)})
            lines = re.findall(r"^(\d+) (\d+)$", (work / "own/output.txt").read_text("utf-8"), re.MULTILINE)
            pieces, size = (sum(map(int, column)) for column in zip(*lines, strict=True))
            print(
                f"| {what} | {pieces} | {size / 1e6:.0f} | {cost.user:.1f} | {cost.system:.1f} | {cost.wall:.1f} "
                f"| {pieces / (cost.user + cost.system):.1f} | {cost.largest:.0f} | {cost.together:.0f} |",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
