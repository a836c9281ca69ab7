"""How MkDocs loads Haopin: by ``hooks: [hooks/main.py]`` in a clone, by ``plugins: [haopin]`` where it is installed.

Both answer the same events by the functions of `haopin.mkdocs_plugin.events`.
"""

import importlib
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from mkdocs.config.base import Config
from mkdocs.plugins import BasePlugin

from haopin.installation import PACKAGE

#: The events of MkDocs that are answered. Named here so that a command which only reads the configuration does not
#: import what a build needs.
EVENTS = (
    "on_config",
    "on_pre_build",
    "on_files",
    "on_page_markdown",
    "on_page_content",
    "on_env",
    "on_page_context",
    "on_template_context",
    "on_post_template",
    "on_post_build",
    "on_build_error",
)


# --- A live preview uses the newest engine
#
# MkDocs reads hooks/main.py anew in each build of a preview, but what that file imports is loaded once for the life of
# the process, and MkDocs has no event or setting for it. Without this, an edit of the engine would be seen only after a
# restart. It is the one place where modules are taken out of `sys.modules`.

_NAME = PACKAGE.name


def _stamps() -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in PACKAGE.rglob("*.py")}


_seen = _stamps()


def _fresh(name: str) -> ModuleType:
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
    return _current(name)


def _current(name: str) -> ModuleType:
    """Return the module ``name`` of the adapter as the running build uses it."""
    return importlib.import_module(f"{_NAME}.mkdocs_plugin.{name}")


# --- The events


def _handler(name: str) -> Callable[..., Any]:
    # MkDocs keeps what it has loaded for the life of a live preview; a build begins with the first event.
    module = _fresh if name == EVENTS[0] else _current

    def handle(*arguments: Any, **named: Any) -> Any:
        return getattr(module("events"), name)(*arguments, **named)

    return handle


#: The function that answers each event.
HANDLERS: Mapping[str, Callable[..., Any]] = {name: _handler(name) for name in EVENTS}
# The policy and the digests of a site are those of its finished files: what plugins do at the end comes first.
HANDLERS["on_post_build"].mkdocs_priority = -100  # type: ignore[attr-defined]


class NoOptions(Config):  # type: ignore[no-untyped-call]
    """The plugin has no options of its own: the settings stand below ``extra: haopin:``, as with hooks."""


class HaopinPlugin(BasePlugin[NoOptions]):  # type: ignore[no-untyped-call]
    """MkDocs' plugin."""


for _name, _handle in HANDLERS.items():
    setattr(HaopinPlugin, _name, staticmethod(_handle))
