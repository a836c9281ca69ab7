"""Publishing at the desk: what it says of the public site, what it runs, what it leaves alone, and how it stops."""

import io
import json
import os
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Visitor, words
from haopin.desk.runs import BackgroundRun, RunCommand, RunPhase, without_secrets
from haopin.office.remote import remote_state
from haopin.office.terminal import CommandLanguage
from haopin.ops.prepare import FINDINGS, WORK
from haopin.text import Text
from support import copy_county, edit, files_of, git

#: Seconds that a build and a release may take.
LONG = 300


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("HAOPIN_TARGET", raising=False)
    folder = copy_county(tmp_path / "沂 county")
    edit(folder / "data/site.yml", "https://quality.example/", "https://quality.test/")
    return folder


@pytest.fixture
def clerk(project: Path) -> Iterator[Visitor]:
    visitor = Visitor(project)
    yield visitor
    visitor.desk.close()


def do(visitor: Visitor, name: str, **typed: str) -> str:
    """Begin an action, wait for its end, and return the words of the page."""
    visitor.post("/publish", {"do": name, **typed})
    visitor.desk.runner.wait(LONG)
    return words(visitor.get("/publish"))


def sleeping(*phases: str) -> BackgroundRun:
    """Return a run that prints a line and then does nothing for long."""
    script = "import time; print('first done', flush=True); time.sleep(600)"
    parts = (RunPhase(Text(zh="甲", en="A"), "first done"), RunPhase(Text(zh="乙", en="B")))
    return BackgroundRun(
        "x", Text(zh="试", en="Trial"), [RunCommand((sys.executable, "-c", script), parts)], publishes=True
    )


@pytest.mark.slow
def test_a_release_a_failure_and_a_rollback(
    clerk: Visitor, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = words(clerk.get("/publish"))
    assert "没有设置发布的服务器" in page and "还没有" in page and "检查并发布" not in page
    monkeypatch.setenv("HAOPIN_TARGET", str(tmp_path / "srv"))
    assert "还没有发布过" in words(clerk.get("/publish"))
    page = do(clerk, "release")
    assert "做完了" in page and "版本 000001-" in page and "不到一天前" in page, page
    edit(project / "data/site.yml", "address: https://quality.test/", "address: https://quality.test/\nfax: 1")
    page = do(clerk, "release")
    assert (
        "没有做成，上一次的网站没有改动" in page
        and "改好才能发布" in page
        and "版本 000001-" in page
        and "data/site.yml:" in page
    )
    assert "没有新的撤下" in do(clerk, "withdraw")
    edit(project / "data/site.yml", "\nfax: 1", "")
    assert "版本 000002-" in do(clerk, "release")
    named = re.findall(r'name="release" value="([^"]+)"', clerk.get("/publish"))
    assert len(named) == 2
    refused = clerk.post("/publish", {"do": "rollback", "reason": " "}, 422).text
    assert "请选一个版本" in refused and "请写原因" in refused
    page = do(clerk, "rollback", release=named[-1], reason="日期写错")
    assert "做完了" in page and "版本 000001-" in page
    assert "退回版本" in (history := words(clerk.get("/history"))) and "日期写错" in history and "发布" in history


@pytest.mark.slow
def test_what_is_built_is_replaced_only_if_it_passes(clerk: Visitor, project: Path) -> None:
    assert "做完了" in do(clerk, "rehearse")
    before = files_of(project / "site")
    edit(project / "data/site.yml", "https://quality.test/", "https://quality.example/")
    page = do(clerk, "rehearse")
    assert "没有做成" in page and "占位网址" in page and "placeholder" not in page
    assert files_of(project / "site") == before


@pytest.mark.sweep
def test_archives_are_downloaded_as_files(clerk: Visitor) -> None:
    assert clerk.client.get("/publish/site.zip").status_code == 404
    first = {"portal": ("site.zip", "site/index.html"), "offline": ("offline.zip", "offline/index.html")}
    for name, (file, page) in first.items():
        assert "做完了" in do(clerk, name)
        answer = clerk.client.get(f"/publish/{file}")
        assert answer.headers["content-disposition"] == f'attachment; filename="{file}"'
        assert page in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()


def test_one_thing_at_a_time_which_can_be_stopped(clerk: Visitor) -> None:
    assert clerk.desk.runner.start(sleeping())
    while not clerk.desk.runner.last or not clerk.desk.runner.last.done:
        clerk.desk.runner.wait(0.02)
    page = clerk.get("/publish")
    assert '<noscript><meta http-equiv="refresh"' in page and 'value="1"' in page and "正在做" in words(page)
    assert "上一件还没有做完" in clerk.post("/publish", {"do": "rehearse"}, 409).text
    clerk.post("/publish/stop", {})
    page = clerk.get("/publish")
    # It was in its last phase, which may have changed something.
    assert "已停止；公开的是哪一版" in words(page) and "http-equiv" not in page
    assert not clerk.desk.runner.busy


def test_a_closed_desk_leaves_nothing_running(project: Path) -> None:
    visitor = Visitor(project)
    run = sleeping()
    assert visitor.desk.runner.start(run)
    visitor.desk.close()
    assert run.state == "stopped"


def test_findings_are_shown_in_the_language_of_the_desk(project: Path) -> None:
    for language, said in (("zh", "页面里有手机号"), ("en", "a mobile number")):
        visitor = Visitor(project, language=language)
        run = BackgroundRun("release", Text(zh="发布", en="Publish"), [], state="failed")
        visitor.desk.runner.last = run
        file = project / WORK / FINDINGS
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps([{"file": "a.html", "zh": "页面里有手机号", "en": "a mobile number"}]), "utf-8")
        page = words(visitor.get("/publish"))
        assert "a.html" in page and said in page
        # The clock of files may be a tick behind; findings of an earlier run are not those of this one.
        for before, shown in ((0.015, True), (1, False)):
            os.utime(file, times=(run.started.timestamp() - before,) * 2)
            assert (said in words(visitor.get("/publish"))) is shown
        visitor.desk.close()


def test_what_the_remote_has_is_told_and_pushed(clerk: Visitor, project: Path, tmp_path: Path) -> None:
    assert "推送" not in words(clerk.get("/publish"))
    git(tmp_path, "init", "-q", "--bare", "far.git")
    git(project, "init", "-q", "-b", "main")
    git(project, "add", ".")
    git(project, "commit", "-qm", "begun")
    git(project, "remote", "add", "origin", str(tmp_path / "far.git"))
    assert "还没有这个分支" in words(clerk.get("/publish"))
    page = do(clerk, "push")
    assert "做完了" in page and "与 origin/main 相同" in page, page
    git(tmp_path, "clone", "-q", "-b", "main", "far.git", "other")
    git(tmp_path / "other", "commit", "-q", "--allow-empty", "-m", "there")
    git(tmp_path / "other", "push", "-q")
    assert "远端有、这里没有的提交：1" in do(clerk, "fetch")
    assert "与 origin/main 相同" in do(clerk, "pull")
    for folder in (tmp_path / "other", project):
        git(folder, "commit", "-q", "--allow-empty", "-m", f"more in {folder.name}")
    git(tmp_path / "other", "push", "-q")
    assert "两边都有新的提交" in do(clerk, "fetch")
    assert "检查并推送" not in words(clerk.get("/publish"))


def test_a_folder_without_a_remote_has_no_state(tmp_path: Path) -> None:
    assert remote_state(tmp_path) is None
    git(tmp_path, "init", "-q")
    assert remote_state(tmp_path) is None


def test_no_secret_is_shown() -> None:
    line = "push to https://clerk:s3cretword@git.example/x.git with topsecretvalue"
    shown = without_secrets(line, {"HAOPIN_SSH_KEY": "topsecretvalue", "PATH": "push"})
    assert shown == "push to https://***@git.example/x.git with ***"


@pytest.mark.parametrize(
    ("line", "zh", "en"),
    [
        ("没有 / none", "没有", "none"),
        ("data/a.yml:3:1: 错了 / wrong", "data/a.yml:3:1: 错了", "data/a.yml:3:1: wrong"),
        ("data/a.yml:3:1: 提醒 / warning: 旧 / old", "data/a.yml:3:1: 提醒：旧", "data/a.yml:3:1: warning: old"),
        ("“a / b”错了 / “a / b” is wrong", "“a / b”错了", "“a / b” is wrong"),
        ("a / b / c", "a / b / c", "a / b / c"),
        ("plain", "plain", "plain"),
    ],
)
def test_a_line_of_output_has_a_side_for_each_language(line: str, zh: str, en: str) -> None:
    assert (CommandLanguage("zh").side(line), CommandLanguage("en").side(line)) == (zh, en)


@pytest.mark.parametrize("path", ["/publish/..%2fmkdocs.yml", "/publish/offline.part.zip", "/publish/nothing"])
def test_nothing_else_is_downloaded(path: str, clerk: Visitor) -> None:
    assert clerk.client.get(path).status_code == 404
