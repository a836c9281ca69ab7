"""Building: all or nothing, and reproducible, for any address and generator."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from _pytest.mark import ParameterSet
from haopin.build.manifest import Difference, verify
from haopin.build.settings import settings_of
from haopin.files import Scratch
from haopin.html.outline import outline
from haopin.mkdocs_plugin import BUILDER
from haopin.ops.gate import site_reader as gate_reading
from haopin.ops.gate.content_rules import evidence_agrees
from haopin.ops.prepare import expected_of
from haopin.site.pages import pages
from packaging.requirements import Requirement
from playwright.sync_api import Browser
from support import (
    AS_OF,
    COUNTY,
    ROOT,
    BuiltSite,
    HtmlPage,
    build,
    catalogue_of,
    copy_project,
    edit,
    engine_environment,
    files_of,
    run,
    serving,
    site_of,
)
from without_mkdocs import make_environment

Plant = Callable[[Path], None]

BUILD = ("-m", "haopin", "build", "--as-of", AS_OF)
TASK = "data/tasks/01.yml"
#: The last line of a build.
LOOK = (
    "\u67e5\u770b / to look at it: ./haopin serve; "
    "\u79bb\u7ebf\u526f\u672c / a copy that opens from a folder: ./haopin offline"
)
#: Name of the generator.
NAME = {"mkdocs": "MkDocs", "properdocs": "ProperDocs"}[BUILDER]
FAILED = "\u751f\u6210\u5931\u8d25 / the build failed"
ABORTED = (
    "\u751f\u6210\u5931\u8d25\uff0c\u539f\u6709\u7f51\u7ad9\u672a\u6539\u52a8 / "
    "the build failed, the previous site is unchanged: "
)
IN_ENGLISH = f"ERROR - mkdocs.en.yml: {FAILED}"
OLD = {"index.html": b"the last good site", "tasks/01/index.html": b"\xe5\xa5\xbd", "empty.txt": b""}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout with the invented county and a site from an earlier day."""
    folder = copy_project(tmp_path / "checkout")
    for name, content in OLD.items():
        (folder / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "site" / name).write_bytes(content)
    return folder


def changed(file: str, old: str, new: str) -> Plant:
    return lambda project: edit(project / file, old, new)


def replaced(file: str, text: str) -> Plant:
    def plant(project: Path) -> None:
        (project / file).write_text(text, "utf-8")

    return plant


def hooked(event: str, language: str, error: str) -> Plant:
    """Fail in one event of one language's build, after the engine's own part of it."""

    def plant(project: Path) -> None:
        code = (
            "from mkdocs.exceptions import PluginError\n"
            f"def {event}(*arguments, config=None, **more):\n"
            f"    if config.extra['haopin']['language'] == '{language}':\n"
            f"        raise {error}\n"
        )
        (project / "fail.py").write_text(code, "utf-8")
        edit(project / "mkdocs.yml", "  - hooks/main.py\n", "  - hooks/main.py\n  - fail.py\n")

    return plant


def wrong_in_english(project: Path) -> None:
    """Let a template of the engine make a wrong link in English, which no check of data or pages can know."""
    wrong = """{% block body %}
{% if language == 'en' %}<a href="{{ root }}tasks/99/">x</a>{% endif %}
"""
    edit(project / "hooks/haopin/templates/body.html", "{% block body %}\n", wrong)


def nothing_left(project: Path) -> bool:
    return not [p for folder in (project, project.parent) for p in folder.iterdir() if p.name.startswith(".haopin")]


VIEWS = ", ".join(sorted(file.stem for file in (ROOT / "hooks/haopin/templates/views").glob("*.html")))

# Name of the stage, the defect, and the exact lines that the command must print.
STAGES: dict[str, tuple[Plant, tuple[str, ...]]] = {
    "configuration": (
        replaced("mkdocs.yml", "site_name: [\n"),
        (f"mkdocs.yml: {NAME} encountered an error parsing the configuration file: while parsing a flow node",),
    ),
    "settings": (
        changed("mkdocs.yml", "    data: data\n", "    date: data\n"),
        (
            "ERROR - mkdocs.yml extra.haopin \u6709\u8bef / is wrong: data: Field required; "
            "date: Extra inputs are not permitted",
            ABORTED + "Aborted with a BuildError!",
        ),
    ),
    "bad YAML": (
        replaced(TASK, "id: 01\n\tgroup: line\n"),
        (
            f"{TASK}:2:1: \u7f29\u8fdb\u91cc\u6709\u5236\u8868\u7b26\uff08Tab\uff09\uff0c\u8bf7\u6539\u7528\u7a7a\u683c"
            " / a tab in the indentation; use spaces instead",
            ABORTED + "Aborted with a BuildError!",
        ),
    ),
    "failed rule": (
        changed(TASK, "bodies: [quality, commerce]", "bodies: [quality, comerce]"),
        (
            f"{TASK}:8:21: \u6ca1\u6709\u7f16\u53f7\u4e3a\u201ccomerce\u201d\u7684\u8d23\u4efb\u5355\u4f4d\uff1b"
            "\u662f\u5426\u60f3\u5199\u201ccommerce\u201d\uff1f"
            " / there is no body with the id \u201ccomerce\u201d; did you mean \u201ccommerce\u201d?",
            ABORTED + "Aborted with a BuildError!",
        ),
    ),
    "missing language of a record": (
        changed(TASK, "title: {zh: \u5408\u683c\u7387, en: Pass rate}", "title: {en: Pass rate}"),
        (
            f"{TASK}:17:5: \u201ctitle\u201d\u7f3a\u4e2d\u6587\uff08\u5b57\u6bb5\u201czh\u201d\uff09"
            "\uff0c\u8bf7\u8865\u4e0a"
            " / \u201ctitle\u201d has no Chinese (field \u201czh\u201d); add it",
            ABORTED + "Aborted with a BuildError!",
        ),
    ),
    "missing language of a written page": (
        lambda project: (project / "docs/en/about.md").unlink(),
        (
            "docs/en/about.md:1:1: 缺少这个页面的英文版（另一种语言的在 docs/zh/about.md），请补上"
            " / this page is missing in English; add it (the other language is docs/zh/about.md)",
            ABORTED + "Aborted with a BuildError!",
        ),
    ),
    "invalid template": (
        replaced("hooks/haopin/templates/body.html", "{% if %}"),
        (f"{FAILED}: body.html:1: TemplateSyntaxError: Expected an expression, got 'end of statement block'",),
    ),
    "template that asks for what is not there": (
        replaced("hooks/haopin/templates/body.html", "{{ record.nothing.at_all }}"),
        (f"{FAILED}: body.html:1: UndefinedError: 'haopin.model.body.Body object' has no attribute 'nothing'",),
    ),
    "unknown label": (
        replaced("hooks/haopin/templates/body.html", "{{ t('no.such') }}"),
        (f"{FAILED}: body.html:1: TemplateRuntimeError: there is no label \u201cno.such\u201d",),
    ),
    "theme": (
        replaced("hooks/haopin/theme/404.html", "{{ nothing.at_all }}"),
        (f"{FAILED}: 404.html:1: UndefinedError: 'nothing' is undefined",),
    ),
    "link of a written page": (
        changed("docs/zh/about.md", "tasks/01.md#check", "tasks/99.md"),
        (
            "docs/zh/about.md:6:7: 本站没有“tasks/99.md”这个页面或文件；是否想写“tasks/02.md”？ / "
            "there is no page or file “tasks/99.md” on this site; did you mean “tasks/02.md”?",
            ABORTED + "Aborted with a BuildError!",
        ),
    ),
    "short code of a written page": (
        changed("docs/zh/about.md", "[[upcoming]]", "[[nothing]]"),
        (
            f"docs/zh/about.md:8:1: 没有视图“nothing”，可用：{VIEWS} / there is no view “nothing”; there are: {VIEWS}",
            ABORTED + "Aborted with a BuildError!",
        ),
    ),
    "link in the English edition": (
        lambda project: wrong_in_english(project),
        (
            "WARNING - Doc file 'bodies/quality.md' contains a link '../../tasks/99/', but the target is not found "
            "among documentation files.",
            IN_ENGLISH,
            ABORTED + "Aborted with a BuildError!",
        ),
    ),
    "English edition breaking down": (
        hooked("on_files", "en", "RuntimeError('planted')"),
        ("ERROR - mkdocs.en.yml: RuntimeError: planted", IN_ENGLISH, ABORTED + "Aborted with a BuildError!"),
    ),
    "end of the English edition": (
        hooked("on_post_build", "en", "OSError('planted')"),
        ("ERROR - mkdocs.en.yml: OSError: planted", IN_ENGLISH, ABORTED + "Aborted with a BuildError!"),
    ),
    "Chinese edition while the English one is being built": (
        hooked("on_files", "zh", "PluginError('planted')"),
        ("ERROR - planted", ABORTED + "Aborted with a BuildError!"),
    ),
    "end of the whole build": (
        hooked("on_post_build", "zh", "PluginError('planted')"),
        ("ERROR - planted", ABORTED + "Aborted with a BuildError!"),
    ),
    "disk at the end of the whole build": (
        hooked("on_post_build", "zh", "OSError(28, 'no space left')"),
        (f"{FAILED}: OSError: [Errno 28] no space left",),
    ),
}


#: Stages that differ from others only in where the same thing goes wrong.
ALIKE = (
    "bad YAML",
    "failed rule",
    "missing language of a record",
    "missing language of a written page",
    "invalid template",
    "template that asks for what is not there",
    "unknown label",
    "theme",
    "short code of a written page",
    "link in the English edition",
    "English edition breaking down",
    "end of the English edition",
    "Chinese edition while the English one is being built",
    "end of the whole build",
    "disk at the end of the whole build",
)


#: Of the sweep, what proves that ProperDocs builds in place of MkDocs: `make exit-check` runs it, too.
ELSEWHERE = (pytest.mark.sweep, pytest.mark.exit_check)


def each(stages: Iterable[str], alike: Collection[str], marks: Collection[pytest.MarkDecorator]) -> list[ParameterSet]:
    """Return ``stages`` as parameters; those that are ``alike`` get ``marks``."""
    return [pytest.param(stage, marks=[*marks] if stage in alike else []) for stage in stages]


# All or nothing


@pytest.mark.parametrize("stage", each(STAGES, ALIKE, [pytest.mark.sweep]))
def test_a_failure_at_any_stage_leaves_the_last_site_as_it_was(project: Path, stage: str) -> None:
    plant, lines = STAGES[stage]
    plant(project)
    done = run(*BUILD, cwd=project)
    printed = done.stderr.splitlines()
    assert [line for line in lines if line not in printed] == [], done.stderr
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    assert files_of(project / "site") == OLD
    assert nothing_left(project)


def test_an_error_of_the_engine_leaves_the_last_site_as_it_was(project: Path) -> None:
    hooked("on_post_build", "zh", "RuntimeError('planted')")(project)
    done = run(*BUILD, cwd=project)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, "RuntimeError: planted")
    assert files_of(project / "site") == OLD
    assert nothing_left(project)


# The build with some renames failing: name of the moved folder, and number of the rename.
REFUSING = """
import pathlib, sys
real, turn = pathlib.Path.rename, 0
def rename(self, target):
    global turn
    turn += 1
    if turn in {turns}:
        raise PermissionError(13, "planted")
    return real(self, target)
pathlib.Path.rename = rename
from haopin.cli.main import main
sys.exit(main(["build", "--as-of", "{as_of}"]))
"""
CANNOT = "\u65e0\u6cd5\u66ff\u6362\u7f51\u7ad9\u6587\u4ef6\u5939 / cannot replace the site folder: [Errno 13] planted"


@pytest.mark.parametrize(
    ("turn", "message"),
    [
        pytest.param(
            *(1, f"{FAILED}: PermissionError: [Errno 13] planted"),
            id="English into the new site",
            marks=pytest.mark.sweep,
        ),
        pytest.param(2, CANNOT, id="the last site out of the way", marks=pytest.mark.sweep),
        pytest.param(3, CANNOT, id="the new site into its place"),
    ],
)
def test_a_failure_of_the_swap_itself_leaves_the_last_site_as_it_was(project: Path, turn: int, message: str) -> None:
    done = run("-c", REFUSING.format(turns={turn}, as_of=AS_OF), cwd=project)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{message}\n")
    assert files_of(project / "site") == OLD
    assert nothing_left(project)


@pytest.mark.sweep
def test_a_site_that_cannot_be_restored_is_kept(project: Path) -> None:
    done = run("-c", REFUSING.format(turns={3, 4}, as_of=AS_OF), cwd=project)
    (staging,) = project.glob(".haopin-*")
    where = f"; \u539f\u6709\u7f51\u7ad9\u5728 / the previous site is in {staging / 'previous/site'}"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{CANNOT}{where}\n")
    assert files_of(staging / "previous/site") == OLD


def test_leftovers_of_a_killed_build_are_removed_by_the_next_one(tmp_path: Path) -> None:
    """A folder in use stays; what was moved out of the way comes back first."""
    used = Scratch(tmp_path, ".haopin-")
    for name in (".haopin-abcd1234", ".haopin-abcd5678", "haopin-abcd1234", ".haopin-mine"):
        (tmp_path / name).mkdir()
    for name in ("site", "other"):
        (tmp_path / ".haopin-abcd5678/previous" / name).mkdir(parents=True)
    (tmp_path / "other").mkdir()
    made = Scratch(tmp_path, ".haopin-")
    left = {p.name for p in tmp_path.iterdir()}
    assert left == {used.path.name, made.path.name, "haopin-abcd1234", ".haopin-mine", "site", "other"}
    for scratch in (used, made):
        scratch.remove()
    assert {p.name for p in tmp_path.iterdir()} == left - {used.path.name, made.path.name}


def test_a_working_folder_of_a_killed_process_is_removed(tmp_path: Path) -> None:
    hold = (
        "import sys, time\nfrom pathlib import Path\nfrom haopin.files import Scratch\n"
        "made = Scratch(Path(sys.argv[1]), 'haopin-')\nprint(made.path.name, flush=True)\ntime.sleep(60)\n"
    )
    command = [sys.executable, "-c", hold, str(tmp_path)]
    with subprocess.Popen(command, env=engine_environment(ROOT), stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        name = holder.stdout.readline().strip()
        Scratch(tmp_path, "haopin-").remove()
        assert [p.name for p in tmp_path.iterdir()] == [name]
        holder.kill()
        holder.wait()
    Scratch(tmp_path, "haopin-").remove()
    assert list(tmp_path.iterdir()) == []


def test_a_whole_build_replaces_the_last_site(project: Path, county: BuiltSite) -> None:
    done = run(*BUILD, cwd=project)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"\u5df2\u751f\u6210 / built: site/\n{LOOK}\n", "")
    assert site_of(project / "site") == site_of(county.folder)
    assert nothing_left(project)


#: A plugin of a county, or a mistake: files that the engine knows nothing of, in both languages.
MORE = """
from pathlib import Path
from mkdocs.structure.files import File
def on_files(files, config):
    files.append(File.generated(config, "more.txt", content="x"))
    return files
def on_post_build(config):
    Path(config.site_dir, "late.txt").write_text("x")
"""


@pytest.mark.sweep
def test_foreign_files_are_reported_and_not_in_the_manifest(project: Path, county: BuiltSite) -> None:
    (project / "more.py").write_text(MORE, "utf-8")
    edit(project / "mkdocs.yml", "  - hooks/main.py\n", "  - more.py\n  - hooks/main.py\n")
    done = run(*BUILD, cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    site = project / "site"
    strays = {"more.txt", "late.txt", "en/more.txt", "en/late.txt"}
    assert set(files_of(site)) == set(files_of(county.folder)) | strays
    assert json.loads((site / "build.json").read_text("utf-8"))["files"].keys() == county.files - {"build.json"}
    assert verify(site)[0] == [Difference("added", name) for name in sorted(strays)]
    expected = expected_of(project, settings_of(project / "mkdocs.yml"), site)[0]
    found = {finding.file: finding.zh for finding in evidence_agrees(gate_reading.read(site), expected)}
    assert found == dict.fromkeys(strays, "与生成时不同（生成时没有这个文件）")


def test_the_site_is_public(county: BuiltSite) -> None:
    private = [p for p in [county.folder, *county.folder.rglob("*")] if not p.stat().st_mode & 0o004]
    assert private == []


# Plain MkDocs

DATA_STAGES = (
    "settings",
    "bad YAML",
    "failed rule",
    "missing language of a record",
    "missing language of a written page",
)


@pytest.mark.parametrize("stage", each(DATA_STAGES, DATA_STAGES[1:], ELSEWHERE))
def test_with_plain_mkdocs_data_problems_come_before_anything_is_cleaned(project: Path, stage: str) -> None:
    plant, lines = STAGES[stage]
    plant(project)
    done = run("-m", BUILDER, "build", "--quiet", cwd=project)
    printed = [re.sub(r"^ERROR +- +", "ERROR - ", line) for line in done.stderr.splitlines()]
    assert [line for line in lines[:-1] if line not in printed] == [], done.stderr
    assert (done.returncode, done.stdout.strip()) == (1, "Aborted with a BuildError!")
    assert "Traceback" not in done.stderr
    assert files_of(project / "site") == OLD
    assert nothing_left(project)


@pytest.mark.parametrize("strict", [pytest.param((), marks=ELSEWHERE), ("--strict",)], ids=["plain", "strict"])
def test_plain_mkdocs_builds_the_same_site(project: Path, county: BuiltSite, strict: tuple[str, ...]) -> None:
    done = run("-m", BUILDER, "build", *strict, cwd=project, HAOPIN_AS_OF=AS_OF)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert not re.search("WARNING|ERROR", done.stderr)
    assert site_of(project / "site") == site_of(county.folder)
    assert nothing_left(project)


@pytest.mark.sweep
@pytest.mark.exit_check
def test_a_broken_link_in_english_fails_the_strict_plain_build(project: Path) -> None:
    wrong_in_english(project)
    # Not with --quiet: MkDocs then counts no warnings.
    done = run("-m", BUILDER, "build", "--strict", cwd=project)
    assert done.returncode == 1
    assert f"mkdocs.en.yml: {FAILED}" in done.stderr
    assert nothing_left(project)


@pytest.mark.sweep
@pytest.mark.exit_check
def test_properdocs_builds_the_same_site(project: Path, county: BuiltSite) -> None:
    done = run("-m", "properdocs", "build", "-f", "mkdocs.yml", "--strict", cwd=project, HAOPIN_AS_OF=AS_OF)
    assert done.returncode == 0, done.stderr
    versions = json.loads((project / "site/build.json").read_text("utf-8"))["versions"]
    assert "properdocs" in versions and "mkdocs" not in versions
    assert site_of(project / "site") == site_of(county.folder)
    assert nothing_left(project)


@pytest.mark.sweep
@pytest.mark.exit_check
def test_a_broken_link_fails_the_strict_build_of_properdocs(project: Path) -> None:
    wrong_in_english(project)
    done = run("-m", "properdocs", "build", "-f", "mkdocs.yml", "--strict", cwd=project)
    assert done.returncode == 1 and f"mkdocs.en.yml: {FAILED}" in done.stderr


@pytest.mark.sweep
@pytest.mark.exit_check
def test_without_mkdocs_its_successor_builds_the_same_site(project: Path, county: BuiltSite) -> None:
    python = make_environment(project.parent / "environment")
    missing = subprocess.run([python, "-c", "import mkdocs"], capture_output=True, text=True, check=False)
    assert "No module named 'mkdocs'" in missing.stderr
    done = run(*BUILD, cwd=project, python=python)
    assert (done.returncode, done.stderr) == (0, "")
    assert site_of(project / "site") == site_of(county.folder)
    # Its strict builds count our warnings, too.
    edit(project / "hooks/haopin/templates/body.html", BODY, BODY + '<a href="{{ root }}tasks/02/#nope">x</a>\n')
    done = run(*BUILD, cwd=project, python=python)
    assert done.returncode == 1 and NO_ANCHOR in done.stderr


# Broken links and anchors that templates make; tests/test_links.py has those that people write

BODY = "{% block body %}\n"
NO_TASK = "but the target is not found among documentation files."
NO_ANCHOR = "but the doc 'tasks/02.md' does not contain an anchor '#nope'."


def says(zh: str, en: str) -> Plant:
    """Put a link into a rich text of a record, in both languages."""

    def plant(project: Path) -> None:
        edit(project / TASK, "**\u5408\u4e0d\u5408\u683c**", f"[\u5408\u4e0d\u5408\u683c]({zh})")
        edit(project / TASK, "**good enough**", f"[good enough]({en})")

    return plant


@pytest.mark.parametrize(
    ("plant", "warning", "count"),
    [
        pytest.param(
            changed(
                "hooks/haopin/templates/views/upcoming.html",
                "'activities/' ~ item.activity.id ~ '/'",
                "'activities/nope/'",
            ),
            f"'about.md' contains a link '../activities/nope/', {NO_TASK}",
            2,
            id="link from a view on a written page",
            marks=pytest.mark.sweep,
        ),
        pytest.param(
            changed("hooks/haopin/templates/body.html", BODY, BODY + '<a href="{{ root }}tasks/99/">x</a>\n'),
            f"'bodies/quality.md' contains a link '../../tasks/99/', {NO_TASK}",
            2,
            id="link between generated pages",
            marks=pytest.mark.sweep,
        ),
        pytest.param(
            changed("hooks/haopin/templates/body.html", BODY, BODY + '<a href="{{ root }}tasks/02/#nope">x</a>\n'),
            f"'bodies/quality.md' contains a link '../../tasks/02/#nope', {NO_ANCHOR}",
            2,
            id="anchor between generated pages",
        ),
        pytest.param(
            changed("hooks/haopin/templates/body.html", BODY, BODY + '<img src="{{ root }}assets/nope.svg" alt="">\n'),
            "'bodies/quality.md' contains a link '../../assets/nope.svg', but the target is not found among "
            "documentation files.",
            2,
            id="picture on a generated page",
            marks=pytest.mark.sweep,
        ),
    ],
)
def test_a_broken_link_or_anchor_fails_the_build(project: Path, plant: Plant, warning: str, count: int) -> None:
    plant(project)
    done = run(*BUILD, cwd=project)
    assert done.stderr.splitlines().count(f"WARNING - Doc file {warning}") == count, done.stderr
    assert done.returncode == 1
    assert files_of(project / "site") == OLD


@pytest.mark.sweep
def test_links_of_records_that_lead_somewhere_pass(project: Path) -> None:
    says("/tasks/02/#events", "/tasks/02/#events")(project)
    assert run(*BUILD, cwd=project).returncode == 0
    for name in ("site/tasks/01/index.html", "site/en/tasks/01/index.html"):
        page = HtmlPage(name, (project / name).read_text("utf-8"))
        assert "../../tasks/02/#events" in [address for _, address in page.references]


# The same bytes


def test_the_same_data_and_day_give_the_same_bytes(tmp_path: Path, county: BuiltSite) -> None:
    other = copy_project(tmp_path / "elsewhere")
    done = run(
        *BUILD, "--site-dir", tmp_path / "other", cwd=other, PYTHONHASHSEED="7", TZ="America/New_York", LC_ALL="C"
    )
    assert done.returncode == 0, done.stderr
    assert site_of(tmp_path / "other") == site_of(county.folder)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="processors cannot be chosen here")
def test_with_one_processor_the_languages_are_built_one_after_the_other(tmp_path: Path, county: BuiltSite) -> None:
    processors = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(processors)})
        folder = build(tmp_path / "site", config=COUNTY / "mkdocs.yml")
    finally:
        os.sched_setaffinity(0, processors)
    assert site_of(folder) == site_of(county.folder)


def test_another_day_gives_other_bytes(tmp_path: Path, county: BuiltSite) -> None:
    folder = build(tmp_path / "site", config=COUNTY / "mkdocs.yml", as_of="2030-05-01")
    assert files_of(folder).keys() == files_of(county.folder).keys()
    assert files_of(folder)["timeline/index.html"] != files_of(county.folder)["timeline/index.html"]


# At a domain's root and below a path


def fetched(address: str) -> tuple[int, str, str]:
    """Return status, type and text of what is served at ``address``."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            kind = answer.headers.get_content_type()
            body = answer.read()
            return answer.status, kind, body.decode("utf-8") if kind == "text/html" else ""
    except urllib.error.HTTPError as error:
        error.close()
        return error.code, "", ""


def crawl(base: str, missing: str) -> tuple[set[str], list[str]]:
    """Follow every address from the home page at ``base`` and from its 404 page as it answers at ``missing``.

    Returns:
        The addresses that answered, and ``status address (page)`` of those that did not.
    """
    host = urlsplit(base).netloc
    answered: set[str] = set()
    broken: list[str] = []
    waiting: list[tuple[str, str]] = [(base, ""), (urljoin(base, "en/"), "")]
    not_found = [(urljoin(base, name + "404.html"), urljoin(base, name + missing)) for name in ("", "en/")]
    waiting += not_found
    seen = {address for address, _ in waiting}
    while waiting:
        address, shown_at = waiting.pop()
        status, kind, text = fetched(address)
        if status != 200:
            broken.append(f"{status} {address}")
            continue
        answered.add(address)
        if kind != "text/html":
            continue
        page = HtmlPage(address, text)
        root = page.one("a", cls="hp-tool--search").attrib["data-search"]
        assets = next(e.attrib["src"] for e in page.all("script") if "src" in e.attrib).removesuffix("scheme.js")
        scripts = ("search.js", "search-worker.js", "filter.js")
        fetched_by_script = (*(f"{assets}{name}" for name in scripts), f"{root}search/search_index.json")
        # Public addresses name the public host; they are not for this machine.
        public = ("canonical", "alternate")
        references = [r for e, r in page.references if e.get("rel", "").strip() not in public]
        for reference in (*references, *fetched_by_script):
            target = urldefrag(urljoin(shown_at or address, reference)).url
            if urlsplit(target).netloc == host:
                assert target.startswith(base), f"{address}: {reference} leads out of the site"
                # A link to a place on the 404 page itself leads to the missing address.
                if target not in seen and target != shown_at:
                    seen.add(target)
                    waiting.append((target, ""))
    return answered, broken


@pytest.mark.sweep
@pytest.mark.parametrize("below", ["", "zt/haopin/"], ids=["root", "sub-path"])
def test_the_site_works_at_the_root_and_below_a_path(tmp_path: Path, below: str) -> None:
    project = copy_project(tmp_path / "checkout")
    public = f"https://quality.example/{below}"
    edit(project / "data/site.yml", "address: https://quality.example/", f"address: {public}")
    folder = build(tmp_path / "www" / below / "site", cwd=project)
    if below:
        shutil.copytree(folder, tmp_path / "www" / below, dirs_exist_ok=True)
        shutil.rmtree(folder)
        folder, served = tmp_path / "www" / below, tmp_path / "www"
    else:
        served = folder
    site = BuiltSite(folder, project / "data")
    assert site.url == public
    with serving(served) as address:
        answered, broken = crawl(f"{address}/{below}", "no/such/page/")
        assert broken == []
    found = {urlsplit(a).path.removeprefix(f"/{below}") for a in answered}
    assets = site.assets
    loaded = {"404.html", f"{assets}mark.svg", f"{assets}search-worker.js", "search/search_index.json"}
    assert found >= set(site.pages) | loaded | {f"en/{name}" for name in loaded}
    canonical = {e.get("href") for p in site.pages.values() for e in p.all("link") if e.get("rel") == "canonical"}
    assert canonical == {public + page for page in site.pages}


# Other generators


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.sweep)])
def test_exported_pages_build_without_hooks(tmp_path: Path, county: BuiltSite, language: str) -> None:
    out = tmp_path / "out"
    done = run("-m", "haopin", "export-pages", "-f", COUNTY / "mkdocs.yml", "--as-of", AS_OF, out)
    expected = pages(catalogue_of())
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{out}: {2 * len(expected)}\n", "")
    docs = out / language
    found = {p.relative_to(docs).as_posix() for p in docs.rglob("*.md")}
    assert found == {page.source for page in expected}
    # The pages that a person wrote are there already; they are only put beside the others.
    shutil.copytree(COUNTY / "docs" / language, docs, dirs_exist_ok=True)
    # A theme of one file: those of MkDocs are not with its successor.
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme/main.html").write_text(
        "<!doctype html><html><head><title>{{ page.title }}</title></head><body>{{ page.content }}</body></html>",
        "utf-8",
    )
    config = tmp_path / "mkdocs.yml"
    config.write_text(
        f"site_name: Plain\ndocs_dir: {docs.as_posix()}\nsite_dir: plain\ntheme: {{name: null, custom_dir: theme}}\n"
        "plugins: []\nvalidation: {nav: {omitted_files: ignore}, links: {anchors: warn, unrecognized_links: warn}}\n"
        # Without it a footnote of a written page is a link that leads nowhere.
        "markdown_extensions: [footnotes, attr_list]\n",
        "utf-8",
    )
    done = run("-m", BUILDER, "build", "--strict", "-f", config, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    plain = BuiltSite(tmp_path / "plain", COUNTY / "data")
    assert set(plain.pages) == set(county.edition(language))
    broken = []
    # What both languages share is written beside the first: pages of the second name it by the way up.
    shared = {f"{outside}{name}" for name in county.files for outside in ("", "(outside) /")} - set(plain.files)
    for page in plain.pages.values():
        for _, address in page.references:
            target = plain.target(page, address)
            if target and target[0] in shared:
                continue
            if target and (target[0] not in plain.files or (target[1] and target[1] not in plain.html[target[0]].ids)):
                broken.append(f"{page.name}: {address}")
    assert broken == []
    for made in expected:
        ours = outline(county.edition(language)[made.address].source.partition('<article class="hp-article')[2])
        text = (docs / made.source).read_text("utf-8").partition("\n---\n")[2]
        assert outline(text).headings == ours.headings
        assert {h.id for h in ours.headings} <= set(plain.pages[made.address].ids), made.address


# Another county


#: Words of the first county, which may only be in its own data and pages.
FIRST_COUNTY = re.compile(
    "\u6c82|yishui|\u4e34\u6c82|linyi|\u597d\u54c1\u6c82|\u6c11\u5b89\u4e3a\u672c|shandong|\u5c71\u4e1c", re.IGNORECASE
)


def test_another_countys_site_shows_no_trace_of_the_first(county: BuiltSite) -> None:
    texts = {name: content.decode("utf-8", "replace") for name, content in files_of(county.folder).items()}
    assert [name for name, text in texts.items() if FIRST_COUNTY.search(name) or FIRST_COUNTY.search(text)] == []
    assert "index.html" in texts


def test_the_engine_names_no_county() -> None:
    files = (p for p in (ROOT / "hooks").rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    own = [p for p in files if p.suffix != ".otf"]
    assert len(own) > 50
    found = [p.relative_to(ROOT).as_posix() for p in own if FIRST_COUNTY.search(p.read_text("utf-8"))]
    assert found == []
    for name in ("mkdocs.yml", "mkdocs.en.yml", "pyproject.toml", "Makefile"):
        assert not FIRST_COUNTY.search((ROOT / name).read_text("utf-8")), name


@pytest.mark.sweep
def test_a_configuration_in_a_folder_below(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    copy_project(clone)
    for name in ("tests/fixtures/county", ".vscode"):
        shutil.copytree(ROOT / name, clone / name)
    shutil.copy2(ROOT / ".gitignore", clone / ".gitignore")
    git = ("git", "-C", str(clone), "-c", "user.name=t", "-c", "user.email=t@example.org")
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-qm", "clone")):
        subprocess.run([*git, *arguments], check=True)
    # What was built is named with its folder, and left out of the repository.
    county = shutil.copytree(COUNTY, clone / "counties/shandong/jiayi")
    done = run("-m", "haopin", "build", "-f", county / "mkdocs.yml", cwd=clone)
    assert done.stdout.splitlines()[0] == "已生成 / built: counties/shandong/jiayi/site/", done.stderr
    ignored = subprocess.run(
        [
            *git,
            "check-ignore",
            "counties/shandong/jiayi/site/index.html",
            "counties/a/.cache/x",
            "hooks/haopin/site/a.py",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ignored.stdout.split() == ["counties/shandong/jiayi/site/index.html", "counties/a/.cache/x"]


# The lock


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock", "requirements-bench.lock"])
def test_every_locked_requirement_has_hashes_and_none_an_address(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert not re.search(r"://|^\s*-|@ ", re.sub(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$", "", text, flags=re.M), re.M)
    requirements = [r for r in re.split(r"\n(?! )", text.replace("\\\n", "\n").rstrip()) if not r.startswith("#")]
    assert len(requirements) > 15
    for requirement in requirements:
        first, *hashes = [line.strip() for line in requirement.splitlines() if line.strip()]
        assert re.match(r"[a-z0-9][a-z0-9._-]*==[0-9][^\s]*( ;.*)?\s*$", first), first
        assert hashes and all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", h.strip()) for h in hashes), first


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock", "requirements-bench.lock"])
def test_every_supported_python_gets_the_same_versions(name: str) -> None:
    """What is tested on one is what another builds with."""
    versions: dict[str, set[str]] = {}
    for line in re.findall(r"^[a-z0-9][^\\\n]*", (ROOT / name).read_text("utf-8"), re.M):
        requirement = Requirement(line)
        for minor in range(11, 15):
            for patch in (0, 5):
                python = {"python_version": f"3.{minor}", "python_full_version": f"3.{minor}.{patch}"}
                if requirement.marker is None or requirement.marker.evaluate(python):
                    versions.setdefault(requirement.name, set()).add(str(requirement.specifier))
    assert len(versions) > 40 and {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_the_lock_of_the_site_is_part_of_the_others() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9._-]+==[^\s;]+)", (ROOT / name).read_text("utf-8"), re.M))

    site = pins("requirements.lock")
    assert site
    assert site <= pins("requirements-test.lock")
    assert site <= pins("requirements-bench.lock")


# Live preview


@contextmanager
def preview(project: Path) -> Iterator[tuple[str, Path]]:
    """Run ``haopin serve`` in ``project``; yields the address of the home page and the file with what it prints."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = project.parent / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "haopin", "serve", "--port", str(port)],
            cwd=project,
            env=engine_environment(project, HAOPIN_AS_OF=AS_OF),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield f"http://127.0.0.1:{port}/", log
            assert process.poll() is None, log.read_text("utf-8")
        finally:
            os.kill(process.pid, signal.SIGTERM)
            process.wait(60)


def shows(address: str, text: str, log: Path, *, seconds: float = 30) -> None:
    """Wait until the page at ``address`` holds ``text``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            status, _, found = fetched(address)
            if status == 200 and text in found:
                return
        except OSError:
            pass  # Not up yet.
        time.sleep(0.1)
    raise AssertionError(f"{address} does not show {text!r}:\n{log.read_text('utf-8')}")


@pytest.mark.sweep
@pytest.mark.exit_check
def test_the_preview_follows_edits_of_data_template_and_engine(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "checkout")
    with preview(project) as (home, log):
        shows(home, "\u8bda\u4fe1\u4e3a\u672c\uff0c\u8d28\u91cf\u4e3a\u5148\u3002", log)
        shows(home + "en/", "Honesty at heart, quality first.", log)
        shows(home + "en/tasks/01/", "Check products", log)

        edit(project / "data/site.yml", "The public site", "The open site")
        shows(home + "en/", "The open site of Jiayi County", log)

        edit(project / "hooks/haopin/templates/home.html", '<div class="hp-hero">', '<div class="hp-hero hp-planted">')
        shows(home, "hp-planted", log)
        shows(home + "en/", "hp-planted", log)

        edit(project / "hooks/haopin/html/formats.py", 'format_date(value, "long"', 'format_date(value, "full"')
        shows(home + "en/", "Friday, 1 February 2030", log)
        shows(home, "2030\u5e742\u67081\u65e5\u661f\u671f\u4e94", log)

        edit(project / "docs/en/about.md", "See [the task]", "Look at [the task]")
        shows(home + "en/about/", "Look at", log)

        edit(project / TASK, "bodies: [quality, commerce]", "bodies: [quality, comerce]")
        shows(home + "en/about/", "did you mean \u201ccommerce\u201d", log)
        assert "did you mean \u201ccommerce\u201d" in log.read_text("utf-8")

        edit(project / TASK, "bodies: [quality, comerce]", "bodies: [quality, commerce]")
        edit(project / "data/site.yml", "The open site", "The corrected site")
        shows(home + "en/", "The corrected site", log)
        assert "Traceback" not in log.read_text("utf-8")
    assert nothing_left(project)


def test_a_page_in_a_browser_loads_anew_by_itself_and_shows_problems_until_they_are_mended(
    tmp_path: Path, browser: Browser
) -> None:
    project = copy_project(tmp_path / "checkout")
    edit(project / TASK, "bodies: [quality, commerce]", "bodies: [quality, comerce]")
    with preview(project) as (home, log):
        shows(home, "\u662f\u5426\u60f3\u5199\u201ccommerce\u201d", log)
        page = browser.new_page()
        page.goto(home)
        assert "\u6539\u597d\u540e\u672c\u9875\u81ea\u52a8\u66f4\u65b0" in page.locator("h1").inner_text()
        assert "did you mean" not in page.inner_text("body")
        page.goto(f"{home}en/tasks/01/")
        assert "reloads when they are fixed" in page.locator("h1").inner_text()
        assert "data/tasks/01.yml:8:21: there is no body" in page.inner_text("body")
        edit(project / TASK, "bodies: [quality, comerce]", "bodies: [quality, commerce]")
        page.get_by_text("Check products").first.wait_for(timeout=30_000)
        edit(project / TASK, "en: Check products}\n", "en: Examine products}\n")
        page.get_by_text("Examine products").first.wait_for(timeout=30_000)
        # An edit made while the page is open shows a problem at once, and the page again when it is fixed.
        edit(project / TASK, "bodies: [quality, commerce]", "bodies: [quality, comerce]")
        page.get_by_text("did you mean \u201ccommerce\u201d").wait_for(timeout=30_000)
        edit(project / TASK, "bodies: [quality, comerce]", "bodies: [quality, commerce]")
        page.get_by_text("Examine products").first.wait_for(timeout=30_000)
        page.close()


def test_a_preview_answers_only_to_the_name_of_this_machine(tmp_path: Path) -> None:
    """A foreign name that leads to this machine would let another site read what is not public yet."""
    with preview(copy_project(tmp_path / "checkout")) as (home, log):
        shows(home, "\u8bda\u4fe1\u4e3a\u672c", log)
        request = urllib.request.Request(home, headers={"Host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=30)
        assert refused.value.code == 421
        refused.value.close()
        assert fetched(f"{home}../../../../etc/passwd")[0] == 404


def test_the_preview_says_that_its_port_is_taken(project: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run("-m", "haopin", "serve", "--port", str(port), cwd=project)
    assert done.returncode == 1 and f"use another: haopin serve --port {port + 1}" in done.stderr
    assert "Traceback" not in done.stderr
