"""Where places of data files are: line and column, each file read once."""

from pathlib import Path as FilePath

from yaml.nodes import Node

from haopin.problem import Place, Problem
from haopin.reading import article, yamlfile


class Places:
    """Looks up places of one data folder. Files are read again for it: when all is well, positions cost nothing."""

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
        text = article.head_of(text)
    root = None if isinstance(text, Problem) else yamlfile.compose(text, path.name)
    return None if isinstance(root, Problem) else root
