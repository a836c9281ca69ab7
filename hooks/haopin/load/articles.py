"""Articles: front matter between two lines of ``---``, then Markdown; one file per language, ``ID.zh.md``."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from haopin.load import yamlfile
from haopin.load.characters import control
from haopin.load.dataset import Dataset, Side, read_record
from haopin.load.messages import no_such_field
from haopin.load.yamlfile import plain
from haopin.model import Kind
from haopin.problem import Place, Problem, problem
from haopin.text import LANGUAGES, is_language

# --- Front matter and text

_NAME = re.compile(r"(?P<id>[^/]+)\.(?P<language>[a-zA-Z-]+)\.md")
_FENCE = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^---[ \t]*$", re.M)


def parse_name(name: str) -> tuple[str, str] | None:
    """Return id and language of an article's file name, e.g. ``2026-05-01-fair.zh.md``; None for other names."""
    match = _NAME.fullmatch(name)
    return (match["id"], match["language"]) if match and is_language(match["language"]) else None


def split(text: str, file: str) -> tuple[str, str] | Problem:
    """Split a file into front matter (YAML, with the same line numbers) and Markdown."""
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
    """Return the front matter, to look up positions; "" if there is none."""
    found = split(text, "")
    return "" if isinstance(found, Problem) else found[0]


def main_language(parts: Collection[str]) -> str:
    """Return the language whose front matter is used."""
    return next((each for each in LANGUAGES if each in parts), min(parts))


def merge(parts: dict[str, tuple[dict[str, Any], str]], record_id: str) -> dict[str, Any]:
    """Merge the files of one article into the fields of a record.

    Args:
        parts: (front matter, text) by language. The Chinese front matter is used, or the English one if there is no
            Chinese file; of the other languages only the title is used.
        record_id: From the file name.
    """
    first = main_language(parts)
    value = {"id": record_id, **parts[first][0]}
    titles = {language: head["title"] for language, (head, _) in parts.items() if "title" in head}
    texts = {language: text for language, (_, text) in parts.items() if text}
    for name, words in (("title", titles), ("text", texts)):
        if words:
            value[name] = words
    return value


# --- Files of an article

# The only field that may be in both files.
_OWN_FIELD = "title"
_Head = dict[str, Any]


def read_articles(dataset: Dataset, kind: Kind, files: Sequence[str]) -> None:
    """Read the articles of ``files``, each with one file per language."""
    groups: dict[str, dict[str, str]] = {}
    for file in files:
        folder, _, name = file.rpartition("/")
        record_id, language = parse_name(name) or ("", "")
        groups.setdefault(f"{folder}/{record_id}", {})[language] = file
    for name, by_language in groups.items():
        _read_article(dataset, kind, name.rpartition("/")[2], by_language)


def _read_article(dataset: Dataset, kind: Kind, record_id: str, files: Mapping[str, str]) -> None:
    count = len(dataset.problems)
    parts: dict[str, tuple[_Head, str]] = {}
    sides: dict[str, Side] = {}
    for language, file in files.items():
        if (found := _read_side(dataset, file)) is not None:
            parts[language] = found[0], found[1]
            sides[language] = Side(file, found[2])
    if len(dataset.problems) > count:
        return
    main = main_language(parts)
    value = merge(parts, record_id)
    for language, (head, _) in parts.items():
        dataset.problems += _ambiguous(head, Place(files[language]))
        if language != main:
            dataset.problems += _said_elsewhere(head, value, kind, Place(files[language]), files[main])
    if "text" not in value:
        dataset.problems.append(
            problem(
                Place(files[main], mark=(sides[main].line, 1)),
                "正文是空的,请写在第二行“---”下面",
                "the text is empty; write it below the second line “---”",
            )
        )
    if len(dataset.problems) == count:
        read_record(dataset, kind, value, Place(files[main]), sides)


def _read_side(dataset: Dataset, file: str) -> tuple[_Head, str, int] | None:
    """Return front matter and text of one file, and the line on which the text begins."""
    text = dataset.text_of(file)
    if text is None:
        return None
    found = split(text, file)
    if isinstance(found, Problem):
        dataset.problems.append(found)
        return None
    head, body = found
    root = yamlfile.compose(head, file)
    if isinstance(root, Problem):
        dataset.problems.append(root)
        return None
    value, problems = plain(root, head, file) if root is not None else ({}, [])
    dataset.problems += [*problems, *yamlfile.cut_texts(root, head, file)]
    if not isinstance(value, dict):
        dataset.problems.append(
            problem(
                Place(file, mark=(2, 1)),
                "文件头应为若干“字段{colon} 值”",
                "the head must consist of fields, each “name: value”",
            )
        )
        return None
    return value, body, text.rstrip().count("\n") + 1 - body.count("\n")


def _ambiguous(head: _Head, place: Place) -> Iterator[Problem]:
    """Yield a problem if a title or text is given twice, as one would silently replace the other."""
    if not isinstance(head.get(_OWN_FIELD, ""), str):
        yield problem(
            place.at(_OWN_FIELD),
            "标题只写这个文件的语言,写成一行文字",
            "write the title in the language of this file only, as one line of text",
        )
    if "text" in head:
        yield problem(
            place.at("text", key=True),
            "正文不写在文件头里,请移到第二行“---”下面",
            "the text does not belong in the head; move it below the second line “---”",
        )


def _said_elsewhere(head: _Head, value: _Head, kind: Kind, place: Place, main: str) -> Iterator[Problem]:
    """Yield the fields of the second front matter that contradict the first; they would be silently ignored."""
    for name, words in head.items():
        if name in (_OWN_FIELD, "text") or value.get(name) == words:
            continue
        if name not in kind.model.model_fields:
            yield no_such_field(place.at(name, key=True), name, kind.model.model_fields)
            continue
        yield problem(
            place.at(name, key=True),
            "“{field}”与“{main}”里的不一致;这一项只写在那个文件里,请删去这里的",
            "“{field}” differs from “{main}”; it belongs in that file only, so delete it here",
            field=name,
            main=main,
        )
