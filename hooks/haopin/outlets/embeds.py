"""Cards for other pages: one small page each, to be put into an iframe, without a script.

Links of a card open a new tab (`target="_blank"`): the reader keeps the page that frames the card, and a frame without
the right to navigate its top (`sandbox`) still lets them through where it allows popups.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from html import escape

from haopin.outlets.source import Outfile, Source
from haopin.pages import Page
from haopin.policy import card_policy, guarded
from haopin.records import Record
from haopin.records.activity import Activity
from haopin.records.target import Target
from haopin.records.task import Task
from haopin.text import Text

#: Way from a card to the root of its language.
_ROOT = "../../../"


@dataclass(frozen=True)
class Card:
    """A kind of card.

    Attributes:
        name: Folder below ``embed/``, and name of its template below ``templates/embed/``.
        model: Records that have one.
        height: Height of its frame in CSS pixels: at widths from 280 on, nothing is cut.
    """

    name: str
    model: type[Record]
    height: int


CARDS: tuple[Card, ...] = (Card("task", Task, 320), Card("target", Target, 360), Card("activity", Activity, 260))
#: Heights of frames by kind, in CSS pixels.
HEIGHTS: Mapping[str, int] = {card.name: card.height for card in CARDS}


def make_embeds(source: Source) -> Iterator[Outfile]:
    """Yield a card for every record of a kind that has one."""
    for card in CARDS:
        for record in source.catalogue.all(card.model):
            yield Outfile(f"{_folder(card, record)}index.html", partial(_make, source, card, record))


def codes(source: Source, page: Page) -> list[tuple[str, str]]:
    """Return name and iframe code of the cards of what ``page`` is about, or of all that stand on it."""
    found = []
    for card in CARDS:
        if isinstance(page.record, card.model) and page.row is None:
            found.append(_code(source, card, page.record))
        elif page.record is None:
            shown = source.catalogue.all(card.model)
            # Records that share a page have an anchor there; all stand on the same.
            if shown and source.view.anchor(shown[0]).startswith(f"{page.address}#"):
                found += [_code(source, card, record) for record in shown]
    return found


def _folder(card: Card, record: Record) -> str:
    return f"embed/{card.name}/{record.id}/"


def _title(source: Source, record: Record) -> str:
    name = getattr(record, "title", None) or getattr(record, "name", None)
    assert isinstance(name, Text), record
    return name.show(source.language)


def _code(source: Source, card: Card, record: Record) -> tuple[str, str]:
    title = _title(source, record)
    address = escape(source.url(_folder(card, record)))
    return title, (
        f'<iframe src="{address}" width="100%" height="{card.height}" title="{escape(title)}" loading="lazy"></iframe>'
    )


def _make(source: Source, card: Card, record: Record) -> bytes:
    address = source.page_of(record)
    filled = source.renderer.fill(
        f"embed/{card.name}.html",
        _ROOT,
        record=record,
        title=_title(source, record),
        address=address,
        canonical=address.partition("#")[0],
        home=source.url(""),
    )
    return guarded(filled, card_policy()).encode()
