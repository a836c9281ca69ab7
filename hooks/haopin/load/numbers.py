"""Numbers as people type them: every unmistakable form is understood, no other is guessed."""

import re
import unicodedata
from typing import NamedTuple

# Commas stand between groups of three digits, or the number is none: 1,5 may be 1.5 or 15.
_NUMBER = re.compile(r"(-?(?:[0-9]{1,18}|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]{1,9})?) ?(%?)")
_MINUS = str.maketrans("−", "-")


class Typed(NamedTuple):
    """A number that was typed: as the data writes it (``-1250.5``), and whether a percent sign follows."""

    number: str
    is_percent: bool


def typed_number(words: str) -> Typed | None:
    """Return the number that ``words`` are, full-width or not; None if they are none, or might be read in two ways."""
    match = _NUMBER.fullmatch(unicodedata.normalize("NFKC", words).translate(_MINUS).strip())
    return Typed(match[1].replace(",", ""), bool(match[2])) if match else None
