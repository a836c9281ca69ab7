"""Build the site for a release and run the pre-release checks on it."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import click

from haopin import csp
from haopin.build import manifest
from haopin.build.manifest import Difference
from haopin.build.settings import Settings, display_name
from haopin.check.identity import is_placeholder
from haopin.check.personal import allowed_numbers
from haopin.files import Scratch
from haopin.model.publishable import Withdrawal
from haopin.model.site import Site
from haopin.ops.compression import original, restored
from haopin.ops.gate.examine import examine
from haopin.ops.gate.site_reader import Expected, GateFinding
from haopin.ops.nginx import headers_of
from haopin.ops.release_manifest import withdrawn_fingerprints
from haopin.privacy.evidence import seen_files
from haopin.privacy.redaction import longer_names
from haopin.problem import ConfigurationError
from haopin.site.catalogue import checked
from haopin.site.paths import ASSETS, ASSETS_DIGITS, assets_folder
from haopin.site.publish import publish
from haopin.text import LANGUAGE_TAGS

# --- Build and pre-release checks

#: Working folder of releases on this machine, relative to the folder of the configuration.
WORK = ".cache/release"
#: Report files of failed pre-release checks: for people, and for the desk.
REPORT, FINDINGS = "gate.txt", "gate.json"
#: Lines that say how far a release is; the desk shows its progress by them.
BUILT = "已生成，正在做发布前检查 / built; running the pre-release checks"
PASSED = "发布前检查通过 / the pre-release checks passed"


@dataclass(frozen=True)
class ReleaseOptions:
    """Options of a release.

    Attributes:
        keep: Number of releases to keep on the server.
        url: Public address for the health check after the switch; None for no health check.
        force: Whether to release in spite of warnings, such as older data than the live release.
        address: Address of the site, if not the one in the data.
        withdrawals_only: Whether to release the data of the last release with today's withdrawals, if one is new.
    """

    keep: int = 5
    url: str | None = None
    force: bool = False
    address: str | None = None
    withdrawals_only: bool = False


@contextmanager
def examined(
    config: Path, settings: Settings, wish: ReleaseOptions, as_of: date | None, other: Settings | None = None
) -> Iterator[tuple[Path, Expected, tuple[str, ...]]]:
    """Build the site and run the pre-release checks; the site exists inside the ``with`` block.

    Args:
        config: Path of the main configuration.
        settings: Its content.
        wish: Options of the release.
        as_of: Date of the pages; None for today.
        other: Settings with other folders of data and written pages.

    Yields:
        Folder of the site, expectations of the checks, and fingerprints of the withdrawals.

    Raises:
        DataError: if the data has errors.
        ConfigurationError: if the address is a placeholder, the site cannot be built, or the checks fail.
    """
    from haopin.mkdocs_plugin.staging import build_site

    if settings.is_draft:
        raise ConfigurationError("送审稿（shows）不能用于发布 / a draft for approval (shows) is not for release")
    if settings.samples or settings.staging:
        raise ConfigurationError(
            "HAOPIN_SAMPLES 和 HAOPIN_STAGING 不能用于发布 / demonstrations and trials are not for release"
        )
    base = config.resolve().parent
    if other is None:
        # The data of the last release is not refused: a withdrawal must not wait for an address.
        declared = wish.address or settings.address or _declared_address(base, settings)
        refuse_placeholder(urlsplit(str(declared)).hostname or "")
    work = base / WORK
    scratch = None
    try:
        work.mkdir(parents=True, exist_ok=True)
        scratch = Scratch(work, "haopin-")
        site = scratch.path / "site"
        build_site(config, as_of=as_of, target=site, address=wish.address, other=other, told=False)
        click.echo(BUILT)
        settings = other or settings
        if wish.address is not None:
            settings = settings.model_copy(update={"address": wish.address})
        expected, withdrawals = expected_of(base, settings, site)
        pass_gate(site, expected, work / REPORT)
        click.echo(PASSED)
        yield site, expected, withdrawals
    except OSError as error:
        raise ConfigurationError(
            f"本机读写文件出错，公开网站没有改动：{error} / "
            f"this machine cannot read or write a file; the live site was not changed: {error}"
        ) from error
    finally:
        if scratch is not None:
            scratch.remove()


def refuse_placeholder(host: str) -> None:
    """Refuse to publish at a ``host`` that is a placeholder.

    Raises:
        ConfigurationError: if it is one.
    """
    if is_placeholder(host):
        raise ConfigurationError(
            f"“{host}”是占位网址，不能发布：请把 data/site.yml 的 address 换成网站的真实网址"
            f"（打包上传到门户的，用 --address 写门户里的网址；nginx 用 --server-name 写域名） / “{host}” is a "
            "placeholder and is not released: put the real address of the site into address of data/site.yml (for an "
            "archive, --address may give that below the portal; for nginx, --server-name may give the host)"
        )


def _declared_address(base: Path, settings: Settings) -> str:
    folder = (base / settings.data).resolve()
    return str(next(checked(folder, display_name(folder, base))[0].records(Site)).address)


def expected_of(base: Path, settings: Settings, site: Path) -> tuple[Expected, tuple[str, ...]]:
    """Derive from the data what the checks expect of the built ``site``, and the sorted withdrawal fingerprints."""
    folder = (base / settings.data).resolve()
    reading = checked(folder, display_name(folder, base))[0]
    day = date.fromisoformat(json.loads((site / manifest.NAME).read_text(encoding="utf-8"))["as_of"])
    published = publish(reading, day)
    withdrawals = [
        entry.record for entry in reading.entries if isinstance(entry.record, Withdrawal) and not entry.record.sample
    ]
    declared = next(str(entry.record.address) for entry in reading.entries if isinstance(entry.record, Site))
    address = declared if settings.address is None else str(settings.address)
    paths = [edition.path for edition in settings.editions]
    names = frozenset(name for withdrawal in withdrawals for name in withdrawal.names)
    kept = {name for withdrawal in withdrawals for name in withdrawal.keep} | set(longer_names(names, reading))
    expected = Expected(
        address.rstrip("/") + "/",
        {edition.path: LANGUAGE_TAGS[edition.language] for edition in settings.editions},
        tuple(f"{path}embed/" for path in paths),
        {(held.entry.kind.name, held.entry.record.id): held.reason for held in published.withheld},
        names,
        frozenset(kept),
        frozenset(f"{path}evidence/{file}" for path in paths for file in seen_files(reading)),
        allowed_numbers(entry.record for entry in reading.entries),
    )
    return expected, tuple(sorted(withdrawn_fingerprints(withdrawals)))


def pass_gate(site: Path, expected: Expected, report: Path) -> None:
    """Run the pre-release checks on ``site``.

    Raises:
        ConfigurationError: if there are findings; all of them are in ``report``, the first in the message.
    """
    findings = report.with_name(FINDINGS)
    report.unlink(missing_ok=True)
    findings.unlink(missing_ok=True)
    found: Sequence[GateFinding] = examine(site, expected)
    if not found:
        return
    report.write_text("".join(f"{f.file}: {f.zh} / {f.en}\n" for f in found), encoding="utf-8", newline="\n")
    findings.write_text(json.dumps([asdict(f) for f in found], ensure_ascii=False), encoding="utf-8")
    first = found[0]
    where = f"{report.parent.parent.name}/{report.parent.name}/{report.name}"
    raise ConfigurationError(
        f"发布前检查没有通过，公开网站没有改动。共 {len(found)} 处（{where}），第一处：{first.file}：{first.zh}\n"
        f"pre-release checks failed, the live site was not changed. Findings: {len(found)} ({where}); the first: "
        f"{first.file}: {first.en}"
    )


def policy_of(site: Path) -> str:
    """Return the ``Content-Security-Policy`` header for pages of ``site``; "" if the site has no ``policy.json``."""
    return headers_of(site)["/"].get("Content-Security-Policy", "") if (site / csp.NAME).exists() else ""


# --- Files that a release has in addition to the build: compressed copies, and assets of earlier releases

_CARRIED = re.compile(rf"(?P<folder>(?:.*/)?{ASSETS}[0-9a-f]{{{ASSETS_DIGITS}}})/[^/]+")


def of_a_release(site: Path, differences: list[Difference]) -> Iterator[Difference]:
    """Yield those of ``differences`` that are errors in a release.

    A release may have compressed copies with the same content as their file, and asset folders of earlier releases
    whose hash matches their content.

    Args:
        site: Folder of the release.
        differences: From `haopin.build.manifest.verify`.

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
                carried[folder] = _has_matching_hash(site / folder)
            if not carried[folder]:
                yield Difference("changed", difference.name)
        else:
            yield difference


def _has_matching_hash(folder: Path) -> bool:
    files: dict[str, str | bytes] = {
        file.name: file.read_bytes() for file in folder.iterdir() if original(file.name) is None
    }
    return assets_folder(files) == f"{ASSETS}{folder.name}/"
