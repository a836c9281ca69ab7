"""Citations of pages and of items on them, in each language."""

from datetime import date
from typing import Any

import pytest
from haopin.html.citation import CitationLine, Citations, marked, markup
from haopin.html.context import TemplateContext
from haopin.html.i18n import Labels, read_labels
from haopin.model.document import Document
from haopin.model.news import News
from haopin.model.task import Task
from haopin.site.catalogue import Catalogue
from haopin.site.pages import pages
from haopin.text import Language
from support import COUNTY, ROOT, catalogue_of, copy_full_county

LABELS = read_labels(ROOT / "hooks/haopin/labels.yml")
DAY = date(2030, 2, 1)
#: Chinese marks by name: typed ones are folded by some editors.
COMMA, COLON, OPEN, CLOSE = "\uff0c", "\uff1a", "\uff08", "\uff09"


def citations(language: Language, catalogue: Catalogue | None = None) -> Citations:
    found = catalogue or catalogue_of(COUNTY / "data")
    return Citations(TemplateContext(found, language, DAY, pages(found)), Labels(LABELS, language))


def document(language: Language, **given: Any) -> str:
    whole = {"id": "d", "title": {"zh": "\u4e59", "en": "B"}, **given}
    return citations(language).document(Document.model_validate(whole))


ISSUER = {"zh": "\u7532\u53bf", "en": "County A"}
NUMBER = "\u7532\u53d1\u30142030\u30151\u53f7"


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        ({}, "\u300a\u4e59\u300b", "\u201cB.\u201d"),
        ({"number": NUMBER}, f"\u300a\u4e59\u300b{OPEN}{NUMBER}{CLOSE}", f"\u201cB\u201d ({NUMBER})."),
        ({"issuer": ISSUER}, f"\u7532\u53bf{COLON}\u300a\u4e59\u300b", "County A. \u201cB.\u201d"),
        (
            {"issuer": ISSUER, "number": NUMBER, "title": {"zh": "\u7532\u53bf\u901a\u77e5", "en": "Notice"}},
            f"\u300a\u7532\u53bf\u901a\u77e5\u300b{OPEN}{NUMBER}{CLOSE}",
            f"County A. \u201cNotice\u201d ({NUMBER}).",
        ),
        (
            {"title": {"zh": "\u5370\u53d1\u300a\u65b9\u6848\u300b", "en": "Issuing \u201cThe Plan\u201d"}},
            "\u300a\u5370\u53d1\u3008\u65b9\u6848\u3009\u300b",
            "\u201cIssuing \u2018The Plan\u2019.\u201d",
        ),
    ],
    ids=["title", "number", "issuer", "issuer in the title", "title in a title"],
)
def test_a_document_is_named_by_what_is_known_of_it(given: dict[str, Any], zh: str, en: str) -> None:
    assert (document("zh", **given), document("en", **given)) == (zh, en)


@pytest.mark.parametrize(
    ("title", "zh", "en"),
    [
        ("A", "\u201cA\u201d", "\u201cA.\u201d"),
        ("A B.", "\u201cA B.\u201d", "\u201cA B.\u201d"),
        ("Why?", "\u201cWhy?\u201d", "\u201cWhy?\u201d"),
        ("To all bodies:", "\u201cTo all bodies\u201d", "\u201cTo all bodies.\u201d"),
        ("A \u201cb\u201d c", "\u201cA \u2018b\u2019 c\u201d", "\u201cA \u2018b\u2019 c.\u201d"),
        ("{title} {x}", "\u201c{title} {x}\u201d", "\u201c{title} {x}.\u201d"),
    ],
)
def test_an_item_stands_in_quotation_marks(title: str, zh: str, en: str) -> None:
    assert (citations("zh").item(title), citations("en").item(title)) == (zh, en)


def test_a_task_is_cited_by_document_number_and_clause() -> None:
    address = "https://a.example/tasks/01/"
    catalogue = catalogue_of(COUNTY / "data")
    page = next(p for p in pages(catalogue) if isinstance(p.record, Task))
    assert citations("zh", catalogue).page(page, "x", address).text == (
        f"\u7532\u4e59\u53bf\u4eba\u6c11\u653f\u5e9c{COLON}"
        f"\u300a\u7532\u4e59\u53bf\u8d28\u91cf\u5de5\u4f5c\u65b9\u6848\u300b{OPEN}"
        f"\u7532\u653f\u53d1\u30142030\u30151\u53f7{CLOSE}{COMMA}"
        f"\u201c1.\u62bd\u67e5\u4ea7\u54c1\u201d{COMMA}\u8d28\u91cf\u7532\u4e59{COMMA}"
        f"\u6570\u636e\u622a\u81f32030\u5e742\u67081\u65e5{COMMA}{address}"
    )
    assert citations("en", catalogue).page(page, "x", address).text == (
        "People's Government of Jiayi County. \u201cQuality Work Plan of Jiayi County\u201d "
        "(\u7532\u653f\u53d1\u30142030\u30151\u53f7). \u201c1. Check products.\u201d Quality Jiayi. "
        f"Data as of 1 February 2030. {address}"
    )


def test_a_document_is_cited_by_its_number_and_other_pages_by_their_title() -> None:
    catalogue = catalogue_of(COUNTY / "data")
    found = {p.address: p for p in pages(catalogue)}
    english = citations("en", catalogue)
    assert english.page(found["documents/plan-2030-1/"], "x", "a").place.endswith(
        "(\u7532\u653f\u53d1\u30142030\u30151\u53f7). "
    )
    assert english.page(found["targets/"], "Targets", "a").text == (
        "\u201cTargets.\u201d Quality Jiayi. Data as of 1 February 2030. a"
    )
    assert english.page(None, "About", "a").place == "\u201cAbout.\u201d "
    assert english.page(found[""], "", "a").text == "Quality Jiayi. Data as of 1 February 2030. a"
    chinese = citations("zh", catalogue)
    assert chinese.page(found[""], "", "a").text == (
        f"\u8d28\u91cf\u7532\u4e59{COMMA}\u6570\u636e\u622a\u81f32030\u5e742\u67081\u65e5{COMMA}a"
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_record_is_cited_by_its_own_source_and_date(language: Language, tmp_path: Any) -> None:
    catalogue = catalogue_of(copy_full_county(tmp_path / "county") / "data")
    page = next(p for p in pages(catalogue) if isinstance(p.record, News))
    assert isinstance(page.record, News)
    source, day = page.record.source.show(language), page.record.date
    place = citations(language, catalogue).page(page, "T", "a").place
    if language == "zh":
        assert place == f"{source}{COLON}\u201cT\u201d{COMMA}{day.year}\u5e74{day.month}\u6708{day.day}\u65e5{COMMA}"
    else:
        assert place == f"{source}. \u201cT.\u201d {day.day} {day:%B} {day.year}. "


def test_inserted_values_are_escaped() -> None:
    cited = CitationLine("\u201c<b>&\u201d ", 'S "x" ', "https://a.example/?a=1&b=<")
    assert markup(cited, "en") == (
        '<span data-place>\u201c&lt;b&gt;&amp;\u201d </span><span data-site>S "x" </span>'
        "https://a.example/?a=1&amp;b=&lt;"
    )


def test_a_number_is_one_stretch_of_chinese_on_an_english_page_only() -> None:
    text = f"A ({NUMBER}) 5 \u4e59"
    assert marked(text, "en") == f'A (<span lang="zh-Hans">{NUMBER}</span>) 5 <span lang="zh-Hans">\u4e59</span>'
    assert marked(text, "zh") == text
