"""Pictures of pages for those who share them: ``pictures/KEY.png`` below the root of each language."""

from collections.abc import Iterator
from functools import partial

from haopin.exports.pictures.images import png
from haopin.exports.source import ExportSource, Outfile


def make_pictures(source: ExportSource) -> Iterator[Outfile]:
    """Yield the picture of every page; pages that say the same share one."""
    for path, card in {card.path: card for card in source.pictures.cards.values()}.items():
        yield Outfile(path, partial(png, card, source.cache))
