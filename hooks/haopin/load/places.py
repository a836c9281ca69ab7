"""Line and column of values in data files, and problems printed with them."""

from collections.abc import Iterable
from pathlib import Path as FilePath

from yaml.nodes import Node

from haopin.load import articles, yamlfile
from haopin.problem import Place, Problem

# --- Where places of data files are: line and column, each file read once


class Places:
    """Looks up places of one data folder.

    Files are read again for it, so that positions cost nothing when there is no problem.
    """

    def __init__(self, folder: FilePath) -> None:
        """Prepare for the data ``folder``."""
        self._folder = folder
        self._roots: dict[str, Node | None] = {}

    def mark(self, place: Place) -> tuple[int, int]:
        """Return the 1-based line and column at which ``place`` begins; 1 and 1 if it is nowhere."""
        if place.mark is not None:
            return place.mark
        if place.file not in self._roots:
            self._roots[place.file] = _root(self._folder / place.file)
        return yamlfile.locate(self._roots[place.file], place.path, place.at_key)

    def line(self, place: Place) -> int:
        """Return the line on which ``place`` begins; 1 if it is nowhere."""
        return self.mark(place)[0]


def _root(path: FilePath) -> Node | None:
    if path.suffix not in (".yml", ".md") or not path.is_file():
        return None
    text = yamlfile.decode(path.read_bytes(), path.name)
    if isinstance(text, str) and path.suffix == ".md":
        text = articles.head_of(text)
    root = None if isinstance(text, Problem) else yamlfile.compose(text, path.name)
    return None if isinstance(root, Problem) else root


# --- Problems as lines to print, with their positions


def report(folder: FilePath, problems: Iterable[Problem], prefix: str) -> list[str]:
    """Return ``problems`` as sorted lines ``prefix/file.yml:LINE:COLUMN: Chinese / English``."""
    places = Places(folder)
    rows = [(item.place.file, places.mark(item.place), item) for item in problems]
    rows.sort(key=lambda row: (row[0], row[1], row[2].en))
    lines = []
    for file, (line, column), item in rows:
        tag = "" if item.severity == "error" else "提醒 / warning: "
        # The offending text or the file's name may have several lines, or bytes that are no text; a problem is one line
        # that every terminal takes.
        words = " ".join(f"{prefix}/{file}:{line}:{column}: {tag}{item.zh} / {item.en}".splitlines())
        lines.append(words.encode("utf-8", "backslashreplace").decode())
    return list(dict.fromkeys(lines))
