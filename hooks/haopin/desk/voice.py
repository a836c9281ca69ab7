"""What a command says: in the language that the clerk has chosen, Chinese with full-width punctuation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from haopin.text import Language, Text, fullwidth

#: A function that turns two templates, and what they name, into the words to print.
Say = Callable[..., str]


@dataclass(frozen=True)
class Voice:
    """Words in one language."""

    language: Language

    def __call__(self, zh: str, en: str, **values: Any) -> str:
        """Return one of two templates with ``values`` put in; only the Chinese template gets full-width punctuation."""
        return (fullwidth(zh) if self.language == "zh" else en).format(**values)

    def of(self, text: Text) -> str:
        """Return ``text`` as a reader sees it."""
        return text.show(self.language)
