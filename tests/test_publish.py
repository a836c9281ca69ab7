"""Public records of a date: approved, begun, not expired, not withdrawn; others are not published anywhere."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from haopin.load.dataset import Dataset, LoadedRecord
from haopin.load.folder import read
from haopin.model import KINDS, Record
from haopin.model.disclosure import BATCH, RECALL, VIOLATION, WARNING, Inspection, RiskWarning, Sampled, Violation
from haopin.model.ledger import ENTRY
from haopin.model.ledger import Entry as LedgerEntry
from haopin.model.news import NEWS, News
from haopin.model.publishable import WITHDRAWAL, Publishable, Withdrawal
from haopin.model.recognition import STANDARD
from haopin.model.task import Task
from haopin.privacy.redaction import REDACTED, Names, redacted
from haopin.problem import Place
from haopin.site.catalogue import catalogue
from haopin.site.publish import Published, Reason, publish
from haopin.text import Wording
from living import AS_OF, LIVING, copy_living
from support import edit, errors_of

WARNING_FIELDS = {
    "id": "w1",
    "date": "2030-01-10",
    "title": "甲",
    "body": "quality",
    "text": "乙",
    "advice": "丙",
    "source": "丁",
    "approved": {"role": "head", "date": "2030-01-12"},
}


def reading_of(*pairs: tuple[Any, dict[str, Any]]) -> Dataset:
    """Return what was read, as if these were the records (kind, fields) of a data folder."""
    dataset = Dataset(Path("data"))
    dataset.entries = [
        LoadedRecord(kind, kind.model.model_validate(fields), Place(kind.path)) for kind, fields in pairs
    ]
    return dataset


def reason_of(as_of: str, *, samples: bool = False, **fields: Any) -> Reason | None:
    """Return why a warning with ``fields`` is not public on a day; None if it is."""
    found = publish(reading_of((WARNING, {**WARNING_FIELDS, **fields})), date.fromisoformat(as_of), samples=samples)
    assert len(found.records) + len(found.withheld) == 1
    return found.withheld[0].reason if found.withheld else None


@pytest.mark.parametrize(
    ("as_of", "fields", "reason"),
    [
        # Public from the latest of three days on: that of the record, of the approval, and publish_from.
        ("2030-01-09", {}, "future"),
        ("2030-01-11", {}, "future"),
        ("2030-01-12", {}, None),
        ("2099-01-01", {}, None),
        ("2030-01-19", {"publish_from": "2030-01-20"}, "future"),
        ("2030-01-20", {"publish_from": "2030-01-20"}, None),
        ("2030-01-11", {"publish_from": "2030-01-01"}, "future"),
        ("2030-01-12", {"publish_from": "2030-01-01"}, None),
        # No longer from the day that is given on.
        ("2030-01-19", {"expires": "2030-01-20"}, None),
        ("2030-01-20", {"expires": "2030-01-20"}, "expired"),
        ("2030-01-21", {"expires": "2030-01-20"}, "expired"),
        ("2030-01-20", {"expires": "2030-01-21", "publish_from": "2030-01-20"}, None),
        ("2030-01-21", {"expires": "2030-01-21", "publish_from": "2030-01-20"}, "expired"),
        # Never without approval.
        ("2030-01-20", {"approved": None}, "unapproved"),
        ("2099-01-01", {"approved": None}, "unapproved"),
        # Several reasons: samples before all, then approval, then the end, then the beginning.
        ("2030-01-09", {"sample": True, "approved": None, "expires": "2030-01-01"}, "sample"),
        ("2030-01-09", {"approved": None, "expires": "2030-01-01"}, "unapproved"),
        ("2030-01-09", {"expires": "2030-01-01"}, "expired"),
    ],
)
def test_when_a_record_is_public(as_of: str, fields: dict[str, Any], reason: Reason | None) -> None:
    assert reason_of(as_of, **fields) == reason


@pytest.mark.parametrize(("samples", "reason"), [(False, "sample"), (True, None)])
def test_samples_are_public_only_if_asked_for(samples: bool, reason: Reason | None) -> None:
    assert reason_of("2030-02-01", samples=samples, sample=True) == reason


def test_shown_samples_need_their_approval_too() -> None:
    assert reason_of("2030-02-01", samples=True, sample=True, approved=None) == "unapproved"


def test_records_without_dates_of_publication_are_always_public() -> None:
    task = reading_of(
        *[(k, {"id": "a", "name": {"zh": "甲", "en": "A"}, "level": "county"}) for k in KINDS if k.name == "body"]
    )
    assert [record.id for record in publish(task, date(1900, 1, 1)).records] == ["a"]


def withdrawal(**fields: Any) -> tuple[Any, dict[str, Any]]:
    return WITHDRAWAL, {"id": "w", "date": "2030-01-30", "reason": "error", **fields}


VIOLATION_FIELDS = {
    "id": "v1",
    "date": "2030-01-10",
    "party": {"zh": "东山果脯厂", "en": "Dongshan Works"},
    "number": "甲质罚〔2030〕1号",
    "body": "quality",
    "breach": "标签不合格",
    "penalty": "警告",
    "source": "县质量局",
    "approved": {"role": "head", "date": "2030-01-12"},
}


@pytest.mark.parametrize(
    ("fields", "gone"),
    [
        ({"record": "violation/v1"}, True),
        ({"record": "violation/v2"}, False),
        ({"record": "warning/v1"}, False),
        ({"names": ["东山果脯厂"]}, True),
        ({"names": ["Dongshan Works"]}, True),
        ({"names": ["甲", "东山果脯厂"]}, True),
        # However it was typed: wide or narrow, any case, with spaces.
        ({"names": ["东山 果脯厂"]}, True),
        ({"names": ["DONGSHAN WORKS"]}, True),
        ({"names": ["\uff24ongshan\u3000Works"]}, True),
        # Another name; a part of the name of another (which the check tells); a part of a Latin word; a name that is
        # only mentioned, not that of the party.
        ({"names": ["东山果脯二厂"]}, False),
        ({"names": ["东山果脯"]}, False),
        ({"names": ["Dong"]}, False),
        ({"names": ["标签不合格"]}, False),
        # It counts from the moment it is written.
        ({"record": "violation/v1", "date": "2099-01-01"}, True),
        ({"record": "violation/v1", "sample": True}, False),
    ],
)
def test_withdrawal(fields: dict[str, Any], gone: bool) -> None:
    found = publish(reading_of((VIOLATION, VIOLATION_FIELDS), withdrawal(**fields)), AS_OF)
    assert [w.reason for w in found.withheld if w.entry.kind is VIOLATION] == (["withdrawn"] if gone else [])
    assert [stone.kind for stone in found.tombstones] == ([VIOLATION] if gone else [])
    assert any(isinstance(record, Violation) for record in found.records) != gone


def test_sample_withdrawal_counts_where_samples_are_shown() -> None:
    dataset = reading_of((VIOLATION, VIOLATION_FIELDS), withdrawal(record="violation/v1", sample=True))
    assert publish(dataset, AS_OF, samples=True).withheld[0].reason == "withdrawn"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"approved": None}, "unapproved"), ({"expires": "2030-01-20"}, "expired"), ({"date": "2031-01-01"}, "future")],
)
def test_withdrawing_an_unpublished_record_leaves_no_notice(fields: dict[str, Any], reason: str) -> None:
    dataset = reading_of((VIOLATION, {**VIOLATION_FIELDS, **fields}), withdrawal(record="violation/v1"))
    found = publish(dataset, AS_OF)
    assert [w.reason for w in found.withheld] == [reason]
    assert found.tombstones == ()


def texts_of(value: Any) -> str:
    """Return everything that is public as one text, as an export might print it."""
    if isinstance(value, Record):
        return json.dumps(value.model_dump(mode="json"), ensure_ascii=False)
    if isinstance(value, Published):
        parts = [*value.records, *(t.withdrawal for t in value.tombstones)]
        rows = [row.model_dump_json() for rows in value.tables.values() for row in rows]
        return "\n".join([*map(texts_of, parts), *rows])
    raise AssertionError


def test_tombstone_keeps_day_and_reason_and_no_name() -> None:
    taken = withdrawal(
        names=["东山果脯厂", "Dongshan Works"],
        record="violation/v1",
        note={"zh": "东山果脯厂已修复信用。", "en": "Dongshan Works has restored its credit."},
    )
    found = publish(reading_of((VIOLATION, VIOLATION_FIELDS), taken), AS_OF)
    (stone,) = found.tombstones
    assert (stone.withdrawal.id, stone.withdrawal.date, stone.withdrawal.reason) == ("w", date(2030, 1, 30), "error")
    assert (stone.withdrawal.names, stone.withdrawal.record) == ((), None)
    # The withdrawal itself is public in the same words.
    assert found.records == (stone.withdrawal,)
    assert "东山" not in texts_of(found)
    assert "Dongshan" not in texts_of(found)
    # The office still knows what it has taken back.
    assert isinstance(found.withheld[0].entry.record, Violation)


@pytest.mark.parametrize(
    ("name", "text", "struck"),
    [
        ("东山厂", "东山厂与西河厂", "〔名称已撤下〕与西河厂"),
        ("东山厂", "东山厂、东山厂", "〔名称已撤下〕、〔名称已撤下〕"),
        ("东山厂", "东 山\n厂", "〔名称已撤下〕"),
        ("东山(集团)厂", "东山\uff08集团\uff09厂", "〔名称已撤下〕"),
        ("东山\uff08集团\uff09厂", "东山(集团)厂", "〔名称已撤下〕"),
        ("A厂", "\uff21厂", "〔名称已撤下〕"),
        ("约翰·史密斯", "约翰\u2022史密斯", "〔名称已撤下〕"),
        ("Fair Ltd", "FAIR  LTD.", "〔名称已撤下〕."),
        ("Fair Ltd", "Fairness Ltd", "Fairness Ltd"),
        ("Fair", "Unfair fairs", "Unfair fairs"),
        ("Fair", "甲Fair乙", "甲〔名称已撤下〕乙"),
        ("a.b*", "a.b* axb", "〔名称已撤下〕* axb"),
        ("东山厂", "西河厂", "西河厂"),
    ],
)
def test_names_in_a_text(name: str, text: str, struck: str) -> None:
    names = Names([name])
    assert names.struck_from(text, "zh") == struck
    assert names.in_text(text) == ([name] if struck != text else [])


def test_longer_name_is_struck_before_the_shorter_one_in_it() -> None:
    names = Names(["东山厂", "东山厂有限公司"])
    assert names.struck_from("东山厂有限公司、东山厂", "en") == "[name withdrawn]、[name withdrawn]"
    assert names.in_text("东山厂有限公司") == ["东山厂有限公司", "东山厂"]


def test_no_names() -> None:
    names = Names([])
    assert not names
    assert (names.in_text("甲"), names.struck_from("甲", "zh")) == ([], "甲")


NAMES = ["东山果脯厂", "Dongshan Works"]


def test_name_is_struck_from_every_text_about_something_else() -> None:
    fields = {
        **WARNING_FIELDS,
        "title": {"zh": "东山果脯厂的杏脯", "en": "Apricots of Dongshan Works"},
        "note": {"zh": "东山果脯厂", "en": "Dongshan Works"},
        "source": "东山果脯厂报告",
        "evidence": [
            {"number": "东山果脯厂函1号", "title": "关于东山果脯厂的函"},
            {"file": "东山果脯厂.pdf"},
            {"link": "https://bureau.example/%E4%B8%9C%E5%B1%B1%E6%9E%9C%E8%84%AF%E5%8E%82"},
            {"link": "https://bureau.example/1"},
        ],
    }
    found = publish(reading_of((WARNING, fields), withdrawal(names=NAMES)), AS_OF)
    (record,) = [r for r in found.records if isinstance(r, RiskWarning)]
    assert (record.title.zh, record.title.en) == ("〔名称已撤下〕的杏脯", "Apricots of [name withdrawn]")
    assert record.note is not None
    assert (record.note.zh, record.note.en) == (REDACTED.zh, REDACTED.en)
    assert record.source.zh == "〔名称已撤下〕报告"
    # What bears the name in its file name or address goes altogether: there it cannot be struck.
    assert [(e.number, str(e.link) if e.link else None, e.file) for e in record.evidence] == [
        ("〔名称已撤下〕函1号", None, None),
        (None, "https://bureau.example/1", None),
    ]
    assert record.evidence[0].title == Wording(zh="关于〔名称已撤下〕的函")
    # Nothing was withdrawn whole.
    assert found.tombstones == ()


def test_name_is_struck_from_the_text_of_news() -> None:
    fields = {
        "id": "n1",
        "date": "2030-01-10",
        "title": "展会",
        "text": {"zh": "参展的有:\n\n- **东山果脯厂**\n- 西河厂", "en": "With Dongshan Works and others."},
        "source": "丁",
        "approved": {"role": "head", "date": "2030-01-12"},
    }
    found = publish(reading_of((NEWS, fields), withdrawal(names=NAMES)), AS_OF)
    (news,) = [r for r in found.records if isinstance(r, News)]
    assert news.text == Wording(
        zh="参展的有:\n\n- **〔名称已撤下〕**\n- 西河厂", en="With [name withdrawn] and others."
    )


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (RECALL, {"product": "杏脯", "maker": "东山果脯厂", "affected": "甲", "defect": "乙", "remedy": "丙"}),
        (
            STANDARD,
            {
                "number": "JY/T 1",
                "title": "规程",
                "level": "city",
                "role": "lead",
                "holders": ["西河厂", {"zh": "东山厂", "en": "Dongshan Works"}],
            },
        ),
    ],
)
def test_record_about_a_withdrawn_party_goes_whole(kind: Any, fields: dict[str, Any]) -> None:
    whole = {"id": "x", "date": "2030-01-10", "source": "丁", "approved": {"role": "head", "date": "2030-01-12"}}
    found = publish(reading_of((kind, {**whole, **fields}), withdrawal(names=NAMES)), AS_OF)
    assert [w.reason for w in found.withheld] == ["withdrawn"]
    assert "东山" not in texts_of(found)


def test_redaction_does_not_change_texts_without_the_name() -> None:
    record = RiskWarning.model_validate(WARNING_FIELDS)
    assert redacted(record, Names(NAMES)) is record
    # A name that is also a word of the schema changes no value with a form of its own.
    assert redacted(record, Names(["quality", "head", "w1"])) is record


# Whole folders.


def public(data: Path, as_of: date = AS_OF, *, samples: bool = False) -> Published:
    assert errors_of(data) == []
    return publish(read(data), as_of, samples=samples)


def products(found: Published) -> list[str]:
    return [row.product for rows in found.tables.values() for row in rows if isinstance(row, Sampled)]


def test_everything_approved_is_public(tmp_path: Path) -> None:
    found = public(copy_living(tmp_path))
    assert found.withheld == ()
    assert found.tombstones == ()
    folders = {name.partition("/")[0] for name in LIVING}
    kinds = {kind.name for kind in KINDS if issubclass(kind.model, Publishable) and kind.path in folders}
    assert len(kinds) > 10
    models = {type(record) for record in found.records}
    assert {kind.name for kind in KINDS if kind.model in models} >= kinds
    assert products(found) == ["梨汁", "杏脯,散装", "枣片"]


def test_before_everything_only_the_plan_is_public(tmp_path: Path) -> None:
    found = public(copy_living(tmp_path), date(2029, 1, 1))
    assert not [record for record in found.records if isinstance(record, Publishable)]
    assert {withheld.reason for withheld in found.withheld} == {"future"}
    assert found.tables == {}
    assert [task.id for task in found.records if isinstance(task, Task)] == ["01", "02"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("approved: {role: section-head, date: 2030-01-16}\n", ""),
        ("source:", "sample: true\nsource:"),
        ("source:", "publish_from: 2030-03-01\nsource:"),
        ("source:", "expires: 2030-02-01\nsource:"),
    ],
)
def test_table_of_a_withheld_record_is_withheld(old: str, new: str, tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    edit(data / "batches/b1.yml", old, new)
    found = public(data)
    assert found.tables == {}
    assert [withheld.entry.kind for withheld in found.withheld] == [BATCH]


def test_table_of_a_withdrawn_batch_is_withheld(tmp_path: Path) -> None:
    found = public(
        copy_living(tmp_path, {"withdrawals.yml": "- {id: w, date: 2030-02-01, reason: error, record: batch/b1}\n"})
    )
    assert found.tables == {}
    assert [stone.kind for stone in found.tombstones] == [BATCH]


def test_rows_with_a_withdrawn_name_go(tmp_path: Path) -> None:
    names = "- {id: w, date: 2030-02-01, reason: law, names: [东山 果脯厂, 枣片]}\n"
    found = public(copy_living(tmp_path, {"withdrawals.yml": names}))
    assert products(found) == ["梨汁"]
    # One notice a table and withdrawal, however many rows; the violation has its own.
    assert sorted(stone.kind.name for stone in found.tombstones) == ["batch", "violation"]
    assert "东山" not in texts_of(found)


def test_name_across_two_cells_does_not_match(tmp_path: Path) -> None:
    names = "- {id: w, date: 2030-02-01, reason: law, names: [梨汁西河食品厂]}\n"
    assert len(products(public(copy_living(tmp_path, {"withdrawals.yml": names})))) == 3


SECRET = "绝密甲乙丙"


def withhold_all(data: Path) -> int:
    """Make each living record hold the secret, be withheld for one of the reasons in turn; return how many files."""
    reasons = ("sample: true", "expires: 2030-02-01", "publish_from: 2030-02-02")
    files = [file for file in sorted(data.rglob("*.yml")) if "approved:" in file.read_text(encoding="utf-8")]
    for number, file in enumerate(files):
        text = file.read_text(encoding="utf-8")
        changed = re.sub(r"^( *)source: .*$", rf"\1source: {SECRET}\n\1{reasons[number % 3]}", text, flags=re.M)
        assert changed != text
        file.write_text(changed, encoding="utf-8")
    return len(files)


def test_nothing_withheld_is_in_the_catalogue(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    edit(data / "batches/b1.csv", "梨汁", SECRET)
    edit(data / "news/2030-01-15-fair.zh.md", "approved: {role: head, date: 2030-01-15}\n", "")
    edit(data / "news/2030-01-15-fair.zh.md", "展会开幕了", SECRET)
    assert withhold_all(data) > 12
    found = public(data)
    assert not [record for record in found.records if isinstance(record, Publishable)]
    assert {w.reason for w in found.withheld} == {"sample", "expired", "future", "unapproved"}
    assert SECRET not in texts_of(found)
    whole = catalogue(read(data), AS_OF)
    assert whole.publishable == ()
    assert whole.tables == {}
    assert SECRET not in repr(whole.records)


def test_correction_that_is_not_public_corrects_nothing(tmp_path: Path) -> None:
    data = copy_living(tmp_path)
    edit(data / "ledger/2030.yml", "  approved: {role: head, date: 2030-01-20}\n", "")
    whole = catalogue(read(data), AS_OF)
    assert [entry.id for entry in whole.all(LedgerEntry)] == ["e1", "e2"]
    assert whole.correction_of == {}


def test_inspection_keeps_its_numbers_when_a_name_is_struck(tmp_path: Path) -> None:
    data = copy_living(tmp_path, {"withdrawals.yml": "- {id: w, date: 2030-02-01, reason: law, names: [抽查]}\n"})
    found = publish(read(data), AS_OF)
    (inspection,) = [record for record in found.records if isinstance(record, Inspection)]
    assert (inspection.title.zh, inspection.inspected, inspection.bodies) == (
        "农贸市场〔名称已撤下〕",
        20,
        ("quality", "commerce"),
    )


def test_withdrawn_entry_of_the_ledger(tmp_path: Path) -> None:
    record = "- {id: w, date: 2030-02-01, reason: error, record: entry/e1}\n"
    found = public(copy_living(tmp_path, {"withdrawals.yml": record}))
    assert [r.id for r in found.records if isinstance(r, LedgerEntry)] == ["e2", "e3"]
    assert [stone.kind for stone in found.tombstones] == [ENTRY]
    assert [r.record for r in found.records if isinstance(r, Withdrawal)] == [None]
