"""What the site gives to machines: calendars, feeds, open data, cards for other pages. One module an outlet.

An outlet is a function from a `Source` to files. It computes nothing that a page says otherwise, and sees only what is
public: the catalogue holds nothing else.
"""

from collections.abc import Callable, Iterator

from haopin.outlets import api, catalog, pictures
from haopin.outlets.batches import batches
from haopin.outlets.calendars import offer_calendars
from haopin.outlets.downloads import downloads
from haopin.outlets.embeds import embeds
from haopin.outlets.feeds import offer_feeds
from haopin.outlets.source import Outfile, Source

Outlet = Callable[[Source], Iterator[Outfile]]

#: Outlets with a file in each language, below the root of the language.
PER_LANGUAGE: tuple[Outlet, ...] = (batches, offer_calendars, offer_feeds, embeds, pictures.files)
#: Outlets that speak both languages in one file, below the root of the site.
SHARED: tuple[Outlet, ...] = (api.files, catalog.files, downloads)

__all__ = ["PER_LANGUAGE", "SHARED", "Outfile", "Outlet", "Source"]
