"""Measure full builds against Hugo, stock MkDocs + Material, and Zensical: ``make bench``.

All have the same pages in one run, in turns; the figures are medians. Rows:

pages           our pages alone (``HAOPIN_EXPORTS=false haopin build``), nothing remembered
noted           the same, noting what each file is made from, for the next build
all             with calendars, feeds, open data, cards … (``haopin build``); pictures and QR codes are made only when
                they change, so they are in the cache, as in every build but the first; nothing else is
first           the same from a fresh copy of the program without compiled files and with an empty cache
hugo            the pages as Markdown, with a layout as heavy as ours, all else off (tests/bench/hugo_site.py)
stock           the pages as Markdown, its search and jieba on, outside its navigation (tests/bench/stock.py)
stock-nosearch  the same without search
zensical        the project of stock; its search leaves out pages that it refuses

All programs are installed and compiled (but in "first"); none has a site of before.
"""

import argparse
import math
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bench_county import copy_engine, make_county
from hugo_site import binary, make_hugo
from measure import Cost, median, run
from stock import make_stock, make_zensical

DAY = "2030-02-01"
ROWS = {
    "pages": "Haopin, pages only",
    "noted": "Haopin, pages only, noting for the next build",
    "all": "Haopin, everything",
    "first": "Haopin, first build",
    "hugo": "Hugo",
    "stock": "stock, with search",
    "stock-nosearch": "stock without search",
    "zensical": "Zensical",
}
COLUMNS = (
    *("user CPU s", "system CPU s", "wall s", "÷ Hugo", "÷ stock"),
    *("largest process MB", "all processes MB", "files", "HTML files", "HTML MB"),
)
SIZES = (100, 1000, 5000, 10_000)
#: Beyond this number of records one round is enough: what a machine does beside it is little against minutes.
LARGE = 1000


def build(folder: Path, engine: Path, cache: Path, *words: str, day: str = DAY, **more: str) -> Cost:
    """Run ``haopin build``, or another command of ``words``, in the project ``folder``."""
    variables = {"PYTHONPATH": str(engine), "HAOPIN_CACHE": str(cache), "NO_MKDOCS_2_WARNING": "1", **more}
    return run([sys.executable, "-m", "haopin", *(words or ["build"]), "--as-of", day], folder, variables)


def compiled_engine(work: Path) -> Path:
    """Return a copy of the engine whose modules and templates a build has compiled."""
    engine = copy_engine(work / "engine")
    make_county(0, work / "compile", engine)
    build(work / "compile", engine, work / "compile-cache")
    return engine


def only_pictures(cache: Path) -> None:
    """Delete everything in the cache but pictures and QR codes, which are in a folder for each language."""
    for path in cache.iterdir():
        if path.is_dir() and path.name not in ("zh", "en"):
            shutil.rmtree(path)


class Yard:
    """The projects of one size; each is written when it is first built."""

    def __init__(self, records: int, work: Path, engine: Path) -> None:
        """Use ``work``, which may exist, for a county of ``records`` tasks."""
        self.records, self._work, self._engine = records, work / str(records), engine
        self._work.mkdir()
        self.notes: list[str] = []

    def site(self, row: str) -> Path:
        """Return the folder of the built site."""
        return self._work / row / ("public" if row == "hugo" else "site")

    def build(self, row: str) -> Cost:
        """Build what is measured in ``row`` and return its cost."""
        folder = self._work / row
        fresh = not folder.exists()
        shutil.rmtree(self.site(row), ignore_errors=True)
        if row == "pages":
            return self._pages()
        if row == "all":
            return self._all()
        if row == "noted":
            return self._noted()
        if row == "first":
            return self._first()
        if fresh:
            self._write(row, folder)
        if row == "hugo":
            return run([binary(), "--noBuildLock", "--quiet"], folder, {})
        program = ["zensical", "build", "--clean"] if row == "zensical" else ["mkdocs", "--quiet", "build"]
        return run([sys.executable, "-m", *program], folder, {"NO_MKDOCS_2_WARNING": "1"})

    def _pages(self) -> Cost:
        folder, cache = self._work / "pages", self._work / "no-cache"
        if not folder.exists():
            make_county(self.records, folder, self._engine)
        shutil.rmtree(cache, ignore_errors=True)
        return build(folder, self._engine, cache, HAOPIN_EXPORTS="false", HAOPIN_REMEMBER="false")

    def _all(self) -> Cost:
        folder, cache = self._work / "all", self._work / "cache"
        if not folder.exists():
            make_county(self.records, folder, self._engine)
        if not cache.exists():
            build(folder, self._engine, cache)
            shutil.rmtree(folder / "site")
        only_pictures(cache)
        return build(folder, self._engine, cache, HAOPIN_REMEMBER="false")

    def _noted(self) -> Cost:
        folder, cache = self._work / "noted", self._work / "noted-cache"
        if not folder.exists():
            make_county(self.records, folder, self._engine)
        shutil.rmtree(cache, ignore_errors=True)
        return build(folder, self._engine, cache, HAOPIN_EXPORTS="false")

    def _first(self) -> Cost:
        folder, cache = self._work / "first", self._work / "cache"
        for path in (folder, cache):
            shutil.rmtree(path, ignore_errors=True)
        make_county(self.records, folder)
        return build(folder, folder / "hooks", cache)

    def _write(self, row: str, folder: Path) -> None:
        if not self.site("pages").exists():
            self.build("pages")
        if row == "hugo":
            make_hugo(self.site("pages"), folder)
        elif row == "zensical":
            if not (self._work / "stock").exists():
                make_stock(self.site("pages"), self._work / "stock", search=True)
            left_out = make_zensical(self._work / "stock", folder)
            self.notes.append(f"{self.records:,} records: the search of Zensical leaves out {left_out} pages.")
        else:
            make_stock(self.site("pages"), folder, search=row == "stock")


def in_turns(rounds: int, runs: dict[str, Callable[[], Cost]]) -> dict[str, Cost]:
    """Return the medians of ``runs``, each run once in every round."""
    costs: dict[str, list[Cost]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, once in runs.items():
            costs[name].append(once())
            print(f"  {name}: {costs[name][-1]}", file=sys.stderr, flush=True)
    return {name: median(found) for name, found in costs.items()}


def table(yard: Yard, costs: dict[str, Cost]) -> Iterator[str]:
    """Yield the lines of a table, in Markdown."""
    yield f"| {yard.records:,} records | {' | '.join(COLUMNS)} |"
    yield "| --- |" + " --- |" * len(COLUMNS)
    for row, cost in ((row, costs[row]) for row in ROWS if row in costs):
        files = [path for path in yard.site(row).rglob("*") if path.is_file()]
        pages = [path for path in files if path.suffix == ".html"]
        ratios = (f"{cost.user / costs[other].user:.2f}" if other in costs else "" for other in ("hugo", "stock"))
        cells = [
            *(ROWS[row], f"{cost.user:.1f}", f"{cost.system:.1f}", f"{cost.wall:.1f}", *ratios),
            *(f"{cost.largest:.0f}", f"{cost.together:,.0f}", f"{len(files):,}", f"{len(pages):,}"),
            f"{sum(path.stat().st_size for path in pages) / 1e6:.0f}",
        ]
        yield f"| {' | '.join(cells)} |"


def goals(found: dict[int, dict[str, Cost]], empty: float | None) -> Iterator[tuple[str, float, float]]:
    """Yield the goals of which the run has the figures: what, its value, and the most it may be."""
    user = {(size, row): cost.user for size, costs in found.items() for row, cost in costs.items()}

    def ratio(row: str, other: str, limit: float) -> Iterator[tuple[str, float, float]]:
        if (1000, row) in user and (1000, other) in user:
            value = user[1000, row] / user[1000, other]
            yield f"user CPU at 1,000 records, “{ROWS[row]}” ÷ “{ROWS[other]}”", value, limit

    yield from ratio("pages", "hugo", 0.8)
    yield from ratio("all", "hugo", 1.2)
    yield from ratio("pages", "stock", 0.13)
    for row in ("pages", "all"):
        if row == "pages" and empty is not None and {(1000, row), (10_000, row)} <= user.keys():
            value = math.log10((user[10_000, row] - empty) / (user[1000, row] - empty))
            yield "growth exponent of user CPU, 1,000 to 10,000 records, without the fixed cost", value, 1.10
        if row in found.get(10_000, {}):
            yield f"GB of all processes at 10,000 records, “{ROWS[row]}”", found[10_000][row].together / 1000, 1.0


def arguments(description: str | None) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="100 and 1,000 records only, one round")
    parser.add_argument("--sizes", type=_list, default=[str(size) for size in SIZES], help="records, as 100,1000")
    parser.add_argument("--rows", type=_list, default=list(ROWS), help="as pages,all,hugo")
    parser.add_argument("--rounds", type=int, help=f"default: 3, and 1 beyond {LARGE:,} records")
    options = parser.parse_args()
    if options.quick:
        options.sizes, options.rounds = ["100", "1000"], options.rounds or 1
    unknown = set(options.rows) - ROWS.keys()
    if unknown:
        parser.error(f"no such row: {', '.join(sorted(unknown))}")
    return options


def _list(text: str) -> Sequence[str]:
    return text.split(",")


def main() -> int:
    """Measure; return 0 if every goal is reached."""
    options = arguments(__doc__)
    found: dict[int, dict[str, Cost]] = {}
    notes: list[str] = []
    with tempfile.TemporaryDirectory(prefix="haopin-bench-") as name:
        work = Path(name)
        engine = compiled_engine(work)
        empty = None
        if "pages" in options.rows:
            yard = Yard(0, work, engine)
            rounds = options.rounds or 3
            empty = in_turns(rounds, {"pages": partial(yard.build, "pages")})["pages"].user
            notes.append(f"0 records: {empty:.1f} s of user CPU for {ROWS['pages']}.")
        for size in map(int, options.sizes):
            yard = Yard(size, work, engine)
            rounds = options.rounds or (3 if size <= LARGE else 1)
            # The first build fills the cache of the others.
            rows = sorted(ROWS.keys() & {*options.rows}, key=["first", *ROWS].index)
            found[size] = in_turns(rounds, {row: partial(yard.build, row) for row in rows})
            print(*table(yard, found[size]), f"Rounds: {rounds}.", "", sep="\n", flush=True)
            notes += yard.notes
            shutil.rmtree(work / str(size))
    print("\n".join(notes), end="\n\n")
    reached = True
    for what, value, limit in goals(found, empty):
        reached = reached and value <= limit
        print(f"{'reached' if value <= limit else 'MISSED '}  {what}: {value:.2f} (at most {limit:.2f})")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
