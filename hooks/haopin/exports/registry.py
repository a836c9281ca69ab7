"""All exports: with files per language, and shared by all languages."""

from collections.abc import Callable, Iterator
from functools import partial

from haopin.exports.api import make_api
from haopin.exports.atom import make_feeds
from haopin.exports.dcat import make_catalog
from haopin.exports.downloads import make_batches, make_downloads
from haopin.exports.embeds import make_embeds
from haopin.exports.ics import make_calendars
from haopin.exports.photographs import make_photographs
from haopin.exports.pictures.images import png
from haopin.exports.source import ExportSource, Outfile

Export = Callable[[ExportSource], Iterator[Outfile]]


def make_pictures(source: ExportSource) -> Iterator[Outfile]:
    """Yield the preview image of every page (``pictures/KEY.png``); pages with the same texts share one."""
    for path, card in {card.path: card for card in source.pictures.cards.values()}.items():
        yield Outfile(path, partial(png, card, source.cache))


#: Exports with a file per language, relative to the root of the language.
PER_LANGUAGE: tuple[Export, ...] = (make_batches, make_calendars, make_feeds, make_embeds, make_pictures)
#: Exports with all languages in one file, relative to the root of the site.
SHARED: tuple[Export, ...] = (make_api, make_catalog, make_downloads, make_photographs)
#: Shared files that are no export but part of the pages, which a site without exports has too.
OF_PAGES: tuple[Export, ...] = (make_photographs,)
