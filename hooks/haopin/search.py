"""The search index of one language, from what the pages hold."""

import json
from collections.abc import Iterable, Iterator, Mapping

from haopin.render.outline import Passage


def entry(address: str, title: str, passages: Iterable[Passage]) -> str:
    """Return what the index says of a page, as JSON: an entry for it and for each of its headings, comma between them.

    Args:
        address: Address below the root of the language.
        title: Title of the page.
        passages: From its outline; text before the first anchored heading belongs to the page itself.
    """
    whole = {"location": address, "title": title, "text": ""}
    entries = [whole]
    for passage in passages:
        if passage.anchor:
            location = f"{address}#{passage.anchor}"
            entries.append({"location": location, "title": passage.title, "text": passage.text})
        else:
            whole["text"] = f"{whole['text']} {passage.text}".strip()
    return _dump(entries)[1:-1]


#: Labels of the search dialog; they travel with the index, so that pages need not carry them.
WORDS: tuple[str, ...] = (
    "search.hint",
    "search.one",
    "search.other",
    "search.none",
    "search.sitemap",
    "search.close",
)


def index(entries: Iterable[str], language_tag: str, words: Mapping[str, str]) -> Iterator[str]:
    """Yield the search index as pieces of one JSON text, a line a page: it is the largest file of a site.

    Args:
        entries: From `entry`, in the order of the site map.
        language_tag: BCP 47 tag of the language.
        words: Words of the dialog, by the last part of the keys in `WORDS`.

    Yields:
        ``{"lang", "words", "docs": [{"location", "title", "text"}]}``, as ``search-worker.js`` reads it.
    """
    yield f'{{"lang":{_dump(language_tag)},"words":{_dump(words)},"docs":['
    comma = "\n"
    for text in entries:
        yield comma + text
        comma = ",\n"
    yield "\n]}\n"


_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
