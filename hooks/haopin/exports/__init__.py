"""What the site gives to machines: calendars, feeds, open data, cards for other pages. One module a format.

An export is a function from an `ExportSource` to files. It computes nothing that a page says otherwise, and sees only
what is public: the catalogue holds nothing else.
"""

from collections.abc import Callable, Iterator

from haopin.exports.api import make_api
from haopin.exports.atom import make_feeds
from haopin.exports.dcat import make_catalog
from haopin.exports.downloads import make_batches, make_downloads
from haopin.exports.embeds import make_embeds
from haopin.exports.ics import make_calendars
from haopin.exports.pictures.files import make_pictures
from haopin.exports.source import ExportSource, Outfile

Outlet = Callable[[ExportSource], Iterator[Outfile]]

#: Exports with a file in each language, below the root of the language.
PER_LANGUAGE: tuple[Outlet, ...] = (make_batches, make_calendars, make_feeds, make_embeds, make_pictures)
#: Exports that speak both languages in one file, below the root of the site.
SHARED: tuple[Outlet, ...] = (make_api, make_catalog, make_downloads)

__all__ = ["PER_LANGUAGE", "SHARED", "ExportSource", "Outfile", "Outlet"]
