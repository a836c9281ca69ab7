"""An environment without MkDocs, in which its successor ProperDocs builds: ``python tests/without_mkdocs.py FOLDER``.

It has every package of this Python's environment but MkDocs, by links, so that making it takes no network and no time.
"""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path


def make_environment(folder: Path) -> Path:
    """Make the environment at ``folder``, which is replaced, and return its Python."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    here = Path(sysconfig.get_path("purelib"))
    there = folder / here.relative_to(sys.prefix)
    # Not by the link to the environment, which may soon lead to another.
    here = here.resolve()
    for entry in here.iterdir():
        if entry.name != "mkdocs" and not entry.name.startswith(("mkdocs-1", "mkdocs_get_deps", "__pycache__")):
            (there / entry.name).symlink_to(entry)
    # Checkers that tests start (node, shellcheck …); those that are scripts start with the other environment's Python.
    for program in Path(sys.prefix, "bin").resolve().iterdir():
        if not program.name.startswith("mkdocs") and not (folder / "bin" / program.name).exists():
            (folder / "bin" / program.name).symlink_to(program)
    return folder / "bin/python"


if __name__ == "__main__":
    print(make_environment(Path(sys.argv[1])))
