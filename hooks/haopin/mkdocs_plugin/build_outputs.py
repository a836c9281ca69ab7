"""Files written at the end of a build: ``policy.json`` (headers for the web server) and ``build.json`` (manifest)."""

import platform
from pathlib import Path

from haopin import __version__, csp
from haopin.build.manifest import NAME, Origin, evidence, fingerprints
from haopin.build.session import BuildSession
from haopin.build.settings import Settings
from haopin.git import last_commit, run_git
from haopin.installation import CLONE, PACKAGE
from haopin.mkdocs_plugin import BUILDER

#: What shapes the bytes of a site.
_PACKAGES = ("babel", "icalendar", "jinja2", "markdown", BUILDER, "pillow", "resvg-py", "segno", "xlsxwriter")


def origin(session: BuildSession, settings: Settings) -> Origin:
    """Return what the site of ``session`` is made from."""
    from importlib.metadata import version

    # Only the data folder counts: what else changed in the repository says nothing about the records.
    commit = last_commit(session.data)
    state = run_git(session.data, ["status", "--porcelain", "--", "."]) if commit else None
    versions = {name: version(name) for name in _PACKAGES}
    versions["python"] = platform.python_version()
    # A package has no history; a folder that it is installed in may have one of its own.
    versions["haopin"] = (last_commit(PACKAGE) if CLONE is not None else None) or __version__
    return Origin(
        session.as_of.isoformat(),
        settings.samples,
        commit,
        bool(state.strip()) if state is not None else None,
        versions,
    )


def write_evidence(site: Path, session: BuildSession, settings: Settings) -> None:
    """Write the evidence of the finished ``site``: of what the build has made, not of what lies there."""
    made = {edition.path + name for edition in settings.editions for name in session.known[edition.language]}
    text = evidence(origin(session, settings), fingerprints(site, {*made, csp.NAME}))
    (site / NAME).write_text(text, encoding="utf-8", newline="\n")


def write_policy(site: Path, settings: Settings) -> None:
    """Write the headers that a web server should send with the finished ``site``."""
    text = csp.headers_text([f"{edition.path}embed/" for edition in settings.editions])
    (site / csp.NAME).write_text(text, encoding="utf-8", newline="\n")
