"""A release to object storage: order, headers, kept and deleted files; by rclone, here to a folder."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from haopin.ops.object_storage import OUT_OF_USE, expired, grouped, publish, remote_of
from haopin.problem import ConfigurationError
from support import program

TYPES = {"html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "json": "application/json"}
DIGEST = "0123456789ab"
OTHER = "fedcba987654"
TODAY = date(2030, 2, 1)


def test_assets_go_first_and_pages_last() -> None:
    names = ["index.html", "en/index.html", "index.html.br", f"en/assets/{DIGEST}/a.css", "build.json", "feeds/a.xml"]
    found = grouped(names, TYPES)
    assert [name for files in found.values() for name in files] == [
        f"en/assets/{DIGEST}/a.css",
        "feeds/a.xml",
        "build.json",
        "en/index.html",
        "index.html",
    ]
    headers = {files[0]: (group.type, group.cache) for group, files in found.items()}
    assert headers[f"en/assets/{DIGEST}/a.css"] == (TYPES["css"], "public, max-age=31536000, immutable")
    assert headers["en/index.html"] == (TYPES["html"], "no-cache")
    assert headers["feeds/a.xml"][0] == "application/atom+xml; charset=utf-8"


def test_old_assets_wait_and_old_pages_do_not() -> None:
    old, older = f"assets/{OTHER}/a.css", f"assets/{OTHER}/b.css"
    waiting, gone = expired(
        ["index.html", "withdrawn/index.html", old, older, OUT_OF_USE], ["index.html"], {older: "2030-01-02"}, TODAY
    )
    assert (waiting, gone) == ({old: "2030-02-01"}, [older, "withdrawn/index.html"])


@pytest.mark.parametrize(
    ("target", "remote"),
    [("s3://bucket", ":s3:bucket"), ("s3://bucket/", ":s3:bucket"), ("s3://bucket/a/b", ":s3:bucket/a/b")],
)
def test_a_target(target: str, remote: str) -> None:
    assert remote_of(target) == remote


@pytest.mark.parametrize(
    "target", ["", "s3://", "s3:///a", "bucket", "s3://B", "s3://bucket/../a", "s3://a b", "s3://bucket,x:"]
)
def test_a_wrong_target_is_refused(target: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot be used"):
        remote_of(target)


def make(folder: Path, digest: str, *pages: str) -> Path:
    for name in ("index.html", "build.json", f"assets/{digest}/a.css", *pages):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{name} {digest}", encoding="utf-8")
    return folder


def there(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {OUT_OF_USE}


def test_two_releases_to_a_folder(tmp_path: Path) -> None:
    program("rclone")
    store = tmp_path / "store"
    first = make(tmp_path / "1", DIGEST, "gone/index.html")
    second = make(tmp_path / "2", OTHER)
    assert publish(first, str(store), TYPES, TODAY, os.environ) == (4, 0)
    assert publish(second, str(store), TYPES, TODAY, os.environ) == (3, 1)
    assert there(store) == {"index.html", "build.json", f"assets/{DIGEST}/a.css", f"assets/{OTHER}/a.css"}
    assert (store / "index.html").read_text("utf-8") == f"index.html {OTHER}"
    assert json.loads((store / OUT_OF_USE).read_text("utf-8")) == {f"assets/{DIGEST}/a.css": "2030-02-01"}
    assert publish(second, str(store), TYPES, date(2030, 3, 3), os.environ) == (3, 1)
    assert f"assets/{DIGEST}/a.css" not in there(store)


def test_a_folder_that_is_not_a_site_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="not a built site"):
        publish(tmp_path, str(tmp_path / "store"), TYPES, TODAY, os.environ)
    assert not (tmp_path / "store").exists()


def test_missing_rclone_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigurationError, match="rclone is missing"):
        publish(make(tmp_path / "1", DIGEST), str(tmp_path / "store"), TYPES, TODAY, {"PATH": str(tmp_path)})
