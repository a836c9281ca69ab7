"""The sections of the site by name: what the menu has, and which folders belong to each."""

from collections.abc import Mapping

from haopin.model import KINDS

#: The entries of the menu.
_NAMES = ("commitments", "progress", "answerable", "activities", "involvement", "documents")

#: Sections of the pages that list no kind of record of their own, by folder.
_OTHERS: Mapping[str, str] = {
    "measures": "commitments",
    "progress": "progress",
    "changes": "progress",
    "disclosures": "progress",
    "matrix": "answerable",
    "subscribe": "activities",
    "participate": "involvement",
    "data": "documents",
}

#: The order of folders within their sections; what a new kind brings comes after them.
_ORDER = (
    *("tasks", "measures", "targets", "industries", "honours", "aims"),
    *("progress", "changes", "news", "disclosures", "timeline", "safeguards"),
    *("bodies", "matrix", "evaluation"),
    *("activities", "events", "channels", "subscribe"),
    *("participate", "needs", "policies", "disclosure", "services"),
    *("documents", "glossary", "data"),
)


def _folders(section: str) -> tuple[str, ...]:
    pairs = [*_OTHERS.items(), *((kind.folder.partition("/")[0], kind.section) for kind in KINDS)]
    found = dict.fromkeys(folder for folder, own in pairs if own == section)
    return tuple(sorted(found, key=lambda folder: _ORDER.index(folder) if folder in _ORDER else len(_ORDER)))


#: The six entries of the menu, each with the folders of its section in order; the first that exists is where it leads.
SECTIONS: Mapping[str, tuple[str, ...]] = {section: _folders(section) for section in _NAMES}

#: Pages that need no record of a kind.
STANDING: tuple[str, ...] = ("api", "reference", "sitemap")
