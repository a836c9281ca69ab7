"""Languages and text in several languages."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import lru_cache
from typing import Annotated, Any, Self

from babel import Locale, localedata
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError

_CODE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?")


@lru_cache(maxsize=256)
def is_language(code: str) -> bool:
    """Return whether ``code`` is a BCP 47 language (``ug``, ``zh-Hant``) with a locale in Unicode CLDR."""
    return _CODE.fullmatch(code) is not None and localedata.exists(code.replace("-", "_"))


def _known(code: str) -> str:
    if not is_language(code):
        raise PydanticCustomError(
            "language", "没有语言代码“{code}” / there is no language with the code “{code}”", {"code": code}
        )
    return code


#: Language code. Chinese is the source language and always present.
Language = Annotated[str, AfterValidator(_known)]

#: Languages of the labels, messages and documentation of the program. A site may have further ones.
LANGUAGES: tuple[Language, ...] = ("zh", "en")


class _Tags(dict[str, str]):
    def __missing__(self, language: str) -> str:
        return language


#: BCP 47 tags for ``lang`` and ``hreflang``: the code, except for Chinese.
LANGUAGE_TAGS: Mapping[Language, str] = _Tags(zh="zh-Hans", en="en")


@lru_cache(maxsize=64)
def locale_of(language: Language) -> Locale:
    """Return the CLDR locale of ``language``; British for English, because of dates."""
    found = Locale.parse({"zh": "zh_Hans_CN", "en": "en_GB"}.get(language, language.replace("-", "_")))
    # Babel 2.18 caches month names in data shared by all locales, so the next language would get them
    # (https://github.com/python-babel/babel/issues/1234).
    data = localedata.load(str(found))
    data["months"] = deepcopy(data["months"])
    return found


@lru_cache(maxsize=64)
def direction_of(language: Language) -> str:
    """Return the writing direction of ``language``: ``ltr`` or ``rtl``."""
    return locale_of(language).text_direction


def letters_run(text: str) -> str:
    """Return the direction of most letters of ``text``: ``ltr`` or ``rtl``; empty if it has no letters."""
    kinds = [unicodedata.bidirectional(char) for char in text]
    right, left = sum(kind in ("R", "AL") for kind in kinds), kinds.count("L")
    return "rtl" if right > left else "ltr" if left else ""


@lru_cache(maxsize=64)
def own_name(language: Language) -> str:
    """Return the name of ``language`` in that language: 中文, English."""
    return locale_of(language).language_name or language


_MARKS = ",:;()!?"
# Full-width forms are 0xFEE0 above ASCII; computed, because many editors normalise them.
_WIDE_MARKS = "".join(chr(ord(mark) + 0xFEE0) for mark in _MARKS)
_FULLWIDTH = str.maketrans(_MARKS, _WIDE_MARKS)
_WIDENED = tuple(zip(_MARKS, _WIDE_MARKS, strict=True))
_MARK = re.compile(f"[{_MARKS}]")
# Punctuation that is not converted, nor its neighbours: only ASCII (or an end) on both sides, ignoring spaces.
_LATIN = re.compile(r"(?:^|[!-~])\s*[,:;()!?]\s*(?:$|[!-~])")
_ASCII = str.maketrans(_WIDE_MARKS, _MARKS)
_PUNCTUATION = re.compile(r"(?P<before>[^\s]?)(?P<gap>\s*)(?P<mark>[,:;()!?])(?=\s*(?P<after>[^\s]?))")

WORD = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_WIDE_OPEN, _WIDE_CLOSE = "(".translate(_FULLWIDTH), ")".translate(_FULLWIDTH)
# A pair of parentheses with one full-width member: convert both.
_PAIR = re.compile(rf"{_WIDE_OPEN}[^(){_WIDE_OPEN}{_WIDE_CLOSE}]*\)|\([^(){_WIDE_OPEN}{_WIDE_CLOSE}]*{_WIDE_CLOSE}")


def fullwidth(text: str) -> str:
    """Return Chinese ``text`` with ASCII punctuation shown as full-width punctuation.

    A mark is converted when the nearest character before or after it, spaces aside, is not ASCII (a Chinese
    neighbour); marks inside numbers (1,250), Latin phrases and addresses stay. Parentheses
    are widened in pairs. `ascii_punctuation` reverses it for
    every text that has no full-width mark of its own, which `tests/test_text.py` proves for the notice.
    """
    if not _MARK.search(text):
        return text
    if not _LATIN.search(text):
        # Fast path: all punctuation is among Chinese.
        for mark, wide in _WIDENED:
            text = text.replace(mark, wide)
        return text

    def widen(match: re.Match[str]) -> str:
        near = match["before"] + match["after"]
        mark = match["mark"]
        return match["before"] + match["gap"] + (mark if near.isascii() else mark.translate(_FULLWIDTH))

    # Adjacent punctuation ("),") depends on each other: repeat until nothing changes.
    while (widened := _PAIR.sub(_wide_pair, _PUNCTUATION.sub(widen, text))) != text:
        text = widened
    return text


def _wide_pair(match: re.Match[str]) -> str:
    return _WIDE_OPEN + match.group()[1:-1] + _WIDE_CLOSE


def ascii_punctuation(text: str) -> str:
    """Convert full-width punctuation in ``text`` to ASCII: the inverse of `fullwidth`."""
    return text.translate(_ASCII)


_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?(?://)?[^/?#]*", re.IGNORECASE)
_PUNYCODE = re.compile(r"\bxn--([a-z0-9-]+)", re.IGNORECASE)
_CHINESE_LABEL = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff0-9a-z-]+")


def shown_address(address: str) -> str:
    """Return an ``address`` or a host for display: Chinese domains in Chinese, others unchanged.

    Links keep the ASCII form (``xn--…``). Domains in other scripts are not converted, because their letters may look
    like those of another domain.
    """
    host = _HOST.match(address)
    assert host is not None, "it may be empty"
    return _PUNYCODE.sub(_in_chinese, host[0]) + address[host.end() :]


def _in_chinese(label: re.Match[str]) -> str:
    try:
        found = label[1].encode("ascii").decode("punycode")
    except UnicodeError:
        return label[0]
    return found if _CHINESE_LABEL.fullmatch(found) else label[0]


@lru_cache(maxsize=256)
def squeeze(text: str) -> str:
    """Remove all white space from ``text``, to compare a document with its source."""
    return "".join(text.split())


# Full-width forms and half-width Chinese punctuation → the usual form; one to one, so positions stay the same.
_ONE_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict(
    zip(range(0xFF61, 0xFF66), map(ord, "。「」、・"), strict=True)
)


@lru_cache(maxsize=1024)
def comparable(text: str, language: Language = "zh") -> str:
    """Normalise ``text`` to compare quotations: without differences of punctuation width and white space.

    Chinese has no white space left, and as many characters as `squeeze` leaves; English has one space between words.
    """
    return ("" if language == "zh" else " ").join(text.translate(_ONE_WIDTH).split())


def _field_or_language(name: str) -> str:
    # A misspelt field name is reported like that of any other model.
    if not is_language(name):
        raise PydanticKnownError("extra_forbidden")
    return name


class InLanguages(BaseModel):
    """Text in several languages: Chinese and English are fields, further languages are extra fields named by code.

    Whether the site has a language is checked when all data is loaded: see `check/texts.py`.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    __pydantic_extra__: dict[Annotated[str, AfterValidator(_field_or_language)], WORD] = Field(init=False)

    @property
    def further(self) -> Mapping[Language, str]:
        """The text in languages other than Chinese and English, by code."""
        return self.__pydantic_extra__ or {}

    def each(self) -> Iterator[tuple[Language, str]]:
        """Yield each available language, with the text."""
        # Called for every text of the data.
        for language in LANGUAGES:
            if (words := getattr(self, language)) is not None:
                yield language, words
        yield from self.further.items()

    def in_language(self, language: Language) -> str | None:
        """Return the text in ``language``; None if it is not available."""
        if language in LANGUAGES:
            found: str | None = self.__dict__[language]
            return found
        return self.further.get(language)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe further languages by a pattern of their codes; `exports.serialize` lists those of the site."""
        schema = handler.resolve_ref_schema(handler(core))
        if (words := schema.get("additionalProperties")) is not False:
            schema["additionalProperties"] = False
            if handler.mode == "validation":
                schema["patternProperties"] = {f"^{_CODE.pattern}$": words}
        return schema


class Wording(InLanguages):
    """A text of the office, perhaps still without its translation. A plain line in the data is Chinese."""

    zh: WORD | None = None
    en: WORD | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_is_chinese(cls, value: Any) -> Any:
        return {"zh": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.zh is None and self.en is None:
            raise PydanticCustomError("wordless", "a text needs zh or en", {})
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe both ways of writing: a line, or an object with a language each."""
        whole = super().__get_pydantic_json_schema__(core, handler)
        if "anyOf" in whole:
            return whole
        needed = {} if whole.get("required") else {"anyOf": [{"required": ["zh"]}, {"required": ["en"]}]}
        both = {**whole, **needed}
        words = both.pop("description", "")
        return {
            "anyOf": [{"type": "string", "minLength": 1}, both],
            "description": words,
            "title": cls.__name__,
        }

    @property
    def both(self) -> tuple[str, ...]:
        """The text in each available language."""
        return tuple(words for _, words in self.each())

    def language(self, wanted: Language) -> Language:
        """Return the language in which a reader of ``wanted`` gets the text."""
        # Called for every text of every page.
        if wanted == "zh":
            return "zh" if self.zh is not None else "en"
        if wanted != "en" and wanted in self.further:
            return wanted
        return "en" if self.en is not None else "zh"

    def get(self, wanted: Language) -> str:
        """Return the text for a reader of ``wanted`` as stored; in another language if it is not translated."""
        return self.in_language(self.language(wanted)) or ""

    def show(self, wanted: Language) -> str:
        """Return the text for a reader of ``wanted`` as displayed: Chinese with full-width punctuation."""
        return self.shown(wanted)[1]

    def shown(self, wanted: Language) -> tuple[Language, str]:
        """Return the language in which a reader of ``wanted`` gets the text, and the text as displayed."""
        if wanted == "en" and self.en is not None:
            return "en", self.en
        language = self.language(wanted)
        words = self.in_language(language) or ""
        return language, fullwidth(words) if language == "zh" else words


class Text(Wording):
    """A text of which Chinese is the original. The English is ours unless a record says otherwise."""

    zh: WORD
