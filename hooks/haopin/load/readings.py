"""Results of slow reads, kept between runs: values of YAML files, texts of evidence, pictures, written pages."""

import sys
from hashlib import blake2b
from pathlib import Path

from haopin.cache import Readings
from haopin.installation import PACKAGE

#: Rooms whose code the results depend on; "." are the modules beside the rooms.
_ROOMS = (".", "load", "check", "privacy")


def open_readings(cache: Path) -> Readings:
    """Return the results that the last run kept in the folder ``cache``.

    After a change of the program everything is read again; the versions of libraries belong to the keys.
    """
    version = blake2b(sys.version.encode(), digest_size=16)
    for file in sorted(file for room in _ROOMS for file in (PACKAGE / room).glob("*.py")):
        version.update(file.read_bytes())
    return Readings(cache, version.hexdigest())
