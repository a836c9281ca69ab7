"""Hooks that MkDocs loads in a clone; an installed package has a plugin instead."""

from haopin.mkdocs_plugin.plugin import HANDLERS

globals().update(HANDLERS)
