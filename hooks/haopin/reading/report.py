"""Problems as lines to print, with their positions."""

from collections.abc import Iterable
from pathlib import Path as FilePath
from typing import Any

from haopin.problem import Problem
from haopin.reading import article, yamlfile


def report(folder: FilePath, problems: Iterable[Problem], prefix: str) -> list[str]:
    """Return ``problems`` as sorted lines ``prefix/file.yml:LINE:COLUMN: Chinese / English``.

    Files are read again for their positions: problems are rare, so positions cost nothing when all is well.
    """
    roots: dict[str, Any] = {}
    rows = []
    for item in problems:
        place = item.place
        if place.mark is not None:
            mark = place.mark
        else:
            if place.file not in roots:
                roots[place.file] = _root(folder / place.file)
            mark = yamlfile.locate(roots[place.file], place.path, place.at_key)
        rows.append((place.file, mark, item))
    rows.sort(key=lambda row: (row[0], row[1], row[2].en))
    lines = []
    for file, (line, column), item in rows:
        tag = "" if item.severity == "error" else "提醒 / warning: "
        # The offending text or the file's name may have several lines, or bytes that are no text; a problem is one line
        # that every terminal takes.
        words = " ".join(f"{prefix}/{file}:{line}:{column}: {tag}{item.zh} / {item.en}".splitlines())
        lines.append(words.encode("utf-8", "backslashreplace").decode())
    return list(dict.fromkeys(lines))


def _root(path: FilePath) -> Any:
    if path.suffix not in (".yml", ".md") or not path.is_file():
        return None
    text = yamlfile.decode(path.read_bytes(), path.name)
    if isinstance(text, str) and path.suffix == ".md":
        text = article.head_of(text)
    root = None if isinstance(text, Problem) else yamlfile.compose(text, path.name)
    return None if isinstance(root, Problem) else root
