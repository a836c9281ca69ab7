"""Entry points for MkDocs: ``hooks: [hooks/main.py]`` in a clone, ``plugins: [haopin]`` if installed.

Both handle the same events by the functions in `haopin.mkdocs_plugin.events`.
"""

import importlib
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from mkdocs.config.base import Config
from mkdocs.plugins import BasePlugin

from haopin.installation import PACKAGE

#: MkDocs events with a handler. Listed here so that commands which only read the configuration need not import the
#: handlers.
EVENTS = (
    "on_config",
    "on_pre_build",
    "on_files",
    "on_page_markdown",
    "on_page_content",
    "on_env",
    "on_page_context",
    "on_post_page",
    "on_template_context",
    "on_post_template",
    "on_post_build",
    "on_build_error",
)


# --- Reload of the package in a live preview
#
# MkDocs reloads hooks/main.py for each build of a preview, but not the modules that it imports, and has no event or
# setting for it. Without this, an edit of the program would show only after a restart. Nowhere else are modules removed
# from `sys.modules`.

_NAME = PACKAGE.name


def _stamps() -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in PACKAGE.rglob("*.py")}


_seen = _stamps()


def fresh(name: str) -> ModuleType:
    """Return the submodule ``name``, after a new import of the whole package if one of its files has changed."""
    now = _stamps()
    if now != _seen:
        _seen.clear()
        _seen.update(now)
        package = sys.modules[_NAME]
        for loaded in [m for m in sys.modules if m.startswith(_NAME + ".") and m != __name__]:
            del sys.modules[loaded]
            # The package object stays; its attributes would keep the old submodules.
            vars(package).pop(loaded.split(".")[1], None)
    return _current(name)


def _current(name: str) -> ModuleType:
    """Return the submodule ``name`` that the running build uses."""
    return importlib.import_module(f"{_NAME}.mkdocs_plugin.{name}")


# --- Handlers


def _handler(name: str) -> Callable[..., Any]:
    # MkDocs keeps the handlers for the whole preview; each build starts with the first event.
    module = fresh if name == EVENTS[0] else _current

    def handle(*arguments: Any, **named: Any) -> Any:
        return getattr(module("events"), name)(*arguments, **named)

    return handle


#: Handler of each event.
HANDLERS: Mapping[str, Callable[..., Any]] = {name: _handler(name) for name in EVENTS}
# Policy and hashes are computed from finished files: run after all other plugins.
HANDLERS["on_post_build"].mkdocs_priority = -100  # type: ignore[attr-defined]


class NoOptions(Config):  # type: ignore[no-untyped-call]
    """Options of the plugin: none; the settings are in ``extra: haopin:``, as with hooks."""


class HaopinPlugin(BasePlugin[NoOptions]):  # type: ignore[no-untyped-call]
    """Plugin class for MkDocs."""


for _name, _handle in HANDLERS.items():
    setattr(HaopinPlugin, _name, staticmethod(_handle))
