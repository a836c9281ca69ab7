"""Forms of the desk as a clerk without scripts uses them: nothing lost, nothing changed that was not meant to be."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from desk import Clerk, Pairs, changed, pairs_of, root, said
from haopin.desk.desk import LANGUAGE
from haopin.desk.forms import KEPT, labelled
from haopin.model import READ
from haopin.model.publishable import Publishable
from haopin.office.new.fields import fields_of
from haopin.office.raw import RawFolder
from support import (
    copy_city,
    copy_documents_county,
    copy_full_county,
    copy_numbers_county,
    copy_plans_county,
    count_calls,
    edit,
    files_of,
)

#: Each opens a desk, which reads a county.
pytestmark = pytest.mark.slow
COUNTIES: Mapping[str, Callable[[Path], Path]] = {
    "full": copy_full_county,
    "numbers": copy_numbers_county,
    "documents": copy_documents_county,
    "plans": copy_plans_county,
    "city": copy_city,
}
TASK, EVENT = "/records/task/01", "/records/event/lecture-2030"
NEWS = "/records/news/2030-01-30-draft"


@pytest.fixture
def clerk(tmp_path: Path) -> Iterator[Clerk]:
    """A desk of the county with records of every kind."""
    found = Clerk(copy_full_county(tmp_path / "county"))
    yield found
    found.desk.close()


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clerk]:
    """The same, for tests that write nothing."""
    found = Clerk(copy_full_county(tmp_path_factory.mktemp("reader") / "county"))
    before = files_of(found.desk.folder)
    yield found
    assert files_of(found.desk.folder) == before
    found.desk.close()


def values_of(clerk: Clerk, path: str) -> Mapping[str, Any]:
    """Return the plain values of the record at ``path`` as they stand in its files."""
    _, _, kind, record = path.split("/")
    found = RawFolder(clerk.desk.folder).record(next(each for each in READ if each.name == kind), record)
    assert found is not None, path
    return found.values


def saved(clerk: Clerk, path: str, pairs: Pairs) -> Mapping[str, Any]:
    """Save ``pairs`` at ``path``; return the values of the record then."""
    answer = clerk.send(path, pairs)
    assert answer.status_code == 303, [e.text for e in root(answer.text).iter("p") if e.get("class") == "wrong"]
    return values_of(clerk, answer.headers["location"].partition("?")[0])


def own(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``values`` without what the desk notes when it saves."""
    return {name: value for name, value in values.items() if name not in ("drafted", "returned")}


# --- What a form shows and gives back


@pytest.mark.parametrize("county", COUNTIES)
def test_every_record_comes_back_unchanged(tmp_path: Path, county: str) -> None:
    """The form of each record of each kind, sent back as it is, changes no value and not a byte."""
    clerk = Clerk(COUNTIES[county](tmp_path / "county"))
    before = files_of(clerk.desk.folder)
    seen = set()
    for kind in READ:
        for record in clerk.desk.raw.records(kind):
            path = f"/records/{kind.name}/{quote(record.id or kind.name, safe='')}"
            pairs = pairs_of(clerk.page(path))
            answer = clerk.send(path, pairs, "save")
            assert answer.status_code == 200 and "没有改动" in answer.text, path
            seen.add(kind.name)
    assert files_of(clerk.desk.folder) == before
    assert county != "full" or seen >= {kind.name for kind in READ} - {"plan", "redirect"}, seen


def test_no_code_is_shown_to_a_clerk() -> None:
    """Labels and explanations are in the language of the desk, and name fields by their labels."""
    waiting = [field for kind in READ for field in fields_of(kind.model)]
    while waiting:
        field = waiting.pop()
        label, explained = labelled(field)
        at = f"{field.model.__name__}.{field.name}"
        assert not any("\u4e00" <= c <= "\u9fff" for c in f"{label.get('en')}{explained['en']}"), at
        assert any("\u4e00" <= c <= "\u9fff" for c in explained["zh"] or "字"), at
        assert not label.zh.endswith(" id") and "null" not in explained["zh"], at
        assert not any(code in f"{label.zh}{explained['zh']}" for code in ("文件夹", "类别/")), at
        waiting += [part for part in field.parts if part.name not in KEPT]


def test_pages_and_files_are_chosen_by_words(reader: Clerk) -> None:
    """Sections, records and measures have their names; files are chosen from those that are there."""
    for path, name, shown in (
        ("/records/synonym/fake-goods", "show.0.value", "我要投诉（need/complain）"),
        ("/records/synonym/fake-goods", "show.1.value", "畅通质量热线（task/04/hotline）"),
        ("/records/synonym/exhibition", "show.0.value", "责任单位（bodies）"),
        ("/records/need/complain", "pages.0.value", "参与和投诉（participate）"),
    ):
        assert dict(pairs_of(reader.page(path)))[name] == shown
    offered = reader.http.get("/choices/synonym", params={"field": "show.0.value", "q": "zeren"}).json()
    assert "责任单位（bodies）" in offered
    for path, name, files in (
        ("/records/photograph/new", "picture", ["", "laboratory.png", "meeting-2030.jpg"]),
        ("/records/task/01", "picture", ["", "scales.svg"]),
    ):
        (chosen,) = [e for e in reader.page(path).iter("select") if e.get("name") == name]
        assert [e.get("value", e.text) for e in chosen.iter("option")] == files
    assert not any("looked_at" in name for name, _ in pairs_of(reader.page(NEWS)))


#: Path, inputs and what is typed into them, the values that are then different.
CHANGES: Mapping[str, tuple[str, dict[str, str], dict[str, Any]]] = {
    "words": (TASK, {"title__zh": "抽查产品"}, {}),
    "text": (
        TASK,
        {"summary__en": "Whether goods are good."},
        {"summary": {"zh": ..., "en": "Whether goods are good."}},
    ),
    "day": (EVENT, {"start": "2030年2月6日"}, {"start": "2030-02-06"}),
    "choice": ("/records/body/commerce", {"level": "branch"}, {"level": "branch"}),
    "reference": (EVENT, {"body": "县质量局（quality）"}, {"body": "quality"}),
    "reference by words": (EVENT, {"body": "质量"}, {"body": "quality"}),
    "reference by pinyin": (EVENT, {"body": "xianzhiliangju"}, {"body": "quality"}),
    "emptied": (EVENT, {"closes": " "}, {"closes": None}),
    "time": (EVENT, {"opens": "下午1点半"}, {"opens": "13:30"}),
    "number": ("/records/target/pass-rate", {"value": "９６"}, {"value": "96"}),
    "article": (NEWS, {"text__zh": "第一段。\r\n\r\n第二段。"}, {"text": {"zh": "第一段。\n\n第二段。"}}),
    "plain to both": (NEWS, {"title__en": "A draft"}, {"title": {"zh": "一则未审核的动态", "en": "A draft"}}),
}


@pytest.mark.parametrize(
    ("path", "typed", "zh", "en"),
    [
        (EVENT, {"body": "quality"}, "县质量局（quality）", "County Quality Bureau (quality)"),
        ("/records/body/commerce", {"level": "branch"}, "上级派出机构", "branch of a higher body"),
        (
            "/records/synonym/complaints",
            {"show__0__value": "bodies"},
            "责任单位（bodies）",
            "Responsible bodies (bodies)",
        ),
    ],
    ids=["reference", "choice", "page"],
)
def test_what_will_be_written_is_said_in_words(
    reader: Clerk, path: str, typed: dict[str, str], zh: str, en: str
) -> None:
    """Names of records and choices, in the language of the desk."""
    for language, wanted in (("zh", zh), ("en", en)):
        reader.http.cookies.set(LANGUAGE, language)
        page = root(reader.send(path, changed(pairs_of(reader.page(path)), **typed), "save").text)
        assert wanted in ["".join(e.itertext()) for e in page.iter("ins")], language
    reader.http.cookies.set(LANGUAGE, "zh")


@pytest.mark.parametrize("case", CHANGES)
def test_a_change_is_that_change(clerk: Clerk, case: str) -> None:
    """One changed input changes one value of one record; the rest of all files stays to the byte."""
    path, typed, wanted = CHANGES[case]
    before, files = own(values_of(clerk, path)), files_of(clerk.desk.folder)
    pairs = pairs_of(clerk.page(path))
    answer = clerk.send(path, changed(pairs, **typed))
    if not wanted:
        assert "没有改动" in answer.text
        return
    assert answer.status_code == 303, [e.text for e in root(answer.text).iter("p") if e.get("class") == "wrong"]
    (name, value), after = next(iter(wanted.items())), own(values_of(clerk, path))
    old = before.get(name)
    if isinstance(value, dict):
        value = {key: (old or {})[key] if each is ... else each for key, each in value.items()}
        after_value = after[name] if isinstance(after[name], dict) else {"zh": after[name]}
    else:
        after_value = after.get(name)
    assert after_value == value
    assert {k: v for k, v in after.items() if k != name} == {k: v for k, v in before.items() if k != name}
    touched = {file for file, content in files_of(clerk.desk.folder).items() if files.get(file) != content}
    assert len(touched) <= 2, touched


def test_items_are_added_moved_and_removed_without_scripts(clerk: Clerk) -> None:
    """Buttons of lists work by sending the form: nothing typed is lost, and each item stays itself."""
    before = values_of(clerk, TASK)
    pairs = pairs_of(clerk.page(TASK))
    page = root(clerk.send(TASK, changed(pairs, title__zh="抽查和公布"), "add:measures").text)
    pairs = pairs_of(page)
    assert ("title.zh", "抽查和公布") in pairs
    new = {f"measures.{len(before['measures'])}.{name}" for name in ("title.zh", "quote.zh")}
    assert new <= {name for name, _ in pairs}
    for do in ("up:measures.2", f"remove:measures.{len(before['measures'])}", "down:measures.0", "up:measures.0"):
        pairs = pairs_of(root(clerk.send(TASK, pairs, do).text))
    ids = [value for name, value in pairs if name.startswith("measures.") and name.endswith(".id")]
    first, second, third = (measure["id"] for measure in before["measures"])
    assert ids == [third, first, second]
    was = [
        value for name, value in pairs if name.startswith("measures.") and name.endswith("._") and name.count(".") == 2
    ]
    assert was == ["2", "0", "1"]
    after = saved(clerk, TASK, changed(pairs, title__zh=before["title"]["zh"]))
    assert [measure["id"] for measure in after["measures"]] == ids
    assert {m["id"]: m for m in after["measures"]} == {m["id"]: m for m in before["measures"]}


def test_blank_items_and_strange_orders_change_nothing(clerk: Clerk) -> None:
    """Empty items are left out; orders that no page offers do nothing."""
    pairs = [
        *pairs_of(clerk.page(TASK)),
        ("measures.9._", ""),
        ("measures.9.title.zh", " "),
        ("measures.__N__.id", "x"),
    ]
    assert "没有改动" in clerk.send(TASK, pairs).text
    for do in ("up:measures.77", "down:nothing", "remove:", "add:", "up:", "x:measures"):
        again = pairs_of(root(clerk.send(TASK, pairs, do).text))
        assert len([1 for name, _ in again if name.endswith(".id") and name.startswith("measures.")]) >= 3, do


# --- New records


#: The least that a clerk writes for a new record of each kind.
LEAST: Mapping[str, dict[str, str]] = {
    "news": {"kind": "news", "title.zh": "题", "text.zh": "文。", "source.zh": "县质量局"},
    "event": {"title.zh": "开放日", "start": "2030年3月1日", "source.zh": "县质量局"},
    "warning": {
        "title.zh": "慎购散装产品",
        "text.zh": "注意标签。",
        "advice.zh": "看清标签。",
        "body": "县质量局",
        "source.zh": "县质量局",
    },
    "body": {"id": "new-body", "name.zh": "县新局", "level": "own"},
    "glossary": {"id": "new-term", "term.zh": "质量月", "definition.zh": "每年九月的活动。"},
    "synonym": {"id": "fake", "say.0.value": "冒牌货", "show.0.value": "task/01"},
    "withdrawal": {"id": "w-1", "names.0.value": "县某某厂", "reason": "wrong-name", "date": "2030-01-05"},
    "entry": {
        "body": "县质量局",
        "target": "pass-rate",
        "value": "97%",
        "covers.year": "2029",
        "source.zh": "县质量局",
    },
}


@pytest.mark.parametrize("kind", LEAST)
def test_a_new_record_from_the_least(clerk: Clerk, kind: str) -> None:
    """A new record is shown before it is written, gets an id, and its form then comes back unchanged."""
    path = f"/records/{kind}/new"
    if kind not in {each.name for each in READ}:
        pytest.skip("no such kind")
    pairs = list((dict(pairs_of(clerk.page(path))) | LEAST[kind]).items())
    pairs += [(f"{name.rpartition('.')[0]}._", "") for name in LEAST[kind] if name.endswith(".0.value")]
    asked = clerk.send(path, pairs, "save")
    if asked.status_code == 422:
        pytest.fail(str([e.text for e in root(asked.text).iter("p") if e.get("class") == "wrong"]))
    assert asked.status_code == 200 and "save!" in asked.text
    answer = clerk.send(path, pairs)
    assert answer.status_code == 303, asked.text
    there = answer.headers["location"].partition("?")[0]
    assert "没有改动" in clerk.send(there, pairs_of(clerk.page(there))).text
    assert not clerk.desk.examined().errors


def test_a_copy_is_new(clerk: Clerk) -> None:
    """A record made like another has its words, and none of its date, approval or id."""
    pairs = dict(pairs_of(clerk.page("/records/event/new?copy=lecture-2030")))
    assert pairs["title.zh"] == "标签知识讲座" and pairs["date"] == "2030-02-01" and not pairs["id"]
    assert not any(name.startswith(("approved", "cancelled.date")) and value for name, value in pairs.items())
    after = saved(clerk, "/records/event/new", list((pairs | {"start": "2030-03-05"}).items()))
    assert "approved" not in after and after["drafted"]["by"] == "Ada"


def test_only_what_was_never_public_is_deleted(clerk: Clerk) -> None:
    """A draft can be deleted after a question; what was approved cannot, not even by a form made by hand."""
    page = clerk.send(f"{NEWS}/delete", [], "").text
    base = next(e.get("value") for e in root(page).iter("input") if e.get("name") == "base")
    assert clerk.send(f"{NEWS}/delete", [("base", "stale")], "delete!").status_code == 200
    assert clerk.send(f"{NEWS}/delete", [("base", base)], "delete!").status_code == 303
    assert clerk.http.get(NEWS).status_code == 404
    assert clerk.send(f"{EVENT}/delete", [("base", base)], "delete!").status_code == 404
    assert values_of(clerk, EVENT)
    # A body that others refer to stays, and the page says why.
    page = clerk.send("/records/body/commerce/delete", [], "").text
    base = next(e.get("value") for e in root(page).iter("input") if e.get("name") == "base")
    answer = clerk.send("/records/body/commerce/delete", [("base", base)], "delete!")
    assert answer.status_code == 422 and "commerce" in answer.text
    assert values_of(clerk, "/records/body/commerce")


# --- Two at once


def test_nothing_is_lost_when_others_save(clerk: Clerk) -> None:
    """A record that somebody else changed meanwhile is shown with both changes, and saved with both."""
    pairs = pairs_of(clerk.page(TASK))
    file = clerk.desk.folder / "tasks/01.yml"
    edit(file, "en: Check products}", "en: Inspect products}")
    mine = changed(pairs, summary__zh="看看商品合不合格。", title__en="Test products")
    answer = clerk.send(TASK, mine)
    assert answer.status_code == 409
    both = pairs_of(root(answer.text))
    assert dict(both)["summary.zh"] == "看看商品合不合格。"
    # The title was changed by both: mine is in the form, theirs is shown above it.
    assert "Inspect products" in answer.text and dict(both)["title.en"] == "Test products"
    after = saved(clerk, TASK, both)
    assert after["title"] == {"zh": "抽查产品", "en": "Test products"}
    assert after["summary"]["zh"] == "看看商品合不合格。"


def test_a_neighbour_in_the_file_is_no_conflict(clerk: Clerk) -> None:
    """A change of another record in the same file is kept, and asked about only by showing what will be written."""
    path = "/records/body/commerce"
    pairs = pairs_of(clerk.page(path))
    edit(clerk.desk.folder / "bodies.yml", "name: {zh: 县质量局,", "name: {zh: 县质量管理局,")
    answer = clerk.send(path, changed(pairs, phone="0539-2251234"))
    if answer.status_code == 200:
        answer = clerk.send(path, pairs_of(root(answer.text)))
    assert answer.status_code == 303
    text = (clerk.desk.folder / "bodies.yml").read_text("utf-8")
    assert "县质量管理局" in text and values_of(clerk, path)["phone"] == "0539-2251234"


def test_a_deleted_record_is_said(clerk: Clerk) -> None:
    """A form of a record that is gone says so; what was typed stays in the browser's form."""
    pairs = pairs_of(clerk.page(NEWS))
    (clerk.desk.folder / "news/2030-01-30-draft.zh.md").unlink()
    answer = clerk.send(NEWS, changed(pairs, title__zh="新题"))
    assert answer.status_code == 404 and "已经删去" in answer.text


# --- Sixty mistakes

WORD, ZERO = "质量月开放日", "\u200b"
#: (kind, input, what is typed, the value it is taken for; or where it begins with “!” words of the message; with “?” of
#: the warning). “ ” separates nothing: a value is compared as a whole.
MISTAKES: tuple[tuple[str, str, str, str], ...] = (
    ("event", "date", "2030年1月5日", "2030-01-05"),
    ("event", "date", "2030/1/5", "2030-01-05"),
    ("event", "date", "2030-1-5 ", "2030-01-05"),
    ("event", "date", "２０３０－０１－０５", "2030-01-05"),
    ("event", "date", "二〇三〇年一月五日", "2030-01-05"),
    ("event", "date", "今天", "2030-02-01"),
    ("event", "date", "2030.1.5", "!是否想写“2030-01-05”"),
    ("event", "date", "20300105", "!是否想写“2030-01-05”"),
    ("event", "date", "9月31日", "!不是日期"),
    ("event", "date", "2029年9月31日", "!这一天不存在"),
    ("event", "date", "2030年1月", "!不是日期"),
    ("event", "date", "5/1/2030", "!不是日期"),
    ("event", "date", "Jan 5, 2030", "!不是日期"),
    ("event", "date", "2030-01-05 10:00", "!不是日期"),
    ("event", "date", "2030-02-03", "!从哪天起发布"),
    ("event", "date", "", "!缺少"),
    ("event", "end", "2029-01-01", "!早于开始"),
    ("event", "opens", "9:30", "09:30"),
    ("event", "opens", "9：30", "09:30"),
    ("event", "opens", "上午9点半", "09:30"),
    ("event", "opens", "下午2点", "14:00"),
    ("event", "opens", "25:00", "!时间"),
    ("event", "title.zh", "   ", "!缺少"),
    ("event", "title.zh", f"质量{ZERO}月开放日\ufeff", WORD),
    ("event", "title.zh", "质量\u00a0月\t开放日", "质量 月 开放日"),
    ("event", "title.zh", "质量月\r\n开放日", WORD),
    ("event", "title.zh", f"  {WORD} ", WORD),
    ("event", "title.zh", "“质量月”: 开放日 #1", "“质量月”: 开放日 #1"),
    ("event", "title.zh", "- 开放日: {x}", "- 开放日: {x}"),
    ("event", "title.zh", "Open day of the bureau", "?英文"),
    ("event", "title.en", "质量月开放日活动", "?中文"),
    ("event", "title.zh", "<b>开放日</b>", "?<b>"),
    ("event", "title.zh", "开放日😀", "?😀"),
    ("event", "title.zh", "开放日待定", "?占位"),
    ("event", "title.zh", "长" * 20_000, "?20000 个字"),
    ("event", "title.zh", "开\x07放", "!控制字符"),
    ("event", "text.zh", "<p class=MsoNormal><span style='x'>正文</span></p>", "?MsoNormal"),
    ("event", "body", "quality", "quality"),
    ("event", "body", "QUALITY", "quality"),
    ("event", "body", "ｑｕａｌｉｔｙ", "quality"),
    ("event", "body", "县质量局", "quality"),
    ("event", "body", "质量局", "quality"),
    ("event", "body", "zhiliang", "quality"),
    ("event", "body", "County Quality Bureau", "quality"),
    ("event", "body", "县", "!县质量局（quality）、县商务局（commerce）"),
    ("event", "body", "news-1", "!没有找到"),
    ("event", "body", "01/check", "!没有找到"),
    ("event", "body", "不存在的单位", "!没有找到"),
    ("event", "id", "活动一", "!编号只用小写"),
    ("event", "id", "A b", "!编号只用小写"),
    ("event", "id", "lecture-2030", "!已用过"),
    ("event", "evidence.0.link", "www.a.gov.cn/1", "!https://"),
    ("event", "evidence.0.link", "http://a.gov.cn/1", "!https://"),
    ("event", "evidence.0.link", "javascript:alert(1)", "!https://"),
    ("body", "phone", "０５３９—2251234", "!0539-2251234"),
    ("body", "phone", "(0539) 2251234", "!0539-2251234"),
    ("body", "phone", "0539-2251234、2251235", "!两个号码"),
    ("body", "website", "https：//a.gov.cn", "https://a.gov.cn"),
    ("body", "website", "见首页", "!不是网址"),
    ("entry", "value", "98%", "98"),
    ("entry", "value", "９８％", "98"),
    ("entry", "value", "98 %", "98"),
    ("entry", "value", "0.98", "?是否应为“98”"),
    ("entry", "value", "一百", "!不是数"),
    ("entry", "value", "98％左右", "!98%左右"),
    ("entry", "value", "120%", "!0 到 100"),
    ("entry", "value", "98.5.1", "!不是数"),
)
BASE: Mapping[str, dict[str, str]] = {
    "event": {
        "title.zh": "开放日",
        "start": "2030-03-01",
        "body": "quality",
        "text.zh": "内容",
        "source.zh": "县质量局",
    },
    "body": {"id": "new-body", "name.zh": "县新局", "level": "own"},
    "entry": {"body": "quality", "target": "pass-rate", "covers.year": "2029", "source.zh": "县质量局"},
}


@pytest.mark.sweep
def test_sixty_mistakes_are_understood_or_explained_at_their_field(reader: Clerk) -> None:
    """What clerks write is taken for what it can only mean, or explained at its field, in words of the form."""
    assert len(MISTAKES) >= 60
    wrong = []
    for kind, name, typed, wanted in MISTAKES:
        path = f"/records/{kind}/new"
        pairs = dict(pairs_of(reader.page(path))) | BASE[kind] | {name: typed}
        pairs |= {"evidence.0._": ""} if name.startswith("evidence") else {}
        found = reader.check(path, list(pairs.items()))
        at = [
            said_ for key, told in found["problems"].items() if key in (name, name.partition(".")[0]) for said_ in told
        ]
        warned = [said_ for key, told in found["warnings"].items() if key == name for said_ in told]
        elsewhere = {key for key in found["problems"] if key not in (name, name.partition(".")[0])}
        if wanted.startswith("!"):
            ok = len(at) == 1 and wanted[1:] in at[0] and not elsewhere
        elif wanted.startswith("?"):
            ok = not found["problems"] and any(wanted[1:] in words for words in warned)
        else:
            ok = not found["problems"] and value_in(found["values"], name) == wanted
        for words in (*at, *warned):
            ok = ok and not any(f"“{code}”" in words for code in ("zh", "en", "publish_from", "opens", "date", "body"))
        if not ok:
            wrong.append((name, typed[:30], wanted, at, warned, sorted(elsewhere), value_in(found["values"], name)))
    assert wrong == []


def value_in(values: Mapping[str, Any], name: str) -> Any:
    """Return the value at the input ``name``; a plain text is Chinese."""
    found: Any = values
    for step in name.split("."):
        if isinstance(found, str) and step == "zh":
            return found
        found = found[int(step)] if isinstance(found, list) and step.isdecimal() else (found or {}).get(step)
    return found


def test_messages_are_in_the_language_of_the_desk(tmp_path: Path) -> None:
    """The English desk explains in English."""
    clerk = Clerk(copy_full_county(tmp_path / "county"), language="en")
    path = "/records/event/new"
    pairs = dict(pairs_of(clerk.page(path))) | BASE["event"] | {"date": "9月31日", "body": "nobody"}
    answer = clerk.send(path, list(pairs.items()))
    page = root(answer.text)
    assert answer.status_code == 422
    assert "is no date" in said(page, "date") or "not a date" in said(page, "date")
    assert "is not found" in said(page, "body") and "没有" not in said(page, "body")


# --- Thousands


def test_work_of_a_form_does_not_grow_with_other_records(tmp_path: Path) -> None:
    """A list of thousands takes no more than its share, and a form next to nothing, for each further record."""
    calls = []
    for count in (100, 1_000):
        project = copy_full_county(tmp_path / str(count))
        for number in range(count):
            text = f"---\ndate: 2030-01-05\nkind: news\ntitle: 第{number}条\nsource: 县质量局\n---\n正文。\n"
            (project / f"data/news/n-{number}.zh.md").write_text(text, "utf-8")
        clerk = Clerk(project)
        clerk.page("/records/news")
        clerk.page("/records/news/n-5")
        calls.append([count_calls(clerk.desk.examined)[1], len(list(clerk.desk.raw.records(kind_named("news"))))])
        clerk.desk.close()
    assert calls[1][1] - calls[0][1] == 900
    # Asking whether files have changed is all that is done again.
    assert calls[1][0] < calls[0][0] + 900 * 12


def kind_named(name: str) -> Any:
    """Return the kind of that name."""
    return next(kind for kind in READ if kind.name == name)


def test_published_records_say_who_wrote_them(clerk: Clerk) -> None:
    """Each kind that is approved notes the clerk who saved it."""
    after = saved(clerk, NEWS, changed(pairs_of(clerk.page(NEWS)), title__zh="新题"))
    assert issubclass(kind_named("news").model, Publishable)
    assert after["drafted"] == {"by": "Ada", "date": "2030-02-01"}
    assert json.dumps(own(after), ensure_ascii=False).count("新题") == 1
