"""Pack the built site into one ZIP file, for a portal's administrator to unpack below a path of the portal."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

from haopin import csp
from haopin.build import manifest
from haopin.problem import ConfigurationError

#: Folder of the site within the archive; its content is served below the portal's path.
FOLDER = "site/"
#: SHA-256 of every file, in the format of `sha256sum -c`.
SUMS = "SHA256SUMS"
#: Instructions, Chinese first. The names that the program chooses are ASCII, because old unpacking programs garble
#: others; evidence files keep their names, marked as UTF-8.
GUIDE = "README.html"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PACKED = (".png", ".jpg", ".jpeg", ".webp", ".gz", ".br", ".xlsx", ".woff2", ".zip")


def write_archive(site: Path, target: Path, address: str) -> int:
    """Write the built ``site`` for ``address`` as a ZIP file to ``target``; the same site gives the same bytes.

    Returns:
        Number of files of the site.

    Raises:
        ConfigurationError: if ``site`` differs from what was built.
        OSError: if a file cannot be read or written; ``target`` is then unchanged.
    """
    differences, _ = manifest.verify(site)
    if differences:
        raise ConfigurationError(
            f"{site}：与生成时不同，请重新生成 / differs from what was built; build it again: {differences[0].name}"
        )
    names = sorted(p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file())
    guide = _guide(address, json.loads((site / csp.NAME).read_text("utf-8"))["headers"]).encode()
    part = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(part, "w") as archive:
            sums = [f"{hashlib.sha256(guide).hexdigest()}  {GUIDE}"]
            _add(archive, GUIDE, guide)
            for name in names:
                content = (site / name).read_bytes()
                sums.append(f"{hashlib.sha256(content).hexdigest()}  {FOLDER}{name}")
                _add(archive, FOLDER + name, content)
            _add(archive, SUMS, ("\n".join(sums) + "\n").encode())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return len(names)


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    # Readable by everybody: the permissions on the building machine do not matter.
    info.create_system, info.external_attr = 3, 0o100644 << 16
    info.compress_type = zipfile.ZIP_STORED if name.endswith(_PACKED) else zipfile.ZIP_DEFLATED
    archive.writestr(info, content, compresslevel=6)


def _guide(address: str, headers: Mapping[str, Mapping[str, str]]) -> str:
    """Return the instructions as HTML, with the HTTP headers that this site needs."""
    rows = "\n".join(
        f"{beginning}\n" + "\n".join(f"  {name}: {value}" for name, value in found.items())
        for beginning, found in headers.items()
    )
    return (
        (Path(__file__).parent / "portal.html")
        .read_text("utf-8")
        .replace("@ADDRESS@", address)
        .replace("@HEADERS@", rows.replace("&", "&amp;").replace("<", "&lt;"))
    )
