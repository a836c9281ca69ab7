"""What a command loads before it starts its work: counted in modules, because a time differs on each machine."""

import json
from pathlib import Path

import pytest
from haopin.cli.main import cli
from PIL import Image
from support import AS_OF, ROOT, copy_project, run

#: Large libraries, each of which takes longer to load than a command needs to print its help.
LARGE = {
    "babel",
    "html5lib",
    "importlib.metadata",
    "jinja2",
    "markdown",
    "mkdocs",
    "PIL.Image",
    "pydantic",
    "pypdf",
    "yaml",
}
_LOADED = """
import json, sys
from haopin.cli.main import main
code = main(sys.argv[1:])
print()
print(json.dumps([code, [name for name in {large} if name in sys.modules]]))
"""


def loaded(*arguments: str, cwd: Path = ROOT, **environment: str) -> set[str]:
    """Run a command in a process of its own; return the large libraries that it loaded."""
    done = run("-c", _LOADED.format(large=sorted(LARGE)), *arguments, cwd=cwd, **environment)
    code, found = json.loads(done.stdout.splitlines()[-1])
    assert code == 0, done.stdout + done.stderr
    return set(found)


@pytest.mark.parametrize(
    "arguments", [(), *((name,) for name in sorted(cli.commands)), ("sheet", "import")], ids=" ".join
)
def test_help_loads_no_large_library(arguments: tuple[str, ...]) -> None:
    """The command line prints its help without the libraries that only the work of a command needs."""
    assert loaded(*arguments, "--help") == set()


def test_check_loads_only_what_the_data_needs(tmp_path: Path) -> None:
    """Neither templates nor MkDocs; evidence, pictures and written pages are read again only after a change."""
    project = copy_project(tmp_path / "project")
    for file in project.glob("docs/*/a*.md"):
        # Its links to anchors need rendered pages.
        file.unlink()
    (project / "data/photographs").mkdir()
    Image.new("RGB", (640, 480)).save(project / "data/photographs/hall.jpg")
    own = {"HAOPIN_CACHE": str(tmp_path / "cache")}
    needed = {"babel", "importlib.metadata", "markdown", "pydantic", "yaml"}
    arguments = ("check", "--as-of", AS_OF)
    assert loaded(*arguments, cwd=project, **own) == needed | {"PIL.Image", "html5lib"}
    assert loaded(*arguments, cwd=project, **own) == needed


_COLLECTED = """
import gc, sys
from haopin.__main__ import run
sys.argv = ["haopin", *sys.argv[1:]]
try:
    run()
finally:
    print(gc.get_freeze_count() > 0, gc.get_stats()[2]["collections"])
"""


def test_short_command_collects_no_garbage(tmp_path: Path) -> None:
    """What a command loads lives until its end, so that full collections would find nothing."""
    project = copy_project(tmp_path / "project")
    done = run("-c", _COLLECTED, "check", "--as-of", AS_OF, cwd=project)
    assert done.stdout.splitlines()[-1] == "True 0", done.stdout + done.stderr
