"""Whether a build would make the site that is already there: everything it would read is as in the last build.

Uses the standard library only, so that the answer costs little more than reading the files.
"""

import hashlib
import json
import os
import platform
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from haopin.build.manifest import NAME, verify
from haopin.files import atomic_write, file_digest
from haopin.git import last_commit, run_git
from haopin.installation import CLONE, PACKAGE, packages

#: Default folder of the cache; ``mkdocs.yml`` reads the same variable.
_CACHE, _VARIABLE = ".cache", "HAOPIN_CACHE"
#: Names of variables in the lines of a configuration with ``!ENV``.
_NAMES = re.compile(r"\b[A-Z_][A-Z0-9_]+\b")


def origin_of(data: Path) -> tuple[str | None, bool | None, str | None]:
    """Return the last commit of the data folder, whether it was changed since, and the last commit of the program."""
    # Only changes of the data folder count, not others in the repository.
    commit = last_commit(data)
    state = run_git(data, ["status", "--porcelain", "--", "."]) if commit else None
    # An installed package has no history; the folder that it is installed in may have one.
    program = last_commit(PACKAGE) if CLONE is not None else None
    return commit, bool(state.strip()) if state is not None else None, program


@dataclass(frozen=True)
class Request:
    """What a build is asked for.

    Attributes:
        config: The configuration file.
        target: Folder of the site on the command line.
        day: Date of the pages on the command line.
    """

    config: Path
    target: Path | None
    day: date | None

    @property
    def facts(self) -> list[str | None]:
        """What is asked for, to compare it."""
        target = None if self.target is None else str(self.target.resolve())
        return [str(self.config.resolve()), target, None if self.day is None else self.day.isoformat()]


def remember(request: Request, site: Path, day: date, zone: str | None, folders: Iterable[Path]) -> None:
    """Store what a build has read, at its end.

    Args:
        request: What it was asked for.
        site: The finished site.
        day: Date of the pages.
        zone: Time zone of the place if the date is today's; None if it is fixed.
        folders: Folders that the build has read: data first, written pages, theme.
    """
    listed = [str(folder.resolve()) for folder in folders]
    with suppress(OSError):
        facts = {
            "day": day.isoformat(),
            "zone": zone,
            "folders": listed,
            "request": request.facts,
            "key": _key(request, listed),
            "site": str(site),
            "manifest": hashlib.sha256((site / NAME).read_bytes()).hexdigest(),
        }
        atomic_write(_file(request.config), json.dumps(facts).encode())


def forget(config: Path) -> None:
    """Forget the last build of ``config``."""
    with suppress(OSError):
        _file(config).unlink(missing_ok=True)


def built_site(request: Request) -> Path | None:
    """Return the folder of the site if it is what a build would make; None if it has to be built."""
    try:
        facts = json.loads(_file(request.config).read_bytes())
        if facts["request"] != request.facts:
            return None
        zone, site = facts["zone"], Path(facts["site"])
        if zone is not None and datetime.now(ZoneInfo(zone)).date().isoformat() != facts["day"]:
            return None
        if facts["manifest"] != hashlib.sha256((site / NAME).read_bytes()).hexdigest():
            return None
        is_same = facts["key"] == _key(request, facts["folders"]) and not verify(site)[0]
        return site if is_same else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _file(config: Path) -> Path:
    return config.resolve().parent / os.environ.get(_VARIABLE, _CACHE) / "graph/last.json"


def _key(request: Request, folders: list[str]) -> str:
    """Return a digest of everything that a build reads: files, variables, program, packages, history."""
    base = request.config.resolve().parent
    found = hashlib.sha256()
    configs = sorted(file for file in base.iterdir() if file.suffix in (".yml", ".yaml") and file.is_file())
    for path in (*configs, *(file for folder in folders for file in below(Path(folder))), *below(PACKAGE)):
        found.update(f"{path}\0".encode() + file_digest(path))
    facts = [
        *(platform.python_version(), origin_of(Path(folders[0])), packages(), dict(_variables(configs))),
    ]
    found.update(json.dumps(facts, sort_keys=True).encode())
    return found.hexdigest()


def below(folder: Path) -> Iterator[Path]:
    """Yield the files below ``folder``, sorted, without compiled ones."""
    for top, inner, names in os.walk(folder):
        inner[:] = sorted(name for name in inner if name != "__pycache__")
        yield from (Path(top, name) for name in sorted(names))


def _variables(configs: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Yield the environment variables that the configurations name, and those of the program."""
    lines = [line for file in configs for line in file.read_text("utf-8", "replace").splitlines() if "!ENV" in line]
    named = {name for line in lines for name in _NAMES.findall(line)}
    values: Mapping[str, str] = os.environ
    for name in sorted(values):
        if name in named or name.startswith("HAOPIN_"):
            yield name, values[name]
