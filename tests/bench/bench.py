"""Measure a build against stock MkDocs + Material: ``make bench``, or with ``--quick`` a shorter one.

Our build is what ``make site`` runs, from a fresh copy of the engine without compiled files; stock has the same pages
as Markdown, its search and jieba on, outside its navigation. Stock has no calendars, feeds, open data or pictures: our
pages alone are compared with it, and our build with all exports with them. Pictures and QR codes are made only when
they change: the build that counts finds them in the cache, as every build but the first does, and the first is
shown beside it. All alternate; the figures are medians.
"""

import argparse
import math
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bench_county import make_county
from measure import Cost, run
from stock import make_stock

QUIET = {"NO_MKDOCS_2_WARNING": "1"}


def build_ours(records: int, folder: Path, cache: Path | None = None) -> Cost:
    """Build a fresh project with ``records`` tasks in ``folder``, which must not exist.

    Args:
        records: Number of tasks.
        folder: Where.
        cache: Of the exports; None for the pages alone.
    """
    folder.mkdir(parents=True)
    make_county(records, folder)
    command = [sys.executable, "-m", "haopin", "build", "--as-of", "2030-02-01"]
    exports = {"HAOPIN_EXPORTS": "false"} if cache is None else {"HAOPIN_CACHE": str(cache)}
    return run(command, folder, {**QUIET, **exports, "PYTHONPATH": "hooks"})


def build_stock(folder: Path) -> Cost:
    """Build the stock project in ``folder`` again."""
    shutil.rmtree(folder / "site", ignore_errors=True)
    return run([sys.executable, "-m", "mkdocs", "--quiet", "build"], folder, QUIET)


def page_bytes(site: Path) -> float:
    """Return the mean size of a record's page, in bytes."""
    return statistics.mean(p.stat().st_size for p in site.glob("**/tasks/x*/index.html"))


def site_bytes(site: Path) -> int:
    """Return the size of all HTML and search files."""
    return sum(p.stat().st_size for p in site.rglob("*") if p.suffix in (".html", ".json"))


def median(costs: list[Cost]) -> Cost:
    """Return the medians of each figure."""
    return Cost(*(statistics.median(getattr(c, name) for c in costs) for name in vars(costs[0])))


def compare(records: int, rounds: int, work: Path, kinds: tuple[str, ...], *, exports: bool = False) -> dict[str, Cost]:
    """Measure ours, with ``exports`` too, and ``kinds`` of stock in turn; print a line each; return the medians."""
    costs: dict[str, list[Cost]] = {}
    site = work / f"ours-{records}" / "site"
    cache = work / f"cache-{records}"
    for number in range(rounds):
        if exports:
            if number == 0:
                costs["first build"] = [build_ours(records, work / f"first-{records}", cache)]
            folder = work / f"exports-{records}"
            shutil.rmtree(folder, ignore_errors=True)
            costs.setdefault("all exports", []).append(build_ours(records, folder, cache))
        shutil.rmtree(site.parent, ignore_errors=True)
        costs.setdefault("ours", []).append(build_ours(records, site.parent))
        for kind in kinds:
            folder = work / f"{kind}-{records}"
            if not folder.exists():
                make_stock(site, folder, search=kind == "stock")
            costs.setdefault(kind, []).append(build_stock(folder))
    medians = {name: median(found) for name, found in costs.items()}
    for name, cost in medians.items():
        short = {"first build": "first", "all exports": "exports"}.get(name, name)
        size = site_bytes(work / f"{short}-{records}" / "site")
        ratio = medians["ours"].user / cost.user
        print(
            f"{records:6d}  {name:14s} {cost.user:8.2f} {cost.system:7.2f} {ratio:7.3f} "
            f"{cost.largest:8.0f} {cost.together:8.0f} {size / 1e6:8.1f}",
            flush=True,
        )
    return medians


def share(costs: dict[str, Cost], name: str) -> float:
    """Return what the build with all exports costs, as a ratio to the pages alone."""
    return float(getattr(costs["all exports"], name) / getattr(costs["ours"], name))


def goal(name: str, value: float, limit: float) -> bool:
    """Print whether ``value`` keeps within ``limit``."""
    print(f"{'reached' if value <= limit else 'MISSED '}  {name}: {value:.3f} (at most {limit:.3f})")
    return value <= limit


def main() -> int:
    """Measure; return 0 if every goal is reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100 and 1,000 records only, one round")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    rounds = 1 if options.quick else options.rounds
    print("records  what             user s   sys s   ratio  largest together  html+json MB", flush=True)
    with tempfile.TemporaryDirectory(prefix="haopin-bench-") as name:
        work = Path(name)
        empty = median([build_ours(0, work / f"empty-{i}") for i in range(rounds)])
        print(f"{0:6d}  ours           {empty.user:8.2f} {empty.system:7.2f}")
        compare(100, rounds, work, ("stock", "stock-nosearch"))
        thousand = compare(1000, rounds, work, ("stock", "stock-nosearch"), exports=True)
        reached = [
            goal("user CPU, ratio to stock at 1,000 records", thousand["ours"].user / thousand["stock"].user, 0.15),
            goal(
                "peak of the largest process, ratio to stock", thousand["ours"].largest / thousand["stock"].largest, 1
            ),
            goal("user CPU with all exports, ratio to the pages alone", share(thousand, "user"), 1.5),
            goal("peak of all processes, ratio to stock", thousand["ours"].together / thousand["stock"].together, 1),
        ]
        if not options.quick:
            many = compare(5000, rounds, work, ())
            small, large = (page_bytes(work / f"ours-{n}" / "site") for n in (100, 5000))
            exponent = math.log((many["ours"].user - empty.user) / (thousand["ours"].user - empty.user), 5)
            reached += [
                goal("bytes of a record's page, 5,000 records to 100", large / small, 1.02),
                goal("growth exponent of user CPU, 1,000 to 5,000 records", exponent, 1.10),
            ]
            compare(5000, 1, work, ("stock",))
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
