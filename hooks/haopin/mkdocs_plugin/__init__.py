"""Adapter to MkDocs: handles its events by calling the other packages, none of which imports MkDocs."""

from importlib import import_module

try:
    _builder = import_module("mkdocs")
except ModuleNotFoundError:
    # ProperDocs, the successor of MkDocs 1.x, registers its modules under the names of MkDocs.
    import_module("properdocs.replacement")
    _builder = import_module("mkdocs")

#: The package that builds: ``mkdocs`` or ``properdocs``.
BUILDER = _builder.__name__
#: Name of the logger whose warnings fail a strict build; MkDocs and ProperDocs count those under their own name.
LOGGER = f"{BUILDER}.plugins.haopin"
#: Key of ``extra`` with the folder of the last site, from which it takes what has not changed.
LAST_SITE = "haopin_last_site"
#: Key of ``extra`` with the digest of the program, which is made once for all languages.
PROGRAM = "haopin_program"
#: Key of ``extra`` with the name under which the build is remembered, if it is not that of the mode.
MODE = "haopin_mode"
#: Key of ``extra`` with the function that says whether a build is no longer wanted.
CANCELLED = "haopin_cancelled"
