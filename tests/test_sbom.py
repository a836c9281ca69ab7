"""The bill of materials: valid CycloneDX; every locked package with its version, hashes and licence; reproducible."""

import json
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from haopin.installation import LOCK
from haopin.ops.sbom import Locked, locked, sbom
from haopin.problem import ConfigurationError
from packageurl import PackageURL
from support import run

TEXT = LOCK.read_text("utf-8")
DIGEST = "ab" * 32


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(sbom(TEXT))
    return found


def test_it_conforms_to_the_standard() -> None:
    """By the schema of the standard; one that finds nothing wrong in anything would be no judge."""
    judge = JsonStrictValidator(SchemaVersion.V1_6)
    assert judge.validate_str(sbom(TEXT)) is None
    assert judge.validate_str(sbom(TEXT).replace('"application"', '"programme"')) is not None


def test_it_names_what_is_installed(made: dict[str, Any]) -> None:
    for part in made["components"]:
        address = PackageURL.from_string(part["purl"])
        assert (address.type, address.version) == ("pypi", part["version"])
        assert part["version"] in TEXT
        # The others are for another system or another Python.
        if part["scope"] == "required":
            assert part["version"] == version(part["name"])
    assert {"mkdocs", "mkdocs-material", "jinja2", "pyyaml", "markdown"} <= {p["name"] for p in made["components"]}
    assert len(made["components"]) == len({p["purl"] for p in made["components"]})
    assert len(made["components"]) == len(re.findall(r"^[\w.\[\]-]+==", TEXT, re.M))


def test_every_file_has_its_hash(made: dict[str, Any]) -> None:
    told = {each["content"] for p in made["components"] for r in p["externalReferences"] for each in r["hashes"]}
    assert len(told) == TEXT.count("--hash=sha256:") and all(digest in TEXT for digest in told)


def test_licences_and_what_depends_on_what_are_reported(made: dict[str, Any]) -> None:
    licences = {p["name"]: p.get("licenses", []) for p in made["components"]}
    # By the expression, by a field that names one of SPDX, by the classifiers, by the field before the classifiers.
    assert licences["mkdocs"] == [{"license": {"id": "BSD-2-Clause"}}]
    assert licences["pyyaml"] == [{"license": {"id": "MIT"}}]
    assert licences["jinja2"] == [{"license": {"name": "BSD License"}}]
    assert {each["license"]["name"] for each in licences["python-dateutil"]} == {
        "Apache Software License",
        "BSD License",
    }
    # Its makers have only put the text beside it.
    missing = {p["name"] for p in made["components"] if p["scope"] == "required" and not licences[p["name"]]}
    assert missing == {"resvg-py"}
    (root,) = (each for each in made["dependencies"] if each["ref"] == made["metadata"]["component"]["bom-ref"])
    assert set(root["dependsOn"]) == {p["bom-ref"] for p in made["components"]}


def test_the_same_lock_gives_the_same_bytes_and_another_another_number(made: dict[str, Any]) -> None:
    assert sbom(TEXT) == sbom(TEXT)
    other = json.loads(sbom(f"a==1 --hash=sha256:{DIGEST}"))
    assert other["serialNumber"] != made["serialNumber"] and "timestamp" not in other["metadata"]


def test_a_lock_is_read_as_pip_reads_it() -> None:
    text = f"# a word\n\na[b,c]==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:{DIGEST}\n"
    assert list(locked(f"{text}d==2 --hash=sha256:{DIGEST}\n")) == [
        Locked("a", "1.0", (DIGEST,), False),
        Locked("d", "2", (DIGEST,), True),
    ]


@pytest.mark.parametrize(
    "line", ["a==1", f"a>=1 --hash=sha256:{DIGEST}", f"?? --hash=sha256:{DIGEST}", "a==1 --hash=md5:1"]
)
def test_unlocked_packages_are_rejected(line: str) -> None:
    with pytest.raises(ConfigurationError, match="no version or hash"):
        list(locked(line))


def test_the_command_writes_it(tmp_path: Path) -> None:
    assert run("-m", "haopin", "bill").stdout == sbom(TEXT)
    assert run("-m", "haopin", "bill", tmp_path / "b.json").returncode == 0
    assert (tmp_path / "b.json").read_text("utf-8") == sbom(TEXT)
