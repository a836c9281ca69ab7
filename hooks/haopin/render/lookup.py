"""Records, their addresses and their measures, as templates look them up."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from haopin.catalogue import Catalogue
from haopin.pages import Page
from haopin.records import KINDS, Kind, Record
from haopin.records.activity import Activity
from haopin.records.document import Document
from haopin.records.provision import Honour
from haopin.records.task import Committed, Measure
from haopin.text import Language


class Lookup:
    """Look-ups in one catalogue, for a language and a day."""

    def __init__(self, catalogue: Catalogue, language: Language, as_of: date, pages: tuple[Page, ...]) -> None:
        """Keep what the answers are derived from."""
        self.catalogue, self.language, self.as_of, self.pages = catalogue, language, as_of, pages

    @cached_property
    def _kinds_by_name(self) -> Mapping[str, type[Record]]:
        return {kind.name: kind.model for kind in KINDS}

    def all(self, name: str) -> tuple[Record, ...]:
        """Return the records of the kind called ``name``."""
        return self.catalogue.all(self._kinds_by_name[name])

    @cached_property
    def _kinds_by_model(self) -> Mapping[type[Record], Kind]:
        return {kind.model: kind for kind in KINDS}

    def anchor(self, record: Record) -> str:
        """Return the site-relative address of ``record``."""
        return self._kinds_by_model[type(record)].anchor(record.id)

    def measure(self, name: str) -> tuple[Committed, Measure]:
        """Return the measure ``record id/measure id`` with its record."""
        return self.catalogue.measures[name]

    def measure_anchor(self, holder: Committed, measure: Measure) -> str:
        """Return the site-relative address of ``measure``."""
        address, hash_sign, anchor = self.anchor(holder).partition("#")
        return f"{address}#{anchor}-{measure.id}" if hash_sign else f"{address}#{measure.id}"

    def document(self, document_id: str) -> Document:
        """Return the document ``document_id``."""
        return self.catalogue.get(Document, document_id)

    def honour(self, honour_id: str) -> Honour:
        """Return the honor ``honour_id``."""
        return self.catalogue.get(Honour, honour_id)

    def activity(self, activity_id: str) -> Activity:
        """Return the activity ``activity_id``."""
        return self.catalogue.get(Activity, activity_id)
