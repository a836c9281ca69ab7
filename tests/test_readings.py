"""Results of slow reads that are kept between runs: the same records and problems as without, and nothing is left."""

from pathlib import Path

import pytest
from evidence import picture
from haopin.check.rules import check
from haopin.load import dataset, pictures
from haopin.load.dataset import Dataset
from haopin.load.folder import open_readings, read, report
from haopin.privacy import file_text
from living import copy_living
from support import ROOT, edit, run


def county(folder: Path) -> Path:
    """Return a data folder with records of every kind, a PDF as evidence and a picture."""
    data = copy_living(folder)
    (data / "photographs").mkdir()
    (data / "photographs/hall.jpg").write_bytes(picture("JPEG"))
    return data


def seen(data: Path, cache: Path | None = None) -> tuple[Dataset, list[str]]:
    """Read and check ``data``; return the dataset and the lines of all problems."""
    readings = open_readings(cache) if cache is not None else None
    found = read(data, readings=readings)
    lines = report(data, check(found), "data")
    if readings is not None:
        readings.finish()
    return found, lines


def refused(*_arguments: object, **_named: object) -> object:
    raise AssertionError("read again")


def test_second_run_reads_nothing_slow_and_finds_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, cache = county(tmp_path), tmp_path / "cache"
    expected = seen(data)
    assert seen(data, cache) == expected
    for module, name in ((dataset, "_value"), (file_text, "text_in"), (pictures, "_size"), (pictures, "_is_decoded")):
        monkeypatch.setattr(module, name, refused)
    assert seen(data, cache) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    body: quality", "    body: quality\n    body: quality"),
        ("  body: quality\n  state", "  body: [quality\n  state"),
        ("source: 县质量局\n  approved", "source: 县质量局 #一科\n  approved"),
        ("source: 县质量局\n  approved", "source: 县质\u200b量局\n  approved"),
        ("source: 县质量局\n  approved", "source: &a 县质量局\n  approved"),
        ("  state: under-way", "  state:"),
    ],
)
def test_file_with_a_problem_is_reported_in_each_run(old: str, new: str, tmp_path: Path) -> None:
    data, cache = county(tmp_path), tmp_path / "cache"
    file = data / "ledger/2030.yml"
    text = file.read_text("utf-8")
    assert seen(data, cache) == seen(data)
    file.write_text(text.replace(old, new, 1), "utf-8")
    expected = seen(data)
    for _ in range(2):
        assert seen(data, cache) == expected
    file.write_text(text, "utf-8")
    assert seen(data, cache) == seen(data)


def test_nothing_is_left_of_what_was_deleted(tmp_path: Path) -> None:
    """What is withdrawn may leave nothing behind."""
    data, cache = county(tmp_path), tmp_path / "cache"
    edit(data / "ledger/2030.yml", "reason: 原来写错了", "reason: 甲乙丙公司写错了")
    seen(data, cache)

    def kept() -> bytes:
        return b"".join(file.read_bytes() for file in cache.rglob("*") if file.is_file())

    words = file_text.text_of(data / "evidence/letter.pdf").text.partition("\0")[0].encode()
    name = "甲乙丙公司".encode()
    assert words in kept()
    assert name in kept()
    edit(data / "ledger/2030.yml", "reason: 甲乙丙公司写错了", "reason: 原来写错了")
    edit(data / "ledger/2030.yml", "    - file: letter.pdf\n      title: 关于合格率的函\n", "")
    (data / "evidence/letter.pdf").unlink()
    seen(data, cache)
    assert words not in kept()
    assert name not in kept()


def test_damaged_file_is_copied_without_a_message(tmp_path: Path) -> None:
    """Also by a run that did not have to read its text."""
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4\n")
    copy = "import haopin.privacy.metadata as m\nm.stripped('a.pdf', open('a.pdf', 'rb').read())"
    done = run("-c", copy, cwd=tmp_path, PYTHONPATH=str(ROOT / "hooks"))
    assert (done.returncode, done.stderr) == (0, "")
