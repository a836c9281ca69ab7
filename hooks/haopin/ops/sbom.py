"""A bill of materials: every package that the site is made with, as locked, in CycloneDX's format.

CycloneDX's own library writes it, so that its form follows the standard. The same lock gives the same bytes: the serial
number is made of the lock, and no time is told.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from packaging.requirements import InvalidRequirement, Requirement

from haopin import __version__
from haopin.problem import ConfigurationError

#: The lock that the generator is installed from; it lies at the top of its checkout.
LOCK = Path(__file__).resolve().parents[3] / "requirements.lock"
#: Ending of the bill's name, as tools that read such bills expect it.
ENDING = ".cdx.json"

_HASH = re.compile(r"\s--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Locked:
    """A package of the lock.

    Attributes:
        name: Its name.
        version: The one version that may be installed.
        digests: SHA-256 of each of its files, hexadecimal, sorted.
        everywhere: Whether every system needs it.
    """

    name: str
    version: str
    digests: tuple[str, ...]
    everywhere: bool


def locked(text: str) -> Iterator[Locked]:
    """Yield the packages of the lock ``text``, as pip reads it, in its order.

    Raises:
        ConfigurationError: if a package has no version or no hash.
    """
    # A package and its hashes are one line, broken by backslashes.
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


def sbom(text: str) -> str:
    """Return the bill of materials for the lock ``text``, JSON of CycloneDX 1.6.

    Licences are told where the package is installed and names its licence by SPDX.

    Raises:
        ConfigurationError: if the lock cannot be read.
    """
    # A third of a second, which only a release needs.
    from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentScope, ComponentType
    from cyclonedx.model.license import LicenseExpression
    from cyclonedx.output.json import JsonV1Dot6
    from packageurl import PackageURL

    root = Component(name="haopin", version=__version__, type=ComponentType.APPLICATION, bom_ref="haopin")
    components = []
    for package in locked(text):
        licence = _licence_of(package.name)
        address = PackageURL("pypi", name=package.name, version=package.version)
        components.append(
            Component(
                name=package.name,
                version=package.version,
                type=ComponentType.LIBRARY,
                scope=ComponentScope.REQUIRED if package.everywhere else ComponentScope.OPTIONAL,
                purl=address,
                bom_ref=str(address),
                licenses=[LicenseExpression(licence)] if licence else [],
                # One package, several files: each system has its own.
                external_references=[
                    ExternalReference(
                        type=ExternalReferenceType.DISTRIBUTION,
                        url=XsUri(str(address)),
                        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in package.digests],
                    )
                ],
            )
        )
    bom = Bom(components=components, serial_number=uuid5(NAMESPACE_URL, text))
    bom.metadata.component = root
    bom.metadata.timestamp = None  # type: ignore[assignment]
    bom.register_dependency(root, components)
    return JsonV1Dot6(bom).output_as_string(indent=1) + "\n"


def _licence_of(name: str) -> str | None:
    try:
        told = metadata(name).json.get("license_expression")
    except PackageNotFoundError:
        return None
    return told if isinstance(told, str) else None
