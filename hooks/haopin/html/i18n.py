"""Interface texts: labels of each language, and the translator that templates use."""

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache  # nothing of records is kept
from pathlib import Path
from typing import Any

import yaml
from markupsafe import Markup, escape
from pydantic import BaseModel, ConfigDict, TypeAdapter

from haopin.markdown import Lead, rich, with_originals
from haopin.model import KINDS, Kind
from haopin.model.fields import name_of
from haopin.model.publishable import Publishable
from haopin.model.site import Site
from haopin.text import (
    LANGUAGE_TAGS,
    LANGUAGES,
    WORD,
    Language,
    Text,
    Wording,
    direction_of,
    fullwidth,
    letters_run,
    locale_of,
)
from haopin.trace import note

# --- Labels: Chinese and English side by side in one file; those of further languages are in the data folder

#: CSS class of text shown in another language than the page.
UNTRANSLATED = "hp-untranslated"

_PLACE = re.compile(r"\{\{\w+\}\}|\{\w+\}")
_VALUE = re.compile(r"(?<!\{)\{\w+\}(?!\})")


class Plural(BaseModel):
    """An English label that depends on a number."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    one: WORD
    other: WORD


#: A label of a further language: one text, or one per CLDR plural category, ``other`` always.
Forms = str | Mapping[str, str]


class Label(BaseModel):
    """A label. ``{name}`` is replaced by a value; the value ``n`` determines the plural form."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: WORD
    en: WORD | Plural
    further: Mapping[Language, Forms] = {}


class Labels:
    """All labels of one language. An unknown key raises an error; keys are never displayed."""

    def __init__(self, labels: Mapping[str, Label], language: Language, *, marks: bool = False) -> None:
        """Prepare ``labels`` (by key) for ``language``; missing ones are English, marked for `shown` if ``marks``."""
        self._language, self._marks = language, marks
        self.trace_name = f"labels {language}{' marked' if marks else ''}"
        self._words: dict[str, str | Plural | Mapping[str, str]] = {
            key: _widened(label.zh) if language == "zh" else label.further.get(language, label.en)
            for key, label in labels.items()
        }
        #: Keys of the labels that are missing in the language.
        self.lacking = frozenset(
            key for key, label in labels.items() if language not in LANGUAGES and language not in label.further
        )

        # Most labels have no placeholders: prepare these once, as each is used thousands of times.
        self._fixed = {
            key: words.replace("{{", "{").replace("}}", "}")
            for key, words in self._words.items()
            if isinstance(words, str) and not _VALUE.search(words)
        }

    def __call__(self, key: str, **values: object) -> str:
        """Return the label ``key`` with ``values`` inserted."""
        note(self.trace_name, key)
        if key not in self._words:
            from jinja2 import TemplateRuntimeError

            raise TemplateRuntimeError(f"there is no label “{key}”")
        words = self._words[key]
        if self._marks and key in self.lacking:
            return _OPEN + self._said(key, words, values) + _CLOSE
        if not values and key in self._fixed:
            return self._fixed[key]
        return self._said(key, words, values)

    def _said(self, key: str, words: str | Plural | Mapping[str, str], values: Mapping[str, object]) -> str:
        if isinstance(words, Plural):
            words = words.one if values.get("n") == 1 else words.other
        elif not isinstance(words, str):
            n = values.get("n")
            form = locale_of(self._language).plural_form(n) if isinstance(n, int | Decimal) else "other"
            words = words.get(form, words["other"])
        if any(isinstance(value, Markup) for value in values.values()):
            # A text in another language includes its markup.
            words = escape(words)
        try:
            return words.format(**values)
        except KeyError as error:
            from jinja2 import TemplateRuntimeError

            raise TemplateRuntimeError(f"label “{key}” needs the value {error}") from error

    def __contains__(self, key: str) -> bool:
        """Return whether the label ``key`` exists."""
        note(self.trace_name, key)
        return key in self._words

    def lacks(self, key: str) -> bool:
        """Return whether the label ``key`` is missing in the language."""
        note(self.trace_name, key)
        return key in self.lacking

    def trace_value(self, key: str) -> Any:
        """Return what was read as the label ``key``, to compare it between builds: see `haopin.trace`."""
        return [self._words.get(key), key in self.lacking]


#: Markers around an English label on a page in a further language; `shown` replaces them by an element, or removes
#: them where no element is allowed.
_OPEN, _CLOSE = Markup("\ue010"), Markup("\ue011")
_PIECES = re.compile(
    r"(<!--.*?-->|<(?:title|option|textarea|script|style|svg)\b.*?</(?:title|option|textarea|script|style|svg)>|<[^>]*>)",
    re.DOTALL,
)


def shown(html: str, language: Language) -> str:
    """Replace the markers of untranslated labels in ``html``, a page in ``language``, by elements with ``lang``."""
    if _OPEN not in html:
        return html
    opening = f'<span class="{UNTRANSLATED}" {language_attributes("en", language)}>'
    pieces = _PIECES.split(html)
    for index, piece in enumerate(pieces):
        as_element = index % 2 == 0
        pieces[index] = piece.replace(_OPEN, opening if as_element else "").replace(
            _CLOSE, "</span>" if as_element else ""
        )
    return "".join(pieces)


def language_attributes(shown: Language, page: Language) -> str:
    """Return ``lang``, and ``dir`` if it differs, for text in the language ``shown`` on a page in ``page``."""
    direction = direction_of(shown)
    return f'lang="{LANGUAGE_TAGS[shown]}"' + (f' dir="{direction}"' if direction != direction_of(page) else "")


def _widened(words: str) -> str:
    """Return a Chinese label with full-width punctuation, also beside placeholders."""
    places = _PLACE.findall(words)
    # A character that occurs in no text, and counts as Chinese for adjacent punctuation.
    return re.sub("\ue000", lambda _: places.pop(0), fullwidth(_PLACE.sub("\ue000", words)))


def read_labels(path: Path) -> Mapping[str, Label]:
    """Read the labels of ``path``: two levels of keys, ``group.name``."""
    return _parsed(path.read_bytes())


@lru_cache(maxsize=2)
def _parsed(text: bytes) -> Mapping[str, Label]:
    """Return the labels in ``text``; a live preview reads the same ones after each edit."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    groups = TypeAdapter(dict[str, dict[str, Label]]).validate_python(yaml.load(text, loader))
    return {f"{group}.{name}": label for group, labels in groups.items() for name, label in labels.items()}


def site_labels(path: Path) -> Mapping[str, Label]:
    """Return the labels in ``path`` and those declared by kinds.

    Without labels of its own, a kind uses its title for its page, and the description of its model for a record.
    """
    found: dict[str, Label] = {}
    for kind in KINDS:
        words = name_of(kind.model)
        if kind.folder and kind.folder in kind.listed_in:
            found[f"page.{kind.folder.rpartition('/')[2]}"] = Label(zh=kind.title.zh, en=kind.title.get("en"))
        if issubclass(kind.model, Publishable):
            found[f"kind.{kind.name}"] = Label(zh=words.zh, en=words.get("en").capitalize())
        found |= {key: Label(zh=text.zh, en=text.get("en")) for key, text in kind.labels.items()}
    return {**found, **read_labels(path)}


# --- Words for the place and the subject of the plan within labels, from site.yml


def local_labels(labels: Mapping[str, Label], site: Site, *, text_only: bool = False) -> Mapping[str, Label]:
    """Return ``labels`` with the words for the place and the subject of ``site`` inserted.

    English labels use “place” for a word without English, or omit it.

    Args:
        labels: The labels.
        site: Where the words of the place and the subject are from.
        text_only: Whether of an annex of the plan only the title is held: what the plan does not say is then said of
            its text alone.
    """
    place, above = site.place_words
    subject, word = (site.subject.zh, site.subject.en) if site.subject else (None, None)
    zh = _braced(place=place.zh, here=f"本{place.zh}", above=above.zh, level=f"{place.zh}级", subject=subject)
    english = place.en or "place"
    en = _braced(
        place=english,
        places=f"{english[:-1]}ies" if re.search("[^aeiou]y$", english) else f"{english}s",
        here=f"the {english}",
        above=above.en,
        level="provincial" if site.place_kind == "province" else english,
        subject=word,
        a_subject=word and f"{'an' if word[0] in 'aeiouAEIOU' else 'a'} {word}",
    )
    said = {name: labels[key] for name, key in _SAID[text_only].items() if key in labels}
    zh |= _braced(**{name: label.zh for name, label in said.items()})
    en |= _braced(**{name: str(label.en) for name, label in said.items()})
    en |= {name.capitalize(): words[:1].upper() + words[1:] for name, words in en.items()}
    further = {language: _words_in(language, labels, site, said) for language in languages_of(labels)[len(LANGUAGES) :]}

    def local(label: Label) -> Label:
        forms = [label.en] if isinstance(label.en, str) else [label.en.one, label.en.other]
        others = [
            form for said in label.further.values() for form in ([said] if isinstance(said, str) else said.values())
        ]
        if not any(map(_LOCAL.search, [label.zh, *forms, *others])):
            return label
        one, *other = (_put_in(form, en) for form in forms)
        return Label(
            zh=_put_in(label.zh, zh),
            en=Plural(one=one, other=other[0]) if other else one,
            further={
                language: _put_in(said, further[language])
                if isinstance(said, str)
                else {form: _put_in(words, further[language]) for form, words in said.items()}
                for language, said in label.further.items()
            },
        )

    return {key: local(label) for key, label in labels.items()}


def languages_of(labels: Mapping[str, Label]) -> tuple[Language, ...]:
    """Return the languages of ``labels``, Chinese and English first."""
    return (*LANGUAGES, *sorted({language for label in labels.values() for language in label.further}))


#: Labels that name the plan and its document where something is not in them, by whether only their text is held.
_SAID = {
    False: {"the_plan": "said.plan", "the_text": "said.document"},
    True: {"the_plan": "said.plan_text", "the_text": "said.document_text"},
}


def _words_in(
    language: Language, labels: Mapping[str, Label], site: Site, said: Mapping[str, Label]
) -> Mapping[str, str]:
    """Return the values that `local_labels` inserts in a further ``language``, without inflection."""

    def word(text: Text, key: str) -> str:
        own = labels[key].further.get(language) if key in labels else None
        return text.further.get(language) or (own if isinstance(own, str) else text.get(language))

    place, above = site.place_words
    own = word(place, f"place.{site.place_kind}")
    words = _braced(place=own, places=own, here=own, above=word(above, f"above.{site.place_kind}"), level=own)
    subject = site.subject.get(language) if site.subject else None
    words |= _braced(subject=subject, a_subject=subject)
    words |= _braced(**{name: str(label.further.get(language, label.en)) for name, label in said.items()})
    return words | {name.capitalize(): own for name, own in words.items()}


#: Placeholders that `local_labels` replaces.
LOCAL_WORDS = frozenset(
    {
        *("place", "Place", "places", "Places", "here", "Here", "above", "level", "Level"),
        *("subject", "Subject", "a_subject", "the_plan", "The_plan", "the_text", "The_text"),
    }
)
_LOCAL = re.compile(rf"\{{(?:{'|'.join(sorted(LOCAL_WORDS))})\}}")


def _braced(**words: str | None) -> dict[str, str]:
    """Return ``words`` escaped for a label (doubled braces); "" if they are missing."""
    return {name: (word or "").replace("{", "{{").replace("}", "}}") for name, word in words.items()}


def _put_in(form: str, words: Mapping[str, str]) -> str:
    if not words["subject"]:
        # Remove the space with the word, and capitalize what then begins the sentence.
        form = re.sub(r"\{Subject\} (\w)", lambda following: following[1].upper(), form)
        form = re.sub(r"\{subject\} | ?\{subject\}", "", form.replace("{a_subject}", "a"))
    return _LOCAL.sub(lambda place: words[place.group()[1:-1]], form)


# --- Translator of one language: labels, texts of records, marks on untranslated text

_CHINESE = re.compile(r"[\u3400-\u9fff]")


def say(text: Wording, language: Language) -> Markup:
    """Return ``text`` in ``language`` as displayed, escaped, and marked if it is in another language."""
    own, words = text.shown(language)
    if own == language:
        return escape(words)
    return Markup(f'<span class="{UNTRANSLATED}" {language_attributes(own, language)}>{escape(words)}</span>')


class Translator:
    """Labels and texts in one language."""

    def __init__(self, language: Language, labels: Mapping[str, Label]) -> None:
        """Prepare the labels."""
        self.language = language
        self.labels = {each: Labels(labels, each) for each in languages_of(labels)}
        self.t = self.labels[language]
        #: The same labels, with markers for `shown`.
        self.marked = Labels(labels, language, marks=True) if self.t.lacking else self.t

    def both(self, key: str) -> Text:
        """Return the label ``key``, which has no placeholders, in each language."""
        return Text.model_validate({each: t(key) for each, t in self.labels.items() if not t.lacks(key)})

    def kind_title(self, kind: Kind) -> Text:
        """Return the title of ``kind`` on this site, in each language."""
        key = f"title.{kind.name}"
        return self.both(key) if key in self.t else kind.title

    def show(self, text: Wording) -> str:
        """Return ``text`` in this language, as displayed."""
        return text.show(self.language)

    def say(self, text: Wording) -> Markup:
        """Return ``text`` as displayed, marked if it is not translated."""
        return say(text, self.language)

    def listed(self, texts: Iterable[Wording]) -> str:
        """Return ``texts`` as a list, in English with semicolons, as names may contain commas."""
        return self.between.join(map(self.show, texts))

    def marked_list(self, texts: Iterable[Wording], between: str | None = None) -> Markup:
        """Return ``texts`` as a list like `listed`, separated by ``between``, each marked if it is not translated."""
        return Markup(escape(between or self.between)).join(map(self.say, texts))

    @property
    def gap(self) -> str:
        """Space between two sentences; none in Chinese."""
        return "" if self.language == "zh" else " "

    @property
    def between(self) -> str:
        """Separator of the items of a list."""
        return self.t("list.separator") + self.gap

    def pair(self, label: str, value: str) -> str:
        """Format ``value`` with its ``label``."""
        return f"{label}\uff1a{value}" if self.language == "zh" else f"{label}: {value}"

    def mark(self, words: str) -> Markup:
        """Return ``words`` composed elsewhere, marked if they are not in the language of the page."""
        if self.language == "zh":
            return escape(words)
        chinese = _CHINESE.findall(words)
        if chinese and 2 * len(chinese) > sum(map(str.isalpha, words)):
            return say(Text(zh=words), self.language)
        if direction_of(self.language) == "rtl" and letters_run(words) == "ltr":
            # Detected by direction; languages with the same direction cannot be distinguished.
            return say(Wording(en=words), self.language)
        return escape(words)

    def lang_of(self, text: Wording) -> Markup:
        """Return the ``lang`` attribute for ``text``; "" if it is in the language of the page."""
        own = text.language(self.language)
        return Markup("" if own == self.language else f" {language_attributes(own, self.language)}")

    def rich(
        self, text: Wording, root: str, converted: Callable[..., Markup] = rich, lead: Lead | None = None
    ) -> Markup:
        """Return ``text`` as HTML, marked if it is not translated.

        Args:
            text: Its Markdown.
            root: Relative path from the page to the root of the language, for links.
            converted: Converts Markdown to HTML.
            lead: Maps link targets; None to keep every address of this site.
        """
        own = text.language(self.language)
        words = text.get(self.language)
        html = converted(words, root, lead, chinese=own == "zh")
        html = html if own == "zh" else with_originals(html)
        if own == self.language:
            return html
        return Markup(f'<div class="{UNTRANSLATED}" {language_attributes(own, self.language)}>{html}</div>')
