"""Live preview of the engine itself: when one of its files was edited, the next build uses the new one."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

_PACKAGE = Path(__file__).resolve().parents[1]


def _stamps() -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in _PACKAGE.rglob("*.py")}


_seen = _stamps()


def fresh(name: str) -> ModuleType:
    """Return the module ``name`` of this package, with the whole package imported anew if a file has changed.

    Must be called while the package's folder is on ``sys.path``, that is from the top of the hook file.
    """
    if _stamps() != _seen:
        package = __name__.partition(".")[0]
        for loaded in [m for m in sys.modules if m == package or m.startswith(package + ".")]:
            del sys.modules[loaded]
    return importlib.import_module(name)
