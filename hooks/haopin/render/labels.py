"""The words of the site itself: one file, both languages side by side, none missing."""

import re
from collections.abc import Mapping
from pathlib import Path

import yaml
from jinja2 import TemplateRuntimeError
from pydantic import BaseModel, ConfigDict, TypeAdapter

from haopin.text import WORD, Language, fullwidth

_PLACE = re.compile(r"\{\{\w+\}\}|\{\w+\}")
_VALUE = re.compile(r"(?<!\{)\{\w+\}(?!\})")


class Plural(BaseModel):
    """An English label that depends on a number."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    one: WORD
    other: WORD


class Label(BaseModel):
    """A label. ``{name}`` stands for a value; an English plural is chosen by the value ``n``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: WORD
    en: WORD | Plural


class Labels:
    """All labels of one language. An unknown key is an error of the template, never printed as a key."""

    def __init__(self, labels: Mapping[str, Label], language: Language) -> None:
        """Prepare ``labels`` (by key) for ``language``."""
        self._words: dict[str, str | Plural] = {
            key: _widened(label.zh) if language == "zh" else label.en for key, label in labels.items()
        }

        # Most labels have no places: asked for thousands of times, they are not put together each time.
        self._fixed = {
            key: words.replace("{{", "{").replace("}}", "}")
            for key, words in self._words.items()
            if isinstance(words, str) and not _VALUE.search(words)
        }

    def __call__(self, key: str, **values: object) -> str:
        """Return the label ``key`` with ``values`` put in."""
        if key not in self._words:
            raise TemplateRuntimeError(f"there is no label “{key}”")
        words = self._words[key]
        if not values and key in self._fixed:
            return self._fixed[key]
        if isinstance(words, Plural):
            words = words.one if values.get("n") == 1 else words.other
        try:
            return words.format(**values)
        except KeyError as error:
            raise TemplateRuntimeError(f"label “{key}” needs the value {error}") from error

    def __contains__(self, key: str) -> bool:
        """Tell whether there is a label ``key``."""
        return key in self._words


def _widened(words: str) -> str:
    """Return a Chinese label with full-width punctuation, also beside the places where values are put in."""
    places = _PLACE.findall(words)
    # A sign that no text has, and that counts as Chinese for its neighbours.
    return re.sub("\ue000", lambda _: places.pop(0), fullwidth(_PLACE.sub("\ue000", words)))


def read_labels(path: Path) -> Mapping[str, Label]:
    """Read the labels of ``path``: two levels of keys, ``group.name``."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    groups = TypeAdapter(dict[str, dict[str, Label]]).validate_python(yaml.load(path.read_bytes(), loader))
    return {f"{group}.{name}": label for group, labels in groups.items() for name, label in labels.items()}
