"""Articles: a head of fields between lines of ``---``, and Markdown below; a file per language, ``ID.zh.md``."""

import re
from typing import Any

from haopin.problem import Place, Problem, problem
from haopin.reading.controls import control

_NAME = re.compile(r"(?P<id>[^/]+)\.(?P<language>zh|en)\.md")
_FENCE = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^---[ \t]*$", re.M)


def parse_name(name: str) -> tuple[str, str] | None:
    """Return id and language of an article's file name, e.g. ``2026-05-01-fair.zh.md``; None if it is none."""
    match = _NAME.fullmatch(name)
    return (match["id"], match["language"]) if match else None


def split(text: str, file: str) -> tuple[str, str] | Problem:
    """Return the head as YAML, on the same lines as in the file, and the Markdown below it."""
    opening = _FENCE.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return problem(
            Place(file, mark=(1, 1)),
            "文件开头应有一行“---”,接着是“字段{colon} 值”,再一行“---”,下面是正文",
            "the file must begin with a line “---”, then fields “name: value”, another line “---”, and the text below",
        )
    found = control(text, file)
    return found or ("\n" + text[opening.end() : closing.start()], text[closing.end() :].strip())


def head_of(text: str) -> str:
    """Return the head of an article for looking up positions; empty if it has none."""
    found = split(text, "")
    return "" if isinstance(found, Problem) else found[0]


def merge(parts: dict[str, tuple[dict[str, Any], str]], record_id: str) -> dict[str, Any]:
    """Return the fields of one article from its files.

    Args:
        parts: Head and text by language. The Chinese head counts, or the English where there is no Chinese; of the
            other only the title is used.
        record_id: From the file name.
    """
    first = "zh" if "zh" in parts else "en"
    value = {"id": record_id, **parts[first][0]}
    titles = {language: head["title"] for language, (head, _) in parts.items() if "title" in head}
    texts = {language: text for language, (_, text) in parts.items() if text}
    for name, words in (("title", titles), ("text", texts)):
        if words:
            value[name] = words
    return value
