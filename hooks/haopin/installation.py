"""How this program was installed: as a clone of the project with its own set-up, or as a package by pip.

Imports nothing of what may be missing.
"""

import os
import traceback
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

#: The folder of the program.
PACKAGE = Path(__file__).resolve().parent
#: The lock that a clone's environment is installed from.
LOCK = PACKAGE.parents[1] / "requirements.lock"
#: The clone; None if the program was installed by pip.
CLONE = LOCK.parent if LOCK.is_file() else None


def command() -> str:
    """Return how the program is started from the folder of the site."""
    if CLONE is None:
        return "haopin"
    return r".\haopin" if os.name == "nt" else "./haopin"


def incomplete(error: ImportError) -> str:
    """Return what to say of ``error``, with the command that installs what is missing."""
    fix = ".ci/setup site" if CLONE is not None else f'pip install "haopin{_extra(error)}"'
    return f"程序没有装完整：{error}；请运行 {fix} / the installation is not complete: {error}; run {fix}"


def _extra(error: ImportError) -> str:
    """Return the extra that has the missing package, such as ``[ops]``; "" for one that every command needs."""
    names = [str(frame.f_globals.get("__name__")) for frame, _ in traceback.walk_tb(error.__traceback__)]
    folders = [name.split(".")[1] for name in names if name.startswith(f"{PACKAGE.name}.")]
    return f"[{folders[-1]}]" if folders and folders[-1] in extras() else ""


def extras() -> list[str]:
    """Return the extras of the installed package that a site may need, not those for developers.

    Each has the name of the folder of this program that needs it.
    """
    try:
        names = metadata(PACKAGE.name).get_all("Provides-Extra") or []
    except PackageNotFoundError:
        names = []
    return [name for name in names if (PACKAGE / name).is_dir()]
