"""Releases under load: every answer whole, every page with its own assets."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from haopin.build.manifest import Origin, evidence, fingerprints
from haopin.ops.prepare import ReleaseOptions
from haopin.ops.release import deliver
from haopin.ops.target import ReleaseTarget
from support import BuiltSite
from visitors import DIGESTS, FOREVER, Tally, lay, visit, wait_until
from webserver import Connection, Server, compress, serving_releases


@dataclass
class Place:
    """A server, and two builds that are released to it in turn.

    Attributes:
        server: The running nginx.
        sites: The builds; neither has what the other's pages load, for a release carries it forward.
        count: How many releases there were.
    """

    server: Server
    sites: list[Path]
    count: int = 0

    def release(self) -> None:
        """Release the other build, as the command does once it has passed the gate."""
        site = self.sites[self.count % 2]
        self.count += 1
        deliver(
            site,
            site.parent,
            ReleaseTarget(str(self.server.root)),
            ReleaseOptions(),
            (),
            ("", "en/"),
            datetime.now(UTC),
        )


@pytest.fixture(scope="module")
def place(county: BuiltSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    work = tmp_path_factory.mktemp("load")
    sites = [work / f"{number}/site" for number in (0, 1)]
    for number, site in enumerate(sites):
        lay(site, county.folder, number, ())
        (site / "one.txt").write_bytes(b"1")
        told = evidence(Origin("2030-02-01", False, None, None, {}), fingerprints(site))
        (site / "build.json").write_text(told, encoding="utf-8")
        compress(site, quality=1)
    # The server must exist before its configuration can be tried; so must what it serves.
    found = Place(Server(work / "haopin", work, ("", 0), ("", 0), None), sites)  # type: ignore[arg-type]
    found.release()
    with serving_releases(work / "nginx", work / "haopin", connections=60_000) as server:
        found.server = server
        yield found


def releases_under_load(place: Place, number: int, releases: int, seconds: float) -> Tally:
    """Release ``releases`` times while visitors send ``number`` requests or more."""
    site = place.sites[0]
    found = sorted(p.parent.relative_to(site).as_posix() for p in site.rglob("index.html"))
    pages = ["/" if name == "." else f"/{name}/" for name in found]
    tally, stop = Tally(), Event()

    def connect() -> Connection:
        return Connection(place.server.https)

    with ThreadPoolExecutor(8) as pool:
        visitors = [pool.submit(visit, connect, pages[n:] + pages[:n], tally, FOREVER, stop) for n in range(8)]
        try:
            for _ in range(releases):
                assert wait_until(tally, tally.requests + number // (2 * releases), seconds), tally
                place.release()
            assert wait_until(tally, max(number, tally.requests + 100), seconds), tally
        finally:
            stop.set()
        for visitor in visitors:
            visitor.result()
    return tally


def assert_whole(tally: Tally, number: int) -> None:
    assert (dict(tally.bad), tally.mismatches) == ({}, 0)
    assert tally.requests >= number
    # Both builds were met: else the swaps were not seen, and nothing was tested.
    assert set(tally.versions) == {b"0", b"1"} and min(tally.versions.values()) > number / 100


@pytest.mark.sweep
def test_releases_under_load(place: Place) -> None:
    assert_whole(releases_under_load(place, 6_000, 3, 60), 6_000)


@pytest.mark.sweep
def test_ten_releases_under_two_hundred_thousand_requests(place: Place) -> None:
    assert_whole(releases_under_load(place, 200_000, 10, 230), 200_000)


def test_visitors_detect_errors(place: Place) -> None:
    """A missing page and an asset of another release are noticed."""
    server, shown = place.server, (place.count - 1) % 2
    asset = server.root / "current/assets" / DIGESTS[shown] / "haopin.css"
    kept = {name: Path(f"{asset}{name}").read_bytes() for name in ("", ".br")}
    try:
        asset.write_bytes(b"/*haopin-release-%d*/" % (1 - shown))
        Path(f"{asset}.br").unlink()
        tally = Tally()
        visit(lambda: Connection(server.https), ["/", "/none/"], tally, 20, Event())
        assert tally.mismatches > 0
        assert any("/none/: 404" in name for name in tally.bad)
    finally:
        for name, content in kept.items():
            Path(f"{asset}{name}").write_bytes(content)
