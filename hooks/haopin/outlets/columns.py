"""The columns of a model, and how a value becomes a cell: bilingual texts twice, single parts with a prefix."""

from collections.abc import Callable, Collection, Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any

from pydantic import BaseModel

from haopin.outlets.fields import LANGUAGE_LABELS, Cell, Column, Say, below, column, short, sort_of, words_of
from haopin.render.markdown import widened
from haopin.text import LANGUAGES, Language, Text, fullwidth


def columns_of(
    model: type[BaseModel], say: Say, *, hidden: Collection[str] = (), prefix: str = "", within: Text | None = None
) -> Iterator[Column]:
    """Yield the columns of ``model``; lists of parts have none, they are tables of their own."""
    for name, info in model.model_fields.items():
        sort = sort_of(info.annotation)
        if name in hidden or (sort.is_part and sort.many):
            continue
        words = words_of(name, info)
        if sort.is_words:
            for code in LANGUAGES:
                read, spoken = _words_reader(name, code, many=sort.many), say(LANGUAGE_LABELS[code])
                yield column(f"{prefix}{name}_{code}", words, "text", read, within=within, spoken=spoken)
        elif sort.model is not None:
            for inner in columns_of(sort.model, say, prefix=f"{prefix}{name}_", within=below(within, short(words))):
                yield Column(inner.name, inner.heading, inner.meaning, inner.type, _inside(name, inner.read))
        elif sort.many:
            yield column(f"{prefix}{name}", words, "text", _joined(name), within=within)
        else:
            # Words of a field that is English by its name stay as they are.
            plain = sort.cell != "text" or name == "en" or name.endswith("_en")
            read = _getter(name) if plain else _text_reader(name)
            yield column(f"{prefix}{name}", words, sort.cell, read, within=within)


def _getter(name: str) -> Callable[[Any], Cell]:
    def read(item: Any) -> Cell:
        value: Cell = getattr(item, name)
        return value if isinstance(value, str | int | Decimal | date | NoneType) else Decimal(str(value))

    return read


def _inside(name: str, read: Callable[[Any], Cell]) -> Callable[[Any], Cell]:
    return lambda item: None if (part := getattr(item, name)) is None else read(part)


def _words_reader(name: str, code: Language, *, many: bool) -> Callable[[Any], Cell]:
    convert = chinese if code == "zh" else _same
    if many:
        gap = "\uff1b" if code == "zh" else "; "

        def joined(item: Any) -> Cell:
            # What is not translated keeps its place, so that the languages stay side by side.
            texts = [getattr(words, code) for words in getattr(item, name) or ()]
            return gap.join(convert(text or "") for text in texts) if any(texts) else None

        return joined

    def read(item: Any) -> Cell:
        words = getattr(item, name)
        text = None if words is None else getattr(words, code)
        return None if text is None else convert(text)

    return read


def _text_reader(name: str) -> Callable[[Any], Cell]:
    def read(item: Any) -> Cell:
        value = getattr(item, name)
        # Most are ids.
        return value if value is None or (type(value) is str and value.isascii()) else plain_text(value)

    return read


def _joined(name: str) -> Callable[[Any], Cell]:
    return lambda item: "; ".join(map(plain_text, getattr(item, name) or ())) or None


def plain_text(value: Any) -> str:
    """Return a single value as text, as a reader sees it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Enum):
        value = value.value
    return chinese(value if isinstance(value, str) else str(value))


def chinese(text: str) -> str:
    """Return ``text`` with full-width punctuation where it is Chinese; addresses in Markdown stay as they are."""
    if text.isascii():
        return text
    return widened(text) if "](" in text or "`" in text else fullwidth(text)


def _same(text: str) -> str:
    return text
