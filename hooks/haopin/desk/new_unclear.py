"""An answer that cannot be understood, and what it may have meant."""

from collections.abc import Sequence
from typing import Any

from haopin.desk.new_lookup import Candidate
from haopin.problem import Place, Problem, problem
from haopin.text import Text


class UnclearError(Exception):
    """An answer cannot be understood; says why in both languages, and what it may have meant."""

    def __init__(self, zh: str, en: str, matches: Sequence[Candidate] = (), **values: Any) -> None:
        """Keep the words, made of two templates and the values that they name, and the ``matches``."""
        said = problem(Place(""), zh, en, **values)
        self.words = Text.model_construct(zh=said.zh, en=said.en)
        self.matches = tuple(matches)
        super().__init__(said.en)

    @classmethod
    def of(cls, wrong: Problem) -> "UnclearError":
        """Return the error that a validator’s problem is."""
        return cls("{chinese}", "{english}", chinese=wrong.zh, english=wrong.en)
