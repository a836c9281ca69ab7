"""Problems as lines to print, with their positions."""

from collections.abc import Iterable
from pathlib import Path as FilePath

from haopin.problem import Problem
from haopin.reading.places import Places


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
