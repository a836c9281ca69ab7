"""A withdrawal is released with the data of the last release if other data has errors."""

import json
import shutil
from pathlib import Path

import pytest
from haopin.ops.last_good import GOOD, withdrawals_in
from living import add_living
from support import copy_release_project, edit, git, run

DAY = "2030-02-01"
NOTHING_NEW = "没有新的撤下，没有发布 / there is no new withdrawal, so nothing is released\n"


def test_withdrawals_are_read_each_for_itself(tmp_path: Path) -> None:
    file = tmp_path / "withdrawals.yml"
    assert withdrawals_in(file) == ([], [])
    good = "- id: w-1\n  date: 2030-01-30\n  reason: error\n  names: [东山果脯厂, 厂]\n"
    wrong = {
        "syntax": "- {id: w-2, date: 2030-01-30\n  reason: [error\n",
        "field": "- {id: w-2, date: 2030-01-30, reason: eror, names: [甲乙]}\n",
        "tag": "- !!python/object:x {id: w-2}\n",
        "nothing": "- {id: w-2, date: 2030-01-30, reason: error}\n",
        "too short": "- {id: w-2, date: 2030-01-30, reason: error, names: [厂]}\n",
        "text": "- w-2\n",
    }
    for name, item in wrong.items():
        file.write_text(f"# 说明\n{good}{item}- {{id: w-3, date: 2030-01-30, reason: law, record: news/a}}\n", "utf-8")
        found, broken = withdrawals_in(file)
        assert [(w.id, w.names, w.record) for w in found] == [("w-1", ("东山果脯厂",), None), ("w-3", (), "news/a")], (
            name
        )
        assert broken == ["withdrawals.yml:6:1: 这一条撤下有误，没有应用 / this withdrawal is wrong and not applied"], (
            name
        )
    file.write_bytes(good.encode("gbk"))
    assert [w.names for w in withdrawals_in(file)[0]] == [("东山果脯厂",)]


def write(project: Path, name: str, text: str) -> None:
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")


def public(srv: Path) -> str:
    """Every text of the public site."""
    files = sorted(p for p in (srv / "current").resolve().rglob("*") if p.suffix in (".html", ".json", ".csv", ".xml"))
    return "\n".join(p.read_text("utf-8") for p in files)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = copy_release_project(tmp_path / "project")
    add_living(project / "data")
    return project


def release(project: Path, srv: Path, *options: str) -> tuple[int, str]:
    done = run("-m", "haopin", "release", "--to", srv, "--as-of", DAY, *options, cwd=project)
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr


NAMES = "[东山果脯厂, Dongshan Works, Dongshan]"


@pytest.fixture
def withdrawn(project: Path, tmp_path: Path) -> Path:
    """The folder of releases after a withdrawal that came together with mistakes elsewhere."""
    srv = tmp_path / "srv"
    write(project, "docs/zh/about.md", "# 关于\n\n东山果脯厂的事。\n")
    assert release(project, srv)[0] == 0
    assert "东山果脯厂" in public(srv) and "Dongshan Works" in public(srv)
    good = project / ".cache/release" / GOOD
    assert good.stat().st_mode & 0o777 == 0o700
    # A mistake in another file, one in another withdrawal, and one of a record that came later.
    edit(project / "data/targets.yml", "en: Product pass rate", "en: [Product pass rate")
    write(
        project,
        "data/withdrawals.yml",
        f"- {{id: w-1, date: 2030-01-30, reason: credit-restored, names: {NAMES}}}\n"
        "- {id: w-2, date: 2030-01-30, reason: eror, names: [甲乙木器厂]}\n"
        "- {id: w-3, date: 2030-01-30, reason: error, record: news/later}\n"
        "- {id: w-4, date: 2030-01-01, reason: error, record: recall/r1}\n",
    )
    code, said = release(project, srv)
    assert code == 1
    assert "注意：今天的资料没有发布。公开网站用的是上一次发布的资料，已应用撤下记录，新的 2 条。" in said
    assert "Attention: today's data was not released." in said
    assert "withdrawals.yml:2:1: 这一条撤下有误，没有应用" in said and "data/targets.yml" in said
    shown = public(srv)
    assert "东山果脯厂" not in shown and "Dongshan" not in shown and "木制儿童餐椅" not in shown
    assert "Product pass rate" in shown and "甲乙木器厂" in shown
    # Those that show it are gone, here too.
    assert len(list((srv / "releases").glob("*-*/"))) == 1
    return srv


@pytest.mark.sweep
def test_a_withdrawal_is_released_with_the_last_good_data(project: Path, withdrawn: Path) -> None:
    # Nothing new waits: an error as always.
    before = (withdrawn / "current").readlink()
    code, said = release(project, withdrawn)
    assert code == 1 and "Attention" not in said and (withdrawn / "current").readlink() == before


@pytest.mark.sweep
@pytest.mark.sweep
def test_after_a_withdrawal_the_data_of_the_day_are_released_again(project: Path, withdrawn: Path) -> None:
    srv = withdrawn
    # After the correction, today's data is released.
    edit(project / "data/targets.yml", "en: [Product pass rate", "en: Rate of what passed")
    write(project, "docs/zh/about.md", "# 关于\n\n某厂的事。\n")
    write(
        project,
        "data/withdrawals.yml",
        f"- {{id: w-1, date: 2030-01-30, reason: credit-restored, names: {NAMES}}}\n"
        "- {id: w-4, date: 2030-01-30, reason: error, record: recall/r1}\n",
    )
    code, said = release(project, srv)
    assert code == 0, said
    assert "Rate of what passed" in public(srv) and "东山果脯厂" not in public(srv)
    # Asked for withdrawals alone, the data of today are not looked at, and without a new one nothing happens.
    before = (srv / "current").readlink()
    code, said = release(project, srv, "--withdrawals-only")
    assert (code, said) == (0, NOTHING_NEW)
    assert (srv / "current").readlink() == before
    # Without data of an earlier release, a message says so.
    shutil.rmtree(project / ".cache/release" / GOOD)
    edit(project / "data/targets.yml", "en: Rate of what passed", "en: [Rate")
    code, said = release(project, srv)
    assert code == 1 and "没有上一次发布的资料可用，所以撤下记录（2 条）现在也没有发布" in said


@pytest.mark.sweep
def test_a_runner_with_an_empty_disk_takes_the_data_of_the_public_commit(project: Path, tmp_path: Path) -> None:
    srv = tmp_path / "srv"

    def release_without_cache(*options: str) -> tuple[int, str]:
        shutil.rmtree(project / ".cache", ignore_errors=True)
        return release(project, srv, *options)

    def commit(message: str) -> str:
        git(project, "add", "-A")
        git(project, "commit", "-qm", message)
        return git(project, "rev-parse", "HEAD")

    git(project, "init", "-q")
    first = commit("good")
    assert release_without_cache()[0] == 0 and "Dongshan Works" in public(srv)
    edit(project / "data/targets.yml", "en: Product pass rate", "en: Rate of what passed")
    for number, name in enumerate(("Dongshan Works", "木制儿童餐椅"), start=1):
        with (project / "data/withdrawals.yml").open("a", encoding="utf-8") as file:
            file.write(f"- {{id: w-{number}, date: 2030-01-30, reason: law, names: [{name}]}}\n")
        commit(f"withdrawn {number}")
        code, said = release_without_cache("--withdrawals-only")
        assert code == 0 and "有 1 条新的撤下" in said and "Attention" not in said, said
        shown = public(srv)
        assert name not in shown and "Product pass rate" in shown and "Rate of what passed" not in shown
        # The next one starts from the same data again.
        (facts,) = (srv / "releases").glob("*-????????????.json")
        assert json.loads(facts.read_text("utf-8"))["commit"] == first
        assert release_without_cache("--withdrawals-only") == (0, NOTHING_NEW)
