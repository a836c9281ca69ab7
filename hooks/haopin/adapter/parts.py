"""The running build of one language, and the parts of its pages that the theme is given."""

from dataclasses import dataclass, field
from html import escape
from types import SimpleNamespace

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page as MkDocsPage

from haopin.adapter.editions import Editions
from haopin.adapter.session import Session
from haopin.adapter.settings import Settings
from haopin.adapter.shell import Parts, Shell, attribute
from haopin.pages import STANDING, listings, menu
from haopin.render import formats
from haopin.render.outline import Heading
from haopin.render.renderer import Renderer
from haopin.text import LANGUAGE_TAGS


@dataclass(frozen=True)
class Written:
    """What the shell and the search need of a page that a person wrote."""

    headings: tuple[Heading, ...]
    search_entry: str


@dataclass
class Build:
    """The build of one language while it runs; it lives in its configuration, never in a global."""

    settings: Settings
    session: Session
    renderer: Renderer
    editions: Editions
    shell: Shell | None = None
    env: Environment | None = None
    files: Files | None = None
    menus: dict[tuple[str, str], str] = field(default_factory=dict)
    written: dict[str, Written] = field(default_factory=dict)


def build_of(config: MkDocsConfig) -> Build:
    """Return the running build of ``config``."""
    found: Build = config.extra["haopin_build"]
    return found


def shell_view(build: Build, parts: Parts, address: str, root: str | None = None) -> SimpleNamespace:
    """Return what the theme's overrides ask of ``hp``."""
    site, language = build.session.catalogue.site, build.settings.language
    other = build.settings.others[0]
    sections = [listing.folder for listing in listings(build.session.catalogue)]
    return SimpleNamespace(
        **vars(parts),
        t=build.renderer.t,
        show=lambda text: text.show(language),
        site=site,
        language=language,
        tag=LANGUAGE_TAGS[language],
        other_tag=LANGUAGE_TAGS[other.language],
        root=("../" * address.count("/") or "./") if root is None else root,
        as_of=formats.day(build.session.as_of, language),
        more=[*sections, *STANDING],
        written=build.session.written[language],
    )


def parts_of(build: Build, config: MkDocsConfig, page: MkDocsPage, title: str, headings: tuple[Heading, ...]) -> Parts:
    """Return the parts of ``page``, escaped and ready for the shell."""
    address = page.url
    root = "../" * address.count("/") or "./"
    site_name = config.site_name
    base = (config.site_url or "").removesuffix(build.settings.edition.path)
    other = build.settings.others[0]
    # The theme's script asks every link[rel=alternate] for a sitemap; the space keeps ours, which lead to single pages
    # and perhaps another host, out of its selector and changes nothing in HTML.
    links = [
        f'<link rel=" alternate" hreflang="{LANGUAGE_TAGS[e.language]}" href="{attribute(base + e.path + address)}">'
        for e in build.settings.editions
    ]
    links.append(f'<link rel=" alternate" hreflang="x-default" href="{attribute(base + address)}">')
    is_home = address == ""
    return Parts(
        title=attribute(site_name if is_home else f"{title} - {site_name}"),
        description=attribute(str(page.meta.get("description") or config.site_description or "")),
        canonical=attribute(page.canonical_url or ""),
        alternates="\n".join(links),
        other_href=attribute(root + build.settings.edition.up + other.path + address),
        menu=menu_of(build, root, address.partition("/")[0]),
        toc="" if is_home else _toc(build, headings),
        content=page.content or "",
    )


def menu_of(build: Build, root: str, section: str) -> str:
    """Return the top menu as seen from ``root``, with ``section`` marked as the current one."""
    key = root, section
    if key not in build.menus:
        assert build.env is not None
        template = build.env.get_template("partials/haopin-menu.html")
        shared = menu(build.session.catalogue)
        build.menus[key] = template.render(t=build.renderer.t, root=root, section=section, menu=shared)
    return build.menus[key]


def _toc(build: Build, headings: tuple[Heading, ...]) -> str:
    headings = tuple(h for h in headings if h.level in (2, 3))
    if len(headings) < 3:
        return ""
    # Ids are slugs or, from Markdown, made by a slug function: nothing to escape.
    items = "".join(
        f'<li class="hp-toc-{h.level}"><a href="#{h.id}">{escape(h.title, quote=False)}</a></li>' for h in headings
    )
    label = attribute(build.renderer.t("nav.contents"))
    return (
        f'<nav class="hp-toc" aria-label="{label}"><details><summary>{label}</summary><ul>{items}</ul></details></nav>'
    )
