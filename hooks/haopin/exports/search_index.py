"""Search index of one language, built from the page contents and read by `theme/assets/search-worker.js`."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any

from haopin.cache import Cache, Recipe, key
from haopin.html.context import part_address
from haopin.html.inline_svg import icon
from haopin.html.outline import Passage
from haopin.installation import PACKAGE
from haopin.model import KINDS
from haopin.model.base import SearchGroup
from haopin.model.need import Need
from haopin.model.provision import Term
from haopin.model.synonym import Synonym
from haopin.model.task import Committed, Task
from haopin.site.catalogue import Catalogue
from haopin.site.pages import Page, listings
from haopin.text import LANGUAGE_TAGS, Language
from haopin.transcription import pinyin, simplified

#: Version of the format; increase it when `theme/assets/search-worker.js` must change.
FORMAT = 2
#: Labels of the groups of results, in the order for equal rank; entries refer to a group by index.
GROUPS: tuple[str, ...] = (
    "page.tasks",
    "search.measures",
    "search.beside",
    "page.targets",
    "page.activities",
    "page.bodies",
    "page.documents",
    "page.glossary",
    "search.published",
    "search.others",
)
_TASK, _MEASURE, _BESIDE, _TARGET, _ACTIVITY, _BODY, _DOCUMENT, _TERM, _PUBLISHED, OTHER = range(len(GROUPS))

#: Group of a kind, by the name that it declares.
_GROUP_OF: Mapping[SearchGroup, int] = {
    "tasks": _TASK,
    "activities": _ACTIVITY,
    "bodies": _BODY,
    "documents": _DOCUMENT,
    "published": _PUBLISHED,
    "others": OTHER,
}

#: List pages whose items have pages or anchors of their own, which are better results. These lists are found by their
#: title and by the text below the anchors given here, which is nowhere else.
_LISTS: Mapping[str, frozenset[str]] = {
    "home": frozenset({"introduction", "hotline"}),
    "tasks": frozenset(),
    "measures": frozenset(),
    "matrix": frozenset(),
    "bodies": frozenset(),
    "changes": frozenset(),
    "sitemap": frozenset(),
}

_CHINESE = re.compile("[\u3400-\u9fff]")
_PATH = re.compile(r' d="([^"]+)"')
#: Drawings of what an answer leads to.
_ICONS: Mapping[str, str] = {"call": "phone", "event": "calendar-plus", "page": "file-document-outline"}

#: Labels of the search dialog, delivered with the index to keep pages small.
WORDS: tuple[str, ...] = (
    "search.hint",
    "search.one",
    "search.other",
    "search.none",
    "search.advice",
    "search.more",
    "search.close",
    "search.answer",
    "search.answered",
    "search.instead",
    "search.loose",
    "search.suggested",
)


def page_entry(
    page: Page, title: str, description: str, passages: Sequence[Passage], catalogue: Catalogue, language: Language
) -> str:
    """Return the index entry of a generated page, as JSON.

    Args:
        page: The page.
        title: Its title.
        description: Description in one sentence; with the title the only searchable text of a list page.
        passages: Passages of its outline.
        catalogue: The records.
        language: Language of the page.
    """
    kept = _LISTS.get(page.template)
    if kept is not None:
        own = [Passage("", title, description), *(p for p in passages if p.anchor in kept)]
        return entry(page.address, title, own)
    if page.template == "glossary":
        # Terms have anchors but no headings: an entry for each, so that results show its name.
        return entry(
            page.address,
            title,
            [Passage("", title, description), *(_term(term, language) for term in catalogue.all(Term))],
            parts=dict.fromkeys((term.id for term in catalogue.all(Term)), _TERM),
        )
    parts: dict[str, int] = {}
    if isinstance(page.record, Task):
        parts = dict.fromkeys((measure.id for measure in page.record.measures), _MEASURE)
    elif page.template in ("aims", "timeline", "safeguards"):
        holders = (holder for holder in catalogue.committed if not isinstance(holder, Task))
        parts = dict.fromkeys((f"{h.id}-{each.id}" for h in holders for each in h.statements), _BESIDE)
    elif page.template == "targets":
        parts = dict.fromkeys((p.anchor for p in passages if p.anchor), _TARGET)
    group = OTHER if page.record is None or page.kind is None else _GROUP_OF[page.kind.search]
    return entry(page.address, title, passages, group, parts)


def _term(term: Term, language: Language) -> Passage:
    other = "en" if language == "zh" else "zh"
    more = (text.show(language) for text in (term.definition, term.note) if text is not None)
    name = term.term.show(other)
    # Other forms of a name are searchable, but not shown.
    return Passage(term.id, term.term.show(language), " ".join((name, *term.forms, *more)))


def entry(
    address: str, title: str, passages: Iterable[Passage], group: int = OTHER, parts: Mapping[str, int] | None = None
) -> str:
    """Return an index entry, as JSON: ``[address, group, title, text, [[anchor, group, title, text]]]``.

    Args:
        address: Address relative to the root of the language.
        title: Title of the page.
        passages: Passages of the outline; text before the first anchor belongs to the page itself.
        group: Index in `GROUPS`.
        parts: Anchor → group of passages that are results of their own; others are places on the page (-1).
    """
    parts = parts or {}
    own = " ".join(passage.text for passage in passages if not passage.anchor and passage.text)
    below = [[p.anchor, parts.get(p.anchor, -1), p.title, p.text] for p in passages if p.anchor]
    return _dump([address, group, title, own, below])


def head(catalogue: Catalogue, language: Language, t: Callable[..., str]) -> dict[str, Any]:
    """Return the texts of the search dialog: labels, names of groups, suggestions.

    Args:
        catalogue: The records.
        language: Language of the pages.
        t: Labels of the language.
    """
    # Suggestions without results: (name, address), relative to the root of the language except telephone numbers.
    ways = [(t("page.needs"), "needs/")] if catalogue.all(Need) else []
    ways.append((t("page.sitemap"), "sitemap/"))
    needs = catalogue.all(Need)
    return {
        "format": FORMAT,
        "lang": LANGUAGE_TAGS[language],
        "words": {key.partition(".")[2]: t(key) for key in WORDS},
        "groups": [t(key) for key in GROUPS],
        "ways": ways,
        "calls": [(t("home.call", number=line.number), f"tel:{line.number}") for line in catalogue.site.hotlines],
        "needs": [(t("page.needs"), [(need.title.show(language), f"needs/#{need.id}") for need in needs])]
        if needs
        else [],
        "suggested": [_first_word(synonym, language) for synonym in catalogue.all(Synonym) if synonym.suggested],
        "icons": {kind: "".join(_PATH.findall(icon(name))) for kind, name in _ICONS.items()},
        "answers": list(_answers(catalogue, language, t)),
    }


def _first_word(synonym: Synonym, language: Language) -> str:
    """Return the first of the words of ``synonym`` that is written as ``language`` is."""
    fitting = (word for word in synonym.say if (_CHINESE.search(word) is not None) == (language == "zh"))
    return next(fitting, synonym.say[0])


def _answers(catalogue: Catalogue, language: Language, t: Callable[..., str]) -> Iterator[list[Any]]:
    """Yield ``[words, sentence, whether to call, [[name, address]]]`` of each synonym that shows something public."""
    shown = dict(_shown(catalogue, language, t))
    needs = {f"need/{need.id}": need for need in catalogue.all(Need)}
    for synonym in catalogue.all(Synonym):
        links = [shown[target] for target in synonym.show if target in shown]
        if not links:
            continue
        need = needs.get(synonym.show[0])
        sentence = synonym.answer or (need and need.answer)
        call = synonym.hotline or (need is not None and need.hotline and synonym.answer is None)
        yield [list(synonym.say), sentence.show(language) if sentence else "", int(call), links]


def _shown(catalogue: Catalogue, language: Language, t: Callable[..., str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield what a synonym can show today, with its name and address: sections, records, measures."""
    for listing in listings(catalogue):
        yield listing.folder, (t(f"page.{listing.folder.rpartition('/')[2]}"), f"{listing.folder}/")
    for kind in KINDS:
        for record in catalogue.all(kind.model):
            address = kind.anchor(record.id)
            yield f"{kind.name}/{record.id}", (record.label.show(language), address)
            for each in record.statements if isinstance(record, Committed) else ():
                part = part_address(address, each.id)
                yield f"{kind.name}/{record.id}/{each.id}", (each.title.show(language), part)


def index(
    entries: Iterable[str], language: Language, head: Mapping[str, Any], kept: Cache | None = None
) -> Iterator[str]:
    """Yield pieces of the index as one JSON text, one line per page, because it is the largest file of a site.

    Args:
        entries: From `entry`, in the order of the sitemap.
        language: Language of the pages.
        head: From `head`.
        kept: Cache of the sounds and variants of all characters, whose dictionaries take long to load.

    Yields:
        The members of ``head``, ``docs`` (the entries), ``pinyin`` (characters by syllable, for Chinese pages) and
        ``variants`` (variant characters that may be typed, and the characters that they stand for, as two strings).
    """
    yield _dump(head)[:-1] + ',"docs":['
    comma = "\n"
    characters: set[str] = set()
    for text in entries:
        characters.update(text)
        yield comma + text
        comma = ",\n"
    own = "".join(sorted(characters))
    versions = (version("pypinyin"), version("opencc"), (PACKAGE / "transcription.py").read_text("utf-8"))
    known = Recipe(key("sounds", language, own, *versions), lambda: _sounds(own, language), 100).made(kept)
    yield "\n]," + known.decode() + "}\n"


def _sounds(characters: str, language: Language) -> bytes:
    """Return the members of the index about ``characters`` as JSON without braces."""
    sounds = pinyin(characters) if language == "zh" else {}
    return f'"pinyin":{_dump(sounds)},"variants":{_dump(simplified(characters))}'.encode()


_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
