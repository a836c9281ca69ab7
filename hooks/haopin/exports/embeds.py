"""Embeddable cards for other websites: small pages for an iframe, without scripts.

Links open a new tab (`target="_blank"`), so that the embedding page stays open; this also works in a frame that must
not navigate its parent (`sandbox`), if it allows popups.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from html import escape

from haopin.csp import card_policy, guarded
from haopin.exports.source import ExportSource, Outfile
from haopin.html.whole import whole
from haopin.model import Record
from haopin.model.activity import Activity
from haopin.model.target import Target
from haopin.model.task import Task
from haopin.site.pages import Page
from haopin.text import Wording

#: Relative path from a card to the root of its language.
_ROOT = "../../../"


@dataclass(frozen=True)
class EmbedCard:
    """A type of card.

    Attributes:
        name: Folder below ``embed/``, and name of its template below ``templates/embed/``.
        model: Model of its records.
        height: Height of the iframe in CSS pixels; from a width of 280 on, nothing is cut off.
    """

    name: str
    model: type[Record]
    height: int


CARDS: tuple[EmbedCard, ...] = (
    EmbedCard("task", Task, 320),
    EmbedCard("target", Target, 360),
    EmbedCard("activity", Activity, 260),
)
#: Height of the iframe by type of card, in CSS pixels.
HEIGHTS: Mapping[str, int] = {card.name: card.height for card in CARDS}


def make_embeds(source: ExportSource) -> Iterator[Outfile]:
    """Yield a card for every record of a model that has cards."""
    for card in CARDS:
        for record in source.catalogue.all(card.model):
            yield Outfile(f"{_folder(card, record)}index.html", partial(_make, source, card, record))


def codes(source: ExportSource, page: Page) -> list[tuple[str, str]]:
    """Return (name, HTML of the iframe) of the cards for the records on ``page``."""
    found = []
    for card in CARDS:
        if isinstance(page.record, card.model) and page.row is None:
            found.append(_code(source, card, page.record))
        elif page.record is None:
            shown = source.catalogue.all(card.model)
            # Records without a page of their own have an anchor on a common page.
            if shown and source.view.anchor(shown[0]).startswith(f"{page.address}#"):
                found += [_code(source, card, record) for record in shown]
    return found


def _folder(card: EmbedCard, record: Record) -> str:
    return f"embed/{card.name}/{record.id}/"


def _title(source: ExportSource, record: Record) -> str:
    name = getattr(record, "title", None) or getattr(record, "name", None)
    assert isinstance(name, Wording), record
    return name.show(source.language)


def _code(source: ExportSource, card: EmbedCard, record: Record) -> tuple[str, str]:
    title = _title(source, record)
    address = escape(source.url(_folder(card, record)))
    return title, (
        f'<iframe src="{address}" width="100%" height="{card.height}" title="{escape(title)}" loading="lazy"></iframe>'
    )


def _make(source: ExportSource, card: EmbedCard, record: Record) -> bytes:
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
    return guarded(whole(filled, source.language), card_policy()).encode()
