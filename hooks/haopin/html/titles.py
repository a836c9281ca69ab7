"""What pages are called, what stands above them, and what they are in a sentence."""

from collections.abc import Mapping

from markupsafe import Markup

from haopin.html.i18n import Label, Translator
from haopin.html.outline import plain
from haopin.site.catalogue import Catalogue
from haopin.site.pages import Page, pages
from haopin.text import Language, Text, Wording


class Titles(Translator):
    """Names of the pages of one language."""

    def __init__(self, catalogue: Catalogue, language: Language, labels: Mapping[str, Label]) -> None:
        """Find the pages."""
        super().__init__(language, labels)
        self.catalogue = catalogue
        self.pages = pages(catalogue)
        self._by_address = {page.address: page for page in self.pages}
        self._titles: dict[str, str] = {}
        self._written_titles: set[str] = set()

    def name_written(self, address: str, title: str) -> None:
        """Give the page at ``address``, which a person wrote, its title."""
        self._titles[address] = title
        self._written_titles.add(address)

    def title(self, page: Page) -> str:
        """Return the title of ``page``."""
        # Asked again by every trail, neighbour and list.
        if page.address not in self._titles:
            self._titles[page.address] = self._title(page)
        return self._titles[page.address]

    def titled(self, page: Page) -> Markup | str:
        """Return the title of ``page``, marked as the other language if it is not translated yet."""
        if page.title is not None or page.address in self._written_titles:
            return self.title(page)
        return self.say(self._name(page))

    def _title(self, page: Page) -> str:
        if page.title is not None:
            return self.t(page.title) if page.part == 1 else self.t("page.part", title=self.t(page.title), n=page.part)
        return self.show(self._name(page))

    def _name(self, page: Page) -> Text | Wording:
        if page.row is not None:
            return Wording(zh=page.row.product, en=page.row.product_en)
        assert page.record is not None, page
        return getattr(page.record, "short_title", None) or page.record.label

    def trail(self, page: Page) -> list[Page]:
        """Return the pages above ``page``, home first."""
        trail: list[Page] = []
        parent = page.parent
        while parent is not None:
            above = self._by_address[parent]
            trail.insert(0, above)
            parent = above.parent
        return trail

    def description(self, page: Page) -> str:
        """Return what ``page`` is, in a sentence for those who have not opened it."""
        record = page.record
        summary = getattr(record, "summary", None) or getattr(record, "origin", None)
        if page.row is None and isinstance(summary, Text):
            return plain(self.rich(summary, ""))
        key = f"description.{page.template}"
        if key not in self.t and f"{page.template}.lead" in self.t:
            # What a page says of itself first is what others say of it.
            return self.t(f"{page.template}.lead")
        if key not in self.t:
            return self.show(self.catalogue.site.description)
        return self.t(key, title=self.title(page), county=self.show(self.catalogue.site.county))
