"""Data model: a module per subject, a definition per kind of record.

A kind added to `KINDS` is read, checked, documented (JSON Schema, reference page), searched and exported without
further code; only a page with a layout of its own needs a template.
"""

from collections.abc import Mapping
from typing import get_args

from haopin.model.activity import ACTIVITY, CHANNEL
from haopin.model.base import Kind, Record, Section
from haopin.model.body import BODY
from haopin.model.disclosure import ANALYSIS, BATCH, INSPECTION, RECALL, VIOLATION, WARNING
from haopin.model.document import DOCUMENT
from haopin.model.ledger import ASSIGNMENT, ENTRY
from haopin.model.material_format import MATERIAL_FORMAT
from haopin.model.need import NEED
from haopin.model.news import EVENT, NEWS
from haopin.model.phase import PHASE, SAFEGUARD
from haopin.model.photograph import PHOTOGRAPH
from haopin.model.plan import PLAN
from haopin.model.provision import HONOUR, INDUSTRIES, MECHANISM, PILOT_FIELD, SERVICE, TERM
from haopin.model.publishable import WITHDRAWAL
from haopin.model.recognition import AWARD, CERTIFICATION, DEMONSTRATION, STANDARD
from haopin.model.redirect import REDIRECT
from haopin.model.site import SITE
from haopin.model.support_policy import DIMENSION, POLICY
from haopin.model.synonym import SYNONYM
from haopin.model.target import TARGET
from haopin.model.task import GROUP, SECTION, TASK

KINDS: tuple[Kind, ...] = (
    SITE,
    DOCUMENT,
    PLAN,
    GROUP,
    TASK,
    SECTION,
    BODY,
    TARGET,
    PHASE,
    SAFEGUARD,
    ACTIVITY,
    CHANNEL,
    SERVICE,
    PILOT_FIELD,
    INDUSTRIES,
    HONOUR,
    MECHANISM,
    NEED,
    TERM,
    ASSIGNMENT,
    ENTRY,
    NEWS,
    EVENT,
    PHOTOGRAPH,
    BATCH,
    INSPECTION,
    VIOLATION,
    RECALL,
    WARNING,
    ANALYSIS,
    AWARD,
    STANDARD,
    CERTIFICATION,
    DEMONSTRATION,
    POLICY,
    DIMENSION,
    WITHDRAWAL,
)

#: Kinds for the web server, the search and the materials only: read and checked like all, but not on pages, in files
#: or in the API.
INTERNAL: tuple[Kind, ...] = (REDIRECT, SYNONYM, MATERIAL_FORMAT)

#: All kinds in the data folder.
READ: tuple[Kind, ...] = (*KINDS, *INTERNAL)


# --- Sections of the site: menu entries and their folders

#: Sections of the list pages without a kind of their own, by folder.
_OTHER_FOLDERS: Mapping[str, str] = {
    "measures": "commitments",
    "progress": "progress",
    "changes": "progress",
    "disclosures": "progress",
    "matrix": "answerable",
    "subscribe": "activities",
    "materials": "activities",
    "participate": "involvement",
    "data": "documents",
}

#: Order of folders within their sections; those of new kinds follow.
_FOLDER_ORDER = (
    *("tasks", "measures", "targets", "industries", "honours", "aims", "plans"),
    *("progress", "changes", "news", "disclosures", "timeline", "safeguards"),
    *("bodies", "matrix", "evaluation"),
    *("activities", "events", "photographs", "channels", "materials", "subscribe"),
    *("participate", "needs", "policies", "disclosure", "services"),
    *("documents", "glossary", "data"),
)


def _folders(section: str) -> tuple[str, ...]:
    pairs = [*_OTHER_FOLDERS.items(), *((kind.folder.partition("/")[0], kind.section) for kind in KINDS)]
    found = dict.fromkeys(folder for folder, own in pairs if own == section)
    order = {folder: place for place, folder in enumerate(_FOLDER_ORDER)}
    return tuple(sorted(found, key=lambda folder: order.get(folder, len(order))))


#: The six entries of the menu, each with the folders of its section in order; it leads to the first that exists.
SECTIONS: Mapping[str, tuple[str, ...]] = {section: _folders(section) for section in get_args(Section)}

#: Pages that do not depend on records of a kind.
FIXED_PAGES: tuple[str, ...] = ("api", "reference", "sitemap")

__all__ = ["FIXED_PAGES", "INTERNAL", "KINDS", "READ", "SECTIONS", "Kind", "Record"]
