"""The search index of one language, from what the pages hold."""

import json
from collections.abc import Iterable

from haopin.render.outline import Passage


def index(pages: Iterable[tuple[str, str, Iterable[Passage]]], language_tag: str) -> str:
    """Return the search index as JSON.

    Args:
        pages: (address, title, passages) of each page, in the order of the site map.
        language_tag: BCP 47 tag of the language.

    Returns:
        The format of the theme's search: an entry for each page and each of its headings, with title and text.
    """
    docs = []
    for address, title, passages in pages:
        # Text before the first anchored heading belongs to the page itself.
        whole = {"location": address, "title": title, "text": ""}
        docs.append(whole)
        for passage in passages:
            if passage.anchor:
                docs.append({"location": f"{address}#{passage.anchor}", "title": passage.title, "text": passage.text})
            else:
                whole["text"] = f"{whole['text']} {passage.text}".strip()
    config = {"lang": [language_tag], "separator": "\\s+", "pipeline": []}
    return json.dumps({"config": config, "docs": docs}, ensure_ascii=False, separators=(",", ":"))
