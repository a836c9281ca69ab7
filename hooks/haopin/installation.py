"""How this program is installed: in a clone with its own environment, or by pip as a package.

Imports only the standard library, as packages may be missing.
"""

import os
import sys
import traceback
from pathlib import Path

#: The folder of the program.
PACKAGE = Path(__file__).resolve().parent
#: Lock file of a clone's environment.
LOCK = PACKAGE.parents[1] / "requirements.lock"
#: The clone; None if the program was installed by pip.
CLONE = LOCK.parent if LOCK.is_file() else None


def command() -> str:
    """Return the command that starts the program in the folder of the site."""
    if CLONE is None:
        return "haopin"
    return r".\haopin" if os.name == "nt" else "./haopin"


def packages() -> list[str]:
    """Return the names and versions of the installed packages."""
    folders = [Path(folder) for folder in sys.path if folder and Path(folder).is_dir()]
    return sorted(entry.name for folder in folders for entry in os.scandir(folder) if entry.name.endswith(".dist-info"))


def installs(extra: str) -> str:
    """Return the command that installs the missing packages, with those of ``extra``, such as ``[ops]``."""
    return ".ci/setup site" if CLONE is not None else f'pip install "haopin{extra}"'


def incomplete(error: ImportError) -> str:
    """Return the message for a missing package, with the command that installs it."""
    fix = installs(_extra(error))
    return f"程序没有装完整：{error}；请运行 {fix} / the installation is not complete: {error}; run {fix}"


def _extra(error: ImportError) -> str:
    """Return the extra with the missing package, such as ``[ops]``; "" for a package that is always required."""
    names = [str(frame.f_globals.get("__name__")) for frame, _ in traceback.walk_tb(error.__traceback__)]
    folders = [name.split(".")[1] for name in names if name.startswith(f"{PACKAGE.name}.")]
    return f"[{folders[-1]}]" if folders and folders[-1] in extras() else ""


def extras() -> list[str]:
    """Return the extras of the installed package for users, without those for developers.

    Each is named after the subpackage that needs it.
    """
    # Takes a quarter of the time of `haopin --help` to load.
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        names = metadata(PACKAGE.name).get_all("Provides-Extra") or []
    except PackageNotFoundError:
        names = []
    return [name for name in names if (PACKAGE / name).is_dir()]
