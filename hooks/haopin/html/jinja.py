"""Jinja without what our templates do not need: they are called a hundred thousand times in a build."""

from types import CodeType
from typing import Any

from jinja2 import Environment, Template
from jinja2.runtime import Context
from markupsafe import Markup, escape


class PlainContext(Context):
    """A context whose functions take nothing from it: none of ours is marked with ``pass_context``."""

    def call(
        self, called: Any, /, *args: Any, _loop_vars: object = None, _block_vars: object = None, **more: Any
    ) -> Any:
        """Call ``called`` without looking for such marks."""
        return called(*args, **more)


class PlainTemplate(Template):
    """A template that does not copy finished HTML into its output."""

    @classmethod
    def from_code(cls, environment: Environment, code: CodeType, *more: Any) -> Template:
        """Load compiled ``code``, with `escaped` in its name space."""
        found = super().from_code(environment, code, *more)
        found.root_render_func.__globals__["escape"] = escaped
        return found


def escaped(value: object) -> Markup:
    """Return ``value`` as HTML; finished HTML as it is."""
    return value if type(value) is Markup else escape(value)
