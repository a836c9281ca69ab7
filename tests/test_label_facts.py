"""Statements in labels about a plan or its records depend on data that the template checks or the model requires."""

import re

import pytest
from haopin.html.i18n import Plural, site_labels
from haopin.html.renderer import INSTEAD
from haopin.model import KINDS
from haopin.model.task import Task
from haopin.site.pages import LISTINGS
from support import ROOT, BuiltSite, build, copy_city, words

PACKAGE = ROOT / "hooks/haopin"
LABELS = site_labels(PACKAGE / "labels.yml")

#: Words of what the plan, its document or its bodies say. A label that has one states something, or only names a thing.
SPEAKS = re.compile(
    "方案|原文|以上单位|依据文件|本站依据|文中引用|历年|等部门|牵头|资料写明|"
    r"\b[Pp]lans?\b|\bthe document\b|\b[Jj]ointly\b|\bas written\b|original text"
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
    "document.row_measures", "figure.phases", "home.read", "home.tasks", "honours.list", "ledger.rule-due-passed",
    "matrix.lead_body", "figure.deadlines", "menu.commitments_about", "menu.documents_about", "page.plans",
    "part.is_lead", "part.lead", "part.named_lead", "description.needs",
    "plans.lead", "quote.clause", "quote.verbatim", "task.full_text", "footer.translation", "progress.rule",
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
NO_LEAD = re.compile("没有指明牵头单位|未指明牵头单位|names no lead body|no lead named")


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
                    "how to reach it": getattr(record, "phone", None) or getattr(record, "website", None),
                    "when it takes place": getattr(record, "recurrence", None)
                    or any(edition.start for edition in getattr(record, "editions", ())),
                    "who organizes it": getattr(record, "organizers", None),
                    "the themes of": any(edition.themes for edition in getattr(record, "editions", ())),
                }
                assert {words for words in facts if words in said} == {words for words, so in facts.items() if so}, said


def test_the_menu_says_what_there_is(county: BuiltSite, full_county: BuiltSite) -> None:
    for site, published in ((county, bool(county.catalogue.publishable)), (full_county, True)):
        assert ("what has been published" in words(site.html["en/404.html"].one("body"))) == published
