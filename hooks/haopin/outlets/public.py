"""Which fields of a public record are the office's own business and reach no file."""

from haopin.records import Kind
from haopin.records.site import Site


def hidden(kind: Kind, site: Site) -> frozenset[str]:
    """Return the names of the fields of ``kind`` that no file may have."""
    names = {"approved", "publish_from"}
    if kind.name == "entry" and not site.show_reporting_bodies:
        names.add("body")
    return frozenset(names)
