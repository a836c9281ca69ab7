"""The last good data: kept with each release, so that a withdrawal can go out whatever else is wrong.

To take something down may be a duty with a day. It must not wait for a mistake in another file: then the data of the
last release is published again, with the withdrawals of today. A runner that starts from an empty disk has kept none,
and takes the commit of the public release from its clone.
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

#: Folder of the last good data, below that of releases: ``data``, and ``docs`` by language.
GOOD = "good"
_ITEM = re.compile(r"^(?=- )", re.M)


@dataclass(frozen=True)
class PreparedSite:
    """A site that may be released.

    Attributes:
        site: Its folder.
        expected: What was expected of it.
        withdrawals: Fingerprints of what it takes back.
        is_of_today: Whether it shows the data of the checkout; otherwise those of the last release.
    """

    site: Path
    expected: Expected
    withdrawals: tuple[str, ...]
    is_of_today: bool


class NothingNewError(ConfigurationError):
    """Only withdrawals were asked for, and none is new."""


@contextmanager
def examined_or_last_good(
    config: Path, settings: Settings, wish: ReleaseOptions, as_of: date | None, live: ReleaseManifest | None
) -> Iterator[PreparedSite]:
    """Do what `examined` does; if that fails and a withdrawal waits, do it with the last good data.

    What the release was made from is kept when it has succeeded.

    Args:
        config: The main configuration.
        settings: What it says.
        wish: What is asked for.
        as_of: The day for which the pages speak; None for today.
        live: The public release, if there is one.

    Raises:
        NothingNewError: if only withdrawals were asked for, and none is new.
        DataError: if the data has problems, and no withdrawal waits.
        ConfigurationError: if the site cannot be made; or if it was made of the last good data, when that is released.
    """
    if wish.withdrawals_only:
        nothing = NothingNewError("没有新的撤下，没有发布 / no withdrawal is new, nothing is released")
        yield from _last_good(config, settings, wish, as_of, live, nothing)
        return
    base = config.resolve().parent
    with ExitStack() as stack:
        failure: Exception | None = None
        try:
            made = stack.enter_context(examined(config, settings, wish, as_of))
        except Exception as error:
            # Whatever it was, an error of the engine too: a withdrawal must not wait for it.
            if settings.samples or settings.staging:
                raise
            failure = error
        if failure is None:
            yield PreparedSite(*made, is_of_today=True)
            keep(base, settings)
            return
    yield from _last_good(config, settings, wish, as_of, live, failure)


def keep(base: Path, settings: Settings) -> None:
    """Keep a copy of the data and the written pages that were just released; the copy before it is thrown away."""
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
    """Copy a folder; a file that is as in the ``last`` copy is that file again, since evidence may be large."""

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
    """Put the data and the written pages of ``commit`` into ``target``; tell whether the clone has them."""
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
    """Yield the site of the last good data with the withdrawals of today; say afterwards what happened.

    Raises:
        ConfigurationError: always; what keeps the site from being made, or that it was made of the last good data.
    """
    base = config.resolve().parent
    good = base / WORK / GOOD
    cause = "" if wish.withdrawals_only else f"{_words(failure)}\n"
    waiting, broken = withdrawals_in((base / settings.data).resolve() / WITHDRAWAL.path)
    if not waiting:
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
                f"没有上一次发布的资料可用，所以撤下记录（{len(waiting)} 条）现在也没有发布。请先改正上面的问题 / "
                f"there is no data of an earlier release here, so the withdrawals ({len(waiting)}) are not released "
                "either; correct the above first"
            ) from failure
        before, _ = withdrawals_in(copy / "data" / WITHDRAWAL.path)
        merged = _merged(before, waiting, copy / "data")
        known = withdrawn_fingerprints(before) | (set(live.withdrawals) if live else set())
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
        again = _with(settings, copy)
        with ExitStack() as stack:
            try:
                made = stack.enter_context(examined(config, settings, wish, as_of, again))
            except (DataError, ConfigurationError) as error:
                raise ConfigurationError(
                    f"{cause}撤下没有发布：上一次的资料加上撤下记录也不能发布 / "
                    "the withdrawals are not released: "
                    f"the data of the last release cannot be released with them either:\n{_words(error)}"
                ) from error
            yield PreparedSite(*made, is_of_today=False)
        keep(base, again)
    finally:
        scratch.remove()
    if wish.withdrawals_only:
        if broken:
            raise ConfigurationError("\n".join(broken))
        return
    unread = "".join(f"\n{line}" for line in broken)
    raise ConfigurationError(
        f"{_words(failure)}{unread}\n"
        "====\n"
        "注意：今天的资料没有发布。公开网站用的是上一次发布的资料，"
        f"已应用撤下记录，新的 {len(fresh)} 条。请改正上面的问题，再发布一次。\n"
        "Attention: the data of today is not released. The public site shows the data of the last release with the "
        f"withdrawals applied, {len(fresh)} of them new. Correct the above, and release again."
    ) from failure


def _with(settings: Settings, copy: Path) -> Settings:
    """Return ``settings`` with the folders of ``copy``."""
    editions = tuple(e.model_copy(update={"docs": str(copy / "docs" / e.language)}) for e in settings.editions)
    return settings.model_copy(update={"data": str(copy / "data"), "editions": editions})


def withdrawals_in(file: Path) -> tuple[list[Withdrawal], list[str]]:
    """Return the withdrawals that can be read of ``file``, each for itself, and a line for each other one.

    A mistake in one, or in the file's YAML, takes nothing from the others.
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
    # What the check refuses of it, it refuses alone.
    names = tuple(name for name in withdrawal.names if is_long_enough(name))
    if not names and withdrawal.record is None:
        return None
    return withdrawal.model_copy(
        update={"names": names, "keep": tuple(k for k in withdrawal.keep if is_longer(k, names))}
    )


def _merged(before: Sequence[Withdrawal], now: Sequence[Withdrawal], data: Path) -> list[Withdrawal]:
    """Return all withdrawals, those that were obeyed already too, as they fit the folder ``data``."""
    records = {
        f"{entry.kind.name}/{entry.record.id}": entry.record.date
        for entry in read(data).entries
        if isinstance(entry.record, Publishable)
    }
    found: dict[tuple[frozenset[str], str | None], Withdrawal] = {}
    ids: set[str] = set()
    for withdrawal in (*before, *now):
        if withdrawal.record is not None and withdrawal.record not in records:
            # A record that came later is not public.
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
    """Strike ``names`` out of files of the ``copy`` that no withdrawal reaches: written pages, records of the plan."""
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
            english = not file and path.relative_to(copy / "docs").parts[0] == "en"
            path.write_text(names.struck_from(text, "en" if english else "zh"), encoding="utf-8", newline="\n")


def _words(error: Exception) -> str:
    if isinstance(error, DataError):
        return "\n".join(error.lines)
    return str(error) if isinstance(error, ConfigurationError) else f"{type(error).__name__}: {error}"
