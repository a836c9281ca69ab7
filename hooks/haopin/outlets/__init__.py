"""What the site gives to machines: calendars, feeds, open data, cards for other pages. One module an outlet.

An outlet is a function from a `Source` to files. It computes nothing that a page says otherwise, and sees only what is
public: the catalogue holds nothing else.
"""

from collections.abc import Callable, Iterator

from haopin.outlets.api import make_api
from haopin.outlets.batches import make_batches
from haopin.outlets.calendars import make_calendars
from haopin.outlets.catalog import make_catalog
from haopin.outlets.downloads import make_downloads
from haopin.outlets.embeds import make_embeds
from haopin.outlets.feeds import make_feeds
from haopin.outlets.pictures import make_pictures
from haopin.outlets.source import Outfile, Source

Outlet = Callable[[Source], Iterator[Outfile]]

#: Outlets with a file in each language, below the root of the language.
PER_LANGUAGE: tuple[Outlet, ...] = (make_batches, make_calendars, make_feeds, make_embeds, make_pictures)
#: Outlets that speak both languages in one file, below the root of the site.
SHARED: tuple[Outlet, ...] = (make_api, make_catalog, make_downloads)

__all__ = ["PER_LANGUAGE", "SHARED", "Outfile", "Outlet", "Source"]
