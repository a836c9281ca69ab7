"""The file that MkDocs loads in a clone, where nothing is installed; an installed package has a plugin for it."""

from haopin.mkdocs_plugin.plugin import HANDLERS

globals().update(HANDLERS)
