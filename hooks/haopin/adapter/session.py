"""What one build of all languages shares: the records, the labels and templates, the pages that a person wrote."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import Environment
from mkdocs.utils import get_markdown_title
from mkdocs.utils.meta import get_data

from haopin.adapter import LOGGER
from haopin.adapter.settings import Settings, display_name, resolve_day
from haopin.assets import folder_of
from haopin.catalogue import Catalogue
from haopin.checking.entries import Entries
from haopin.checking.redirects import redirects_lead_to_pages
from haopin.data import catalogue, checked, relocated, time_zone
from haopin.identity import look
from haopin.outlets.embeds import CARDS
from haopin.pages import LISTINGS, pages
from haopin.problem import DataError, Problem
from haopin.reading.reading import Reading
from haopin.reading.report import report
from haopin.records.redirect import Redirect
from haopin.render.labels import Label, read_labels
from haopin.render.renderer import environment
from haopin.text import Language

log = logging.getLogger(LOGGER)

#: The templates that a template names: that it extends, includes or imports from.
_OTHERS = re.compile(r"\{% (?:extends|include|import) \"([^\"]+)\"")

HOOKS = Path(__file__).resolve().parents[2]
#: What the theme gives to be loaded by pages.
THEME_ASSETS = HOOKS / "theme/assets"


@dataclass(frozen=True)
class Session:
    """Everything that is read before the first page is made.

    Attributes:
        catalogue: The records that are public on the day.
        data: The data folder.
        as_of: The day for which the pages speak.
        labels: Words of the site itself.
        templates: Page templates.
        written: (address, title) of the pages that a person wrote, by language.
        look: Files of the county's look, by name.
        assets: Folder of all that pages load, below the root of a language.
    """

    catalogue: Catalogue
    data: Path
    as_of: date
    labels: Mapping[str, Label]
    templates: Environment
    written: Mapping[Language, tuple[tuple[str, str], ...]]
    look: Mapping[str, str | bytes]
    assets: str


def open_session(settings: Settings, base: Path) -> Session:
    """Read all that a build needs.

    Args:
        settings: From the configuration.
        base: Folder of the configuration file, from which paths in it are meant.

    Raises:
        DataError: with every problem of the data and of the written pages.
        ConfigurationError: if the settings cannot be used.
    """
    folder = (base / settings.data).resolve()
    reading, warnings = checked(folder, display_name(folder, base))
    if settings.address is not None:
        reading = relocated(reading, settings.address)
    written = {e.language: written_pages(base / e.docs) for e in settings.editions}
    _require_pairs(settings, written)
    templates = environment(HOOKS / "templates")
    day = resolve_day(settings.as_of, time_zone(reading))
    public = catalogue(reading, day, samples=settings.samples)
    errors, more = misled(settings, reading, public, written)
    name = display_name(folder, base)
    for line in [*warnings, *report(folder, more, name)]:
        log.info(line)
    if errors:
        raise DataError(report(folder, errors, name))
    compile_templates(templates, public, cards=settings.outlets)
    own = look(public)
    assets = folder_of({file.name: file.read_bytes() for file in THEME_ASSETS.iterdir()} | own)
    return Session(public, folder, day, read_labels(HOOKS / "labels.yml"), templates, written, own, assets)


def misled(
    settings: Settings,
    reading: Reading,
    public: Catalogue,
    written: Mapping[Language, Sequence[tuple[str, str]]],
) -> tuple[list[Problem], list[Problem]]:
    """Return errors and warnings of old addresses: only here is known which pages there are."""
    own = {page.address for page in pages(public)} | {address for found in written.values() for address, _ in found}
    records = {entry.kind.anchor(entry.record.id) for entry in reading.entries}
    other = {f"{listing.folder}/" for listing in LISTINGS} | {address for address in records if "#" not in address}
    roots = [edition.path for edition in settings.editions]
    found = list(
        redirects_lead_to_pages(
            Entries(reading),
            {root + address for root in roots for address in own},
            {root + address for root in roots for address in other},
            samples=settings.samples,
        )
    )
    return [p for p in found if p.severity == "error"], [p for p in found if p.severity == "warning"]


def misled_lines(settings: Settings, base: Path, reading: Reading, name: str) -> tuple[list[str], list[str]]:
    """Return what `misled` finds in data without errors, as lines to print."""
    if not any(isinstance(entry.record, Redirect) for entry in reading.entries):
        return [], []
    written = {e.language: written_pages(base / e.docs) for e in settings.editions}
    day = resolve_day(settings.as_of, time_zone(reading))
    errors, warnings = misled(settings, reading, catalogue(reading, day, samples=settings.samples), written)
    return report(reading.folder, errors, name), report(reading.folder, warnings, name)


def compile_templates(templates: Environment, public: Catalogue, *, cards: bool) -> None:
    """Compile what the pages of ``public`` need, before the process forks, so that both languages share the work."""
    waiting = [f"{page.template}.html" for page in pages(public)]
    if cards:
        waiting += [f"embed/{card.name}.html" for card in CARDS if public.all(card.model)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            templates.get_template(name)
            source = (HOOKS / "templates" / name).read_text(encoding="utf-8")
            waiting += _OTHERS.findall(source)


def written_pages(docs: Path) -> tuple[tuple[str, str], ...]:
    """Return address and title of the pages that a person wrote in the folder ``docs``."""
    pages = []
    for path in sorted(docs.rglob("*.md")):
        text, meta = get_data(path.read_text(encoding="utf-8-sig"))
        parts = path.relative_to(docs).with_suffix("").parts
        address = "/".join(parts[:-1] if parts[-1] == "index" else parts)
        title = meta.get("title") or get_markdown_title(text) or parts[-1]
        pages.append((f"{address}/" if address else "", str(title)))
    return tuple(pages)


def _require_pairs(settings: Settings, written: Mapping[Language, tuple[tuple[str, str], ...]]) -> None:
    addresses = {language: {address for address, _ in pages} for language, pages in written.items()}
    every = set().union(*addresses.values())
    lines = []
    for edition in settings.editions:
        for address in sorted(every - addresses[edition.language]):
            name = f"{edition.docs}/{address.rstrip('/') or 'index'}.md"
            lines.append(f"{name}:1:1: 缺少这个页面的{edition.language}版本，请补上 / this page is missing; add it")
    if lines:
        raise DataError(lines)
