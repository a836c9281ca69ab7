"""The sections of the site by name: what the menu has, and which folders belong to each."""

from collections.abc import Mapping

#: The six entries of the menu, each with the folders of its section in order; the first that exists is where it leads.
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "commitments": ("tasks", "measures", "targets", "industries", "honours", "aims"),
    "progress": ("progress", "changes", "news", "disclosures", "timeline", "safeguards"),
    "answerable": ("bodies", "matrix", "evaluation"),
    "activities": ("activities", "events", "channels", "subscribe"),
    "involvement": ("participate", "needs", "policies", "disclosure", "services"),
    "documents": ("documents", "glossary", "data"),
}

#: Pages that need no record of a kind.
STANDING: tuple[str, ...] = ("api", "reference", "sitemap")
