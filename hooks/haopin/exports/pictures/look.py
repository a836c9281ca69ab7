"""What all drawn pictures of a site share in a language: loaded alone by the processes that draw materials."""

from dataclasses import dataclass

from haopin import cache
from haopin.colour import ink
from haopin.fonts import FONT_DIGEST
from haopin.text import Language
from haopin.trace import derived

#: Version of the drawing code; increase it when the images change, so that their addresses change.
DRAWING = "2"


@dataclass(frozen=True)
class Look:
    """Properties shared by all preview images of a language.

    Attributes:
        language: Language of the texts.
        site: Name of the site.
        slogan: Slogan of the site; "" if it has none.
        address: Address as displayed, without scheme.
        ground: Background color, ``#rrggbb``.
        mark: SVG of the county's mark.
        hero: SVG of the picture on the home page; "" if there is none.
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
        """Text color on the background."""
        return ink(self.ground)

    @derived
    def key(self) -> str:
        """Hash of all properties and of the drawing version."""
        own = (self.language, self.site, self.slogan, self.address, self.ground, self.mark, self.hero)
        return cache.key(DRAWING, FONT_DIGEST, *own)
