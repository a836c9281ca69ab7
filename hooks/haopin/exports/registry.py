"""The exports: those with a file in each language, and those that languages share."""

from collections.abc import Callable, Iterator

from haopin.exports.api import make_api
from haopin.exports.atom import make_feeds
from haopin.exports.dcat import make_catalog
from haopin.exports.downloads import make_batches, make_downloads
from haopin.exports.embeds import make_embeds
from haopin.exports.ics import make_calendars
from haopin.exports.page_pictures import make_pictures
from haopin.exports.source import ExportSource, Outfile

Export = Callable[[ExportSource], Iterator[Outfile]]

#: Exports with a file in each language, below the root of the language.
PER_LANGUAGE: tuple[Export, ...] = (make_batches, make_calendars, make_feeds, make_embeds, make_pictures)
#: Exports that speak both languages in one file, below the root of the site.
SHARED: tuple[Export, ...] = (make_api, make_catalog, make_downloads)
