"""Draft of the site for the approver: with the records that wait for an approval, marked, to open from a folder."""

from datetime import date
from pathlib import Path

from haopin.build.offline import copy_site
from haopin.files import Scratch
from haopin.mkdocs_plugin.staging import build_site
from haopin.site.publish import Shows


def build_draft(config: Path, target: Path, *, as_of: date | None = None, shows: Shows = "waiting") -> int:
    """Build the draft and write it to ``target``, as a copy that opens without a web server.

    Returns:
        Number of pages.

    Raises:
        ConfigurationError: if the build failed, or ``target`` has content other than an older copy.
    """
    target = target.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Scratch(target.parent, ".haopin-")
    try:
        site = scratch.path / "site"
        build_site(config, as_of=as_of, target=site, shows=shows, told=False)
        return copy_site(site, target)
    finally:
        scratch.remove()
