"""New records from options, written so that editors and the check accept them; which fields a kind has."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from broken import Recorded
from haopin.load import articles
from haopin.load.dataset import LoadedRecord
from haopin.load.folder import read
from haopin.load.tables import headings
from haopin.load.yamlfile import compose, plain
from haopin.model import READ, Kind
from haopin.model.body import Body
from haopin.model.choices import CHOICES
from haopin.model.disclosure import Sampled
from haopin.model.fields import Ref
from haopin.model.ledger import ENTRY
from haopin.model.news import EVENT, NEWS
from haopin.model.publishable import WITHDRAWAL, Publishable
from haopin.model.recognition import AWARD
from haopin.model.schema import json_schema
from haopin.office.new.answers import Answers
from haopin.office.new.fields import Field, fields_of
from haopin.office.new.session import NEW, added, header, kind_named, suggested_id
from haopin.office.record_lookup import Candidate, InvalidAnswerError, RecordLookup, found
from haopin.office.writing import QuotedText, block
from haopin.problem import ConfigurationError
from haopin.text import Text
from jsonschema import Draft202012Validator
from office_commands import TODAY, data_of, office_command
from pydantic import ValidationError
from support import copy_full_county, errors_of
from test_schema import Editor

# Each goes through a whole command, from the words typed to the file written.
pytestmark = pytest.mark.slow

SOURCE = "source=县质量局"
#: Options of a record of each kind, besides its date.
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "assignment": ("measure=01/check", "body=quality", "due=2030-06-30", "source=县政府"),
    "entry": ("measure=01/check", "body=商务", "state=进行中", "text=抽查了", "text.en=Checked.", "source=县商务局"),
    "news": ("title=标题", "title.en=A title", "text=一\n\n二", SOURCE),
    "event": (
        *("title=开放日", "title.en=Open day", "activity=quality-day", "start=2030-03-01", "opens=09:00", "venue=广场"),
        *("venue.en=Square", "body=质量", SOURCE),
    ),
    "batch": (
        *("title=第二期", "title.en=Second", "body=quality", "sampled.start=2030-01-01", "sampled.end=2030-01-20"),
        *("text=按计划抽检", SOURCE),
    ),
    "inspection": (
        *("title=抽查", "bodies=quality", "bodies=commerce", "period.start=2030-01-01", "period.end=2030-01-20"),
        *("inspected=20", "problems=5", "handled=4", SOURCE),
    ),
    "violation": ("party=某厂", "number=2030〕9号", "body=quality", "breach=标签", "penalty=警告", SOURCE),
    "recall": (
        *("product=木椅", "product.en=Chair", "maker=木器厂", "affected=M2", "defect=松动", "remedy=更换", SOURCE),
    ),
    "warning": ("title=冰面", "body=质量局", "text=不实", "advice=别去", SOURCE),
    "analysis": (
        *("title=2029年", "body=quality", "period.start=2029-01-01", "period.end=2029-12-31", "text=上升"),
        *("findings=标签多", "figures.0.label=抽查", "figures.0.value=648", "figures.0.unit=批", SOURCE),
    ),
    "award": ("honour=bingding-award", "year=2030", "holder=某厂", SOURCE),
    "standard": (
        *("number=JY/T 9-2030", "title=规程", "title.en=Rules", "level=市级", "role=1", "holders=某厂", SOURCE),
    ),
    "certification": ("holder=某厂", "scheme=管理体系", "number=12345", "valid_until=2033-01-01", SOURCE),
    "demonstration": ("title=示范县", "title.en=County", "state=2", "year=2030", "source=市局"),
    "policy": (
        *("title=奖励", "title.en=Award", "body=quality", "audience=企业", "benefit=奖金", "apply=申请"),
        *("opens=2030-01-01", "closes=2030-12-31", SOURCE),
    ),
    "dimension": (
        "title=产品",
        "title.en=Products",
        "indicators.0.title=合格率",
        "indicators.0.points=30",
        "indicators.0.bodies=quality",
        SOURCE,
    ),
    "withdrawal": ("reason=信用修复", "names=某某厂"),
}


def sets(*options: str) -> tuple[str, ...]:
    """Return the arguments of a command for ``options``."""
    return tuple(word for option in options for word in ("--set", option))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county with records of every kind, not to be changed."""
    return copy_full_county(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def county(whole: Path, tmp_path: Path) -> Path:
    """A copy of it to write to."""
    return Path(shutil.copytree(whole, tmp_path / "county"))


@pytest.fixture(scope="module")
def written(
    whole: Path, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, tuple[LoadedRecord, dict[str, Any], Path]]:
    """A new record of each kind in one county: the entry, its plain values as an editor reads them, the county."""
    project = Path(shutil.copytree(whole, tmp_path_factory.mktemp("written") / "county"))
    made = {}
    for kind in (kind for kind in NEW if kind.name in OPTIONS):
        before = data_of(project)
        told = office_command(project, "new", kind.name, *sets("date=today", *OPTIONS[kind.name]))
        assert told.code == 0, f"{kind.name}\n{told.output}"
        after = data_of(project)
        for name, raw in before.items():
            # Every file stays to the byte; a list is only added to.
            assert after[name].startswith(raw), name
        files = [name for name in after if after[name] != before.get(name)]
        found = [e for e in read(project / "data").entries if e.kind is kind and e.place.file in files]
        entry = found[-1 if kind.layout in ("list", "lists") else 0]
        made[kind.name] = (entry, as_editors_read(project / "data", entry), project)
    assert errors_of(project / "data") == []
    return made


def as_editors_read(data: Path, entry: LoadedRecord) -> dict[str, Any]:
    """Return the values of a record as an editor sees them: numbers and flags are no text."""
    text = (data / entry.place.file).read_text(encoding="utf-8")
    if entry.kind.layout == "articles":
        parts = {}
        for side in ("zh", "en"):
            path = data / entry.place.file.replace(".zh.md", f".{side}.md")
            if path.is_file():
                head, _, body = path.read_text(encoding="utf-8").removeprefix("---\n").partition("---\n")
                parts[side] = (yaml.load(head, Editor) or {}, body.strip())
        return articles.merge(parts, entry.record.id)
    values: Any = yaml.load(text, Editor)
    found: dict[str, Any] = values[-1] if isinstance(values, list) else values
    return found


def record_schema(kind: Kind) -> Draft202012Validator:
    """Return the schema of one record of ``kind``."""
    schema = json_schema(kind)
    if "items" in schema:
        schema = {**schema["items"], "$defs": schema["$defs"], "$schema": schema["$schema"]}
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def label(kind: Kind, name: str) -> Text:
    """Return the documentation of a field."""
    return next(field.label for field in fields_of(kind.model) if field.name == name)


def above(kind: Kind, name: str) -> str:
    """Return the comment above a field."""
    words = label(kind, name)
    return f"# {words.show('zh')} / {words.en}\n"


#: A kind added by the tutorial has no options here.
KIND_NAMES = [kind.name for kind in NEW if kind.name in OPTIONS]


def test_every_published_kind_can_be_made() -> None:
    assert set(OPTIONS) == set(KIND_NAMES)
    assert {"entry", "news", "event", "batch", "award", "withdrawal"} <= set(KIND_NAMES)


@pytest.mark.parametrize("name", KIND_NAMES)
def test_written_record_fits_its_schema(
    written: Mapping[str, tuple[LoadedRecord, dict[str, Any], Path]], name: str
) -> None:
    entry, values, _ = written[name]
    assert [error.message for error in record_schema(entry.kind).iter_errors(values)] == []
    assert entry.record.id.startswith(f"{TODAY}-")
    if isinstance(entry.record, Publishable):
        assert (entry.record.date, entry.record.approved) == (date.fromisoformat(TODAY), None)


@pytest.mark.parametrize("name", KIND_NAMES)
@pytest.mark.parametrize("spoil", ["unknown", "missing", "day"])
def test_schema_and_model_refuse_the_same(
    written: Mapping[str, tuple[LoadedRecord, dict[str, Any], Path]], name: str, spoil: str
) -> None:
    entry, values, _ = written[name]
    wrong = dict(values)
    if spoil == "unknown":
        wrong["colour"] = "red"
    elif spoil == "missing":
        del wrong["date"]
    else:
        wrong["date"] = "5.3.2030"
    assert list(record_schema(entry.kind).iter_errors(wrong))
    with pytest.raises(ValidationError):
        entry.kind.model.model_validate(wrong)


@pytest.mark.parametrize("name", KIND_NAMES)
def test_comment_above_each_field_is_its_documentation(
    written: Mapping[str, tuple[LoadedRecord, dict[str, Any], Path]], name: str
) -> None:
    entry, values, project = written[name]
    text = (project / "data" / entry.place.file).read_text(encoding="utf-8")
    for field in fields_of(entry.kind.model):
        if field.name in values and not (entry.kind is NEWS and field.name in ("id", "text")):
            assert f"# {field.label.show('zh')} / {field.label.en}\n" in text


def test_batch_gets_a_table_of_headings_for_spreadsheets(
    written: Mapping[str, tuple[LoadedRecord, dict[str, Any], Path]],
) -> None:
    entry, _, project = written["batch"]
    table = (project / "data" / entry.place.file).with_suffix(".csv").read_bytes()
    heads = ",".join(headings(Sampled).values())
    assert heads.startswith("产品名称,生产单位,抽样编号,")
    assert table == b"\xef\xbb\xbf" + f"{heads}\n".encode()


def test_event_is_written_as_data(written: Mapping[str, tuple[LoadedRecord, dict[str, Any], Path]]) -> None:
    _, _, project = written["event"]
    assert (project / "data/events/2030-02-01-open-day.yml").read_text(encoding="utf-8") == (
        "# yaml-language-server: $schema=../schema/event.json\n"
        "# 活动安排\uff1b审核\uff08approved\uff09后才公布。\n"
        "# Events. Public once approved.\n"
        f"{above(EVENT, 'id')}id: 2030-02-01-open-day\n"
        f"{above(EVENT, 'date')}date: 2030-02-01\n"
        f"{above(EVENT, 'title')}title:\n  zh: 开放日\n  en: Open day\n"
        f"{above(EVENT, 'activity')}activity: quality-day\n"
        f"{above(EVENT, 'start')}start: 2030-03-01\n"
        f'{above(EVENT, "opens")}opens: "09:00"\n'
        f"{above(EVENT, 'venue')}venue:\n  zh: 广场\n  en: Square\n"
        f"{above(EVENT, 'body')}body: quality\n"
        f"{above(EVENT, 'source')}source: 县质量局\n"
    )


def test_article_has_a_file_a_language(written: Mapping[str, tuple[LoadedRecord, dict[str, Any], Path]]) -> None:
    _, _, project = written["news"]
    news = project / "data/news"
    assert (news / "2030-02-01-a-title.zh.md").read_text(encoding="utf-8") == (
        f"---\n{above(NEWS, 'date')}date: 2030-02-01\n{above(NEWS, 'kind')}kind: news\n"
        f"{above(NEWS, 'title')}title: 标题\n{above(NEWS, 'source')}source: 县质量局\n---\n一\n\n二\n"
    )
    assert (news / "2030-02-01-a-title.en.md").read_text(encoding="utf-8") == "---\ntitle: A title\n---\n\n"


def test_new_list_says_what_it_holds(county: Path) -> None:
    (county / "data/violations.yml").unlink()
    (county / "data/withdrawals.yml").unlink()
    told = office_command(
        county,
        *("new", "violation", "--set", "party=某厂", "--set", "number=9号", "--set", "body=quality"),
        *("--set", "breach=标签", "--set", "penalty=警告", "--set", "source=局", "--set", "date=今天"),
    )
    assert told.lines == [
        "已写入\uff1adata/violations.yml",
        "接下来\uff1a",
        "  1. 审核\uff1a运行 haopin approve violation/2030-02-01-violation-1\uff0c审核以后才公布",
        "  2. 运行 haopin check\uff0c再生成网站",
    ]
    text = (county / "data/violations.yml").read_text(encoding="utf-8")
    assert text.startswith(
        "# yaml-language-server: $schema=schema/violation.json\n"
        "# 违法信息\uff1b审核\uff08approved\uff09后才公布。\n"
        "# Violations. Public once approved.\n"
        f"{above(WITHDRAWAL, 'id')}- id: 2030-02-01-violation-1\n"
    )


def test_ledger_has_a_file_a_body(written: Mapping[str, tuple[LoadedRecord, dict[str, Any], Path]]) -> None:
    entry, values, _ = written["entry"]
    assert (entry.place.file, values["state"], values["body"]) == ("ledger/commerce.yml", "under-way", "commerce")
    # The assignment on the same measure has the id without a number.
    assert entry.record.id == "2030-02-01-01-check-2"


# --- what a clerk mistypes ---

EVENT_OPTIONS = ("title=会", "start=2030-03-01", "source=局", "date=today")

#: Kind → options that are wrong, each alone.
WRONG: Mapping[str, tuple[str, ...]] = {
    "event": (
        "start=下周",
        "start=2030-02-30",
        "start=2030.3.5",
        "start=20300305",
        "start=03/05/2030",
        "opens=9点多",
        "opens=25:00",
        "body=卫生",
        "body=qualty",
        "date=2030-03-01",
        "body=县",
        "body=1",
        "end=今天年",
        "evidence=报告.pdf",
        "evidence=a/b.pdf",
        "evidence=报告.PDF",
        "evidence=run.exe",
        "evidence=http://a.cn",
        "evidence=www.a.cn",
        "titel=会",
        "title.fr=Fête",
        "title",
        "start.day=3",
        "title=一\x07",
        "title=\udcbe\udcd6",
        "sample=也许",
        "id=Open Day",
        "approved=head",
        "approved.role=局长",
        "approved.role=负责人",
        "approved.role=4",
    ),
    "entry": (
        "date=明天",
        "state=快了",
        "measure=check",
        "measure=99/none",
    ),
    "recall": ("approved.date=2030-02-02",),
    "award": (
        "year=二〇三〇",
        "year=三十",
        "year=30",
        "honour=没有这个",
        "honour=?",
        "evidence=x.pdf",
    ),
    "inspection": (
        "inspected=5%",
        "inspected=1,2",
        "inspected=3 5",
        "problems=-1",
        "bodies.3=quality",
        "bodies=无此局",
    ),
    "dimension": (
        "indicators.0.points=2,50",
        "indicators.0.points=多",
        "indicators.0.name=x",
    ),
    "withdrawal": (
        "record=news/none",
        "reason=6",
    ),
    "standard": ("level=县级",),
}
#: Name → options of a record whose errors show only beside the other records.
RECORDS: Mapping[str, tuple[str, ...]] = {
    "end-before-start": (*EVENT_OPTIONS, "end=2030-02-20", "approved.role=1", "approved.date=2030-01-01"),
    "id-taken": ("id=lecture-2030", *EVENT_OPTIONS),
}


def _printable(option: str) -> str:
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in option)


MESSAGES = Recorded(
    "office_new",
    (*(f"{kind} {_printable(option)}" for kind, options in WRONG.items() for option in options), *RECORDS),
    place=r"--set [a-z_.0-9]*: |data/[^:]+:[1-9][0-9]*:[1-9][0-9]*: ",
)


@pytest.mark.parametrize(
    ("kind", "option"),
    [(kind, option) for kind, options in WRONG.items() for option in options],
    ids=lambda value: value[:30].encode("ascii", "replace"),
)
def test_option_is_refused_to_the_letter(whole: Path, kind: str, option: str) -> None:
    before = data_of(whole)
    told = office_command(whole, "new", kind, "--set", option)
    lines = [line for line in told.lines if line.startswith(f"--set {option.partition('=')[0]}: ")]
    MESSAGES.check(f"{kind} {_printable(option)}", lines)
    assert (told.code, data_of(whole)) == (1, before)
    assert "Traceback" not in told.output


@pytest.mark.parametrize("name", RECORDS)
def test_record_is_refused_to_the_letter(county: Path, name: str) -> None:
    before = data_of(county)
    told = office_command(county, "new", "event", *sets(*RECORDS[name]))
    MESSAGES.check(name, told.lines)
    assert (told.code, data_of(county)) == (1, before)


def test_each_case_has_its_messages() -> None:
    MESSAGES.check_whole()


def test_everything_missing_is_reported_at_once(whole: Path) -> None:
    told = office_command(whole, "new", "event", "--set", "body=无", "--set", "titel=x")
    assert [line.partition(":")[0] for line in told.lines] == [
        "--set body",
        "--set titel",
        "--set date",
        "--set title",
        "--set start",
        "--set source",
    ]
    words = label(EVENT, "source")
    assert told.lines[-1] == f"--set source: 缺少“{words.show('zh')}” / missing: {words.en}"


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (
            ("date=today", "measure=01/check", "body=quality", "source=局", "value=3"),
            f"--set state: 缺少“{label(ENTRY, 'state').show('zh')}” / missing: {label(ENTRY, 'state').en}",
        ),
        (
            ("date=today", "target=pass-rate", "body=quality", "source=局"),
            f"--set value: 缺少“{label(ENTRY, 'value').show('zh')}” / missing: {label(ENTRY, 'value').en}",
        ),
        (
            ("date=today", "body=quality", "source=局", "state=done"),
            f"--set target: 缺少“{label(ENTRY, 'target').show('zh')}” / missing: {label(ENTRY, 'target').en}",
        ),
        (
            ("date=today", "measure=01/check", "target=pass-rate", "body=quality", "source=局", "value=9"),
            "--set : 台账记录应写 measure\uff08举措\uff09或 target\uff08目标\uff09中的一个\uff0c不多不少 / "
            "an entry is about exactly one of measure and target",
        ),
    ],
)
def test_entry_needs_what_fits_its_item(whole: Path, options: tuple[str, ...], line: str) -> None:
    told = office_command(whole, "new", "entry", *sets(*options))
    assert (told.code, told.lines) == (1, [line])


def test_value_takes_the_unit_of_its_target(county: Path) -> None:
    told = office_command(
        county,
        *("new", "台账", "--set", "date=2030年2月1日", "--set", "target=pass-rate", "--set", "body=quality"),
        *("--set", "value=96.5%", "--set", "covers.start=2030/1/1", "--set", "covers.end=2030-01-31"),
        *("--set", "source=局", "--set", "evidence=甲质函〔2030〕1号", "--set", "evidence=https://a.example/1"),
        *("--set", "evidence.1.title.en=Page"),
    )
    assert told.code == 0, told.output
    text = (county / "data/ledger/quality.yml").read_text(encoding="utf-8")
    assert "  value: 96.5\n" in text and "  unit: percent\n" in text
    assert "    start: 2030-01-01\n    end: 2030-01-31\n" in text
    assert "    - number: 甲质函〔2030〕1号\n    - link: https://a.example/1\n      title:\n        en: Page\n" in text


def test_a_county_with_errors_is_reported_before_anything_else(county: Path) -> None:
    (county / "data/awards.yml").write_text("- id: x\n", encoding="utf-8")
    told = office_command(county, "new", "event")
    assert told.code == 1 and told.lines[0].startswith("data/awards.yml:1:3: 缺少字段")
    assert "字段。" not in told.output


@pytest.mark.parametrize(
    ("word", "kind", "preset"),
    [
        ("activity", EVENT, {}),
        ("活动", EVENT, {}),
        ("event", EVENT, {}),
        ("Events", EVENT, {}),
        ("活动安排", EVENT, {}),
        ("honour", AWARD, {}),
        ("荣誉", AWARD, {}),
        ("获奖名单", AWARD, {}),
        ("news", NEWS, {"kind": "news"}),
        ("notice", NEWS, {"kind": "notice"}),
        ("通知", NEWS, {"kind": "notice"}),
        ("台账", ENTRY, {}),
        (" ENTRY ", ENTRY, {}),
        ("撤下", WITHDRAWAL, {}),
    ],
)
def test_kinds_have_the_names_that_clerks_use(word: str, kind: Kind, preset: dict[str, str]) -> None:
    assert kind_named(word) == (kind, preset)


@pytest.mark.parametrize("kind", NEW, ids=lambda kind: kind.name)
def test_every_kind_is_known_by_name_and_title(kind: Kind) -> None:
    assert {kind_named(word)[0].name for word in (kind.name, kind.title.zh, kind.title.get("en"))} == {kind.name}


@pytest.mark.parametrize(("word", "guess"), [("newz", "news"), ("台帐", "台账"), ("甲乙", None), ("xyz", None)])
def test_unknown_kind_lists_all(word: str, guess: str | None) -> None:
    with pytest.raises(ConfigurationError) as error:
        kind_named(word)
    said = str(error.value)
    assert f"没有“{word}”这一类\uff1b" in said and "entry\uff08台账\uff09" in said
    if guess:
        assert f"是否想写“{guess}”\uff1f" in said and f"did you mean “{guess}”?" in said


def test_without_a_kind_all_are_listed(whole: Path) -> None:
    told = office_command(whole, "new")
    assert told.code == 1
    assert told.output.startswith("请写明要新建哪一类\uff0c如 haopin new 通知。可选\uff1a")
    assert all(f"{kind.name}\uff08{kind.title.zh}\uff09" in told.output for kind in NEW)


def test_record_is_written_with_comments_and_approval(county: Path) -> None:
    """`--yes` of older scripts is accepted."""
    told = office_command(
        county,
        *("new", "荣誉", "--yes"),
        *sets("date=2030/1/31", "honour=丙丁市质量奖", "year=2030", "holder=某厂", "holder.en=Works", "source=县局"),
        *sets("evidence=甲〔2030〕1号", "publish_from=", "expires=", "approved.role=主要", "approved.date=2030-02-01"),
    )
    assert told.code == 0, told.output
    assert (
        (county / "data/awards.yml")
        .read_text(encoding="utf-8")
        .endswith(
            f"{above(AWARD, 'id')}- id: 2030-01-31-award-1\n"
            f"  {above(AWARD, 'date')}  date: 2030-01-31\n"
            f"  {above(AWARD, 'honour')}  honour: bingding-award\n"
            f"  {above(AWARD, 'year')}  year: 2030\n"
            f"  {above(AWARD, 'holder')}  holder:\n    zh: 某厂\n    en: Works\n"
            f"  {above(AWARD, 'source')}  source: 县局\n"
            f"  {above(AWARD, 'evidence')}  evidence:\n    - number: 甲〔2030〕1号\n"
            f"  {above(AWARD, 'approved')}  approved:\n    role: head\n    date: 2030-02-01\n"
        )
    )


def test_english_options_have_english_messages(county: Path) -> None:
    told = office_command(county, "new", "award", "--language", "en", *sets("date=today", *OPTIONS["award"]))
    assert told.lines == [
        "Written: data/awards.yml",
        "Next steps:",
        "  1. approval: run haopin approve award/2030-02-01-award-1; it is published once approved",
        "  2. run haopin check, then build the site",
    ]


@pytest.mark.parametrize("kind", NEW, ids=lambda kind: kind.name)
def test_without_options_the_fields_are_listed_and_nothing_is_written(whole: Path, kind: Kind) -> None:
    before = data_of(whole)
    told = office_command(whole, "new", kind.name)
    assert (told.code, data_of(whole)) == (1, before)
    assert told.lines[0] == (f"{kind.title.zh}\uff08{kind.name}\uff09的字段。* 必填\uff0c+ 是否要填看其他字段\uff1a")
    for field in fields_of(kind.model):
        line = next(line for line in told.lines[1:] if re.match(rf"[ *+] {field.name}[.:]", line))
        assert field.label.show("zh") in line
        assert line.startswith("*") == (field.required and field.name != "id")
        assert all(choice in line for choice in field.choices)
    assert told.lines[-1] == "填表更方便\uff1ahaopin desk"


def test_fields_of_a_kind_in_english(whole: Path) -> None:
    told = office_command(whole, "new", "entry", "--language", "en")
    assert told.lines[:6] == [
        "Fields of “Task ledger” (entry). * is required; + depends on other fields:",
        f"  id: {label(ENTRY, 'id').en}",
        f"* date: {label(ENTRY, 'date').en}",
        f"  measure: {label(ENTRY, 'measure').en}",
        f"+ target: {label(ENTRY, 'target').en}",
        f"* body: {label(ENTRY, 'body').en}",
    ]
    assert "    approved.date: date of approval" in told.lines
    assert "  evidence: evidence (repeatable)" in told.lines
    assert told.lines[-1] == "A form for this is in: haopin desk"


def test_warning_of_the_new_record_is_reported(county: Path) -> None:
    told = office_command(
        county,
        *(
            "new",
            "warning",
        ),
        *sets("date=today", "title=电暖器", "body=quality", "text=断电<br>即停", "advice=当心", "source=局"),
    )
    assert told.code == 0
    assert told.lines[-1].endswith("delete it: bold is **words**, a blank line begins a paragraph")


# --- pieces ---


def test_every_choice_has_words() -> None:
    def leaves(fields: tuple[Field, ...]) -> Iterator[Field]:
        for field in fields:
            yield field
            yield from leaves(field.parts)

    used = set()
    for kind in READ:
        for field in leaves(fields_of(kind.model)):
            if field.shape == "choice":
                assert set(CHOICES[field.model, field.name]) == set(field.choices), field.name
                used.add((field.model, field.name))
    assert used == set(CHOICES)


@pytest.mark.parametrize(
    ("values", "taken", "expected"),
    [
        ({"date": "2030-02-01", "title": {"zh": "会", "en": "The County's Day!"}}, (), "2030-02-01-the-countys-day"),
        ({"date": "2030-02-01", "title": {"zh": "会", "en": "Open"}}, ("2030-02-01-open",), "2030-02-01-open-2"),
        ({"date": "2030-02-01", "title": "会"}, (), "2030-02-01-event-1"),
        ({"date": "2030-02-01", "title": "会"}, ("2030-02-01-event-1",), "2030-02-01-event-2"),
        ({"date": "2030-02-01", "title": {"zh": "会", "en": "开会"}}, (), "2030-02-01-event-1"),
        ({"date": "2030-02-01", "party": {"zh": "某", "en": "Some Works"}}, (), "2030-02-01-event-1"),
        ({"date": "2030-02-01", "measure": "01/check"}, (), "2030-02-01-01-check"),
        ({"title": {"zh": "会", "en": "Open"}}, (), "open"),
        (
            {"date": "2030-02-01", "title": {"zh": "会", "en": "one two three four five six seven eight nine ten"}},
            (),
            "2030-02-01-one-two-three-four-five-six-seven-eight",
        ),
    ],
)  # fmt: skip
def test_suggested_id(values: dict[str, Any], taken: tuple[str, ...], expected: str) -> None:
    assert suggested_id(EVENT, values, frozenset(taken)) == expected


CANDIDATES = (
    Candidate("quality", Text(zh="县质量局", en="County Quality Bureau")),
    Candidate("commerce", Text(zh="县商务局", en="County Commerce Bureau")),
    Candidate("lab", Text(zh="检测院甲乙分院", en="Laboratory"), "测试 tests 商务"),
)


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("quality", ["quality"]),
        ("QUALITY", ["quality"]),
        ("质量", ["quality"]),
        ("县 局", ["quality", "commerce"]),
        ("county bureau", ["quality", "commerce"]),
        ("bureau commerce", ["commerce"]),
        ("\uff51uality", ["quality"]),
        ("商务", ["commerce"]),
        ("tests", ["lab"]),
        ("laboratory", ["lab"]),
        ("卫生", []),
    ],
)
def test_references_are_found_by_words(typed: str, ids: list[str]) -> None:
    assert [candidate.id for candidate in found(CANDIDATES, typed)] == ids


NASTY = (
    "null", "~", "true", "yes", "09:00", "12", "1.5", "0x1F", "1e3", "-", "- a", "a: b", "a #b", "#", "'", '"', "{a}",
    "[a]",
    "*a", "&a", "!a", "%a", "@a", "`a", "|", ">", "?", "a\\nb", "“引”", "\u2028x", "长" * 300, "=", "<<",
    "2030-01-01", "\uff1a",
)  # fmt: skip


@pytest.mark.parametrize("words", NASTY, ids=ascii)
def test_every_text_is_read_back_as_it_was_typed(words: str) -> None:
    text = block({"title": QuotedText(words), "both": {"zh": QuotedText(words), "en": QuotedText(words)}})
    root = compose(text, "x.yml")
    assert root is not None and not hasattr(root, "zh")
    assert plain(root, text, "x.yml") == ({"title": words, "both": {"zh": words, "en": words}}, [])
    if words != "2030-01-01":
        assert yaml.load(text, Editor)["title"] == words


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"- id: a\n", b"- id: a\n- id: b\n"),
        (b"- id: a", b"- id: a\n- id: b\n"),
        (b"- id: a\r\n", b"- id: a\r\n- id: b\r\n"),
        (b"- id: a\r\n  x: 1", b"- id: a\r\n  x: 1\r\n- id: b\r\n"),
        (b"  - id: a\n", b"  - id: a\n  - id: b\n"),
        (b"# \xe4\xb8\x80\n-\n  id: a\n  l:\n    - x\n", b"# \xe4\xb8\x80\n-\n  id: a\n  l:\n    - x\n- id: b\n"),
        (b"\xef\xbb\xbf- id: a\n", b"\xef\xbb\xbf- id: a\n- id: b\n"),
        (b"# nothing yet\n", b"# nothing yet\n- id: b\n"),
        (b"", b"- id: b\n"),
    ],
)
def test_a_list_is_only_added_to(tmp_path: Path, before: bytes, after: bytes) -> None:
    path = tmp_path / "awards.yml"
    path.write_bytes(before)
    assert added(path, "# head\n", "- id: b\n") == after


@pytest.mark.parametrize("text", ["[]\n", "[{id: a}]\n", "id: a\n", "- id: a\n b: c\n"])
def test_a_list_that_cannot_be_added_to_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "awards.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"“awards\.yml”里的列表不是每条以“- ”开头"):
        added(path, "# head\n", "- id: b\n")


def test_heads_lead_to_the_schema() -> None:
    assert header(AWARD, "awards.yml").startswith("# yaml-language-server: $schema=schema/award.json\n")
    assert header(EVENT, "events/x.yml").startswith("# yaml-language-server: $schema=../schema/event.json\n")
    assert header(WITHDRAWAL, "withdrawals.yml").splitlines()[1:] == ["# 撤下。", "# Withdrawals."]


def test_days_are_understood(whole: Path) -> None:
    answers = Answers(RecordLookup(read(whole / "data")), date(2030, 2, 28))
    field = next(f for f in fields_of(EVENT.model) if f.name == "start")
    forms = {
        "今天": "2030-02-28", "Today": "2030-02-28", "明天": "2030-03-01", "昨天": "2030-02-27",
        "2030-3-5": "2030-03-05",
        "2030/03/05": "2030-03-05", "2030年3月5日": "2030-03-05", " 2030\uff0d03\uff0d05 ": "2030-03-05",
    }  # fmt: skip
    assert {typed: answers.value(field, typed, {}) for typed in forms} == forms
    for typed in ("2030", "3月", "2030-13-01", "5/3/2030", "2030-02-29", "后天吧"):
        with pytest.raises(InvalidAnswerError):
            answers.value(field, typed, {})


def test_usual_source_is_the_name_of_the_body(whole: Path) -> None:
    answers = Answers(RecordLookup(read(whole / "data")), date(2030, 2, 1))
    usual = Text(zh="县质量局", en="County Quality Bureau")
    assert answers.usual_source({"body": "quality"}) == answers.usual_source({"bodies": ["quality"]}) == usual
    assert answers.usual_source({}) is None


def test_only_uncorrected_entries_on_the_same_item_can_be_corrected(whole: Path) -> None:
    lookup = RecordLookup(read(whole / "data"))
    entries = [e.record for e in read(whole / "data").entries if e.kind is ENTRY]
    corrected = {getattr(entry, "corrects", None) for entry in entries}
    about = next(getattr(entry, "about", "") for entry in entries if entry.id in corrected)
    ids = {candidate.id for candidate in lookup.candidates(Ref("Entry"), {"measure": about})}
    assert ids == {e.id for e in entries if getattr(e, "about", "") == about and e.id not in corrected}
    assert lookup.candidates(Ref("Entry"), {}) == ()


def test_samples_are_never_offered(whole: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(whole / "data", tmp_path / "data"))
    samples = data / "samples"
    samples.mkdir()
    (samples / "bodies.yml").write_text(
        "- id: sample-body\n  sample: true\n  name: {zh: 示例局, en: Sample}\n  level: county\n", encoding="utf-8"
    )
    lookup = RecordLookup(read(data))
    assert "sample-body" in lookup.ids
    assert "sample-body" not in {candidate.id for candidate in lookup.candidates(Ref(Body), {})}


def test_fields_of_every_kind_have_a_shape() -> None:
    shapes = {field.shape for kind in NEW for field in fields_of(kind.model)}
    assert shapes <= {"line", "words", "texts", "day", "number", "flag", "choice", "reference", "evidence", "part"}
    assert json.dumps(sorted(shapes)).count("part") == 1


@pytest.mark.parametrize("word", ["抽查结果", "进展", "报送", "更正", "新闻", "公告", "抽检结果"])
def test_the_words_of_the_handbook_name_a_kind(word: str) -> None:
    assert kind_named(word)[0].name in ("inspection", "entry", "news", "batch")
