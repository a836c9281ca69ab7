"""Extension of the library's writer of feeds: languages of entries, labels of categories, dates without a clock."""

from datetime import datetime
from typing import Any

from feedgenerator import Atom1Feed  # type: ignore[import-untyped]


class AtomFeed(Atom1Feed):  # type: ignore[misc]
    """A feed; ``updated`` is the time of its latest entry, or of the feed itself if there is none."""

    def latest_post_date(self) -> datetime:
        """Return ``updated``; the library would use the clock for a feed without entries."""
        found: datetime = self.feed["updated"]
        return found

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        """Set ``xml:lang`` of an entry in another language than the feed."""
        return {"xml:lang": item["lang"]} if item["lang"] else {}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Write an entry; apart from its title, its content and category are in the language of the feed."""
        own = {"xml:lang": item["feed_lang"]} if item["lang"] else {}
        super().add_item_elements(handler, {**item, "content": None})
        term, label = item["kind"]
        handler.addQuickElement("category", "", {"term": term, "label": label, **own})
        handler.addQuickElement("content", item["content"], {"type": "html", **own})
