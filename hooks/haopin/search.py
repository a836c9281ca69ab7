"""The search index of one language, from what the pages hold."""

import json
from collections.abc import Iterable, Iterator

from haopin.render.outline import Passage


def index(pages: Iterable[tuple[str, str, Iterable[Passage]]], language_tag: str) -> Iterator[str]:
    """Yield the search index as pieces of one JSON text, a line a page: it is the largest file of a site.

    Args:
        pages: (address, title, passages) of each page, in the order of the site map.
        language_tag: BCP 47 tag of the language.

    Yields:
        The format of the theme's search: an entry for each page and each of its headings, with title and text.
    """
    yield f'{{"config":{_dump({"lang": [language_tag], "separator": " +", "pipeline": []})},"docs":['
    comma = "\n"
    for address, title, passages in pages:
        yield comma + _dump(_entries(address, title, passages))[1:-1]
        comma = ",\n"
    yield "\n]}\n"


def _entries(address: str, title: str, passages: Iterable[Passage]) -> list[dict[str, str]]:
    # Text before the first anchored heading belongs to the page itself.
    whole = {"location": address, "title": title, "text": ""}
    entries = [whole]
    for passage in passages:
        if passage.anchor:
            location = f"{address}#{passage.anchor}"
            entries.append({"location": location, "title": passage.title, "text": passage.text})
        else:
            whole["text"] = f"{whole['text']} {passage.text}".strip()
    return entries


_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
