"""Live preview of the engine itself: when one of its files was edited, the next build uses the new one."""

import importlib
import sys
from types import ModuleType
from typing import Any

from haopin.installation import PACKAGE

_NAME = PACKAGE.name


def _stamps() -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in PACKAGE.rglob("*.py")}


_seen = _stamps()


def fresh(name: str) -> Any:
    """Return the module ``name`` of the adapter, with the whole package imported anew if a file of it has changed."""
    now = _stamps()
    if now != _seen:
        _seen.clear()
        _seen.update(now)
        package = sys.modules[_NAME]
        for loaded in [m for m in sys.modules if m.startswith(_NAME + ".") and m != __name__]:
            del sys.modules[loaded]
            # The package itself stays; what it remembers of its modules would bring the old ones back.
            vars(package).pop(loaded.split(".")[1], None)
    return current(name)


def current(name: str) -> ModuleType:
    """Return the module ``name`` of the adapter as the running build uses it."""
    return importlib.import_module(f"{_NAME}.mkdocs_plugin.{name}")
