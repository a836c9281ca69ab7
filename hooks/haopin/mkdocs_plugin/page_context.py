"""State of the build of one language, and the context of its page templates."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page as MkDocsPage

from haopin.build.graph import Graph
from haopin.build.session import BuildSession
from haopin.build.settings import Settings
from haopin.colour import ink
from haopin.exports.embeds import codes
from haopin.exports.last_modified import LastModified
from haopin.exports.meta_tags import MetaTags
from haopin.exports.pictures.poster import poster
from haopin.exports.source import ExportSource
from haopin.html import formats, material
from haopin.html.citation import marked, markup
from haopin.html.i18n import language_attributes, shown
from haopin.html.inline_svg import icon, qr_svg
from haopin.html.outline import Heading
from haopin.html.renderer import CONTENTS_MARK, Renderer
from haopin.html.whole import whole
from haopin.materials.public import Materials
from haopin.mkdocs_plugin.editions import Editions
from haopin.mkdocs_plugin.site_files import FileNames, GeneratedPage, Listing
from haopin.mkdocs_plugin.speed import PageParts, Shell, Spool, attribute
from haopin.model import FIXED_PAGES
from haopin.privacy.redaction import Names
from haopin.site.pages import Page, written_page
from haopin.text import LANGUAGE_TAGS, LANGUAGES, Language, own_name, shown_address
from haopin.trace import derived, kept

#: Fewest and most headings for which a table of contents is shown.
_FEWEST_CONTENTS, _MOST_CONTENTS = 4, 60
#: What parts a number from its heading; a full-width parenthesis has its space within.
_AFTER_PARENTHESIS = "\uff09 "


@dataclass(frozen=True)
class WrittenParts:
    """Data of a written page for the page frame and the search index."""

    headings: tuple[Heading, ...]
    search_entry: str
    #: Whether it has elements of Material, which need an extra style sheet.
    styled: bool


@dataclass(frozen=True)
class PageExtras:
    """Additions of the configuration to every page: styles, scripts (address, attributes), and a copyright notice."""

    styles: tuple[str, ...]
    scripts: tuple[tuple[str, str], ...]
    copyright: str


def extras_of(config: MkDocsConfig, names: Names, language: Language) -> PageExtras:
    """Return the escaped additions of ``config`` to every page."""
    scripts = []
    for script in config.extra_javascript:
        path = str(getattr(script, "path", script))
        # By default a script does not block rendering.
        loading = "async" if getattr(script, "async_", False) else "defer"
        kind = ' type="module"' if getattr(script, "type", "") == "module" else ""
        scripts.append((attribute(path), f"{kind} {loading}"))
    words = " ".join(unescape(config.copyright or "").split())
    return PageExtras(
        tuple(attribute(str(path)) for path in config.extra_css),
        tuple(scripts),
        attribute(names.struck_from(words, language) if names else words),
    )


@dataclass
class Build:
    """State of the running build of one language, stored in its MkDocs configuration rather than in a global."""

    settings: Settings
    session: BuildSession
    renderer: Renderer
    source: ExportSource
    materials: Materials
    editions: Editions
    extras: PageExtras
    spool: Spool = field(default_factory=Spool)
    shell: Shell | None = None
    env: Environment | None = None
    files: Files | None = None
    #: Source file of the page that is being converted.
    page: str = ""
    graph: Graph | None = None
    menus: dict[tuple[str, str, bool], Any] = field(default_factory=dict)
    written: dict[str, WrittenParts] = field(default_factory=dict)
    #: The names of all files, for `haopin.trace`.
    names: FileNames = field(default_factory=FileNames)
    #: The exports that all languages share, of the primary language.
    shared: Sequence[Listing] = ()
    #: Paths of the files that this build makes, relative to the folder of its language.
    known: set[str] = field(default_factory=set)

    @derived
    def head(self) -> MetaTags:
        """The metadata of pages."""
        return MetaTags(self.source)

    @derived
    def dates(self) -> LastModified:
        """The dates of last change of pages."""
        return LastModified(self.session.catalogue, self.source.view.progress)


def build_of(config: MkDocsConfig) -> Build:
    """Return the running build of ``config``."""
    found: Build = config.extra["haopin_build"]
    return found


def shell_view(build: Build, parts: PageParts, address: str, root: str | None = None) -> SimpleNamespace:
    """Return the value of ``hp`` in the templates of the page frame."""
    site, language = build.session.catalogue.site, build.settings.language
    return SimpleNamespace(
        **vars(parts),
        t=build.renderer.marked,
        show=build.renderer.say,
        icon=icon,
        site=site,
        issuer=build.session.catalogue.issuer,
        slogan=build.session.catalogue.slogan,
        on_main=ink(site.identity.main),
        hero="hero.svg" in build.session.catalogue.companions,
        language=language,
        tag=LANGUAGE_TAGS[language],
        cite_item=build.renderer.t("cite.item", title="{title}"),
        direction=build.renderer.direction,
        assets=build.session.assets,
        root=("../" * address.count("/") or "./") if root is None else root,
        indexed=build.settings.indexed,
        draft=build.settings.is_draft,
        drafts=build.renderer.view.drafts() if build.settings.is_draft else (),
        as_of=Markup(whole(formats.day(build.renderer.as_of, language), language)),
        day=build.renderer.as_of.isoformat(),
        sections=build.renderer.menu(),
        fixed_pages=FIXED_PAGES,
        written=build.session.written[language],
        extras=build.extras,
    )


def languages_of(build: Build, root: str, address: str) -> str:
    """Return the links to the same page in the other languages.

    Args:
        build: The build.
        root: Relative path from the page to the root of its language.
        address: Address of the page, relative to that root.
    """
    others = build.settings.others
    items = []
    for edition in others:
        tag = LANGUAGE_TAGS[edition.language]
        # With two languages, the link has a label of the page's language.
        name = (
            build.renderer.t("nav.language")
            if len(others) == 1 and edition.language in LANGUAGES
            else own_name(edition.language)
        )
        attributes = language_attributes(edition.language, build.settings.language)
        href = attribute(build.settings.way_to(edition, root, address))
        items.append(
            f'<li><a class="hp-tool hp-language" href="{href}" {attributes} hreflang="{tag}">{name}</a></li>\n'
        )
    return "".join(items)


def alternates(settings: Settings, base: str) -> list[tuple[str, str]]:
    """Return (``hreflang``, address of the home page) of each language below ``base``; empty if there is only one."""
    if len(settings.editions) == 1:
        return []
    own = [(LANGUAGE_TAGS[edition.language], base + edition.path) for edition in settings.editions]
    return [*own, ("x-default", base)]


def parts_of(
    build: Build, config: MkDocsConfig, page: MkDocsPage, title: str, headings: tuple[Heading, ...]
) -> PageParts:
    """Return the parts of ``page``, as escaped HTML for the page frame."""
    address = page.url
    root = "../" * page.url.count("/") or "./"
    site_name = config.site_name
    base = build.source.base
    generated = page.source if isinstance(page, GeneratedPage) else None
    citation = build.renderer.citations.page(generated, title if address else "", page.canonical_url or "")
    shown_title = site_name if address == "" else f"{title} - {site_name}"
    if build.settings.is_draft:
        shown_title = build.renderer.t("draft.title", title=shown_title)
    links = [
        f'<link rel="alternate" hreflang="{tag}" href="{attribute(root_of_language + address)}">'
        for tag, root_of_language in alternates(build.settings, base)
    ]
    return PageParts(
        kind=generated.template if generated is not None else "written",
        styles=_styles(build, page, root),
        title=attribute(shown_title),
        description=attribute(str(page.meta.get("description") or build.source.description)),
        canonical=attribute(page.canonical_url or ""),
        shown_address=attribute(shown_address(page.canonical_url or "")),
        alternates="\n".join(links),
        languages=languages_of(build, root, address),
        menu=menu_of(build, root, address),
        head=_head(build, page, title),
        citation=markup(citation, build.settings.language),
        qr=_qr(build, page),
        poster=_poster(build, page),
        embed=_embed(build, generated),
        content=(page.content or "").replace(CONTENTS_MARK, _contents(build, headings), 1),
    )


def _styles(build: Build, page: MkDocsPage, root: str) -> str:
    """Return the link to the style sheet of Material's elements, if the page has any of them."""
    if not (page if isinstance(page, GeneratedPage) else build.written[page.url]).styled:
        return ""
    return f'\n<link rel="stylesheet" href="{root}{build.session.assets}{material.STYLESHEET}">'


def _qr(build: Build, page: MkDocsPage) -> str:
    """Return the QR code of the address of ``page``, shown in print."""
    if not build.settings.exports or not page.canonical_url:
        return ""
    return qr_svg(page.canonical_url, build.renderer.t("share.qr"), build.source.cache)


def _poster(build: Build, page: MkDocsPage) -> str:
    """Return what the poster of ``page`` says, for the sheet that passes it on."""
    if not page.canonical_url:
        return ""
    own = page.source if isinstance(page, GeneratedPage) else None
    return poster(own, build.renderer.t("nav.site"), build.source.pictures.facts, build.renderer)


def _head(build: Build, page: MkDocsPage, title: str) -> str:
    """Return the metadata in the ``head`` of ``page``."""
    if not build.settings.exports:
        return ""
    own = page.source if isinstance(page, GeneratedPage) else written_page(page.url)
    return build.head.of(own, title, str(page.meta.get("description") or build.source.description))


def lastmod(build: Build, page: MkDocsPage) -> str:
    """Return the date of the latest record that ``page`` shows; "" if there is none."""
    if not isinstance(page, GeneratedPage):
        return ""
    found = build.dates.page(page.source)
    return found.isoformat() if found else ""


def _embed(build: Build, page: Page | None) -> str:
    """Return the embed codes of the cards of ``page``, for other websites."""
    if page is None or not build.settings.exports:
        return ""
    found = codes(build.source, page)
    if not found:
        return ""
    t = build.renderer.t
    # A single card needs no name: the page has the heading.
    items = "".join(
        (f"<p>{build.renderer.mark(title)}</p>" if len(found) > 1 else "")
        + f"<pre><code>{escape(code, quote=False)}</code></pre>"
        + '<p><button class="hp-button hp-button--small" type="button" data-copy-before data-scripted'
        + f' data-done="{t("share.copied")}"><span>{t("embed.copy")}</span></button></p>'
        for title, code in found
    )
    return f'<details class="hp-embed"><summary>{t("embed.embed")}</summary><p>{t("embed.how")}</p>{items}</details>'


def menu_of(build: Build, root: str, address: str) -> str:
    """Return the HTML of the menu for the page at ``address``, with the submenu of its section."""
    folder = address.partition("/")[0]
    # The page of the folder itself, or a page below it.
    here = address == f"{folder}/"
    return kept(build.menus, (root, folder, here), _menu, build, root, folder, here)


def _menu(build: Build, root: str, folder: str, here: bool) -> str:
    assert build.env is not None
    template = build.env.get_template("partials/haopin-menu.html")
    shared = build.renderer.menu()
    html = template.render(t=build.renderer.marked, root=root, folder=folder, here=here, menu=shared)
    return shown(html, build.settings.language)


def _contents(build: Build, headings: tuple[Heading, ...]) -> str:
    """Return the table of contents if the page has enough headings; subheadings only if they are few."""
    headings = tuple(h for h in headings if h.level in (2, 3))
    if len(headings) > _MOST_CONTENTS:
        headings = tuple(h for h in headings if h.level == 2)
    if not _FEWEST_CONTENTS <= len(headings) <= _MOST_CONTENTS:
        return ""
    # Ids are slugs, by us or by a slug function of Markdown: no escaping needed.
    language = build.settings.language
    items = "".join(
        f'<li class="hp-toc-{h.level}"><a href="#{h.id}">'
        f"{marked(h.title.replace(_AFTER_PARENTHESIS, _AFTER_PARENTHESIS[0]), language)}</a></li>"
        for h in headings
    )
    label = attribute(build.renderer.t("nav.contents"))
    return (
        f'<nav class="hp-toc" aria-label="{label}"><details><summary>{label}</summary><ul>{items}</ul></details></nav>'
    )
