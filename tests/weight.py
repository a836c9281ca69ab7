"""What a visitor's first view of a page weighs: the page, and the stylesheets and scripts that it names."""

from pathlib import Path
from urllib.parse import urlsplit

import brotli
from support import BuiltSite, HtmlPage


def compressed(file: Path) -> int:
    """Return the bytes of ``file`` as a web server sends it, compressed by brotli."""
    return len(brotli.compress(file.read_bytes(), quality=11))


class Scales:
    """Weighs the pages of one site; what many pages name is weighed once."""

    def __init__(self, site: BuiltSite) -> None:
        self._site = site
        self._weights: dict[str, int] = {}

    def _file(self, name: str) -> int:
        if name not in self._weights:
            self._weights[name] = compressed(self._site.folder / name)
        return self._weights[name]

    def parts(self, page: HtmlPage) -> dict[str, int]:
        """Return the bytes of each file of the first view of ``page``, by its path."""
        names = [page.name]
        for element, address in page.references:
            first = element.tag == "script" or element.get("rel") == "stylesheet"
            # What only paper needs does not hold the first view up.
            if first and element.get("media") != "print":
                target = self._site.target(page, address)
                assert target is not None, f"{page.name} asks {urlsplit(address).netloc}"
                names.append(target[0])
        return {name: self._file(name) for name in dict.fromkeys(names)}
