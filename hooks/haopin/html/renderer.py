"""Generated pages of one language: page → finished HTML with its title, description and outline."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache, partial  # nothing of records is kept
from html import escape
from pathlib import Path
from types import CodeType
from typing import Any

import jinja2
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound
from jinja2.bccache import Bucket, FileSystemBytecodeCache
from jinja2.runtime import Context
from markupsafe import Markup
from markupsafe import escape as escaped_text

from haopin.csp import STORED
from haopin.html import formats, material
from haopin.html.charts.figures import Charts
from haopin.html.citation import Citations
from haopin.html.context import TemplateContext
from haopin.html.csv_tables import Cells
from haopin.html.glossary import Terms
from haopin.html.i18n import UNTRANSLATED, Label, Translator, local_labels, shown
from haopin.html.inline_svg import icon
from haopin.html.links import Links, mark_external
from haopin.html.measures import Measures
from haopin.html.outline import Outline, outline, plain
from haopin.html.quantity import QuantityFormat
from haopin.html.whole import joined, whole
from haopin.markdown import Lead, rich_article
from haopin.model.activity import Activity
from haopin.model.body import Body
from haopin.model.document import Document
from haopin.model.ledger import Entry
from haopin.model.plan import Plan
from haopin.model.provision import Industries, PilotField, Term
from haopin.model.recognition import Award
from haopin.model.target import Target
from haopin.site import progress
from haopin.site.branding import own_look
from haopin.site.catalogue import Catalogue
from haopin.site.pages import MenuEntry, Page, menu, neighbours, pages, written_page
from haopin.site.paths import API, ASSETS, api_paths
from haopin.text import LANGUAGE_TAGS, LANGUAGES, Language, Text, Wording, direction_of, fullwidth, shown_address
from haopin.trace import Day, Lazy, derived, kept, note, noting, question

# --- Titles, parents and descriptions of pages


#: Labels that are true for some data only: the replacement, and its condition.
INSTEAD: tuple[tuple[str, str, Callable[[Catalogue], bool]], ...] = (
    # For example, no mention of complaints if the data has no means of complaint.
    *(
        (key, f"{key}_only", lambda catalogue: not catalogue.takes_complaints)
        for key in ("page.participate", "description.participate", "participate.lead", "menu.involvement_about")
    ),
    ("menu.progress_about", "menu.progress_about_only", lambda catalogue: not catalogue.publishable),
    # Where it is known who holds what, the page is not about the plan alone.
    ("page.honours", "page.honours_roll", lambda catalogue: bool(catalogue.all(Award))),
    ("page.industries", "page.industries_alone", lambda catalogue: not catalogue.all(PilotField)),
    ("page.industries", "page.industries_pilots", lambda catalogue: not catalogue.all(Industries)),
)


class Titles(Translator):
    """Titles and descriptions of the pages of one language."""

    def __init__(self, catalogue: Catalogue, language: Language, labels: Mapping[str, Label]) -> None:
        """Index the pages."""
        # Each label is noted by its words when it is used.
        with noting(None):
            labels = local_labels(labels, catalogue.site, text_only=catalogue.text_only)
            labels = {**labels, **{key: labels[other] for key, other, holds in INSTEAD if holds(catalogue)}}
        super().__init__(language, labels)
        self.catalogue = catalogue
        #: Name of this service in `haopin.trace`.
        self.trace_name = ""
        self._titles: dict[str, Any] = {}
        self._written_titles: dict[str, str] = {}

    @property
    def site_description(self) -> Text:
        """Description of the site."""
        return self.catalogue.site.description

    @derived
    def pages(self) -> tuple[Page, ...]:
        """All generated pages, in the order of the site map."""
        return pages(self.catalogue)

    @derived
    def _by_address(self) -> Mapping[str, Page]:
        return {page.address: page for page in self.pages}

    @question
    def page_at(self, address: str) -> Page | None:
        """Return the generated page at ``address``, if there is one."""
        return self._by_address.get(address)

    @question
    def below(self, address: str) -> tuple[str, ...]:
        """Return the labels of the titles of the pages below the page at ``address``."""
        return tuple(each.title for each in self.pages if each.parent == address and each.title)

    def name_written(self, address: str, title: str) -> None:
        """Set the title of the written page at ``address``."""
        self._written_titles[address] = title

    def title(self, page: Page) -> str:
        """Return the title of ``page``."""
        # Used by every breadcrumb, neighbour and list.
        if (written := self._written_titles.get(page.address)) is not None:
            return written
        return kept(self._titles, page.address, self._title, page)

    def titled(self, page: Page) -> Markup | str:
        """Return the title of ``page``, marked if it is not translated."""
        if page.title is not None or page.address in self._written_titles:
            return self.title(page)
        return self.say(self._name(page))

    def _title(self, page: Page) -> str:
        if page.title is not None:
            return self.t(page.title) if page.part == 1 else self.t("page.part", title=self.t(page.title), n=page.part)
        return self.show(self._name(page))

    def _name(self, page: Page) -> Wording:
        if page.row is not None:
            return Wording(zh=page.row.product, en=page.row.product_en)
        assert page.record is not None, page
        return getattr(page.record, "short_title", None) or page.record.label

    def trail(self, page: Page) -> list[Page]:
        """Return the pages above ``page``, home first."""
        trail: list[Page] = []
        parent = page.parent
        while parent is not None:
            above = self.page_at(parent)
            assert above is not None, parent
            trail.insert(0, above)
            parent = above.parent
        return trail

    def description(self, page: Page) -> str:
        """Return the description of ``page`` in one sentence."""
        record = page.record
        summary = getattr(record, "summary", None)
        if isinstance(record, Activity):
            # Without its source beside it, an origin is stated only if it is sure.
            summary = record.about or (record.origin if record.is_verified else None)
        if page.row is None and isinstance(summary, Text):
            return plain(self.rich(summary, ""))
        key = f"description.{page.template}"
        if key not in self.t and f"{page.template}.lead" in self.t:
            # The lead of a page is also its description.
            return self.t(f"{page.template}.lead")
        if key not in self.t:
            return self.show(self.site_description)
        what = self.contents(page)
        if not what and page.template in ("activity", "body"):
            return self.title(page)
        return self.t(key, title=self.title(page), name=self.show(self.catalogue.site.place), what=what)

    def contents(self, page: Page) -> str:
        """Return the contents of ``page`` in words, derived from the records; "" if there is nothing to describe."""
        found = [self.t(label) for label in self._contents(page)]
        if self.language == "en":
            # Titles begin with a lower-case letter within a sentence.
            found = [words[:1].lower() + words[1:] for words in found]
        if self.language not in LANGUAGES:
            # Babel uses English list patterns if CLDR has none for the language.
            return self.between.join(found)
        return formats.in_words(found, self.language)

    def _contents(self, page: Page) -> Iterator[str]:
        record, catalogue = page.record, self.catalogue
        found: tuple[tuple[str, object], ...] = ()
        if isinstance(record, Activity):
            found = (
                ("holds.when", record.recurrence or any(edition.start for edition in record.editions)),
                ("holds.organizers", record.organizers),
                ("holds.themes", any(edition.themes for edition in record.editions)),
                ("holds.words", True),
            )
        elif isinstance(record, Body):
            others = catalogue.others_of_body.get(record.id) or catalogue.statements_of_body.get(record.id)
            found = (
                ("holds.tasks", catalogue.tasks_of_body.get(record.id)),
                ("holds.duties", others),
                ("holds.contact", record.phone or record.address or record.hours or record.website),
            )
        elif page.template == "documents":
            documents = catalogue.all(Document)
            annexes = [annex for document in documents for annex in document.annexes]
            found = (
                ("holds.basis", True),
                ("holds.annexes", any(not annex.is_title_only for annex in annexes)),
                ("holds.annex_titles", any(annex.is_title_only for annex in annexes)),
                ("holds.cited", any(document.citations for document in documents)),
            )
        elif page.template == "disclosures":
            found = tuple((title, True) for title in self.below(page.address))
        return (label for label, is_so in found if is_so)


# --- Rendering: templates and their context

#: Position on a page of the notices about sample data and untranslated texts.
NOTICES_MARK = '<div class="hp-notices"></div>'
#: Position on a page of its table of contents, which is known after rendering.
CONTENTS_MARK = '<nav class="hp-toc"></nav>'

#: Default template of the list page of a kind whose records have a page each.
LISTING = "listing.html"

SAMPLE_MARK = "hp-badge--sample"
DRAFT_MARK = "hp-badge--draft"


@dataclass(frozen=True)
class Rendered:
    """A finished page without its frame; ``styled`` if an article on it has elements of Material."""

    page: Page
    title: str
    description: str
    content: str
    outline: Outline
    styled: bool


@dataclass(frozen=True)
class PageHead:
    """Front matter of a written page.

    Attributes:
        hide: Hidden parts of the frame: ``path`` (breadcrumbs), ``tags``, ``toc``.
        tags: Its tags.
        status: ``new``, ``deprecated`` or one defined in the configuration; "" for none.
        status_words: Label of the status in the configuration; "" for the site's own label.
    """

    hide: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    status: str = ""
    status_words: str = ""


@dataclass(frozen=True)
class PlanPart:
    """Context of one plan, under the names that templates use for the whole site.

    Attributes:
        plan: The plan.
        c: Its records, and those without a plan.
        view: Values derived from these.
        figures: Charts of these.
        anchor_end: Suffix of anchors that occur on a page for each plan; "" for the current plan.
    """

    plan: Plan
    c: Catalogue
    view: TemplateContext
    figures: Charts
    anchor_end: str

    def names(self) -> dict[str, Any]:
        """Return the context by the names in templates."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


#: Where the text of a Chinese document begins, whose lines break where those of official documents do.
TYPESET = '<div class="hp-doc"'

#: Templates of pages about the current plan only.
OF_CURRENT_PLAN = frozenset({"home.html", "bodies.html"})


class CompiledTemplates(FileSystemBytecodeCache):
    """Compiled templates, stored where Python stores compiled modules and under the same rules.

    Compiling takes a third of the build time of a county. Jinja stores one per path of its source, and compiles again
    after a change of its content.
    """

    def __init__(self) -> None:
        """Use the folder that Python creates beside this module."""
        super().__init__(
            str(Path(__file__).parent / "__pycache__"),
            f"jinja-{jinja2.__version__}-{sys.implementation.cache_tag}-%s",
        )

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Store the code of ``bucket``; an unwritable folder only costs time, as with modules."""
        if sys.dont_write_bytecode:
            return
        try:
            Path(self.directory).mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)
        except OSError:
            pass


# Jinja without what our templates do not need: they are called a hundred thousand times in a build.


class PlainContext(Context):
    """A context whose functions take nothing from it: none of ours is marked with ``pass_context``."""

    def call(
        self, called: Any, /, *args: Any, _loop_vars: object = None, _block_vars: object = None, **more: Any
    ) -> Any:
        """Call ``called`` without looking for such marks."""
        return called(*args, **more)


class PlainTemplate(jinja2.Template):
    """A template that does not copy finished HTML into its output."""

    @classmethod
    def from_code(cls, environment: Environment, code: CodeType, *more: Any) -> jinja2.Template:
        """Load compiled ``code``, with `escaped` in its name space."""
        found = super().from_code(environment, code, *more)
        found.root_render_func.__globals__["escape"] = escaped
        return found


def escaped(value: object) -> Markup:
    """Return ``value`` as HTML; finished HTML as it is."""
    return value if type(value) is Markup else escaped_text(value)


class NotedTemplates(Environment):
    """A template environment that notes which templates are used."""

    def get_template(self, name: Any, *arguments: Any, **named: Any) -> jinja2.Template:
        """Return the template ``name``."""
        note("templates", str(name))
        return super().get_template(name, *arguments, **named)

    def trace_value(self, name: str) -> str:
        """Return what was read as the template ``name``, to compare it between builds: see `haopin.trace`."""
        assert self.loader is not None
        try:
            return self.loader.get_source(self, name)[0]
        except TemplateNotFound:
            # Some are only tried.
            return ""


def environment(templates: Path) -> Environment:
    """Return the template environment: escaping always on, an unknown name always an error."""
    found = NotedTemplates(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=CompiledTemplates(),
    )
    found.context_class, found.template_class = PlainContext, PlainTemplate
    found.filters["fullwidth"] = fullwidth
    found.tests["ascii"] = str.isascii
    return found


@cache
def _names(templates: Environment) -> frozenset[str]:
    return frozenset(templates.list_templates())


def template_of(page: Page, templates: Environment) -> str:
    """Return the name of the template of ``page``."""
    own = f"{page.template}.html"
    is_list = page.record is None and page.kind is not None and page.kind.page
    return LISTING if is_list and own not in _names(templates) else own


class Renderer(Titles):
    """Renders the pages of ``catalogue`` in one language for the date ``as_of``."""

    def __init__(
        self,
        catalogue: Catalogue,
        language: Language,
        as_of: date,
        labels: Mapping[str, Label],
        templates: Environment,
        written: tuple[tuple[str, str], ...] = (),
        up: str = "",
        home: str = "",
        assets: str = ASSETS,
        *,
        named: bool = False,
    ) -> None:
        """Prepare what all pages of the language share.

        Args:
            catalogue: The records.
            language: The language of the pages.
            as_of: Date of the pages.
            labels: All labels.
            templates: From `environment`.
            written: (address, title) of the written pages in this language, for the site map.
            up: Relative path from the root of the language to the root of the site, which has the shared files.
            home: Absolute address of the root of the language, for text copied from a page.
            assets: Folder of the assets, relative to the root of a language.
            named: Whether it is the renderer of the pages in this language, whose answers the next build compares.
        """
        super().__init__(catalogue, language, labels)
        self.as_of, self._up, self._given = Day.fromordinal(as_of.toordinal()), up, labels
        as_of = self.as_of
        self.trace_name = f"renderer {language}" if named else ""
        #: ``dir`` attribute of the ``html`` element; empty for left to right.
        self.direction = Markup(' dir="rtl"' if direction_of(language) == "rtl" else "")
        self._host = catalogue.site.address.host or ""
        self.written_pages = written
        #: Tags and classes in the articles of the page that is being rendered.
        self._parts: set[str] = set()
        #: Valid targets of links in texts; None to accept every address of this site.
        self.links: Links | None = None
        self.cells = Cells(language, self.t, self.say)
        self._templates = templates
        view = self.view = TemplateContext(
            catalogue, language, as_of, Lazy(lambda: self.pages), f"view {language}" if named else ""
        )
        figures = Charts(view, self.t)
        #: The plans, the current one first.
        self.plans = tuple(self._part(plan, view, figures) for plan in catalogue.plans)
        self.citations = Citations(view, self.t)
        targets = Lazy(lambda: catalogue.all(Target))
        self.quantities = {each: QuantityFormat(each, t, targets) for each, t in self.labels.items()}
        self.quantity = self.quantities[language]
        self._shared: dict[str, Any] = {
            "t": self.marked,
            "language": language,
            "tag": LANGUAGE_TAGS[language],
            "direction": self.direction,
            "c": catalogue,
            "site": catalogue.site,
            "as_of": as_of,
            "show": self.say,
            "plain": self.show,
            "cell": self.cells.cell,
            "titled": self.titled,
            "listed": self.marked_list,
            "kind_title": self.kind_title,
            "kind_titles": lambda kinds: map(self.kind_title, kinds),
            "mark": self.mark,
            "lang_of": self.lang_of,
            "body": lambda body_id: catalogue.get(Body, body_id),
            "named": view.named,
            "anchor_of": view.anchor,
            "clause_name": view.clause_name,
            "date": date,
            **formats.of(language),
            "title_of": self.title,
            "api": API,
            "api_paths": lambda: api_paths(catalogue),
            "icon": icon,
            "own_look": partial(own_look, self.catalogue),
            "written": written,
            "assets": assets,
            "view": view,
            "home": home,
            "figures": figures,
            "plan": catalogue.plan,
            "contents": self.contents,
            "plans": self.plans,
            "several": len(self.plans) > 1,
            "anchor_end": "",
            # After a colon or between two sentences: full-width marks include their space.
            "gap": self.gap,
            "quantity": self.quantity,
            "offers": (),
            "materials": None,
            "leads": self._leads,
            "place_of": self.citations.clause,
            "stored": STORED,
            "shown_address": shown_address,
            # In a draft of the site for the approver only.
            "draft_of": view.draft_of if catalogue.drafts else None,
        }

    def _part(self, plan: Plan, view: TemplateContext, figures: Charts) -> PlanPart:
        catalogue = self.catalogue.of_plan(plan)
        if catalogue is not self.catalogue:
            view = TemplateContext(catalogue, self.language, self.as_of, Lazy(lambda: self.pages))
            figures = Charts(view, self.t)
        # No id has two hyphens together.
        end = "" if plan is self.catalogue.plan else f"--{plan.id}"
        return PlanPart(plan, catalogue, view, figures, end)

    @derived
    def site_description(self) -> Text:
        """Description of the site on the date."""
        return progress.description(self.catalogue, self.as_of)

    @question
    def menu(self) -> tuple[MenuEntry, ...]:
        """Return the entries of the menu."""
        return menu(self.catalogue)

    @question
    def _neighbours_of(self, address: str) -> tuple[Page | None, Page | None]:
        return self._neighbours.get(address, (None, None))

    @derived
    def _neighbours(self) -> Mapping[str, tuple[Page | None, Page | None]]:
        return neighbours(self.pages, self.as_of)

    @question
    def _has_sample_states(self) -> bool:
        """Return whether the status of measures may be based on sample data."""
        return any(entry.sample for entry in self.catalogue.all(Entry))

    @question
    def _linked_terms(self) -> Terms:
        return Terms(self.catalogue.all(Term), self.language)

    def in_language(self, language: Language) -> "Renderer":
        """Return the renderer of the same site in another language."""
        return Renderer(
            self.catalogue, language, self.as_of, self._given, self._templates, self.written_pages, self._up
        )

    def offer(self, offers: Callable[[], Sequence[Any]]) -> None:
        """Set the files of the exports, to which pages link; they are known only after the renderer exists."""
        self._shared["offers"] = Lazy(offers)

    def offer_materials(self, materials: Any) -> None:
        """Set the materials, to which pages link; they need the renderer themselves."""
        self._shared["materials"] = materials

    def anchors_of(self, address: str) -> frozenset[str]:
        """Return the anchors of the page at ``address``; empty if it is not a generated page."""
        page = self.page_at(address)
        return self.render(page).outline.anchors if page is not None else frozenset()

    def _leads(self, address: object) -> bool:
        """Return whether an absolute ``address`` is external, or that of a public page of this site."""
        own = self.links.own(str(address)) if self.links is not None else None
        return self.links is None or own is None or self.links.has(own)

    def _lead(self, root: str, here: str | None) -> Lead | None:
        return self.links.lead(root, here) if self.links is not None else None

    def render(self, page: Page) -> Rendered:
        """Return ``page`` as finished HTML.

        Raises:
            jinja2.TemplateError: if the template uses something that does not exist.
        """
        # May be called for its anchors while another page is being rendered.
        outer, self._parts = self._parts, set()
        content = self._fill(template_of(page, self._templates), page, page.root)
        styled, self._parts = bool(material.elements_of(self._parts)), outer
        content = shown(content, self.language)
        content = content.replace(NOTICES_MARK, shown(self._notices(page, content), self.language), 1)
        content = mark_external(content, self._host, self.t)
        if self.language == "zh":
            frame, typeset, content = content.partition(TYPESET)
            content = whole(frame, self.language) + typeset + content
            # A page may have 50 MB.
            del frame
        else:
            content = whole(content, self.language)
        return Rendered(page, self.title(page), self.description(page), content, outline(content), styled)

    def _notices(self, page: Page, content: str) -> str:
        """Return the description of a page."""
        lines = []
        if SAMPLE_MARK in content or ("hp-state--" in content and self._has_sample_states()):
            lines.append(("sample", self.marked("notice.sample")))
        if DRAFT_MARK in content:
            lines.append(("draft", self.marked("notice.draft")))
        if UNTRANSLATED in content:
            lines.append(("untranslated", self.marked("notice.untranslated")))
        if self.language == "en" and (old := self.view.stale_on(page)):
            lines.append(("stale", self.t("notice.stale", names=self.listed(old))))
        notices = "".join(
            f'<p class="hp-notice hp-notice--{name}" role="note">{escape(words, quote=True)}</p>'
            for name, words in lines
        )
        return f'<div class="hp-notices">{notices}</div>' if notices else ""

    def written(self, address: str, title: str, html: str, head: PageHead | None = None) -> str:
        """Return the ``html`` of a written page in the layout of generated pages.

        Args:
            address: Its address relative to the root of the language.
            title: Its title, for the breadcrumbs.
            html: HTML from its Markdown; a heading at the beginning becomes the head of the page.
            head: Its front matter.
        """
        page = written_page(address)
        self.name_written(address, title)
        heading, separator, body = html.partition("</h1>")
        if not separator or not heading.lstrip().startswith("<h1"):
            heading, separator, body = f"<h1>{escape(title)}", "</h1>", html
        found = self._fill(
            "written.html",
            page,
            page.root,
            heading=Markup(heading + separator),
            body=Markup(joined(body) if self.language == "zh" else body),
            head=head or PageHead(),
        )
        return whole(mark_external(shown(found, self.language), self._host, self.t), self.language)

    def _article(self, text: Wording, root: str, lead: Lead | None) -> Markup:
        """Return the Markdown of an article as HTML, with all supported elements."""
        html = self.rich(text, root, rich_article, lead)
        if text.language(self.language) == "zh":
            html = Markup(joined(html))
        self._parts |= material.parts_of(html)
        return Markup(material.completed(html, self.t))

    def part(self, name: str, root: str) -> str:
        """Return the view ``name`` (a template below ``views/``) for a written page.

        Raises:
            jinja2.TemplateNotFound: if there is no such view.
        """
        home = self.page_at("")
        assert home is not None
        found = self._fill(f"views/{name}.html", home, root, **self.plans[0].names())
        return shown(found, self.language)

    def outside(self, root: str, site_root: str) -> dict[str, Any]:
        """Return the context of templates for content that is read outside the site.

        Args:
            root: Absolute address of the root of the language.
            site_root: Absolute address of the root of the site.
        """
        return {
            **self._context(),
            # Labels without markers, as `shown` is not called for these.
            "t": self.t,
            "root": root,
            "site_root": site_root,
            "rich": lambda text: self.rich(text, root, lead=self._lead(root, None)),
            "article": lambda text: self._article(text, root, self._lead(root, None)),
        }

    def _context(self) -> dict[str, Any]:
        return {**self._shared, "menu": self.menu(), "site_description": self.site_description}

    @property
    def templates(self) -> Environment:
        """The template environment."""
        return self._templates

    def fill(self, template: str, root: str, **more: Any) -> str:
        """Render the ``template`` of something other than a page, such as a card, with the values ``more``.

        Args:
            template: Its path below the folder of templates.
            root: Relative path from its location to the root of the language.
            more: Values besides the common context.

        Raises:
            jinja2.TemplateError: if it uses something that does not exist.
        """
        found = self._templates.get_template(template).render(
            {**self._context(), **more}, root=root, site_root=root + self._up
        )
        return shown(found, self.language)

    def _fill(self, template: str, page: Page, root: str, **more: Any) -> str:
        terms = self._linked_terms()
        # Ids of the terms already linked on the page: each is linked at its first use.
        seen: set[str] = set(terms.ids) if template == "glossary.html" else set()
        measures = Measures(self.language, self.t, terms, self.view.progress)
        lead = self._lead(root, page.address)
        if template in OF_CURRENT_PLAN:
            more = {**self.plans[0].names(), **more}
        return self._templates.get_template(template).render(
            {**self._context(), **more},
            page=page,
            record=page.record,
            root=root,
            site_root=root + self._up,
            rich=lambda text: terms.link(self.rich(text, root, lead=lead), root, seen),
            article=lambda text: terms.link(self._article(text, root, lead), root, seen),
            linked=lambda text: terms.link(self.say(text), root, seen),
            measures_of=lambda holder, prefix: measures.of(holder, prefix, root, seen),
            trail=self.trail(page),
            neighbours=self._neighbours_of(page.address),
        )
