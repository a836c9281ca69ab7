"""Texts of the office, perhaps without a translation; and which English translates an older Chinese."""

import json
from pathlib import Path

import pytest
from haopin.load import translations
from haopin.load.folder import TRANSLATIONS, read
from haopin.load.translations import TextKey, fingerprint, fingerprints_file, read_fingerprints
from haopin.model.news import News
from haopin.site.catalogue import catalogue, checked
from haopin.text import Wording
from living import AS_OF, copy_living
from pydantic import BaseModel, ValidationError
from support import edit

COMMA = "\uff0c"


class Holder(BaseModel):
    text: Wording


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("甲", "甲", None),
        ("  甲\n", "甲", None),
        ("A", "A", None),
        ({"zh": "甲"}, "甲", None),
        ({"en": "A"}, None, "A"),
        ({"zh": "甲", "en": "A"}, "甲", "A"),
        ({"zh": "甲", "en": None}, "甲", None),
        ({"zh": " 甲 ", "en": " A "}, "甲", "A"),
    ],
)
def test_wording(written: object, zh: str | None, en: str | None) -> None:
    wording = Holder.model_validate({"text": written}).text
    assert (wording.zh, wording.en) == (zh, en)


@pytest.mark.parametrize(
    ("written", "kind", "place"),
    [
        ("", "string_too_short", ("text", "zh")),
        ("  ", "string_too_short", ("text", "zh")),
        ({}, "wordless", ("text",)),
        ({"zh": None, "en": None}, "wordless", ("text",)),
        ({"zh": ""}, "string_too_short", ("text", "zh")),
        ({"zh": "甲", "en": " "}, "string_too_short", ("text", "en")),
        ({"zh": "甲", "xx": "A"}, "extra_forbidden", ("text", "xx")),
        ({"zh": ["甲"]}, "string_type", ("text", "zh")),
        (["甲"], "model_type", ("text",)),
        (5, "model_type", ("text",)),
        (None, "model_type", ("text",)),
    ],
)
def test_no_wording(written: object, kind: str, place: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError) as caught:
        Holder.model_validate({"text": written})
    assert [(error["type"], error["loc"]) for error in caught.value.errors()] == [(kind, place)]


@pytest.mark.parametrize(
    ("wording", "language", "shown", "spoken"),
    [
        (Wording(zh="甲,乙", en="A, B"), "zh", f"甲{COMMA}乙", "zh"),
        (Wording(zh="甲,乙", en="A, B"), "en", "A, B", "en"),
        # Not translated yet: the other language, and the page must say which it is.
        (Wording(zh="甲,乙"), "en", f"甲{COMMA}乙", "zh"),
        (Wording(en="A, B"), "zh", "A, B", "en"),
    ],
)
def test_wording_as_it_is_shown(wording: Wording, language: str, shown: str, spoken: str) -> None:
    assert language in ("zh", "en")
    assert wording.show("zh" if language == "zh" else "en") == shown
    assert wording.language("zh" if language == "zh" else "en") == spoken


def test_wording_is_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Wording(zh="甲").zh = "乙"


def test_schema_describes_both_ways_of_writing() -> None:
    (wording,) = Holder.model_json_schema()["$defs"].values()
    line, both = wording["anyOf"]
    assert line == {"type": "string", "minLength": 1}
    assert both["anyOf"] == [{"required": ["zh"]}, {"required": ["en"]}]
    assert both["additionalProperties"] is False


# Fingerprints.


def test_fingerprint_knows_words_and_not_spaces() -> None:
    assert fingerprint("甲 乙\n丙") == fingerprint("甲乙丙") == "2f4be7790292"
    assert fingerprint("甲乙丙。") != fingerprint("甲乙丙")
    assert len(fingerprint("")) == 12


def test_every_chinese_text_has_a_key_of_its_own(tmp_path: Path) -> None:
    found = list(translations.texts(read(copy_living(tmp_path))))
    keys = {str(text.key): text for text in found}
    assert len(keys) == len(found) > 80
    for key, zh, en in (
        ("body/quality:name", "县质量局", "County Quality Bureau"),
        ("site/site:slogan", "诚信为本,质量为先。", "Honesty at heart, quality first."),
        # Parts with an id are known by it, others by their place in the list.
        ("task/01:measures.check.title", "每年抽查", "Check every year"),
        ("document/plan-2030-1:clauses.slogan", "诚信为本,质量为先。", "Honesty at heart, quality first."),
        ("activity/quality-day:editions.0.themes.0.text", "人人参与", "Everyone takes part"),
        # A line on its own is Chinese without a translation.
        ("entry/e1:source", "县质量局", None),
        ("entry/e2:evidence.2.title", "关于合格率的函", None),
        ("standard/s1:holders.1", "北坡合作社", "Beipo Cooperative"),
        ("analysis/y2029:figures.0.unit", "批", None),
        ("news/2030-01-15-fair:text", "展会开幕了。\n\n- 甲乙果品厂参展。", "The fair is open."),
    ):
        assert (keys[key].zh, keys[key].en) == (zh, en)
        assert keys[key].entry.record.id == key.partition("/")[2].partition(":")[0]
    assert keys["entry/e2:evidence.2.title"].place == ("evidence", 2, "title")


def test_text_in_english_only_needs_no_translation(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    edit(data / "warnings.yml", "title: 冬季用电暖器要当心", "title: {en: Take care}")
    assert TextKey("warning", "w1", "title") not in {text.key for text in translations.texts(read(data))}


def test_untranslated(tmp_path: Path) -> None:
    found = {str(text.key) for text in translations.untranslated(read(copy_living(tmp_path)))}
    assert {"entry/e1:source", "recall/r1:product"} <= found
    assert not found & {"award/a1:holder", "news/2030-01-15-fair:title", "body/quality:name"}


def marks_of(data: Path) -> dict[str, str]:
    return {str(text.key): fingerprint(text.zh) for text in translations.texts(read(data)) if text.en is not None}


def test_changed_chinese_makes_its_english_stale(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    (data / TRANSLATIONS).write_text(fingerprints_file(marks_of(data)), encoding="utf-8")
    assert translations.stale(read(data)) == []
    edit(data / "news/2030-01-15-fair.zh.md", "展会开幕了。", "展会开幕了,欢迎参观。")
    edit(data / "tasks/01.yml", "title: {zh: 公布结果,", "title: {zh: 公布 结果,")
    edit(data / "bodies.yml", "zh: 县商务局", "zh: 县商务与投资局")
    # What has no English cannot be stale, and what is new has no fingerprint yet.
    edit(data / "recalls.yml", "product: 木制儿童餐椅", "product: {zh: 木制餐椅, en: High chair}")
    edit(data / "warnings.yml", "title: 冬季用电暖器要当心", "title: 当心")
    assert translations.stale(read(data)) == [
        TextKey("body", "commerce", "name"),
        TextKey("news", "2030-01-15-fair", "text"),
    ]


def test_pages_know_which_records_have_stale_english(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    (data / TRANSLATIONS).write_text(fingerprints_file(marks_of(data)), encoding="utf-8")
    edit(data / "news/2030-01-15-fair.zh.md", "title: 展会开幕", "title: 展会闭幕")
    found = catalogue(checked(data, "data")[0], AS_OF)
    assert found.stale == {("news", "2030-01-15-fair")}
    assert found.get(News, "2030-01-15-fair").title.zh == "展会闭幕"


@pytest.mark.parametrize("spoilt", ["", "{", "[]", "5", "null", '"a"', "[" * 100_000, '{"a": ' + "1" * 5_000 + "}"])
def test_damaged_fingerprints_count_as_none(spoilt: str) -> None:
    """The check reports such a file; here it must only not stop anything."""
    assert read_fingerprints(spoilt) == {}


def test_only_texts_are_fingerprints() -> None:
    assert read_fingerprints('{"a": "b", "c": 1, "d": null, "e": ["f"]}') == {"a": "b"}


def test_without_the_file_nothing_is_stale(tmp_path: Path) -> None:
    dataset = read(copy_living(tmp_path))
    assert translations.recorded(dataset) == {}
    assert translations.stale(dataset) == []


def test_file_of_fingerprints_has_a_line_each_in_order() -> None:
    text = fingerprints_file({"b/乙:name": "2", "a/甲:name": "1"})
    assert text == '{\n"a/甲:name": "1",\n"b/乙:name": "2"\n}\n'
    assert read_fingerprints(text) == json.loads(text)
    assert fingerprints_file({}) == "{}\n"
