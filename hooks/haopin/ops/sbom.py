"""Software bill of materials (SBOM) in CycloneDX format: every package that the program needs, with its licence.

In a clone it lists the packages of the lock file with their hashes; pip keeps no hashes, so a program installed by pip
lists the installed packages. It has no timestamp, and its serial number is derived from the packages: the same packages
give the same bytes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from haopin import __version__
from haopin.installation import CLONE, LOCK, extras
from haopin.problem import ConfigurationError

if TYPE_CHECKING:
    from cyclonedx.model.license import License

#: File suffix by which other tools recognise the format.
ENDING = ".cdx.json"

_HASH = re.compile(r"\s--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Locked:
    """A package in one version.

    Attributes:
        name: Its name.
        version: Its version.
        digests: SHA-256 of each of its files, hexadecimal, sorted; empty if unknown.
        everywhere: Whether it is needed on every system; otherwise its environment marker names some.
    """

    name: str
    version: str
    digests: tuple[str, ...]
    everywhere: bool


def locked(text: str) -> Iterator[Locked]:
    """Yield the packages of the lock file ``text`` (pip's requirements format), in its order.

    Raises:
        ConfigurationError: if a package has no version or no hash.
    """
    # A package and its hashes are one logical line, continued with backslashes.
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        digests = tuple(sorted(_HASH.findall(line)))
        try:
            wanted = Requirement(_HASH.sub("", line).strip())
            (pinned,) = (each.version for each in wanted.specifier if each.operator == "==")
        except (InvalidRequirement, ValueError):
            digests = ()
        if not digests:
            raise ConfigurationError(
                f"锁定文件里这一行没有版本或校验值 / this line of the lock has no version or hash: {line[:80]}"
            )
        yield Locked(wanted.name, pinned, digests, wanted.marker is None)


def installed() -> list[Locked]:
    """Return the installed packages that this program needs, directly or through others, sorted by name."""
    found: dict[str, Locked] = {}
    waiting = [Requirement(f"haopin[{','.join(extras())}]")]
    seen: set[str] = set()
    while waiting:
        wanted = waiting.pop()
        if str(wanted) in seen:
            continue
        seen.add(str(wanted))
        try:
            needs = [Requirement(line) for line in requires(wanted.name) or []]
            name = canonicalize_name(wanted.name)
            found[name] = Locked(name, version(name), (), True)
        except PackageNotFoundError:
            # An extra that is not installed, or a package for another system.
            continue
        waiting += [
            need
            for need in needs
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in ("", *wanted.extras))
        ]
    del found["haopin"]
    return [found[name] for name in sorted(found)]


def lock_text() -> str | None:
    """Return the text of the lock file; None if the program was installed by pip as a package."""
    return LOCK.read_text(encoding="utf-8") if CLONE is not None else None


def sbom(text: str | None) -> str:
    """Return the bill of materials, as CycloneDX 1.6 JSON.

    A package that is not installed here (one for another system) has no licence, because the lock file has none.

    Args:
        text: Text of the lock file; None for the packages that are installed.

    Raises:
        ConfigurationError: if the lock file cannot be parsed.
    """
    # Imported late: it takes a third of a second.
    from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentScope, ComponentType
    from cyclonedx.output.json import JsonV1Dot6
    from packageurl import PackageURL

    root = Component(name="haopin", version=__version__, type=ComponentType.APPLICATION, bom_ref="haopin")
    components = []
    packages = list(locked(text)) if text is not None else installed()
    for package in packages:
        address = PackageURL("pypi", name=package.name, version=package.version)
        components.append(
            Component(
                name=package.name,
                version=package.version,
                type=ComponentType.LIBRARY,
                scope=ComponentScope.REQUIRED if package.everywhere else ComponentScope.OPTIONAL,
                purl=address,
                bom_ref=str(address),
                licenses=_licences_of(package.name),
                # A package has one file per system.
                external_references=[
                    ExternalReference(
                        type=ExternalReferenceType.DISTRIBUTION,
                        url=XsUri(str(address)),
                        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in package.digests],
                    )
                ]
                if package.digests
                else [],
            )
        )
    names = text if text is not None else "".join(f"{package.name}=={package.version}\n" for package in packages)
    bom = Bom(components=components, serial_number=uuid5(NAMESPACE_URL, names))
    bom.metadata.component = root
    bom.metadata.timestamp = None  # type: ignore[assignment]
    bom.register_dependency(root, components)
    return JsonV1Dot6(bom).output_as_string(indent=1) + "\n"


def _licences_of(name: str) -> list["License"]:
    """Return the licences that the installed package ``name`` declares, as SPDX identifiers where possible."""
    from cyclonedx.contrib.license.factories import LicenseFactory
    from cyclonedx.spdx import fixup_id

    try:
        declared = metadata(name)
    except PackageNotFoundError:
        return []
    make = LicenseFactory().make_from_string
    # `get_all`: asking for a single field that is missing warns from Python 3.12 on.
    if expressions := declared.get_all("License-Expression"):
        return [make(expressions[0])]
    classifiers = [line for line in declared.get_all("Classifier") or () if line.startswith("License :: ")]
    # The field may also hold a note ("Dual License", "UNKNOWN") or a whole licence text: only known names are used.
    field = fixup_id((declared.get_all("License") or [""])[0])
    return [make(field)] if field else [make(line.rpartition(" :: ")[2]) for line in classifiers]
