"""Run the tests in a copy of this checkout whose data/ and docs/ are an invented county's: they know no county.

    python tests/tools/other_county.py FOLDER [options of pytest]

Without options: all quick tests, then ``tests/county`` without what needs a browser. With options (``-m "not sweep"``):
all others, then ``tests/county``, which has a day of its own.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2] / "hooks")]

from support import AS_OF, COUNTY, COUNTY_MORE, ROOT, git  # noqa: E402

#: What belongs to the program though it lies in data/ and docs/.
KEPT = ("data/README.md", "data/schema", "docs/dev")
USUAL = (("-m", "quick and not (slow or sweep)"), ("-m", "not (sweep or browser)", "tests/county"))


def copy_with_other_county(target: Path) -> Path:
    """Copy what git knows of this checkout to ``target``, with the data and pages of the full invented county."""
    # Names with Chinese would be quoted in lines.
    for name in git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
        if name and (ROOT / name).is_file() and (not name.startswith(("data/", "docs/")) or name.startswith(KEPT)):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    for folder in (COUNTY / "data", COUNTY_MORE / "data"):
        shutil.copytree(folder, target / "data", dirs_exist_ok=True)
    shutil.copytree(COUNTY / "docs", target / "docs", dirs_exist_ok=True)
    modules = target / "tests/npm/node_modules"
    if not modules.exists():
        modules.symlink_to(ROOT / "tests/npm/node_modules")
    git(target, "init", "-q")
    git(target, "add", ".")
    git(target, "commit", "-qm", "another county")
    return target


def main(folder: Path, *arguments: str) -> int:
    """Make the copy in ``folder`` and run pytest in it; return the exit code."""
    project = folder if (folder / "data").is_dir() else copy_with_other_county(folder)
    all_of = ((*arguments, "--ignore=tests/county"), (*arguments, "tests/county"))
    for each in all_of if arguments else USUAL:
        # Of records of 2030, little is public today.
        day = {"HAOPIN_AS_OF": AS_OF} if "tests/county" in each else {}
        environment = {**os.environ, "PYTHONPATH": str(project / "hooks"), **day}
        for name in ("PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER"):
            environment.pop(name, None)
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *each]
        code = subprocess.run(command, cwd=project, env=environment, check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), *sys.argv[2:]))
