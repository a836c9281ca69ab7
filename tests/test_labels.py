"""The words of the site itself: none missing, none left over, none half translated."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from haopin.csp import STORED
from haopin.html.charts.course import MomentKind
from haopin.html.i18n import Label, Labels, Plural, local_labels, read_labels, site_labels
from haopin.html.renderer import INSTEAD
from haopin.model import FIXED_PAGES, KINDS, SECTIONS
from haopin.model.activity import Activity, Theme
from haopin.model.base import Layout
from haopin.model.body import Body
from haopin.model.disclosure import Sampled
from haopin.model.document import DocumentEffect, Status
from haopin.model.material_format import MaterialFormat
from haopin.model.news import News
from haopin.model.plan import Plan
from haopin.model.provision import Honour, Mechanism, Term
from haopin.model.publishable import Publishable, Withdrawal
from haopin.model.recognition import Demonstration, Standard
from haopin.model.site import Site
from haopin.model.target import Change, NumberComparator, Per, Target
from haopin.model.task import CountedAs, Form, Role, Task
from haopin.site.pages import LISTINGS
from haopin.site.progress import STATES, Outcome, Position, Rule, TargetRule, Trend, programme
from jinja2 import Environment, TemplateRuntimeError, nodes
from pydantic import BaseModel, ValidationError
from support import ROOT

PACKAGE = ROOT / "hooks/haopin"
LABELS = site_labels(PACKAGE / "labels.yml")
TEMPLATES = sorted([*(PACKAGE / "templates").rglob("*.html"), *(PACKAGE / "theme").rglob("*.html")])


def choices(model: type[BaseModel], field: str) -> set[str]:
    """The values that a field of a model can have."""
    found: set[str] = set()
    waiting = [model.model_fields[field].annotation]
    while waiting:
        for argument in get_args(waiting.pop()):
            if isinstance(argument, str):
                found.add(argument)
            elif argument is not type(None):
                waiting.append(argument)
    return found


def extending(parent: str) -> set[str]:
    """Names of the templates that extend ``parent``."""
    line = f'{{% extends "{parent}" %}}'
    return {file.stem for file in TEMPLATES if line in file.read_text(encoding="utf-8")}


NAMES = {listing.name for listing in LISTINGS}

#: Keys made from a value, with all that the value can be. A use that is not here fails the test below.
DYNAMIC: dict[str, set[str]] = {
    "api.*": {"index", "status", "changes", "list", "record"},
    "activity.kind_*": choices(Activity, "kind"),
    "batch.*": choices(Sampled, "result"),
    "column.*": set(Sampled.model_fields),
    "course.*": set(get_args(MomentKind)),
    "document.*": set(get_args(CountedAs)),
    "document.by-*": choices(DocumentEffect, "what"),
    "document.does-*": choices(DocumentEffect, "what"),
    "document.state-*": choices(Status, "state"),
    "document.over-*": choices(Status, "state") - {"in-force"},
    "demonstration.*": choices(Demonstration, "state"),
    "kind.*": {kind.name for kind in KINDS if issubclass(kind.model, Publishable)},
    "ledger.*": set(STATES),
    "ledger.rule-*": set(get_args(Rule)),
    "level.*": choices(Standard, "level"),
    "news.*": choices(News, "kind"),
    "outcome.*": set(get_args(Outcome)) - {"not-reported", "ended-unreported"} | set(get_args(Trend)),
    "outcome.rule-*": set(get_args(TargetRule)),
    "role.*": choices(Standard, "role"),
    "part.*": {"lead", "responsible", "participating"},
    "part.named_*": {"lead", "participating"},
    "figure.mark_*": set(get_args(Role)),
    "measure.*": set(get_args(CountedAs)) - {"measures"},
    "matrix.*": set(get_args(Role)) - {"lead"},
    "matrix.of_*": set(get_args(Form)),
    "body.tasks_*": {"lead", "own", "participating"},
    "withdrawal.*": choices(Withdrawal, "reason"),
    "body.*": choices(Body, "level"),
    "class.*": choices(Honour, "kind") | choices(Mechanism, "kind") | choices(Term, "kind"),
    "domain.*": choices(Task, "domain"),
    "footer.*": {"site_id", "icp", "police"},
    "menu.*": set(SECTIONS),
    "menu.*_about": set(SECTIONS),
    "materials.*": choices(MaterialFormat, "unit")
    | choices(MaterialFormat, "colour")
    | {"print_size", "print_colour", "print_fonts", "print_more"},
    "page.*": NAMES | set(FIXED_PAGES) | {"home"},
    "plan.*": choices(Plan, "state"),
    "phase.*": set(get_args(Position)),
    "programme.*": set(get_args(programme.__annotations__["return"])),
    "reference.*": set(get_args(Layout)),
    "stored.*": set(STORED),
    "scope.*": choices(Theme, "scope"),
    "standing.*": choices(Honour, "standing"),
    "target.*": choices(Target, "nature"),
    "*.count": extending("committed.html"),
    "*.lead": extending("committed.html") | extending("provisions.html") | extending("records.html"),
}


def pattern(node: Any) -> str:
    """A key as the template has it, ``*`` for what is only known when it runs."""
    if isinstance(node, nodes.Const):
        return str(node.value)
    if isinstance(node, nodes.Concat):
        return "".join(map(pattern, node.nodes))
    if isinstance(node, nodes.CondExpr):
        raise AssertionError(f"write the two labels out: {node}")
    return "*"


def asked() -> Iterator[tuple[Path, str]]:
    """Every key that a template asks for: the first argument of each call of ``t``, or of something's ``t``."""
    environment = Environment(extensions=["jinja2.ext.do"])
    for file in TEMPLATES:
        tree = environment.parse(file.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            callee = call.node
            own = isinstance(callee, nodes.Name) and callee.name == "t"
            shells = isinstance(callee, nodes.Getattr) and callee.attr == "t" and ast_name(callee.node) == "hp"
            if own or shells:
                yield file, pattern(call.args[0])


def ast_name(node: Any) -> str:
    return node.name if isinstance(node, nodes.Name) else ""


def strings_of_templates() -> set[str]:
    environment = Environment()
    found = set()
    for file in TEMPLATES:
        for const in environment.parse(file.read_text(encoding="utf-8")).find_all(nodes.Const):
            found.add(str(const.value))
    return found


def strings_of_code() -> set[str]:
    return {
        node.value
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


ASKED = [(file, key) for file, key in asked() if file.name != "language.html"]
#: ``t(heading)``: the headings stand in the templates that extend the first, and in `haopin.materials.public`.
PASSED_ON = {(PACKAGE / f"templates/{name}.html", "*") for name in ("provisions", "materials")}


def filled(key: str) -> set[str]:
    return {key.replace("*", value) for value in DYNAMIC[key]}


def test_scan_finds_the_uses() -> None:
    assert len(ASKED) > 120
    assert {file.parent.name for file, _ in ASKED} >= {"templates", "parts", "theme", "partials"}


def test_every_key_made_from_a_value_is_known() -> None:
    made = {key for file, key in ASKED if "*" in key and (file, key) not in PASSED_ON}
    assert made == set(DYNAMIC)


def test_every_key_in_a_template_exists() -> None:
    asked = {(f.relative_to(PACKAGE).as_posix(), key) for f, key in ASKED if "*" not in key}
    assert len(asked) > 500
    assert sorted((file, key) for file, key in asked if key not in LABELS) == []


def test_every_key_made_from_a_value_exists() -> None:
    made = sorted(key for pattern in DYNAMIC for key in filled(pattern))
    assert len(made) > 150
    assert [key for key in made if key not in LABELS] == []


def test_every_label_is_used() -> None:
    used = {key for _, key in ASKED} | {key for made in DYNAMIC for key in filled(made)}
    used |= strings_of_code() | strings_of_templates()
    # A number in words is made of its comparison, its change and its span, by `html/quantity.py`.
    used |= {f"number.{way}{count}" for way in get_args(NumberComparator) for count in ("", "-count")}
    used |= {
        f"number.{full}{way}{count}" for way in get_args(Change) for full in ("", "of-") for count in ("", "-count")
    }
    used |= {f"number.{way}" for way in get_args(Per)}
    # The description of a page is asked for by its template's name, where there is one.
    used |= {f"title.{kind.name}" for kind in KINDS}
    used |= {other for _, other, _ in INSTEAD}
    used |= {f"description.{file.stem}" for file in (PACKAGE / "templates").glob("*.html")}
    assert [key for key in LABELS if key not in used] == []


def test_every_key_in_code_exists() -> None:
    groups = {key.partition(".")[0] for key in LABELS}
    wrong = []
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                callee = node.func
                name = callee.attr if isinstance(callee, ast.Attribute) else getattr(callee, "id", "")
                key = node.args[0].value
                if name == "t" and isinstance(key, str) and key not in LABELS:
                    wrong.append((file.name, key))
    assert groups
    assert wrong == []


#: Words that site.yml gives; a language may do without one that the other says.
LOCAL = {
    "place",
    "Place",
    "places",
    "Places",
    "here",
    "Here",
    "above",
    "level",
    "Level",
    "subject",
    "Subject",
    "a_subject",
    "the_plan",
    "The_plan",
    "the_text",
    "The_text",
}


def faults_of(key: str) -> Iterator[str]:
    """Yield what is wrong with the label ``key``."""
    label = LABELS[key]
    forms = [label.en] if isinstance(label.en, str) else [label.en.one, label.en.other]
    values = set(re.findall(r"\{(\w+)\}", label.zh)) - LOCAL
    for form in forms:
        # English may do without a number that it says otherwise ("the first of them"), and the other way round.
        if not (set(re.findall(r"\{(\w+)\}", form)) - LOCAL) ^ values <= {"n", "number"}:
            yield f"{key}: other values in English: {form}"
        if re.search(r"[\uff01-\uff5e]", form):
            yield f"{key}: full-width marks in English: {form}"
        # The link to the other language is written in that language.
        if key != "nav.language" and re.search(r"[\u4e00-\u9fff]", form):
            yield f"{key}: Chinese in English: {form}"
    if key != "nav.language" and not (
        re.search(r"[\u4e00-\u9fff\u3001\u201d]", label.zh) or re.fullmatch(r"(\W*\{\w+\}\W*)+", label.zh)
    ):
        yield f"{key}: no Chinese: {label.zh}"


def test_every_label_is_in_both_languages_with_the_same_values() -> None:
    assert [fault for key in sorted(LABELS) for fault in faults_of(key)] == []


def test_labels_name_no_county() -> None:
    text = (PACKAGE / "labels.yml").read_text(encoding="utf-8")
    assert not re.search("\u6c82\u6c34|\u4e34\u6c82|\u5c71\u4e1c|Yishui|Linyi|Shandong", text)


#: Words of a place, a country or a subject that stay, by label, each with its reason.
STAY: dict[str, str] = {
    "page.batches": "such a batch is of the quality of products, whatever the plan is about",
    "kind.batch": "the same",
}
_OF_A_PLACE = re.compile("县|中国|全国|质量|\\b[Cc]ount(?:y|ies)\\b|\\bChina\\b|\\b[Qq]ualit(?:y|ies)\\b")


def test_labels_say_no_word_of_a_county_of_a_country_or_of_quality() -> None:
    found = {key for key, label in LABELS.items() if _OF_A_PLACE.search(f"{label.zh} {label.en}")}
    assert found == STAY.keys()


def test_a_word_that_may_be_missing_takes_its_space_along() -> None:
    """In English the subject stands before a word, or at the end: without it a sentence is still one."""
    wrong = []
    for key, label in LABELS.items():
        for form in [label.en] if isinstance(label.en, str) else [label.en.one, label.en.other]:
            if re.search(r"\{(?:Subject|subject|a_subject)\}(?! \w|$)", form):
                wrong.append(key)
    assert wrong == []


def site(**given: Any) -> Site:
    base = {
        "place": {"zh": "甲", "en": "A"},
        "name": {"zh": "甲", "en": "A"},
        "slogan": {"zh": "甲", "en": "A"},
        "slogan_clause": {"document": "a", "id": "b"},
        "description": {"zh": "甲", "en": "A"},
        "issuing_body": {"zh": "甲", "en": "A"},
        "document": "a",
        "address": "https://a.example/",
        "identity": {"main": "#00594f", "main_dark": "#6fd3c4"},
    }
    return Site.model_validate({**base, **given})


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        ({}, "本县县级市级示范县活动", "The county: county, counties, municipal. A problem; problems of service"),
        (
            {"place_kind": "county-level-city", "subject": {"zh": "计量", "en": "metrology"}},
            "本市市级市级示范市计量活动",
            "The city: city, cities, municipal. A metrology problem; metrology problems of service metrology",
        ),
        (
            {"place_kind": "district", "subject": {"zh": "环保", "en": "air"}},
            "本区区级市级示范区环保活动",
            "The district: district, districts, municipal. An air problem; air problems of service air",
        ),
        (
            {"place_kind": "prefecture-level-city"},
            "本市市级省级示范市活动",
            "The city: city, cities, provincial. A problem; problems of service",
        ),
        (
            {"place_kind": "province", "subject": {"zh": "食品安全"}},
            "本省省级国家示范省食品安全活动",
            "The province: provincial, provinces, national. A problem; problems of service",
        ),
        (
            {"place_kind": "other", "place_word": {"zh": "旗{x}"}},
            "本旗{x}旗{x}级上级示范旗{x}活动",
            "The place: place, places, higher-level. A problem; problems of service",
        ),
        (
            {"place_kind": "other", "place_word": {"zh": "开发区", "en": "bay"}},
            "本开发区开发区级上级示范开发区活动",
            "The bay: bay, bays, higher-level. A problem; problems of service",
        ),
    ],
)
def test_words_of_the_place_and_of_the_plan(given: dict[str, Any], zh: str, en: str) -> None:
    label = Label(
        zh="{here}{level}{above}示范{place}{subject}活动",
        en="{Here}: {level}, {places}, {above}. {a_subject} problem; {subject} problems of service {subject}",
    )
    found = local_labels({"a.b": label}, site(**given))
    assert Labels(found, "zh")("a.b") == zh
    assert Labels(found, "en")("a.b").replace(". a", ". A") == en


def test_a_label_without_such_words_stays_as_it_is() -> None:
    label = Label(zh="{n}项", en=Plural(one="{n} task", other="{n} tasks"))
    assert local_labels({"a.b": label}, site())["a.b"] is label
    counted = Label(zh="{n}项{subject}", en=Plural(one="{n} {subject} task", other="{n} {subject} tasks"))
    assert Labels(local_labels({"a.b": counted}, site()), "en")("a.b", n=2) == "2 tasks"


@pytest.mark.parametrize("given", [{"place_kind": "other"}, {"place_word": {"zh": "旗", "en": "banner"}}])
def test_own_word_for_a_place_belongs_to_other(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        site(**given)


def test_older_names_are_still_read() -> None:
    given = site().model_dump(mode="json")
    given["county"] = given.pop("place")
    assert Site.model_validate(given) == site()
    body = {"id": "a", "name": "甲"}
    for old, new in (("county", "own"), ("city-branch", "branch")):
        assert Body.model_validate({**body, "level": old}).level == new
    assert Body.model_validate(body).level is None
    theme = {"text": "甲", "official": [], "certainty": "high", "source": "甲"}
    assert Theme.model_validate({**theme, "scope": "china"}).scope == "national"


def labels(language: Any = "en", **given: Any) -> Labels:
    return Labels({key.replace("_", ".", 1): Label.model_validate(label) for key, label in given.items()}, language)


COUNT = {"zh": "{n}\u9879,\u5171\u8ba1", "en": {"one": "{n} task", "other": "{n} tasks"}}


@pytest.mark.parametrize(("n", "words"), [(0, "0 tasks"), (1, "1 task"), (2, "2 tasks"), (21, "21 tasks")])
def test_plural(n: int, words: str) -> None:
    assert labels(a_b=COUNT)("a.b", n=n) == words


def test_chinese_is_shown_with_fullwidth_punctuation_and_no_plural() -> None:
    assert labels("zh", a_b=COUNT)("a.b", n=1) == "1\u9879\uff0c\u5171\u8ba1"


def test_value_is_put_in_as_it_is() -> None:
    assert labels(a_b={"zh": "\u7532{x}", "en": "A {x}"})("a.b", x="{x} 1,2") == "A {x} 1,2"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_unknown_key_is_an_error_of_the_template(language: str) -> None:
    with pytest.raises(TemplateRuntimeError) as caught:
        labels(language, a_b=COUNT)("a.c")
    assert str(caught.value) == "there is no label \u201ca.c\u201d"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_missing_value_is_an_error_of_the_template(language: str) -> None:
    with pytest.raises(TemplateRuntimeError) as caught:
        labels(language, a_b=COUNT)("a.b", m=1)
    assert str(caught.value) == "label \u201ca.b\u201d needs the value 'n'"


def test_contains() -> None:
    found = labels(a_b=COUNT)
    assert "a.b" in found
    assert "a.c" not in found


@pytest.mark.parametrize(
    "label",
    [
        {"zh": "\u7532"},
        {"en": "A"},
        {"zh": "", "en": "A"},
        {"zh": "\u7532", "en": {"one": "A"}},
        {"zh": "\u7532", "en": {"one": "A", "other": "B", "few": "C"}},
        {"zh": "\u7532", "en": "A", "fr": "A"},
    ],
)
def test_label_with_a_word_missing_is_refused(label: object, tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        Label.model_validate(label)
    (tmp_path / "labels.yml").write_text(f"a: {{b: {label}}}\n", encoding="utf-8")
    with pytest.raises(ValidationError):
        read_labels(tmp_path / "labels.yml")


def test_words_that_look_like_values_of_yaml_are_words(tmp_path: Path) -> None:
    file = tmp_path / "labels.yml"
    file.write_text("a:\n  yes: {zh: \u662f, en: yes}\n  no: {zh: \u5426, en: {one: no, other: 0}}\n", encoding="utf-8")
    assert read_labels(file) == {
        "a.yes": Label(zh="\u662f", en="yes"),
        "a.no": Label(zh="\u5426", en=Plural(one="no", other="0")),
    }
