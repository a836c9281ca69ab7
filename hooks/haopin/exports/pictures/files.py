"""Pictures of pages for those who share them: ``pictures/KEY.png`` below the root of each language."""

from collections.abc import Iterator
from functools import partial

from haopin.exports.pictures import Card, png
from haopin.exports.source import ExportSource, Outfile


def make_pictures(source: ExportSource) -> Iterator[Outfile]:
    """Yield the picture of every page; pages that say the same share one."""
    for path, card in {card.path: card for card in source.pictures.cards.values()}.items():
        yield Outfile(path, partial(png, card, source.cache))


def picture_of(source: ExportSource, address: str) -> Card:
    """Return the picture of the page at ``address`` below the root of the language; KeyError if there is no such page.

    Its ``path`` is that of the file below the root of the language; ``alternative`` says what it shows.
    """
    return source.pictures.cards[address]
