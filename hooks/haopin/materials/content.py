"""Content of materials: what a piece says. Loaded alone by the processes that draw."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Content:
    """What a piece says, in one language.

    Attributes:
        kind: Type of content: ``slogan``, ``edition``, ``event`` …
        id: Id of its record; with the year for an edition. With ``kind``, unique in a language.
        values: Values for the template, as JSON: texts by name, lists of texts, and facts: a label, a text and, for a
            fact that is left out where there is no room, its rank: the highest is the first to go.
        address: Absolute address of its page.
        record: ``kind/id`` of the record whose page offers it; "" for the site.
        sample: Whether it is of sample data.
        shorts: Short forms of texts, by the text in ``values``.
    """

    kind: str
    id: str
    values: Mapping[str, Any]
    address: str
    record: str = ""
    sample: bool = False
    shorts: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name in file names and anchors, unique in a language."""
        return self.kind if self.kind == self.id else f"{self.kind}-{self.id}"

    @property
    def title(self) -> str:
        """The title that it shows."""
        found: str = self.values["title"]
        return found

    @property
    def listed(self) -> str:
        """Its name in lists of pieces: the title, or what it is about where others have the same title."""
        found: str = self.values.get("listed", self.title)
        return found
