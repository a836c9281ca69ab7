"""What a command loads before it starts its work: counted in modules, because a time differs on each machine."""

import json

import pytest
from haopin.cli.main import cli
from support import run

#: Large libraries, each of which takes longer to load than a command needs to print its help.
LARGE = {"babel", "html5lib", "importlib.metadata", "jinja2", "markdown", "mkdocs", "PIL", "pydantic", "pypdf", "yaml"}
_LOADED = """
import json, sys
from haopin.cli.main import main
code = main(sys.argv[1:])
print()
print(json.dumps([code, [name for name in {large} if name in sys.modules]]))
"""


def loaded(*arguments: str) -> set[str]:
    """Run a command in a process of its own; return the large libraries that it loaded."""
    done = run("-c", _LOADED.format(large=sorted(LARGE)), *arguments)
    code, found = json.loads(done.stdout.splitlines()[-1])
    assert code == 0, done.stdout + done.stderr
    return set(found)


@pytest.mark.parametrize(
    "arguments", [(), *((name,) for name in sorted(cli.commands)), ("sheet", "import")], ids=" ".join
)
def test_help_loads_no_large_library(arguments: tuple[str, ...]) -> None:
    """The command line prints its help without the libraries that only the work of a command needs."""
    assert loaded(*arguments, "--help") == set()
