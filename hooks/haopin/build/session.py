"""Inputs that the builds of all languages share: records, labels, templates, written pages."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from jinja2 import Environment

from haopin.build.foresight import Gone, foresee, read_words
from haopin.build.settings import MarkdownExtensions, Settings, display_name, resolve_day
from haopin.build.written_pages import Docs, WrittenPage, named_lines, personal_lines, read_docs
from haopin.cache import Readings
from haopin.exports.embeds import CARDS
from haopin.html import material
from haopin.html.i18n import Label
from haopin.html.renderer import template_of
from haopin.installation import PACKAGE, installs
from haopin.load.dataset import Dataset
from haopin.load.folder import is_litter, open_readings
from haopin.markdown import may_have_elements, rich_article
from haopin.materials.engine import is_available
from haopin.model.news import Event, News
from haopin.model.site import Site
from haopin.privacy.redaction import Names, names_of
from haopin.problem import DataError
from haopin.site.branding import look
from haopin.site.catalogue import Catalogue, checked, time_zone, with_site
from haopin.site.pages import pages
from haopin.site.paths import assets_folder
from haopin.text import Language

#: Templates that a template extends, includes or imports.
_OTHERS = re.compile(r"\{% (?:extends|include|import) \"([^\"]+)\"")

#: Styles and scripts of the theme.
THEME_ASSETS = PACKAGE / "theme/assets"


def theme_assets() -> list[Path]:
    """Return the style sheets and scripts of the theme, sorted."""
    return sorted(
        file for file in THEME_ASSETS.iterdir() if file.suffix in (".css", ".js") and not is_litter(file.name)
    )


#: Records that were read, without errors, and the warnings about them.
Reading = tuple[Dataset, Sequence[str]]


@dataclass(frozen=True)
class BuildSession:
    """Everything that is read before the first page is rendered.

    Attributes:
        catalogue: The records that are public on ``as_of``.
        data: The data folder.
        as_of: Date of the pages.
        labels: Interface texts.
        templates: Page templates.
        written: (address, title) of the written pages, by language.
        docs: Files of the ``docs`` folders that may be published, by language, relative to the folder.
        look: Generated style sheets and images of the county's branding, by file name.
        assets: Folder of all assets, relative to the root of a language.
        pages: The written pages, by language.
        nav_titles: Titles in the configured navigation, by language and file.
        gone: Links of written pages without a public target today, by language.
        names: Withdrawn names, to redact in written pages.
        shared: Paths of the files that all languages share, relative to the site; filled in by the primary build.
        extensions: Markdown extensions of the written pages of the primary language, which are valid.
        notices: What is not as the data asks for, and why, in both languages.
        known: Paths of the files that the build of each language made, with their SHA-256 or ""; filled in at its end.
    """

    catalogue: Catalogue
    data: Path
    as_of: date
    labels: Mapping[str, Label]
    templates: Environment
    written: Mapping[Language, tuple[tuple[str, str], ...]]
    docs: Mapping[Language, tuple[str, ...]]
    look: Mapping[str, str | bytes]
    assets: str
    pages: Mapping[Language, Sequence[WrittenPage]]
    nav_titles: Mapping[Language, Mapping[str, str]]
    gone: Gone
    names: Names
    extensions: MarkdownExtensions
    notices: tuple[str, ...] = ()
    shared: set[str] = field(default_factory=set)
    known: dict[Language, dict[str, str]] = field(default_factory=dict)


def open_session(
    settings: Settings,
    base: Path,
    extensions: MarkdownExtensions,
    tell: Callable[[str], None],
    docs: Docs | None = None,
    reading: Reading | None = None,
    readings: Readings | None = None,
) -> BuildSession:
    """Read and check all inputs of a build.

    Args:
        settings: Settings of the site.
        base: Folder of the configuration file; its paths are relative to it.
        extensions: Markdown extensions of the written pages.
        tell: Prints a warning (one line).
        docs: The written pages, if they have been read and have not changed since.
        reading: The records and the warnings about them, if they have been read and have no errors.
        readings: Results of slow reads that the caller keeps; None for those of the last build.

    Raises:
        DataError: with all errors of the data and of the written pages.
        ConfigurationError: if the settings are invalid.
    """
    folder = (base / settings.data).resolve()
    name = display_name(folder, base)
    # What was read before is not read again, and the results of slow reads are then somebody else's.
    if readings is None and (docs is None or reading is None):
        readings = open_readings(base / settings.cache)
    docs = docs or read_docs(settings, base, extensions, readings)
    try:
        dataset, warnings = reading or checked(folder, name, readings)
    except DataError as error:
        if readings is not None:
            readings.finish()
        raise DataError([*error.lines, *docs.lines]) from error
    if settings.address is not None:
        dataset = with_site(dataset, address=settings.address)
    makes = settings.exports and next(dataset.records(Site)).materials
    notices = []
    if makes and not is_available():
        fix = installs("[materials]")
        notices.append(
            f"这台机器没有装上画宣传物料的程序包（Typst 和字体），网站照常生成，不含宣传物料；要做，请运行 {fix} / "
            f"this machine lacks the packages that draw materials (Typst and its fonts), and the site is built without "
            f"them; to have them, run {fix}"
        )
    if not (makes and is_available()):
        dataset = with_site(dataset, materials=False)
    written = docs.pages
    words = read_words(dataset, settings)
    day = resolve_day(settings.as_of, time_zone(dataset))
    seen = foresee(settings, extensions, base, dataset, name, written, day, words)
    if readings is not None:
        readings.finish()
    names = names_of(dataset, samples=settings.samples)
    for line in [*docs.warnings, *warnings, *seen.warnings, *named_lines(written, names)]:
        tell(line)
    personal = personal_lines(docs, (entry.record for entry in dataset.entries))
    if seen.errors or docs.lines or personal:
        raise DataError([*docs.lines, *personal, *seen.errors])
    public = seen.on(day)
    own = {**look(public), **material.files(docs.parts | _article_parts(public))}
    assets = assets_folder({file.name: file.read_bytes() for file in theme_assets()} | own)
    titles: dict[Language, tuple[tuple[str, str], ...]] = {
        language: tuple((page.address, names.struck_from(page.title, language)) for page in its)
        for language, its in written.items()
    }
    templates = words.templates
    return BuildSession(
        public,
        folder,
        day,
        words.labels,
        templates,
        titles,
        docs.files,
        own,
        assets,
        written,
        docs.titles,
        seen.gone,
        names,
        extensions,
        tuple(notices),
    )


def _article_parts(public: Catalogue) -> frozenset[str]:
    """Return the tags and classes in the articles of records, to select the styles of Material's elements."""
    texts = [*(news.text for news in public.all(News)), *(event.text for event in public.all(Event) if event.text)]
    words = (words for text in texts for words in (text.zh, text.en) if words and may_have_elements(words))
    articles = (rich_article(each, "./") for each in words)
    return frozenset().union(*map(material.parts_of, articles))


def compile_page_templates(templates: Environment, public: Catalogue, *, cards: bool) -> None:
    """Compile the templates of the pages of ``public`` before the process forks, so that both languages share them."""
    waiting = [template_of(page, templates) for page in pages(public)]
    if cards:
        waiting += [f"embed/{card.name}.html" for card in CARDS if public.all(card.model)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            templates.get_template(name)
            source = (PACKAGE / "templates" / name).read_text(encoding="utf-8")
            waiting += _OTHERS.findall(source)
