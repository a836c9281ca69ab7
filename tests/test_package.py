"""The wheel: it has every file of the program; a site is built from a folder without a clone, in both ways.

The environments hold exactly the packages that the wheel asks for, with and without its extras, by links: what pip
would install, without a network.
"""

import json
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Sequence
from importlib.metadata import PathDistribution, distribution
from pathlib import Path

import pytest
from haopin import __version__
from haopin.mkdocs_plugin import events
from haopin.mkdocs_plugin.plugin import EVENTS
from haopin.start.folder import SHIPPED
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from support import AS_OF, COUNTY, ROOT, BuiltSite, engine_environment, files_of, site_of
from test_start_folder import SLOGAN
from test_start_notice import HEAD, LEVELS, TASKS, docx, paragraph

HERE = Path(sysconfig.get_path("purelib")).resolve()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as ``make wheel`` builds it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (found,) = folder.glob("*.whl")
    return found


class Environment:
    """A Python with the wheel and what it asks for.

    Attributes:
        packages: Names of the packages beside the wheel.
    """

    def __init__(self, folder: Path, wheel: Path, *extras: str) -> None:
        """Make it at ``folder``; ``extras`` are those of the wheel that it has, too."""
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        self.python = folder / "bin/python"
        self.program = folder / "bin/haopin"
        there = folder / Path(sysconfig.get_path("purelib")).relative_to(sys.prefix)
        pip = [sys.executable, "-m", "pip", "--python", str(self.python), "install", "--quiet"]
        command = [*pip, "--no-deps", "--no-index", "--disable-pip-version-check", str(wheel)]
        subprocess.run(command, check=True, capture_output=True)
        (info,) = there.glob("haopin-*.dist-info")
        self.own = PathDistribution(info)
        self.packages = _needed(self.own, extras)
        for name in self.packages:
            # A file outside, such as a program, is not linked: none is needed.
            tops = {file.parts[0] for file in distribution(name).files or ()} - {"..", "__pycache__"}
            for top in tops:
                if not (there / top).exists():
                    (there / top).symlink_to(HERE / top)

    def run(self, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run ``haopin`` in ``cwd``, where no clone is to be found."""
        environment = engine_environment(cwd)
        del environment["PYTHONPATH"]
        return subprocess.run(
            [str(self.program), *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False
        )


def _needed(own: PathDistribution, extras: Sequence[str]) -> set[str]:
    """Return the names of all packages that ``own`` with ``extras`` requires, directly or not."""
    found: set[str] = set()
    waiting = [(line, ("", *extras)) for line in own.requires or ()]
    while waiting:
        line, wanted = waiting.pop()
        need = Requirement(line)
        if need.marker is not None and not any(need.marker.evaluate({"extra": extra}) for extra in wanted):
            continue
        found.add(canonicalize_name(need.name))
        inner = [(each, ("", *need.extras)) for each in distribution(need.name).requires or ()]
        waiting += [each for each in inner if canonicalize_name(Requirement(each[0]).name) not in found]
    return found


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Environment:
    """What ``pip install haopin`` gives."""
    return Environment(tmp_path_factory.mktemp("core") / "venv", wheel)


@pytest.fixture(scope="module")
def ops(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Environment:
    """What ``pip install haopin[ops]`` gives."""
    return Environment(tmp_path_factory.mktemp("ops") / "venv", wheel, "ops")


def said(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return what a command says on standard error, besides that the extra of materials is not installed."""
    return [line for line in done.stderr.splitlines() if not line.endswith('run pip install "haopin[materials]"')]


def make_folder(target: Path, *replaced: tuple[str, str]) -> Path:
    """Make the invented county's site at ``target``, by the configurations of a clone with some lines ``replaced``."""
    for name in ("data", "docs"):
        shutil.copytree(COUNTY / name, target / name)
    shutil.copy2(ROOT / "mkdocs.en.yml", target)
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    for old, new in (("  - hooks\n", ""), *replaced):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (target / "mkdocs.yml").write_text(text, "utf-8")
    return target


THEME = "  name: material\n  custom_dir: hooks/haopin/theme\n"
HOOKS = "hooks:\n  - hooks/main.py\n"
PLUGIN = ((THEME, "  name: haopin\n"), (HOOKS, ""), ("plugins: []", "plugins: [haopin]"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site by plugin and theme, without a clone."""
    return make_folder(tmp_path_factory.mktemp("folder") / "site-of-a-county", *PLUGIN)


# What is in it


def test_it_has_every_file_of_the_program_and_no_other(wheel: Path) -> None:
    program = {
        f"haopin/{name}"
        for name in files_of(ROOT / "hooks/haopin")
        if "__pycache__" not in name and not Path(name).name.startswith(".")
    }
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        for name in SHIPPED:
            assert archive.read(f"haopin/start/site/{name}") == (ROOT / name).read_bytes()
    assert names == program | {f"haopin/start/site/{name}" for name in SHIPPED}
    assert {Path(name).suffix for name in names} >= {".py", ".html", ".css", ".js", ".yml", ".otf", ".sh", ".conf"}


def test_two_wheels_of_one_tree_have_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()


@pytest.mark.sweep
def test_version_and_extras_are_reported(core: Environment, tmp_path: Path) -> None:
    done = core.run("--version", cwd=tmp_path)
    assert (done.stdout, done.returncode) == (f"haopin {__version__}\n", 0)
    assert core.own.version == __version__


def test_the_plugin_answers_every_event_that_has_a_function() -> None:
    assert set(EVENTS) == {name for name in vars(events) if name.startswith("on_")}


# A site without a clone


@pytest.mark.sweep
def test_plugin_and_theme_build_the_site_of_the_clone(core: Environment, folder: Path, county: BuiltSite) -> None:
    done = core.run("check", "--as-of", AS_OF, cwd=folder)
    assert done.returncode == 0 and "errors: 0" in done.stdout, done.stdout + done.stderr
    done = core.run("build", "--as-of", AS_OF, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "haopin serve;" in done.stdout and "./" not in done.stdout
    assert site_of(folder / "site") == site_of(county.folder)
    # There is no history of the program: its version stands for the commit.
    assert json.loads((folder / "site/build.json").read_text("utf-8"))["versions"]["haopin"] == __version__
    assert core.run("verify", cwd=folder).returncode == 0
    assert core.run("offline", cwd=folder).returncode == 0
    assert (folder / "site-offline/index.html").is_file()
    for command in (["status", "--as-of", AS_OF], ["new", "--help"]):
        done = core.run(*command, cwd=folder)
        assert (done.returncode, done.stderr) == (0, ""), command


@pytest.mark.sweep
def test_hooks_and_a_folder_of_the_theme_build_it_too(core: Environment, tmp_path: Path, county: BuiltSite) -> None:
    theme = core.own.locate_file("haopin/theme")
    project = make_folder(tmp_path / "site-of-a-county", (THEME, f"  name: material\n  custom_dir: {theme}\n"))
    (project / "hooks").mkdir()
    shutil.copy2(ROOT / "hooks/main.py", project / "hooks")
    done = core.run("build", "--as-of", AS_OF, cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    assert site_of(project / "site") == site_of(county.folder)


@pytest.mark.sweep
def test_plugin_and_hooks_together_are_refused(core: Environment, tmp_path: Path) -> None:
    project = make_folder(tmp_path / "site-of-a-county", PLUGIN[0], PLUGIN[2])
    (project / "hooks").mkdir()
    shutil.copy2(ROOT / "hooks/main.py", project / "hooks")
    done = core.run("build", "--as-of", AS_OF, cwd=project)
    assert done.returncode == 1 and "haopin is configured twice: keep plugins or hooks, not both" in done.stderr


def test_outside_a_site_no_clone_is_named(core: Environment, tmp_path: Path) -> None:
    done = core.run("check", cwd=tmp_path)
    assert done.returncode == 1 and "there is no mkdocs.yml here" in done.stderr and "cd " not in done.stderr


@pytest.mark.sweep
def test_the_recipe_for_another_county_works_as_it_is_written(core: Environment, tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text("utf-8").partition("For another county")[2]
    install, begin, enter, *steps = re.findall(r"^    (\S.*)$", text, re.MULTILINE)
    assert install == "pip install haopin-VERSION-py3-none-any.whl" and enter == "cd mysite"
    body = "".join(paragraph(line) for line in (HEAD + SLOGAN + TASKS).splitlines() if line)
    (tmp_path / "notice.docx").write_bytes(docx(body, LEVELS))
    for command, folder in ((begin, tmp_path), *((step, tmp_path / "mysite") for step in steps)):
        done = core.run(*command.split()[1:], cwd=folder)
        assert (done.returncode, said(done)) == (0, []), done.stdout
    assert "errors: 0, warnings: 1" in core.run("check", cwd=tmp_path / "mysite").stdout
    site = tmp_path / "mysite/site"
    names = ("index.html", "en/index.html", "about/index.html", "tasks/03/index.html", "build.json")
    assert all((site / name).is_file() for name in names)
    assert core.run("verify", cwd=tmp_path / "mysite").returncode == 0
    assert core.run("sheet", "export", cwd=tmp_path / "mysite").returncode == 0


@pytest.mark.sweep
def test_a_site_without_a_notice_is_built(core: Environment, tmp_path: Path) -> None:
    done = core.run("start", "mine", cwd=tmp_path)
    assert "next: cd mine, haopin check, haopin build" in done.stdout
    for command in ("check", "build"):
        done = core.run(command, cwd=tmp_path / "mine")
        assert (done.returncode, said(done)) == (0, []), done.stdout
    assert (tmp_path / "mine/site/en/index.html").is_file()


# What only releases need


def test_release_dependencies_are_not_installed_for_a_clerk(core: Environment, ops: Environment) -> None:
    assert core.packages < ops.packages
    for name in ops.packages - core.packages:
        (info,) = HERE.glob(f"{name.replace('-', '_').replace('.', '_')}-*.dist-info")
        assert Path(str(ops.own.locate_file(info.name))).exists()
        assert not Path(str(core.own.locate_file(info.name))).exists()


@pytest.mark.parametrize("command", [["bill"], ["release", "--to", "public"], ["rollback", "--to", "public"]])
def test_a_command_without_its_extra_says_how_to_install_it(
    core: Environment, folder: Path, command: list[str]
) -> None:
    done = core.run(*command, cwd=folder)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("程序没有装完整：") and done.stderr.endswith('; run pip install "haopin[ops]"\n')
    assert not (folder / "public").exists()


def test_the_bill_lists_what_is_installed(ops: Environment, folder: Path) -> None:
    done = ops.run("bill", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    parts = {part["name"]: part["version"] for part in json.loads(done.stdout)["components"]}
    assert parts == {name: distribution(name).version for name in ops.packages}
