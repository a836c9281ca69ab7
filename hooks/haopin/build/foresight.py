"""Predict errors and warnings of today's and of later builds, without rendering pages.

A record that becomes public or expires on a later day may break a redirect or a link on that day.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from haopin.build.addresses import links_of
from haopin.build.settings import MarkdownExtensions, Settings
from haopin.build.written_pages import VIEWS, PageContent, WrittenLink, WrittenPage, meant
from haopin.check import links as rules
from haopin.check.entries import RecordIndex
from haopin.check.identity import name_is_possible
from haopin.check.links import TextLink, redirects_lead_to_pages
from haopin.html.links import Links
from haopin.installation import PACKAGE
from haopin.load.dataset import Dataset
from haopin.load.folder import SAMPLES, Places, languages_of, report
from haopin.markdown import is_link, links_in
from haopin.model.publishable import Publishable, Withdrawal
from haopin.model.redirect import Redirect
from haopin.problem import ConfigurationError, Place, Problem, problem
from haopin.site.catalogue import Catalogue, catalogue
from haopin.site.pages import LISTINGS, Page, pages
from haopin.site.publish import Published, first_day
from haopin.text import LANGUAGES, Language, fullwidth

if TYPE_CHECKING:
    # Loaded at their first use: most data has few links to what only a rendered page or an export tells.
    from jinja2 import Environment

    from haopin.exports.source import ExportSource
    from haopin.html.i18n import Label

#: Number of days that are predicted.
DAYS_AHEAD = 400

#: A written page without any of these has no link, image or short code.
_MAY_LINK = re.compile(r"\]\(|\]\[|\]:|\[\[|<")

Written = Mapping[Language, Sequence[WrittenPage]]
Gone = Mapping[Language, frozenset[tuple[str, str]]]


class PageResources:
    """Labels and templates, which do not depend on the day; loaded at their first use."""

    def __init__(self, dataset: Dataset) -> None:
        """Use the labels of further languages in ``dataset``."""
        self._dataset = dataset

    @property
    def labels(self) -> Mapping[str, "Label"]:
        """Interface texts by key."""
        return self._labels[0]

    @property
    def problems(self) -> Sequence[Problem]:
        """Problems of the labels of further languages."""
        return self._labels[1] if languages_of(self._dataset) else ()

    @cached_property
    def _labels(self) -> tuple[Mapping[str, "Label"], Sequence[Problem]]:
        from haopin.build.further_labels import with_further
        from haopin.html.i18n import site_labels

        return with_further(site_labels(PACKAGE / "labels.yml"), self._dataset)

    @cached_property
    def templates(self) -> "Environment":
        """Page templates."""
        from haopin.html.renderer import environment

        return environment(PACKAGE / "templates")


def read_words(dataset: Dataset, settings: Settings) -> PageResources:
    """Return the labels and the page templates.

    Raises:
        ConfigurationError: if the data folder has no labels for a language of the site.
    """
    further = languages_of(dataset)
    for edition in settings.editions:
        if edition.language not in (*LANGUAGES, *further):
            file = f"{settings.data}/labels/{edition.language}.yml"
            raise ConfigurationError(
                f"editions 有语言“{edition.language}”，却没有界面文字 {file} / "
                f"editions has the language “{edition.language}”, but its labels are missing: {file}"
            )
    return PageResources(dataset)


@dataclass(frozen=True)
class Foreseen:
    """Result of the prediction.

    Attributes:
        errors: Errors of a build, as lines to print.
        warnings: Warnings of a build, as lines to print.
        gone: By language: (source file, address) of each link of a written page whose target is not public today.
        on: Returns the catalogue of a day.
    """

    errors: list[str]
    warnings: list[str]
    gone: Gone
    on: Callable[[date], Catalogue]


def foresee(
    settings: Settings,
    extensions: MarkdownExtensions,
    base: Path,
    reading: Dataset,
    name: str,
    written: Written,
    day: date,
    words: PageResources,
    *,
    ahead: int = 0,
) -> Foreseen:
    """Predict the build of ``day``, and that of each later day on which the public records change.

    Args:
        settings: Settings of the site.
        extensions: Markdown extensions of the written pages.
        base: Folder of the configuration.
        reading: Dataset without errors.
        name: Name of the data folder in messages.
        written: The written pages, by language.
        day: Date of the pages.
        words: Labels and templates.
        ahead: Number of later days to predict.
    """
    prediction = _Prediction(settings, extensions, base, reading, written, day, words, ahead)
    gone: dict[Language, set[tuple[str, str]]] = {language: set() for language in written}
    problems = [(name, found) for found in words.problems]
    # Pages cannot be made with wrong labels.
    is_ready = all(found.severity == "warning" for found in words.problems)
    if is_ready:
        problems += ((name, found) for found in (*prediction.redirects(), *prediction.records()))
    for edition in settings.editions if is_ready else ():
        for page in written[edition.language]:
            problems += (
                (edition.docs, found) for found in prediction.page(edition.language, page, gone[edition.language])
            )

    def lines(severity: str) -> list[str]:
        return [
            line
            for folder in dict.fromkeys(where for where, _ in problems)
            for line in report(
                reading.folder, [p for where, p in problems if where == folder and p.severity == severity], folder
            )
        ]

    own = {language: frozenset(its) for language, its in gone.items()}
    return Foreseen(lines("error"), lines("warning"), own, prediction.on)


def _days(reading: Dataset, day: date, ahead: int) -> tuple[date, ...]:
    """Return ``day`` and the later days on which a record becomes public or expires."""
    found = {day}
    last = day + timedelta(days=ahead)
    for entry in reading.entries if ahead else ():
        if isinstance(entry.record, Publishable) and (begin := first_day(entry.record)) is not None:
            found |= {each for each in (begin, entry.record.expires) if each and day < each <= last}
    return tuple(sorted(found))


class _Prediction:
    """Prediction for one dataset and the written pages."""

    def __init__(
        self,
        settings: Settings,
        extensions: MarkdownExtensions,
        base: Path,
        reading: Dataset,
        written: Written,
        day: date,
        words: PageResources,
        ahead: int,
    ) -> None:
        self._settings, self._extensions, self._base = settings, extensions, base
        self._reading, self._written, self._day, self._words = reading, written, day, words
        self._days = _days(reading, day, ahead)
        self._places = Places(reading.folder)
        # Created at their first use: most data has few links.
        self.on: Callable[[date], Catalogue] = cache(
            lambda when: catalogue(reading, when, samples=settings.samples, shows=settings.shows)
        )
        self._links = cache(self._make_links)

    # --- Addresses

    @cached_property
    def _ever(self) -> Catalogue:
        """Catalogue of everything that may be public on some day."""
        return self._all(samples=self._settings.samples)

    @cached_property
    def _ever_with_samples(self) -> Catalogue:
        return self._all(samples=True)

    def _all(self, *, samples: bool) -> Catalogue:
        records = tuple(e.record for e in self._reading.entries if samples or not e.record.sample)
        known = {(e.kind.name, e.record.id) for e in self._reading.entries if samples or not e.record.sample}
        tables = {k: rows for k, rows in self._reading.tables.items() if k in known}
        return Catalogue.of(Published(records, tables), pictures=self._reading.pictures)

    def _make_links(self, language: Language, when: date | None, samples: bool) -> Links:
        """Return the link targets of the day ``when``; with ``None``, those of any day."""
        public = (self._ever_with_samples if samples else self._ever) if when is None else self.on(when)
        settings = self._settings.model_copy(update={"language": language})
        written, docs = self._written[language], self._base / settings.edition.docs

        @cache
        def source() -> "ExportSource":
            from haopin.exports.source import ExportSource
            from haopin.html.renderer import Renderer

            base = str(public.site.address).rstrip("/") + "/"
            renderer = Renderer(
                public,
                language,
                when or self._day,
                self._words.labels,
                self._words.templates,
                tuple((page.address, page.title) for page in written),
                settings.edition.up,
                base + settings.edition.path,
            )
            renderer.links = links
            return ExportSource(renderer, base, {e.language: e.path for e in settings.editions}, settings.indexed)

        links = links_of(public, source, settings, docs, written, self._extensions)
        return links

    def _addresses(self) -> list[str]:
        """Return all addresses that a text may link to, for suggestions."""
        own = {page.address for page in pages(self._ever)} | {p.address for its in self._written.values() for p in its}
        return sorted(f"/{address}" for address in own)

    # --- Problems

    def redirects(self) -> Iterator[Problem]:
        """Yield the problems of redirects, on ``day`` and on later days."""
        entries = RecordIndex(self._reading)
        if not any(isinstance(entry.record, Redirect) for entry in entries.all):
            return
        written = {page.address for its in self._written.values() for page in its}
        records = {entry.kind.anchor(entry.record.id) for entry in entries.all}
        other = {f"{listing.folder}/" for listing in LISTINGS} | {a for a in records if "#" not in a}
        roots = [edition.path for edition in self._settings.editions]
        reported: set[tuple[Place, str]] = set()
        for when in self._days:
            own = {page.address for page in pages(self.on(when))} | written
            for found in redirects_lead_to_pages(
                entries,
                {root + address for root in roots for address in own},
                {root + address for root in roots for address in other},
                samples=self._settings.samples,
            ):
                today = when == self._day
                if (found.place, found.en) in reported or (not today and found.severity == "warning"):
                    continue
                reported.add((found.place, found.en))
                yield found if today else _on_day(found, when)

    def records(self) -> Iterator[Problem]:
        """Yield the problems of links, images and short codes in the texts of records."""
        entries = RecordIndex(self._reading)
        gone = {w.record for w, _ in entries.of(Withdrawal) if w.record}
        for link in rules.links_of_records(entries, self._find, tuple(self._written)):
            record = link.entry.record
            withdrawn = f"{link.entry.kind.name}/{record.id}" in gone
            over = isinstance(record, Publishable) and record.expires is not None and record.expires <= self._day
            if not (withdrawn or over):
                yield from self._of_record(link)
        for entry, path, code in rules.short_codes_in_records(entries):
            yield rules.is_no_view(self._place(entry.at(*path), code), code)

    def _find(self, text: str, language: Language, article: bool) -> list[tuple[str, str]]:
        """Return the links of a text, parsed as by the build."""
        chinese = language == "zh"
        parts = ("links", text, str(article), str(chinese))
        found = self._reading.reading(parts, lambda: links_in(text, article=article, chinese=chinese))
        return [(tag, address) for tag, address in found]

    def _of_record(self, link: TextLink) -> Iterator[Problem]:
        address, record = link.address, link.entry.record
        samples = record.sample or self._settings.samples
        languages = tuple(language for language in link.languages if language in self._written)
        own, languages = self._own(f"/{link.here}{address}" if address.startswith("#") else address, languages)
        if own is None and is_link(link.tag, address):
            return
        place = self._place(link.entry.at(*link.path), address)
        if own is None or not is_link(link.tag, address):
            yield rules.becomes_words(place, link.tag, address)
        elif not all(self._links(language, None, samples).has(own) for language in languages):
            folder, _, name = own.removeprefix("/").partition("/")
            is_file = folder == "evidence" and any(
                f"{inner}evidence/{name}" in self._reading.files for inner in ("", SAMPLES)
            )
            yield rules.leads_nowhere(place, address, self._addresses(), is_file=is_file)
        elif self._settings.samples or not record.sample:
            day = self._first_without([day for day in self._days if _is_shown(record, day)], own, languages)
            if day is not None:
                yield rules.is_not_public(place, address, day, today=day == self._day)

    def _own(self, address: str, languages: tuple[Language, ...]) -> tuple[str | None, tuple[Language, ...]]:
        """Split ``address`` into its path within a language and the languages that must have it.

        The path is None if the address is not on this site.
        """
        if address.startswith("/") and not address.startswith("//"):
            return address, languages
        base = str(self._ever.site.address).rstrip("/") + "/"
        for edition in sorted(self._settings.editions, key=lambda e: len(e.path), reverse=True):
            if address.startswith(base + edition.path):
                return "/" + address.removeprefix(base + edition.path), (edition.language,)
        return None, languages

    def _first_without(self, days: Sequence[date], own: str, languages: tuple[Language, ...]) -> date | None:
        """Return the first of ``days`` on which ``own`` does not exist in every language; None if there is none."""
        return next((d for d in days if not all(self._links(each, d, False).has(own) for each in languages)), None)

    def _place(self, place: Place, words: str) -> Place:
        """Return the position of ``words`` in the text at ``place``; ``place`` itself if they are not there."""
        line, column = self._places.mark(place)
        text = (self._reading.folder / place.file).read_text(encoding="utf-8-sig", errors="replace")
        return Place(place.file, mark=rules.place_of(text, words, line, column) or (line, column))

    # --- Written pages

    def page(self, language: Language, page: WrittenPage, gone: set[tuple[str, str]]) -> Iterator[Problem]:
        """Yield the problems of a written page; add each link without a public target to ``gone``."""
        for part in page.source.split("/"):
            yield from name_is_possible(part.removesuffix(".md"), Place(page.source, mark=(1, 1)))
        twin = self._generated.get(page.address)
        if page.address and twin is not None and twin.source != page.source:
            yield problem(
                Place(page.source, mark=(1, 1)),
                "与本站自己的页面“/{address}”地址相同;要代替它,请把文件改名为“{source}”",
                "this is also the address of the site’s own page “/{address}”; to replace that page, rename the file "
                "to “{source}”",
                address=page.address,
                source=twin.source,
            )
        if not _MAY_LINK.search(page.text):
            return
        content = page.content(self._extensions)
        for code in dict.fromkeys(content.codes):
            if code not in VIEWS:
                yield rules.no_such_view(Place(page.source, mark=page.place(f"[[{code}]]")), code, VIEWS)
        for link in dict.fromkeys(content.links):
            place = Place(page.source, mark=page.place(link.address))
            own, languages = self._of_page(language, page, content, link)
            if own is None:
                if link.address.startswith(("/", "\\")) and not link.raw:
                    yield rules.is_no_source(place, link.address, "../" * page.source.count("/"))
                continue
            if not all(self._links(each, None, self._settings.samples).has(own) for each in languages):
                yield rules.leads_nowhere(place, link.address, self._sources(language))
            elif (day := self._first_without(self._days, own, languages)) is not None:
                if day == self._day:
                    gone.add((page.source, link.address))
                yield rules.is_not_public(place, link.address, day, today=day == self._day)

    def _of_page(
        self, language: Language, page: WrittenPage, content: PageContent, link: WrittenLink
    ) -> tuple[str | None, tuple[Language, ...]]:
        """Resolve a link of a written page to its path and languages; the path is None if there is nothing to check."""
        path, _, fragment = link.address.partition("#")
        if not path:
            known = not fragment or fragment in content.anchors
            return (None if known else f"/{page.address}#{fragment}"), (language,)
        target = meant(page.source, page.address, link)
        if target is None:
            return self._own(link.address, (language,)) if "://" in link.address else (None, (language,))
        if link.address.startswith(("/", "\\")) and not link.raw:
            return None, (language,)
        if target.endswith(".md") and not link.raw:
            # A source file without a page: a path that does not exist either.
            target = self._sources(language).get(target, f"/{target}").removeprefix("/")
        return f"/{target}" + (f"#{fragment}" if fragment else ""), (language,)

    @cached_property
    def _generated(self) -> Mapping[str, Page]:
        return {page.address: page for page in pages(self._ever)}

    def _sources(self, language: Language) -> Mapping[str, str]:
        """Return the address of every page that may exist on some day, by its source file."""
        found = {page.source: f"/{page.address}" for page in self._generated.values()}
        return found | {page.source: f"/{page.address}" for page in self._written[language]}


def _is_shown(record: object, day: date) -> bool:
    """Return whether ``record`` is shown on ``day``, provided it is approved."""
    if not isinstance(record, Publishable):
        return True
    begin = first_day(record)
    return (begin is None or begin <= day) and (record.expires is None or day < record.expires)


def _on_day(found: Problem, day: date) -> Problem:
    return replace(found, zh=fullwidth(f"到 {day} 那天:") + found.zh, en=f"on {day}: {found.en}")
