"""A release to a real store that speaks S3: OpenStack Swift in three zones, of which one dies under load."""

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path
from threading import Event

import pytest
import swift
from haopin.ops.nginx import types_by_ending
from haopin.ops.object_storage import OUT_OF_USE, content_of, grouped, publish, remote_of
from support import BuiltSite, copy_release_project, edit, files_of, run
from visitors import DIGESTS, FOREVER, Tally, lay, visit, wait_until
from webserver import Answer

pytestmark = pytest.mark.sweep

BUCKET = "site"
REMOTE = remote_of(f"s3://{BUCKET}")
TODAY = date(2030, 2, 1)
LATER = date(2030, 3, 5)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[swift.Swift]:
    with swift.running(tmp_path / "swift") as found:
        yield found


@pytest.fixture
def builds(county: BuiltSite, tmp_path: Path) -> list[Path]:
    """Two builds; neither has the assets of the other, for the store keeps them."""
    for number in (0, 1):
        lay(tmp_path / str(number), county.folder, number, ())
    (tmp_path / "1/build.json").write_text('{"as_of": "2030-02-01", "data": {"commit": null}}', encoding="utf-8")
    return [tmp_path / "0", tmp_path / "1"]


def environment_of(cluster: swift.Swift) -> dict[str, str]:
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/", **cluster.environment}


def sent(site: Path) -> list[str]:
    """Return the names of the files that the store should have; a CDN compresses by itself."""
    return [name for name in files_of(site) if not name.endswith(".gz")]


def send(site: Path, cluster: swift.Swift, day: date = TODAY) -> tuple[int, int]:
    return publish(site, REMOTE, types_by_ending(), day, environment_of(cluster))


def assert_public(site: Path, cluster: swift.Swift) -> None:
    """Everybody can read each file of ``site`` as it is, with its headers."""
    names = [p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file()]
    with closing(cluster.connect()) as connection:
        for group, files in grouped(names, types_by_ending()).items():
            for name in files:
                answer = connection.get(cluster.path(BUCKET, name))
                assert (answer.status, answer.body) == (200, (site / name).read_bytes()), name
                told = (answer.headers["content-type"].replace("UTF-8", "utf-8"), answer.headers["cache-control"])
                assert told == (group.type, group.cache), name


def asked(cluster: swift.Swift, name: str) -> Answer:
    with closing(cluster.connect()) as connection:
        return connection.get(cluster.path(BUCKET, name))


def test_a_release_goes_on_while_a_zone_dies_under_load(cluster: swift.Swift, builds: list[Path]) -> None:
    first, second = builds
    count, gone = send(first, cluster)
    assert (count, gone) == (len(sent(first)), 0)
    assert_public(first, cluster)
    found = sorted(p.relative_to(first).as_posix() for p in first.rglob("index.html"))
    pages, tally, stop = [cluster.path(BUCKET, name) for name in found], Tally(), Event()
    with ThreadPoolExecutor(5) as pool:
        visitors = [pool.submit(visit, cluster.connect, pages[n:] + pages[:n], tally, FOREVER, stop) for n in range(4)]
        try:
            assert wait_until(tally, 100, 60), tally
            sending = pool.submit(send, second, cluster)
            assert wait_until(tally, 200, 60) and not sending.done(), tally
            cluster.kill(1)
            assert sending.result(300)[0] == len(sent(second))
            after = tally.requests
            assert wait_until(tally, after + 200, 60), tally
        finally:
            stop.set()
        for visitor in visitors:
            visitor.result()
    assert (dict(tally.bad), tally.mismatches) == ({}, 0)
    assert set(tally.versions) == {b"0", b"1"}, "pages of both builds were met"
    assert_public(second, cluster)
    # Pages of the first build may still be open somewhere: what they load stays, for thirty days.
    old = f"assets/{DIGESTS[0]}/haopin.css"
    assert asked(cluster, old).status == 200
    assert old in (content_of(REMOTE, OUT_OF_USE, environment_of(cluster)) or "")
    assert send(second, cluster, LATER)[1] == 4
    assert asked(cluster, old).status == 404
    assert_public(second, cluster)


def test_the_command_releases_to_the_store_and_refuses_what_is_older(cluster: swift.Swift, tmp_path: Path) -> None:
    project = copy_release_project(tmp_path / "project")

    def release(day: str, *more: str) -> "subprocess.CompletedProcess[str]":
        arguments = ("-m", "haopin", "release", "--to", "s3://site/quality", "--as-of", day, *more)
        return run(*arguments, cwd=project, **cluster.environment)

    done = release("2030-02-01")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert asked(cluster, "quality/en/index.html").body.startswith(b"<!doctype html>")
    assert json.loads(asked(cluster, "quality/build.json").body)["as_of"] == "2030-02-01"
    done = release("2030-01-31")
    assert done.returncode == 1 and "dated before" in done.stderr and "--force" in done.stderr
    assert json.loads(asked(cluster, "quality/build.json").body)["as_of"] == "2030-02-01"
    assert release("2030-01-31", "--force").returncode == 0
    assert json.loads(asked(cluster, "quality/build.json").body)["as_of"] == "2030-01-31"
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "build.json").write_text("{", encoding="utf-8")
    (damaged / "index.html").write_text("", encoding="utf-8")
    publish(damaged, f"{REMOTE}/quality", types_by_ending(), TODAY, environment_of(cluster))
    done = release("2030-02-01")
    assert done.returncode == 1 and "is damaged" in done.stderr and "Traceback" not in done.stderr
    assert release("2030-01-31", "--force").returncode == 0
    edit(project / "hooks/haopin/theme/main.html", '<main class="hp-main"', '<main onclick="x()" class="hp-main"')
    done = release("2030-02-02")
    assert done.returncode == 1 and "pre-release checks failed" in done.stderr
    assert json.loads(asked(cluster, "quality/build.json").body)["as_of"] == "2030-01-31"


def test_what_is_withdrawn_is_gone_at_once(cluster: swift.Swift, builds: list[Path]) -> None:
    site = builds[0]
    (site / "news/taken-back").mkdir(parents=True, exist_ok=True)
    (site / "news/taken-back/index.html").write_text("<p>a name</p>", encoding="utf-8")
    send(site, cluster)
    assert asked(cluster, "news/taken-back/index.html").status == 200
    (site / "news/taken-back/index.html").unlink()
    assert send(site, cluster)[1] == 1
    assert asked(cluster, "news/taken-back/index.html").status == 404
    assert content_of(REMOTE, "build.json", environment_of(cluster)) == (site / "build.json").read_text("utf-8")
    assert content_of(REMOTE, "none.json", environment_of(cluster)) is None
