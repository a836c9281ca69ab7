"""Preview images of pages (Open Graph): content, address, bytes.

The key of an image is derived from its content and the drawing version. It is known without drawing, so that a page can
name its image, and changes with the image, so that caches fetch the new one.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from haopin import cache
from haopin.cache import Cache, Recipe
from haopin.exports.pictures.card import Card, CardFacts, facts_of
from haopin.exports.pictures.look import Look
from haopin.html.renderer import Renderer
from haopin.site.branding import default_mark
from haopin.site.pages import Page
from haopin.text import shown_address
from haopin.trace import derived, kept

#: Size of every image in pixels, as recommended for Open Graph.
WIDTH, HEIGHT = 1200, 630


class Pictures:
    """Preview images of all pages of a language."""

    def __init__(self, renderer: Renderer) -> None:
        """Use the pages and texts of ``renderer``; nothing is computed yet."""
        self._renderer = renderer
        self._facts: dict[str, Any] = {}
        self._cards: dict[str, Any] = {}

    def facts(self, page: Page) -> CardFacts:
        """Return facts about a generated ``page``."""
        return kept(self._facts, page.address, facts_of, page, self._renderer)

    def card(self, address: str) -> Card:
        """Return the content of the image of the page at ``address``, generated or written."""
        return kept(self._cards, address, self._card, address)

    @property
    def cards(self) -> Mapping[str, Card]:
        """Content of each image, by address of its page, including written pages."""
        generated = (page.address for page in self._renderer.pages)
        written = (address for address, _ in self._renderer.written_pages)
        return {address: self.card(address) for address in dict.fromkeys((*generated, *written))}

    @derived
    def look(self) -> Look:
        """What all images of the language share."""
        catalogue, language = self._renderer.catalogue, self._renderer.language
        site = catalogue.site
        return Look(
            language=language,
            site=site.name.show(language),
            slogan=slogan.show(language) if (slogan := catalogue.slogan) else "",
            address=shown_address(str(site.address)).partition("://")[2].rstrip("/"),
            ground=site.identity.main,
            mark=catalogue.companions.get("mark.svg") or default_mark(site.identity),
            hero=catalogue.companions.get("hero.svg", ""),
        )

    def _card(self, address: str) -> Card:
        renderer, t = self._renderer, self._renderer.t
        written, page = dict(renderer.written_pages).get(address), renderer.page_at(address)
        # The home page has the facts of the site, even if it is a written page.
        if page is None or (written is not None and address):
            return Card(self.look, t("nav.site"), written or "")
        facts = self.facts(page)
        title = renderer.show(renderer.catalogue.site.name) if page.address == "" else renderer.title(page)
        keys = [key for key, said in (("event.cancelled", facts.cancelled), ("state.sample", facts.sample)) if said]
        badges = tuple(begun(t(key)) for key in keys)
        words = (facts.kind, title, facts.figure, facts.fact, begun(facts.note))
        return Card(self.look, *words, badges, facts.promised, facts.states)


def begun(words: str) -> str:
    """Return ``words`` with an initial capital, to stand alone."""
    return words[:1].upper() + words[1:]


def png(card: Card, kept: Cache | None) -> bytes:
    """Return the image of ``card``, from the cache ``kept`` if possible."""
    return recipe(card).made(kept)


def recipe(card: Card) -> Recipe:
    """Return how to draw the image of ``card``."""
    # Another version of Pillow may draw other pixels: same address, but another cache entry.
    from PIL import __version__

    return Recipe(cache.key("picture", card.key, __version__), partial(_draw, card), 4)


def _draw(card: Card) -> bytes:
    from haopin.exports.pictures.drawing import draw

    return draw(card)
