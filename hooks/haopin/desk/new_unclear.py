"""An answer that cannot be understood, and what it may have meant."""

from collections.abc import Sequence
from typing import Any

from haopin.desk.new_lookup import Candidate
from haopin.problem import Place, Problem, problem
from haopin.text import Text

#: So many of what an answer may mean are listed; a clerk does not read more.
MOST = 20


class UnclearError(Exception):
    """An answer cannot be understood; says why in both languages, and what it may have meant."""

    def __init__(self, zh: str, en: str, matches: Sequence[Candidate] = (), **values: Any) -> None:
        """Keep the words, made of two templates and the values that they name, and the ``matches``."""
        said = problem(Place(""), zh, en, **values)
        self.words = Text.model_construct(zh=said.zh, en=said.en)
        self.matches = tuple(matches)
        super().__init__(said.en)

    @property
    def whole(self) -> Text:
        """The words with the ids of what the answer may have meant."""
        ids = ", ".join(match.id for match in self.matches[:MOST])
        if not ids:
            return self.words
        return Text.model_construct(zh=f"{self.words.zh}\uff1a{ids}", en=f"{self.words.en}: {ids}")

    @classmethod
    def of(cls, wrong: Problem) -> "UnclearError":
        """Return the error that a validator’s problem is."""
        return cls("{chinese}", "{english}", chinese=wrong.zh, english=wrong.en)


def is_taken(record_id: str) -> UnclearError:
    """Return what is said of an id that another record has."""
    return UnclearError("编号“{id}”已用过,请换一个", "the id “{id}” is taken; choose another", id=record_id)
