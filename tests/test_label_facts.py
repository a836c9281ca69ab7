"""Statements in labels about a plan or its records depend on data that the template checks or the model requires."""

import re

import pytest
from haopin.html.i18n import Plural, site_labels
from haopin.html.renderer import INSTEAD
from haopin.model import KINDS
from haopin.model.activity import Activity
from haopin.model.document import Document
from haopin.model.provision import Honour
from haopin.model.target import Target
from haopin.model.task import Section, Task
from haopin.site.pages import LISTINGS
from haopin.text import fullwidth
from support import ROOT, BuiltSite, build, copy_city, words

PACKAGE = ROOT / "hooks/haopin"
LABELS = site_labels(PACKAGE / "labels.yml")

#: Words of what the plan, its document or its bodies say. A label that has one states something, or only names a thing.
SPEAKS = re.compile(
    "方案|原文|以上单位|依据文件|本站依据|文中引用|历年|等部门|牵头|资料写明|"
    r"\{[Tt]he_(?:plan|text)\}|\b[Pp]lans?\b|\bthe document\b|\b[Jj]ointly\b|\bas written\b|original text"
)
#: Groups that speak of the program, the data's form or a record's own fields.
INTERFACE = {
    "api",
    "column",
    "column_type",
    "data",
    "mark",
    "notice",
    "paper",
    "plan",
    "reference",
    "search",
    "subscribe",
}

#: Labels that name a thing and state nothing, or that head what the record itself says.
NAMES = {
    "activity.as_written", "activity.campaigns", "activity.themes", "body.variants", "document.cites", "document.cited",
    "document.row_measures", "home.read", "home.tasks", "honours.list", "ledger.rule-due-passed",
    "matrix.lead_body", "figure.deadlines", "menu.commitments_about", "menu.documents_about",
    "page.honours", "page.plans",
    "part.is_lead", "part.lead", "part.named_lead", "description.needs",
    "plans.lead", "standing.aimed", "standing.mentioned", "said.document", "said.document_text",
    "said.plan", "said.plan_text",
    "quote.clause", "quote.verbatim", "task.words", "footer.translation", "progress.rule",
}  # fmt: skip

#: What each statement rests on: an expression in a file that asks for the label; ``Model.field``, which must be there;
#: or ``page``, where the page exists only with such records, each with its clause and its quotation.
RESTS_ON: dict[str, str] = {
    "activity.campaigns_note": "activities.html: undated_campaigns",
    "activity.lead": "page activities",
    "activity.undated": "activity.html: record.recurrence",
    "aims.lead": "page aims",
    "body.joint": "parts/macros.html: roles.is_divided",
    "body.lead": "bodies.html: view.other_bodies",
    "body.lead_all": "bodies.html: view.other_bodies",
    "body.no_tasks": "body.html: if tasks",
    "body.tasks_lead": "body.html: by_part",
    "body.tasks_note": "body.html: c.assigns_measures",
    "body.together": "parts/macros.html: roles.is_divided",
    "channels.lead": "page channels",
    "description.activities": "page activities",
    "description.targets": "page targets",
    "description.tasks": "page tasks",
    "description.timeline": "page timeline",
    "disclosure.lead": "page disclosure",
    "document.cited_only": "document.html: record.citations",
    "figure.bodies_note_parts": "parts/body_chart.html: view.has_parts",
    "figure.mark_joint": "parts/matrix_chart.html: view.remits_divided",
    "figure.mark_lead": "parts/matrix_chart.html: figures.matrix_roles",
    "figure.mark_responsible": "parts/matrix_chart.html: figures.matrix_roles",
    "figure.mark_together": "parts/matrix_chart.html: view.remits_divided",
    "footer.issuer": "../theme/partials/haopin-footer.html: hp.issuer",
    "holds.basis": "../html/renderer.py: catalogue.all(Document)",
    "holds.cited": "../html/renderer.py: document.citations",
    "holds.duties": "../html/renderer.py: others_of_body",
    "holds.themes": "../html/renderer.py: edition.themes",
    "holds.words": "activity.as_written",
    "home.bodies_lead": "home.html: view.bodies_with_part",
    "home.hotline_lead": "home.html: map(attribute='clause')",
    "home.tasks_lead": "home.html: c.group_tree",
    "home.tasks_lead_partly": "home.html: c.tasks_without_group",
    "home.tasks_lead_ungrouped": "home.html: c.group_tree",
    "honours.lead": "page honours",
    "industries.lead": "page industries",
    "matrix.lead": "matrix.html: view.remits_divided",
    "matrix.of_joint": "matrix.html: view.responsibility_forms",
    "matrix.of_led": "matrix.html: view.responsibility_forms",
    "matrix.of_sole": "matrix.html: view.responsibility_forms",
    "matrix.of_supported": "matrix.html: view.responsibility_forms",
    "measure.lead": "measures.html: view.measure_count",
    "need.lead": "page needs",
    "outcome.rule-value-about": "../site/progress.py: value-about",
    "participate.take_part_lead": "participate.html: view.all('activity')",
    "programme.ended": "../site/progress.py: positions",
    "programme.rule": "page timeline",
    "programme.undated": "../site/progress.py: positions",
    "progress.of_body_parts": "body.html: by_part",
    "safeguards.lead": "page safeguards",
    "services.lead": "page services",
    "target.lead": "page targets",
    "target.no_due": "parts/macros.html: target.due",
    "target.rule": "page targets",
    "task.joint": "parts/macros.html: roles.is_divided",
    "task.lead": "tasks.html: c.group_tree",
    "task.lead_partly": "tasks.html: c.tasks_without_group",
    "task.lead_ungrouped": "tasks.html: c.group_tree",
    "task.measures_note": "task.clause",
    "task.sole": "parts/macros.html: roles.joint",
    "task.together": "parts/macros.html: roles.is_divided",
}


def speaking() -> set[str]:
    found = set()
    for key, label in LABELS.items():
        forms = [label.en.one, label.en.other] if isinstance(label.en, Plural) else [label.en]
        if key.partition(".")[0] not in INTERFACE and any(map(SPEAKS.search, [label.zh, *forms])):
            found.add(key)
    return found


def test_every_label_that_speaks_of_the_plan_has_its_datum() -> None:
    """A new one is added to one of the two lists, with what it rests on."""
    assert not NAMES & RESTS_ON.keys()
    assert speaking() == NAMES | RESTS_ON.keys()


@pytest.mark.parametrize("key", sorted(RESTS_ON))
def test_the_datum_is_there(key: str) -> None:
    datum = RESTS_ON[key]
    if datum.startswith("page "):
        # The page of a listing exists only with a record of one of its models.
        (listing,) = [each for each in LISTINGS if each.name == datum.removeprefix("page ")]
        assert listing.models
        return
    file, colon, expression = datum.partition(": ")
    if not colon:
        kind_name, _, field = datum.partition(".")
        (kind,) = [kind for kind in KINDS if kind.name == kind_name]
        assert kind.model.model_fields[field].is_required(), datum
        return
    text = (PACKAGE / "templates" / file).read_text(encoding="utf-8")
    assert expression in text, f"{key}: {file} no longer asks for {expression}"
    group, _, name = key.partition(".")
    # Asked for by its own key, or by one made from a value: ``'matrix.of_' ~ form``, or a value of a function.
    stems = [
        key,
        *(f"{group}.{name[:end]}'" for end in range(len(name))),
        f'"{name}"',
        f'"{name.removeprefix("rule-")}"',
    ]
    assert any(stem in text for stem in stems), f"{key} is not in {file}"


def test_labels_that_hold_for_some_data_only_have_another_form() -> None:
    assert {other for _, other, _ in INSTEAD} <= LABELS.keys()


# Built: a place of which the opposite of the invented county is true


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    project = copy_city(tmp_path_factory.mktemp("facts") / "city")
    site = build(project / "site", config=project / "mkdocs.yml")
    return BuiltSite(site, project / "data")


#: Sentences that the county's data bears out and the city's does not.
OF_THE_COUNTY = (
    "等部门", "and other departments", "第一、二部分", "一条不多", "一如原文", "exactly as written",
    "these and no others", "创建工作", "拨打热线", "the hotline", "怎样投诉", "make a complaint", "要投诉",
)  # fmt: skip
NO_LEAD = re.compile("没有指明[^，。]*牵头单位|未指明[^，。]*牵头单位|names no lead")


def pages_of(site: BuiltSite) -> dict[str, str]:
    """Return all that each page says, in its head too, but the reference, which explains every field of the data."""
    return {
        address: " ".join([*page.one("html").itertext(), *(e.get("content", "") for e in page.all("meta"))])
        for address, page in site.pages.items()
        if not address.removeprefix("en/").startswith("reference/")
    }


def test_the_opposite_place_is_not_said_to_be_like_the_first(city: BuiltSite) -> None:
    tasks = city.catalogue.all(Task)
    assert not city.catalogue.site.hotlines and all(task.roles is None or task.roles.others is None for task in tasks)
    said = pages_of(city)
    assert [(address, words) for address, text in said.items() for words in OF_THE_COUNTY if words in text] == []


def test_no_lead_is_said_to_be_missing_where_there_is_one(city: BuiltSite, full_county: BuiltSite) -> None:
    forms = set()
    for site in (city, full_county):
        said = pages_of(site)
        for task in site.catalogue.all(Task):
            form = task.roles.form if task.roles else None
            forms.add(form)
            for language in ("", "en/"):
                assert bool(NO_LEAD.search(said[f"{language}tasks/{task.id}/"])) == (form == "joint"), (task.id, form)
    assert {"joint", "led", "sole"} <= forms


#: What is said of the whole plan, and of its text alone.
OF_THE_PLAN = re.compile(
    "(?<!正)(?:方案|原文)(?:没有指明|没有给|没有写明|未指明|未写)|"
    "(?<!text of )[Tt]he (?:plan|document) (?:names no|gives no|assigns)"
)
OF_ITS_TEXT = re.compile(r"正文(?:没有|未)|[Tt]he text of the (?:plan|document) (?:names|gives|assigns)")


def test_what_the_plan_lacks_is_said_of_its_text_where_an_annex_is_a_title_only(
    city: BuiltSite, full_county: BuiltSite
) -> None:
    for site, text_only in ((full_county, True), (city, False)):
        assert site.catalogue.text_only == text_only
        said = pages_of(site)
        for form, expected in ((OF_ITS_TEXT, text_only), (OF_THE_PLAN, not text_only)):
            found = [address for address, text in said.items() if form.search(text)]
            assert bool(found) == expected, (form.pattern, found[:5])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_annex_of_which_only_the_title_is_held_says_so(full_county: BuiltSite, language: str) -> None:
    (document,) = [each for each in full_county.catalogue.all(Document) if each.annexes]
    label = LABELS["document.annex_title_only"]
    said = fullwidth(label.zh) if language == "zh" else str(label.en)
    assert said in words(full_county.edition(language)[f"documents/{document.id}/"].one("main"))


def test_nothing_is_said_of_what_a_citation_lacks(full_county: BuiltSite, county: BuiltSite) -> None:
    seen = set()
    for site in (full_county, county):
        for document in site.catalogue.all(Document):
            for prefix, language in (("", "zh"), ("en/", "en")):
                (facts,) = site.pages[f"{prefix}documents/{document.id}/"].all("dl", cls="hp-docmeta")
                label = LABELS["state.not_held"]
                said = label.zh if language == "zh" else str(label.en)
                if not document.clauses:
                    assert said not in words(facts), document.id
                elif not document.topic:
                    assert said in words(facts), document.id
                seen.add(bool(document.clauses))
    assert True in seen


def description(site: BuiltSite, address: str) -> str:
    (found,) = [e.get("content", "") for e in site.pages[address].all("meta") if e.get("name") == "description"]
    return found


def test_descriptions_promise_what_the_page_has(city: BuiltSite, full_county: BuiltSite) -> None:
    for site in (city, full_county):
        for kind in KINDS:
            if kind.name not in ("activity", "body"):
                continue
            for record in site.catalogue.all(kind.model):
                if getattr(record, "origin", None):
                    continue
                said = description(site, f"en/{kind.anchor(record.id)}")
                facts = {
                    "how to reach it": any(getattr(record, n, None) for n in ("phone", "address", "hours", "website")),
                    "when it takes place": getattr(record, "recurrence", None)
                    or any(edition.start for edition in getattr(record, "editions", ())),
                    "who organizes it": getattr(record, "organizers", None),
                    "its themes by year": any(edition.themes for edition in getattr(record, "editions", ())),
                }
                assert {words for words in facts if words in said} == {words for words, so in facts.items() if so}, said


def test_the_menu_says_what_there_is(county: BuiltSite, full_county: BuiltSite) -> None:
    for site, published in ((county, bool(county.catalogue.publishable)), (full_county, True)):
        assert ("what has been published" in words(site.html["en/404.html"].one("body"))) == published


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_origin_has_its_sources_and_their_certainty_beside_it(full_county: BuiltSite, language: str) -> None:
    label = LABELS["state.not_verified"]
    badge = label.zh if language == "zh" else str(label.en)
    seen = set()
    for activity in full_county.catalogue.all(Activity):
        if not activity.origin:
            continue
        page = full_county.edition(language)[f"activities/{activity.id}/"]
        (note,) = page.all("div", cls="hp-note")[:1]
        after = page.elements[page.elements.index(note) + len(list(note.iter())) :]
        beside = words(next(element for element in after if element.tag == "p"))
        for source in activity.sources:
            assert source.text.show(language) in beside, activity.id
        assert (badge in beside) == (not activity.is_verified), activity.id
        address = f"{'en/' if language == 'en' else ''}activities/{activity.id}/"
        stated = activity.origin.show(language)[:12] in description(full_county, address)
        assert stated == activity.is_verified, activity.id
        seen.add(activity.id)
    assert seen


def test_an_honor_is_held_only_where_a_source_says_so(full_county: BuiltSite) -> None:
    held = [honour for honour in full_county.catalogue.all(Honour) if honour.standing == "held"]
    assert held and all(honour.sources for honour in held)
    page = full_county.edition("en")["honours/"]
    badges = [words(badge) for badge in page.all("span", cls="hp-badge")]
    assert badges.count(str(LABELS["standing.held"].en)) == len(held)
    for honour in held:
        assert all(source.text.show("en") in words(page.one("main")) for source in honour.sources)


def test_a_requirement_that_is_a_target_leads_to_it(full_county: BuiltSite) -> None:
    seen = False
    for target in full_county.catalogue.all(Target):
        holder, _ = full_county.catalogue.statements[target.measure]
        if isinstance(holder, Section):
            page = full_county.pages["en/aims/"]
            assert any(address.endswith(f"targets/#{target.id}") for _, address in page.references), target.id
            seen = True
    assert seen


def test_an_empty_feed_says_so(city: BuiltSite, full_county: BuiltSite) -> None:
    said = str(LABELS["subscribe.feed_empty"].en)
    for site in (city, full_county):
        page = site.pages["en/subscribe/"]
        links = [(item, item.find("p/a")) for item in page.all("li") if item.find("p/code") is not None]
        targets = [(item, str(a.get("href"))) for item, a in links if a is not None]
        feeds = [(item, address) for item, address in targets if address.endswith(".xml")]
        assert feeds
        for item, address in feeds:
            path = address.partition("feeds/")[2]
            is_empty = "<entry>" not in (site.folder / "en/feeds" / path).read_text(encoding="utf-8")
            assert (said in words(item)) == is_empty, path


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_theme_of_a_past_year_says_that_it_is_not_verified(full_county: BuiltSite, language: str) -> None:
    label = LABELS["state.not_verified"]
    badge = label.zh if language == "zh" else str(label.en)
    shown = [words(theme) for theme in full_county.edition(language)["activities/"].all("p", cls="hp-past-theme")]
    seen = set()
    for activity in full_county.catalogue.all(Activity):
        for theme in (theme for edition in activity.editions for theme in edition.themes):
            for text in (text for text in shown if text.startswith(theme.text.show(language))):
                assert (badge in text) == (theme.certainty != "high"), text
                seen.add(theme.certainty)
    assert seen
