"""Prevents tests outside ``tests/county`` from reading the data of the county in this repository.

Python loads this file in every command that a test starts (``support.engine_environment``); ``tests/conftest.py``
runs it for the tests themselves. Opening or listing a file of ``data/`` or ``docs/`` is then an error.
"""

import os
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_OWN = tuple(f"{_ROOT / name}{os.sep}" for name in ("data", "docs"))
#: Files of the program in these folders: the handbook, schemas, and files for new sites (`SHIPPED`).
_OF_THE_PROGRAM = (
    *(str(_ROOT / name) for name in ("data/README.md", "data/schema", "docs/dev")),
    *(
        str(_ROOT / "docs" / language / f"{page}.md")
        for language in ("zh", "en")
        for page in ("accessibility", "privacy")
    ),
)
_EVENTS = frozenset(("open", "os.listdir", "os.scandir"))


class CountyReadError(Exception):
    """A test outside ``tests/county`` has read data of the county."""


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _EVENTS or not isinstance(arguments[0], str | os.PathLike):
        return
    name = os.fspath(arguments[0])
    # The name of an entry of a folder that is open, as `shutil.rmtree` uses it, is not one below the working folder.
    if event == "open" and os.path.basename(name) == name:  # noqa: PTH119
        return
    # Not `Path.resolve`, which accesses the disk for every opened file.
    path = os.path.abspath(name)  # noqa: PTH100
    if not f"{path}{os.sep}".startswith(_OWN) or path.startswith(_OF_THE_PROGRAM):
        return
    # Pytest names the test that runs; while tests are collected, none does. Tools use what the tests share without it.
    test = os.environ.get("PYTEST_CURRENT_TEST", "")
    if "PYTEST_VERSION" in os.environ and not test.startswith("tests/county/"):
        raise CountyReadError(f"only tests/county may read {path}, not {test or 'a module of tests'}")


sys.addaudithook(_refuse)
