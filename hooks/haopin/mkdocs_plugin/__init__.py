"""The only part that knows MkDocs: its events on one side, the pure rooms on the other."""

from importlib import import_module

try:
    _builder = import_module("mkdocs")
except ModuleNotFoundError:
    # ProperDocs, the successor of MkDocs 1.x, then answers for every module of MkDocs.
    import_module("properdocs.replacement")
    _builder = import_module("mkdocs")

#: The package that builds: ``mkdocs`` or ``properdocs``.
BUILDER = _builder.__name__
#: Name of the logger whose warnings fail a strict build: each of the two counts those under its own name.
LOGGER = f"{BUILDER}.plugins.haopin"
