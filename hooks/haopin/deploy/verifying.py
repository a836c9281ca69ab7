"""What a release has beside what was built: compressed forms, and what pages of earlier releases load."""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from haopin.assets import DIGITS, FOLDER, folder_of
from haopin.deploy.compressing import original, restored
from haopin.provenance import Difference

_CARRIED = re.compile(rf"(?P<folder>(?:.*/)?{FOLDER}[0-9a-f]{{{DIGITS}}})/[^/]+")


def of_a_release(site: Path, differences: list[Difference]) -> Iterator[Difference]:
    """Yield those of ``differences`` that a release may not have.

    A compressed form must hold what its file holds, and a folder of assets what its name says.

    Args:
        site: The folder of the release.
        differences: From `haopin.provenance.verify`.

    Raises:
        OSError: if a file cannot be read.
    """
    carried: dict[str, bool] = {}
    for difference in differences:
        if difference.kind != "added":
            yield difference
        elif (file := original(difference.name)) is not None and (site / file).is_file():
            content = restored(difference.name, (site / difference.name).read_bytes())
            if content is None or sha256(content).digest() != sha256((site / file).read_bytes()).digest():
                yield Difference("changed", difference.name)
        elif (found := _CARRIED.fullmatch(difference.name)) is not None:
            folder = found["folder"]
            if folder not in carried:
                carried[folder] = _is_named_by_its_content(site / folder)
            if not carried[folder]:
                yield Difference("changed", difference.name)
        else:
            yield difference


def _is_named_by_its_content(folder: Path) -> bool:
    files: dict[str, str | bytes] = {
        file.name: file.read_bytes() for file in folder.iterdir() if original(file.name) is None
    }
    return folder_of(files) == f"{FOLDER}{folder.name}/"
