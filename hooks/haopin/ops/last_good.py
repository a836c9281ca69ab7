"""The last good data: a copy kept with each release, so that withdrawals can be published despite errors in other data.

Taking something down may be a legal duty with a deadline. It must not wait for the correction of another file: then
the data of the last release is published again, with today's withdrawals. A CI runner that starts with an empty disk
has no copy and uses the commit of the live release from its clone.
"""

import io
import os
import re
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click
import yaml
from pydantic import ValidationError

from haopin.build.settings import Settings
from haopin.check.withdrawals import is_long_enough, is_longer
from haopin.files import Scratch
from haopin.git import run_git
from haopin.load import yamlfile
from haopin.load.folder import home, is_evidence, read
from haopin.load.yamlfile import PlainValues
from haopin.model import KINDS
from haopin.model.publishable import WITHDRAWAL, Publishable, Withdrawal
from haopin.ops.gate.site_reader import Expected
from haopin.ops.prepare import WORK, ReleaseOptions, examined
from haopin.ops.release_manifest import ReleaseManifest, withdrawn_fingerprints
from haopin.privacy.redaction import Names, withdrawn_names
from haopin.problem import ConfigurationError, DataError, Problem

#: Folder of the copy, below that of releases: ``data``, and ``docs`` by language.
GOOD = "good"
_ITEM = re.compile(r"^(?=- )", re.M)


@dataclass(frozen=True)
class PreparedSite:
    """A site that passed the pre-release checks.

    Attributes:
        site: Its folder.
        expected: Expectations that the checks used.
        withdrawals: Fingerprints of its withdrawals.
        is_of_today: Whether it is built from the data of the checkout; otherwise from that of the last release.
    """

    site: Path
    expected: Expected
    withdrawals: tuple[str, ...]
    is_of_today: bool


class NothingNewError(ConfigurationError):
    """Only withdrawals were requested, and none is new."""


@contextmanager
def examined_or_last_good(
    config: Path, settings: Settings, wish: ReleaseOptions, as_of: date | None, live: ReleaseManifest | None
) -> Iterator[PreparedSite]:
    """Build and check the site; if that fails and a new withdrawal exists, do so with the last good data.

    After a successful release, a copy of its data is kept.

    Args:
        config: Path of the main configuration.
        settings: Its content.
        wish: Options of the release.
        as_of: Date of the pages; None for today.
        live: The live release, if any.

    Yields:
        The site, and what it was built from.

    Raises:
        NothingNewError: if only withdrawals were requested, and none is new.
        DataError: if the data has errors and no withdrawal is new.
        ConfigurationError: if the site cannot be built; also after the release of the last good data.
    """
    if wish.withdrawals_only:
        nothing = NothingNewError("没有新的撤下，没有发布 / there is no new withdrawal, so nothing is released")
        yield from _last_good(config, settings, wish, as_of, live, nothing)
        return
    base = config.resolve().parent
    with ExitStack() as stack:
        failure: Exception | None = None
        try:
            made = stack.enter_context(examined(config, settings, wish, as_of))
        except Exception as error:
            # Any error, also one of the program: a withdrawal must not wait for its correction.
            if not settings.indexed:
                raise
            failure = error
        if failure is None:
            yield PreparedSite(*made, is_of_today=True)
            keep(base, settings)
            return
    yield from _last_good(config, settings, wish, as_of, live, failure)


def keep(base: Path, settings: Settings) -> None:
    """Keep a copy of the data and the written pages of the release just made, in place of the copy before."""
    work = base / WORK
    fresh, good = work / f"{GOOD}.new", work / GOOD
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True, mode=0o700)
        _copy((base / settings.data).resolve(), fresh / "data", good / "data")
        for edition in settings.editions:
            _copy(base / edition.docs, fresh / "docs" / edition.language, good / "docs" / edition.language)
        shutil.rmtree(good, ignore_errors=True)
        fresh.rename(good)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        click.echo(
            f"没有保存这一版的资料，下次资料出错时不能单独撤下：{error} / the data of this release was not kept, so a "
            f"withdrawal cannot go out alone when other data is wrong: {error}",
            err=True,
        )


def _copy(source: Path, target: Path, last: Path) -> None:
    """Copy a folder; files unchanged since the ``last`` copy become hard links, as evidence may be large."""

    def copied(given: str, wanted: str) -> None:
        there = last / Path(wanted).relative_to(target)
        own = Path(given).stat()
        if there.is_file() and (there.stat().st_size, there.stat().st_mtime_ns) == (own.st_size, own.st_mtime_ns):
            os.link(there, wanted)
        else:
            shutil.copy2(given, wanted)

    if source.is_dir():
        shutil.copytree(source, target, copy_function=copied)


def _committed(base: Path, settings: Settings, commit: str, target: Path) -> bool:
    """Extract the data and the written pages of ``commit`` to ``target``; return whether the clone has the commit."""
    folders = {settings.data: "data", **{edition.docs: f"docs/{edition.language}" for edition in settings.editions}}
    packed = run_git(base, ["archive", "--format=zip", commit, "--", *folders])
    if packed is None:
        return False
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(target / "committed")
    for given, wanted in folders.items():
        (target / wanted).parent.mkdir(exist_ok=True)
        (target / "committed" / given).rename(target / wanted)
    shutil.rmtree(target / "committed")
    return True


def _last_good(
    config: Path,
    settings: Settings,
    wish: ReleaseOptions,
    as_of: date | None,
    live: ReleaseManifest | None,
    failure: Exception,
) -> Iterator[PreparedSite]:
    """Build from the last good data with today's withdrawals; yield the site, and report after the release.

    Raises:
        ConfigurationError: always: why the site cannot be built, or that it was built from the last good data.
    """
    base = config.resolve().parent
    good = base / WORK / GOOD
    cause = "" if wish.withdrawals_only else f"{_message(failure)}\n"
    withdrawals, invalid = withdrawals_in((base / settings.data).resolve() / WITHDRAWAL.path)
    if not withdrawals:
        raise failure
    (base / WORK).mkdir(parents=True, exist_ok=True)
    scratch = Scratch(base / WORK, f"{GOOD}-")
    try:
        copy = scratch.path
        if good.is_dir():
            shutil.copytree(good, copy, dirs_exist_ok=True)
        elif live is None or not live.commit or not _committed(base, settings, live.commit, copy):
            raise ConfigurationError(
                f"{cause}"
                f"没有上一次发布的资料可用，所以撤下记录（{len(withdrawals)} 条）现在也没有发布。请先改正上面的问题 / "
                f"there is no data of an earlier release here, so the withdrawals ({len(withdrawals)}) are not "
                "released either; correct the errors above first"
            ) from failure
        previous, _ = withdrawals_in(copy / "data" / WITHDRAWAL.path)
        merged = _merged(previous, withdrawals, copy / "data")
        known = withdrawn_fingerprints(previous) | (set(live.withdrawals) if live else set())
        fresh = [withdrawal for withdrawal in merged if not withdrawn_fingerprints([withdrawal]) <= known]
        if not fresh:
            raise failure
        click.echo(
            f"有 {len(fresh)} 条新的撤下：用上一次发布的资料 / "
            f"withdrawals are new ({len(fresh)}): using the data of the last release"
            if wish.withdrawals_only
            else f"资料不能发布，但有 {len(fresh)} 条新的撤下：改用上一次发布的资料 / "
            f"the data cannot be released, but withdrawals are new ({len(fresh)}): using that of the last release",
            err=True,
        )
        _write(merged, copy / "data" / WITHDRAWAL.path)
        _strike(withdrawn_names(merged, read(copy / "data")), copy)
        with_copy = _with(settings, copy)
        with ExitStack() as stack:
            try:
                prepared = stack.enter_context(examined(config, settings, wish, as_of, with_copy))
            except (DataError, ConfigurationError) as error:
                raise ConfigurationError(
                    f"{cause}撤下没有发布：上一次的资料加上撤下记录也不能发布 / "
                    "the withdrawals are not released: "
                    f"the data of the last release cannot be released with them either:\n{_message(error)}"
                ) from error
            yield PreparedSite(*prepared, is_of_today=False)
        keep(base, with_copy)
    finally:
        scratch.remove()
    if wish.withdrawals_only:
        if invalid:
            raise ConfigurationError("\n".join(invalid))
        return
    skipped = "".join(f"\n{line}" for line in invalid)
    raise ConfigurationError(
        f"{_message(failure)}{skipped}\n"
        "====\n"
        "注意：今天的资料没有发布。公开网站用的是上一次发布的资料，"
        f"已应用撤下记录，新的 {len(fresh)} 条。请改正上面的问题，再发布一次。\n"
        "Attention: today's data was not released. The live site shows the data of the last release with the "
        f"withdrawals applied, {len(fresh)} of them new. Correct the errors above, and release again."
    ) from failure


def _with(settings: Settings, copy: Path) -> Settings:
    """Return ``settings`` with the folders replaced by those of ``copy``."""
    editions = tuple(e.model_copy(update={"docs": str(copy / "docs" / e.language)}) for e in settings.editions)
    return settings.model_copy(update={"data": str(copy / "data"), "editions": editions})


def withdrawals_in(file: Path) -> tuple[list[Withdrawal], list[str]]:
    """Read the withdrawals of ``file`` one by one, so that an error in one does not affect the others.

    Returns:
        The valid withdrawals, and a message for each invalid one.
    """
    if not file.is_file():
        return [], []
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found: list[Withdrawal] = []
    broken: list[str] = []
    line = 1
    for item in _ITEM.split(text):
        if item.startswith("- "):
            withdrawal = _withdrawal(item)
            if withdrawal is None:
                broken.append(
                    f"{WITHDRAWAL.path}:{line}:1: 这一条撤下有误，没有应用 / this withdrawal is wrong and not applied"
                )
            else:
                found.append(withdrawal)
        line += item.count("\n")
    return found, broken


def _withdrawal(item: str) -> Withdrawal | None:
    root = yamlfile.compose(item, WITHDRAWAL.path)
    if root is None or isinstance(root, Problem):
        return None
    careful = PlainValues(WITHDRAWAL.path)
    values = careful.value(root)
    if not isinstance(values, list) or len(values) != 1:
        return None
    try:
        withdrawal = Withdrawal.model_validate(values[0])
    except ValidationError:
        return None
    # Names and exceptions that the data check refuses are left out singly.
    names = tuple(name for name in withdrawal.names if is_long_enough(name))
    if not names and withdrawal.record is None:
        return None
    return withdrawal.model_copy(
        update={"names": names, "keep": tuple(k for k in withdrawal.keep if is_longer(k, names))}
    )


def _merged(before: Sequence[Withdrawal], now: Sequence[Withdrawal], data: Path) -> list[Withdrawal]:
    """Merge the withdrawals of the last release and today's, adapted to the records in the folder ``data``."""
    records = {
        f"{entry.kind.name}/{entry.record.id}": entry.record.date
        for entry in read(data).entries
        if isinstance(entry.record, Publishable)
    }
    found: dict[tuple[frozenset[str], str | None], Withdrawal] = {}
    ids: set[str] = set()
    for withdrawal in (*before, *now):
        if withdrawal.record is not None and withdrawal.record not in records:
            # A record newer than the last release is not public.
            if not withdrawal.names:
                continue
            withdrawal = withdrawal.model_copy(update={"record": None})
        taken = (frozenset(withdrawal.names), withdrawal.record)
        if taken in found:
            continue
        own, number = withdrawal.id, 1
        while own in ids:
            number += 1
            own = f"{withdrawal.id}-{number}"
        ids.add(own)
        day = max(withdrawal.date, records.get(withdrawal.record or "", withdrawal.date))
        found[taken] = withdrawal.model_copy(update={"id": own, "date": day})
    return list(found.values())


def _write(withdrawals: Sequence[Withdrawal], file: Path) -> None:
    values = [w.model_dump(mode="json", exclude_none=True, exclude_defaults=True) for w in withdrawals]
    file.write_text(yaml.safe_dump(values, allow_unicode=True, sort_keys=False), encoding="utf-8", newline="\n")


def _strike(names: Names, copy: Path) -> None:
    """Redact ``names`` in the files of ``copy`` that a build leaves as they are: written pages, records of the plan."""
    data = copy / "data"
    for path in sorted(p for p in copy.rglob("*") if p.is_file() and p.suffix in (".md", ".yml", ".txt", ".csv")):
        file = path.relative_to(data).as_posix() if path.is_relative_to(data) else ""
        kind = home(file, KINDS) if file else None
        if kind is not None and (issubclass(kind.model, Publishable) or kind is WITHDRAWAL):
            continue
        if file and kind is None and not (is_evidence(file) or path.suffix == ".txt"):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if names and names.in_text(text):
            language = "zh" if file else path.relative_to(copy / "docs").parts[0]
            path.write_text(names.struck_from(text, language), encoding="utf-8", newline="\n")


def _message(error: Exception) -> str:
    if isinstance(error, DataError):
        return "\n".join(error.lines)
    return str(error) if isinstance(error, ConfigurationError) else f"{type(error).__name__}: {error}"
