"""Old addresses as a web server needs them: paths, one a line, each to a page that the built site has."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote

from haopin.problem import ConfigurationError
from haopin.records.redirect import Redirect


def moved(redirects: Iterable[Redirect], roots: Sequence[str], site: Path) -> tuple[dict[str, str], list[str]]:
    """Return where each old path leads, and the ids of those whose page the built ``site`` does not have today.

    An address without a language leads, in each language, to that language's page; one that names a language counts
    for that one only, and more than one that names none.

    Args:
        redirects: Checked records.
        roots: Folder of each language below the site, ``""`` or ending in ``/``.
        site: The built site.

    Raises:
        ConfigurationError: if an old path is a file of the site, which could not be reached any more.
    """
    named: dict[str, str] = {}
    implied: dict[str, str] = {}
    waiting = []
    languages = tuple(root for root in roots if root)
    for redirect in redirects:
        own = redirect.old.startswith(languages) or redirect.target.startswith(languages)
        found = named if own else implied
        for root in ("",) if own else roots:
            if not (site / root / redirect.target / "index.html").is_file():
                waiting.append(redirect.id)
                continue
            for old in _forms(f"/{root}{redirect.old}"):
                found[old] = quote(f"/{root}{redirect.target}")
    result = {**implied, **named}
    for old in result:
        if (site / old.removeprefix("/")).exists():
            raise ConfigurationError(
                f"redirects.yml：“{old}”现在是网站的文件，不能再当旧地址 / "
                f"“{old}” is a file of the site and cannot be an old address"
            )
    return result, list(dict.fromkeys(waiting))


def _forms(old: str) -> tuple[str, ...]:
    """Return ``old`` with and without a slash at its end; a name with an ending is a file and has only one form."""
    if "." in old.rstrip("/").rpartition("/")[2] and not old.endswith("/"):
        return (old,)
    return (f"{old.rstrip('/')}/", old.rstrip("/"))
