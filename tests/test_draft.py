"""The draft of the site for the approver: has what awaits approval, says so on each page, and is never released."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from haopin.cli.main import main
from haopin.load.folder import read
from haopin.model.publishable import Publishable
from haopin.office.approval import waiting
from haopin.ops.gate import site_reader
from haopin.ops.gate.content_rules import site_is_public
from haopin.ops.gate.site_reader import Expected
from haopin.site.publish import publish
from living import AS_OF, add_living
from support import copy_county, edit, run

NEW = """\
- id: later
  date: 2030-01-20
  party: 北坡作坊
  number: 甲质罚〔2030〕9号
  body: quality
  breach: 待审词语一
  penalty: 警告
  source: 县质量局
- id: next-month
  date: 2030-01-21
  party: 西河作坊
  number: 甲质罚〔2030〕10号
  body: quality
  breach: 待到日词语
  penalty: 警告
  source: 县质量局
  publish_from: 2030-03-01
  approved: {role: head, date: 2030-01-22}
"""
#: New words that are not approved: of a new record, of a changed one, and of a changed table.
WAITING = ("待审词语一", "改后词语", "改后货名")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The living county, approved by fingerprint; then changed."""
    folder = copy_county(tmp_path_factory.mktemp("draft") / "county")
    data = folder / "data"
    add_living(data)
    with (data / "violations.yml").open("a", encoding="utf-8") as file:
        file.write(NEW)
    command = ["-f", str(folder / "mkdocs.yml"), "--as-of", AS_OF.isoformat()]
    assert main(["approve", *command, "--again", "--name", "甲主任", "--role", "head", "--yes"]) == 0
    edit(data / "news/2030-01-15-fair.zh.md", "展会开幕了", "改后词语")
    edit(data / "batches/b1.csv", "枣片", "改后货名")
    return folder


def haopin(project: Path, command: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    # In a process of its own: MkDocs leaves files open until it ends.
    return run("-m", "haopin", command, "-f", project / "mkdocs.yml", "--as-of", AS_OF.isoformat(), *arguments)


def build(project: Path, command: str, target: Path, *options: str) -> Path:
    done = haopin(project, command, *options, *(["--site-dir"] if command == "build" else []), target)
    assert done.returncode == 0, done.stdout + done.stderr
    return target


@pytest.fixture(scope="module")
def draft(project: Path) -> Path:
    return build(project, "preview", project / "site-preview")


def texts(site: Path) -> dict[str, str]:
    files = (file for file in site.rglob("*") if file.is_file())
    return {file.relative_to(site).as_posix(): file.read_bytes().decode("utf-8", "replace") for file in files}


def test_what_is_not_approved_is_in_no_file_of_the_site(project: Path) -> None:
    found = texts(build(project, "build", project / "site"))
    assert "draft" not in json.loads(found["build.json"])
    for words in (*WAITING, "待到日词语", "甲主任", 'hp-draft"', "送审稿"):
        assert [name for name, text in found.items() if words in text] == [], words
    # Fingerprints, names, and what was public before and is changed.
    for record in read(project / "data").records(Publishable):
        assert record.approved is None or not any(str(record.approved.fingerprint) in text for text in found.values())
    assert "news/2030-01-15-fair/index.html" not in found and "disclosures/batches/b1/index.html" not in found


def test_the_draft_has_it_marked_on_its_page_and_says_so_on_every_page(project: Path, draft: Path) -> None:
    found = texts(draft)
    for words in WAITING:
        pages = [name for name, text in found.items() if words in text and name.endswith(".html")]
        assert pages and all("hp-badge--draft" in found[page] for page in pages if "disclosures" in page), words
    assert not [name for name, text in found.items() if "待到日词语" in text]
    dataset = read(project / "data")
    for entry in waiting(dataset, AS_OF):
        anchor = entry.kind.anchor(entry.record.id).partition("#")[0]
        for folder, badge in (("", "待审核</span>"), ("en/", "awaiting approval</span>")):
            text = found[f"{folder}{anchor}index.html"]
            assert badge in text and "hp-notice--draft" in text, entry.record.id
            assert entry.kind.anchor(entry.record.id).partition("#")[0] in text
    for name, text in found.items():
        if name.endswith(".html"):
            band = "Draft for approval, not public" if name.startswith("en/") else "送审稿，未公布"
            assert f'<div class="hp-draft"><p role="note"><strong>{band}</strong>' in text, name
            assert '<meta name="robots" content="noindex">' in text, name
            assert re.search(r"<title>(【送审稿】|\[draft\] )", text), name
            # It opens from a folder: nothing is linked by a folder or from the root.
            assert not re.findall(r'(?:href|src)="(?:/|[^":]*/)"', text), name
    assert json.loads(found["build.json"])["draft"] is True
    assert "甲主任" not in "".join(found.values())


def test_the_draft_of_everything_has_what_is_approved_for_a_later_day(project: Path, tmp_path: Path) -> None:
    found = texts(build(project, "preview", tmp_path / "all", "--all"))
    page = found["disclosures/violations/index.html"]
    assert "待到日词语" in page and "已审核，未到公布日" in page


def test_a_draft_is_not_released(project: Path, draft: Path) -> None:
    found = [finding.zh for finding in site_is_public(site_reader.read(draft), Expected("https://a.example/", {}, ()))]
    assert "这是送审稿，含未公布的内容" in found and "这是试运行的网站" in found
    config = project / "mkdocs.yml"
    text = config.read_text(encoding="utf-8")
    config.write_text(f"{text}\nextra:\n  haopin:\n    shows: waiting\n", encoding="utf-8")
    for command in (["zip", "--address", "https://quality.gov.cn/"], ["release", "--to", str(project / "out")]):
        done = haopin(project, *command)
        assert done.returncode == 1 and "不能用于发布" in done.stderr, done.stderr
    config.write_text(text, encoding="utf-8")
    # Another folder is not overwritten.
    (project / "own").mkdir()
    (project / "own/file.txt").write_text("x", encoding="utf-8")
    assert haopin(project, "preview", project / "own").returncode == 1


def test_publish_says_which_records_are_not_public(project: Path) -> None:
    dataset = read(project / "data")
    plain, more, every = (publish(dataset, AS_OF, shows=shows) for shows in ("public", "waiting", "all"))
    assert not plain.drafts and len(every.records) == len(plain.records) + len(every.drafts)
    assert more.drafts == {
        ("violation", "later"): "unapproved",
        ("news", "2030-01-15-fair"): "changed",
        ("batch", "b1"): "changed",
    }
    assert {**more.drafts, ("violation", "next-month"): "future"} == every.drafts
