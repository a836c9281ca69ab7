"""How MkDocs loads Haopin: by ``hooks: [hooks/main.py]`` in a clone, by ``plugins: [haopin]`` where it is installed.

Both answer the same events by the functions of `haopin.mkdocs_plugin.events`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from mkdocs.config.base import Config
from mkdocs.plugins import BasePlugin

from haopin.mkdocs_plugin import reload

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


def _handler(name: str) -> Callable[..., Any]:
    # MkDocs keeps what it has loaded for the life of a live preview; a build begins with the first event.
    module = reload.fresh if name == EVENTS[0] else reload.current

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
