"""Build invented counties side by side and measure what a province costs: ``make bench-counties``.

Each county has records of every kind and half as many to twice as many tasks as the one of this repository, its own
site and its own cache; they share the installed program. One build for each core at a time: the first night, with all
pictures to draw, the next nights, each a day later, and for a few of the counties ``haopin release`` to a folder, which
also checks every page, compresses the files and keeps the releases; then what a province and 1,000 counties need.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bench import build, compiled_engine
from bench_county import ROOT, make_county
from measure import Cost

DAY = date(2030, 2, 1)
#: Tasks of a county beyond the two that each has, in turn: the county of this repository has 13.
TASKS = (6, 11, 16, 26)
#: Counties for which the sums are projected.
PROVINCE, THOUSAND = 136, 1000


def size(folder: Path) -> tuple[int, float]:
    """Return the number of files in a folder, and what they take on disk in MB; a file with two names counts once."""
    files = {(found := path.lstat()).st_ino: found.st_blocks for path in folder.rglob("*") if not path.is_dir()}
    return len(files), sum(files.values()) * 512 / 1e6


def night(counties: Sequence[Path], engine: Path, day: date, together: int, *words: str) -> tuple[list[Cost], float]:
    """Build all ``counties``, ``together`` at a time; return what each costs, and the seconds of the whole night."""

    def one(county: Path) -> Cost:
        more = ["--to", str(county / "public")] if words else []
        return build(county, engine, county / ".cache", *words, *more, day=day.isoformat())

    start = time.monotonic()
    with ThreadPoolExecutor(together) as pool:
        return list(pool.map(one, counties)), time.monotonic() - start


def row(what: str, costs: Sequence[Cost], seconds: float) -> float:
    """Print the row of a night; return the mean of its CPU seconds."""
    user, system = statistics.mean(cost.user for cost in costs), statistics.mean(cost.system for cost in costs)
    largest = max(cost.together for cost in costs)
    print(f"| {what} | {len(costs)} | {user:.2f} | {system:.2f} | {largest:.0f} | {seconds:.0f} |", flush=True)
    return user + system


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counties", type=int, default=20)
    parser.add_argument("--released", type=int, default=4, help="counties that are released as well")
    parser.add_argument("--nights", type=int, default=3, help="of builds, with the first")
    parser.add_argument("--together", type=int, default=os.cpu_count() or 2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="haopin-counties-") as name:
        work = Path(name)
        engine = compiled_engine(work)
        # A release says what it was made with.
        shutil.copy(ROOT / "requirements.lock", work)
        counties = [work / f"county-{number:02d}" for number in range(options.counties)]
        for number, county in enumerate(counties):
            make_county(TASKS[number % len(TASKS)], county, engine, every_kind=True)
            site = county / "data/site.yml"
            # The address of an example is not released.
            site.write_text(site.read_text("utf-8").replace("quality.example", "quality.test"), encoding="utf-8")
        print("| what | counties | user CPU s a county | system CPU s | all processes of one MB | wall s of all |")
        print("| --- |" + " --- |" * 5)
        means = []
        for number in range(options.nights):
            costs, seconds = night(counties, engine, DAY + timedelta(days=number), options.together)
            means.append(row(f"build, night {number + 1}", costs, seconds))
        for number in range(2):
            day = DAY + timedelta(days=options.nights + number)
            costs, seconds = night(counties[: options.released], engine, day, options.together, "release")
            means.append(row(f"release, night {options.nights + number + 1}", costs, seconds))
        sizes = {part: [size(county / part) for county in counties] for part in ("site", ".cache")}
        sizes["public"] = [size(county / "public") for county in counties[: options.released]]
        room = {}
        for part, found in sizes.items():
            files, room[part] = (statistics.mean(values) for values in zip(*found, strict=True))
            print(f"\n{part}: {files:,.0f} files, {room[part]:.1f} MB on disk a county", end="")
        print("\n\n| counties | first builds CPU h | a night of releases CPU h | public GB | caches GB |")
        print("| --- |" + " --- |" * 4)
        for count in (options.counties, PROVINCE, THOUSAND):
            cells = (means[0] / 3600, means[-1] / 3600, room["public"] / 1000, room[".cache"] / 1000)
            print(f"| {count:,} | {' | '.join(f'{cell * count:.2f}' for cell in cells)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
