"""What a picture says, and the key by which it is known before it is drawn."""

from dataclasses import dataclass
from functools import cached_property

from haopin import cache
from haopin.colour import ink
from haopin.glyphs import FONT_DIGEST
from haopin.text import Language

#: Version of the drawing: whoever changes how pictures look counts it up, so that their addresses change.
DRAWING = "1"


@dataclass(frozen=True)
class Look:
    """What all pictures of a language share.

    Attributes:
        language: Language of the words.
        site: Name of the site.
        slogan: Its slogan.
        address: Its address as people write it, without the scheme.
        ground: Color of the ground, ``#rrggbb``.
        mark: The county's mark, SVG.
        hero: The county's picture of the home page, SVG; "" if it has none.
    """

    language: Language
    site: str
    slogan: str
    address: str
    ground: str
    mark: str
    hero: str

    @property
    def ink(self) -> str:
        """Color of words on the ground."""
        return ink(self.ground)

    @cached_property
    def key(self) -> str:
        """Digest of all of it, and of how it is drawn."""
        own = (self.language, self.site, self.slogan, self.address, self.ground, self.mark, self.hero)
        return cache.key(DRAWING, FONT_DIGEST, *own)


@dataclass(frozen=True)
class Card:
    """What the picture of one page says.

    Attributes:
        look: What it shares with others.
        kind: What kind of thing the page is about, e.g. “Task 3”.
        title: Title of the page.
        figure: A number that stands large, with its sign, e.g. “≥98.5%”; "" if there is none.
        fact: Words on the figure, or one fact instead; "" if there is none.
        note: A second fact in small type; "" if there is none.
        badges: Words that must not be overlooked: sample data, canceled.
    """

    look: Look
    kind: str
    title: str
    figure: str = ""
    fact: str = ""
    note: str = ""
    badges: tuple[str, ...] = ()

    @cached_property
    def key(self) -> str:
        """Digest of everything that the picture depends on but the versions of libraries."""
        return cache.key(self.look.key, self.kind, self.title, self.figure, self.fact, self.note, *self.badges)

    @property
    def path(self) -> str:
        """Path of the picture below the root of its language."""
        return f"pictures/{self.key[:16]}.png"

    @property
    def alternative(self) -> str:
        """What the picture says, in words, for those who do not see it."""
        # The page of a whole kind bears the kind's name: said once.
        kind = "" if self.kind == self.title else self.kind
        said = (*self.badges, kind, self.title, f"{self.figure} {self.fact}", self.note)
        return " \u00b7 ".join(filter(None, (" ".join(words.split()) for words in said)))
