"""`haopin status`: missing, due, outdated and pending records, with their positions."""

import json
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from haopin.load.folder import Places, read
from haopin.office.project import Office
from haopin.office.status import back, groups
from haopin.office.terminal import COLUMNS, cut, pad, width
from haopin.problem import Place
from living import LIVING, add_living
from office_commands import TODAY, CommandResult, data_of, office_command
from support import copy_county, copy_full_county, edit, edit_all


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county with records of every kind, not to be changed."""
    return copy_full_county(tmp_path_factory.mktemp("full"))


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A small county without anything reported."""
    return copy_county(tmp_path / "county")


@pytest.fixture
def living(county: Path) -> Path:
    """The same with a record of each published kind."""
    add_living(county / "data", {name: text for name, text in LIVING.items() if name != "assignments.yml"})
    return county


def status(project: Path, *arguments: str, day: str = TODAY) -> dict[str, Any]:
    """Return what ``haopin status --json`` prints."""
    told = office_command(project, "status", "--json", *arguments, day=day)
    assert told.code == 0, told.output
    found: dict[str, Any] = json.loads(told.output)
    return found


def group(project: Path, name: str, *arguments: str, day: str = TODAY) -> list[tuple[str, int, str]]:
    """Return file, line and words of each line of a group."""
    lines = status(project, *arguments, day=day)["groups"][name]["lines"]
    return [(line["file"].removeprefix("data/"), line["line"], line["text"]) for line in lines]


def test_county_without_any_entry_is_reported_to_the_letter(county: Path) -> None:
    told = office_command(county, "status")
    assert told.lines == [
        "截至 2030-02-01\uff08未审核的记录也算\uff09",
        "",
        "网站还缺\uff1a6",
        "  data/site.yml:1  主办单位\uff08owner\uff09",
        "  data/site.yml:1  承办单位\uff08operator\uff09",
        "  data/site.yml:1  联系方式\uff08contacts\uff09",
        "  data/site.yml:1  网站标识码\uff08site_id\uff09",
        "  data/site.yml:1  ICP备案号\uff08icp\uff09",
        "  data/site.yml:1  公安备案号\uff08police\uff09",
        "",
        "没有电话的单位\uff1a2",
        "  data/bodies.yml:1  县质量局",
        "  data/bodies.yml:4  县商务局",
        "",
        "没有责任单位\uff08owner\uff09的举措\uff1a4",
        "  data/tasks/01.yml:10  每年抽查",
        "  data/tasks/01.yml:13  公布结果",
        "  data/tasks/01.yml:16  合格率",
        "  data/tasks/02.yml:10  办活动",
        "",
        "没有完成时限\uff08due\uff09的举措\uff1a4",
        "  data/tasks/01.yml:10  每年抽查",
        "  data/tasks/01.yml:13  公布结果",
        "  data/tasks/01.yml:16  合格率",
        "  data/tasks/02.yml:10  办活动",
        "",
        "没有台账记录的举措和目标\uff08共同负责的\uff0c各单位都列\uff09\uff1a5",
        "  data/bodies.yml:1  县质量局\uff1a4 项举措\uff0c1 个目标",
        "  data/bodies.yml:4  县商务局\uff1a3 项举措\uff0c1 个目标",
        "",
        "没有\uff1a6 个月没有新报送\uff08已完成的不算\uff09、60 天内到期、逾期、待审核、",
        "  已审核待发布、30 天内停止显示的、30 天内将停止显示、没有英文、英文比中文旧",
        "",
        "责任单位                  举措   已报送  他单位报 已完成  常态化 逾期   最近报送",
        "县质量局                     4        0         0      0       0    0         无",
        "县商务局                     3        0         0      0       0    0         无",
        "",
        "看一个单位\uff1ahaopin status --body 单位名称",
    ]


def test_english_names_every_file_and_line(county: Path) -> None:
    told = office_command(county, "status", "--language", "en", "--body", "quality")
    assert told.lines[:8] == [
        "As of 2030-02-01 (records not yet approved count)",
        "",
        "Bodies without telephone: 1",
        "  data/bodies.yml:1  County Quality Bureau",
        "",
        "Measures without owner: 4",
        "  data/tasks/01.yml:10  Check every year",
        "  data/tasks/01.yml:13  Publish the results",
    ]


@pytest.fixture
def project(full: Path) -> Path:
    """The full county; in ``tests/county``, this repository's own."""
    return full


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_lines_fit_an_80_column_terminal(project: Path, language: str) -> None:
    told = office_command(project, "status", "--language", language)
    assert told.code == 0 and len(told.lines) > 30, told.output
    assert [line for line in told.lines if width(line) > COLUMNS] == []
    assert [
        line for line in told.lines if line.startswith("  data/") and not re.match(r"  data/\S+:\d+(  \S|$)", line)
    ] == []


def test_every_line_of_the_full_county_leads_to_its_place(full: Path) -> None:
    found = status(full)
    places = 0
    for each in found["groups"].values():
        for line in each["lines"]:
            text = (full / line["file"]).read_text(encoding="utf-8").splitlines()
            assert 1 <= line["line"] <= len(text), line
            places += 1
    assert places > 80
    assert {name: len(each["lines"]) for name, each in found["groups"].items() if name != "unreported"} == {
        name: each["count"] for name, each in found["groups"].items() if name != "unreported"
    }


def test_json_says_the_same_and_leaves_nothing_out(full: Path) -> None:
    found = status(full)
    told = office_command(full, "status").output
    for each in found["groups"].values():
        if each["lines"]:
            assert f"\n{each['title']}\uff1a{each['count']}\n" in told
        if len(each["lines"]) > 20:
            assert f"  还有 {len(each['lines']) - 20} 条\n" in told
    assert found["as_of"] == TODAY and found["body"] is None
    assert [set(row) for row in found["bodies"]] == 3 * [
        {"id", "name", "measures", "reported", "by_others", "done", "routine", "late", "latest"}
    ]


def test_at_most_twenty_lines_a_group(full: Path) -> None:
    blocks = office_command(full, "status").output.split("\n\n")
    counts = [sum(line.startswith("  data/") for line in each.splitlines()) for each in blocks]
    assert max(counts) == 20


def test_reported_items_are_missing_no_more(living: Path) -> None:
    assert group(living, "unreported") == [
        # The report on the target speaks for its measure.
        ("bodies.yml", 1, "县质量局\uff1a2 项举措\uff0c0 个目标"),
        ("bodies.yml", 4, "县商务局\uff1a1 项举措\uff0c0 个目标"),
    ]
    assert group(living, "unreported", "--body", "quality") == [
        ("tasks/01.yml", 13, "公布结果"),
        ("tasks/02.yml", 10, "办活动"),
    ]
    row = status(living)["bodies"][0]
    assert row == {
        "id": "quality", "name": "县质量局", "measures": 4, "reported": 2, "by_others": 0, "done": 0, "routine": 1,
        "late": 0, "latest": "2030-01-12",
    }  # fmt: skip


def test_unapproved_entry_is_reported_and_waits(living: Path) -> None:
    edit(living / "data/ledger/2030.yml", "  approved: {role: section-head, date: 2030-01-13}\n", "")
    assert group(living, "unapproved") == [("ledger/2030.yml", 8, "2030-01-12 台账\uff1ae2")]
    assert "目标" not in str(group(living, "unreported", "--body", "quality"))


def test_entry_of_a_later_day_is_not_reported_yet(living: Path) -> None:
    assert len(group(living, "unreported", "--body", "quality", day="2030-01-11")) == 4


@pytest.mark.parametrize(
    ("day", "months", "lines"),
    [
        ("2030-02-01", "6", []),
        ("2030-07-20", "6", [("targets.yml", 1, "最近报送 2030-01-12 合格率不低于98%")]),
        (
            "2030-07-21",
            "6",
            [
                ("tasks/01.yml", 10, "最近报送 2030-01-20 每年抽查"),
                ("targets.yml", 1, "最近报送 2030-01-12 合格率不低于98%"),
            ],
        ),
        ("2030-02-13", "1", [("targets.yml", 1, "最近报送 2030-01-12 合格率不低于98%")]),
        ("2030-02-12", "1", []),
    ],
)
def test_stale_is_older_than_the_months(living: Path, day: str, months: str, lines: list[tuple[str, int, str]]) -> None:
    found = group(living, "stale", "--months", months, day=day)
    assert [(file, line) for file, line, _ in found] == [(file, line) for file, line, _ in lines]
    assert [words.split()[1] for _, _, words in found] == [words.split()[1] for _, _, words in lines]


def test_done_is_never_stale(living: Path) -> None:
    edit(living / "data/ledger/2030.yml", "state: routine", "state: done")
    assert [line for line in group(living, "stale", day="2031-07-21") if line[0] == "tasks/01.yml"] == []


@pytest.mark.parametrize(
    ("day", "due", "overdue"),
    [
        ("2030-04-30", 0, 0),
        ("2030-05-01", 1, 0),
        ("2030-06-30", 1, 0),
        ("2030-07-01", 0, 1),
    ],
)
def test_deadlines_are_reported_sixty_days_ahead_and_when_passed(
    living: Path, day: str, due: int, overdue: int
) -> None:
    task = living / "data/tasks/01.yml"
    lines = task.read_text(encoding="utf-8").splitlines()
    lines.insert(13, "    due: 2030-06-30\n    assigned_by: {zh: 分工表, en: Division of tasks}")
    task.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = group(living, "due", day=day), group(living, "overdue", day=day)
    assert [len([line for line in each if line[0] == "tasks/01.yml"]) for each in found] == [due, overdue]
    for file, line, words in [*found[0], *found[1]]:
        if file == "tasks/01.yml":
            assert (line, words) == (13, "期限 2030-06-30 公布结果")


def test_reported_done_is_not_overdue(living: Path) -> None:
    task = living / "data/tasks/01.yml"
    lines = task.read_text(encoding="utf-8").splitlines()
    lines.insert(10, "    due: 2030-01-25\n    assigned_by: {zh: 分工表, en: Division of tasks}")
    task.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert [line for line in group(living, "overdue") if line[0] == "tasks/01.yml"] == []
    edit(living / "data/ledger/2030.yml", "state: routine", "state: suspended")
    assert [line for line in group(living, "overdue") if line[0] == "tasks/01.yml"] == [
        ("tasks/01.yml", 10, "期限 2030-01-25 每年抽查")
    ]
    assert status(living)["bodies"][0]["late"] == 1


def test_assignment_gives_owner_and_due_date(living: Path) -> None:
    (living / "data/assignments.yml").write_text(
        "- id: a1\n  date: 2030-01-25\n  measure: 01/publish\n  body: quality\n  due: 2030-03-01\n  source: 分工表\n",
        encoding="utf-8",
    )
    assert ("tasks/01.yml", 13, "公布结果") not in group(living, "owners")
    assert ("tasks/01.yml", 13, "期限 2030-03-01 公布结果") in group(living, "due")
    assert len(group(living, "unapproved")) == 1


def test_beginning_and_end_of_records(living: Path) -> None:
    data = living / "data"
    edit(data / "recalls.yml", "  source:", "  publish_from: 2030-02-05\n  source:")
    edit(data / "warnings.yml", "  source:", "  expires: 2030-01-31\n  source:")
    edit(data / "analyses.yml", "  source:", "  expires: 2030-03-03\n  source:")
    edit(data / "policies.yml", "  source:", "  expires: 2030-03-04\n  source:")
    assert group(living, "scheduled") == [("recalls.yml", 1, "2030-02-05 起发布 缺陷召回\uff1a木制儿童餐椅")]
    assert group(living, "expired") == [("warnings.yml", 1, "2030-01-31 起不显示 风险预警\uff1a冬季用电暖器要当心")]
    assert group(living, "expiring") == [("analyses.yml", 1, "2030-03-03 起不显示 状况分析\uff1a2029年质量状况分析")]
    assert group(living, "expired", day="2030-03-03") == [
        ("analyses.yml", 1, "2030-03-03 起不显示 状况分析\uff1a2029年质量状况分析")
    ]
    # More than thirty days ago.
    assert "warnings.yml" not in str(group(living, "expired", day="2030-03-03"))


def test_withdrawn_record_does_not_end_any_more(living: Path) -> None:
    edit(living / "data/violations.yml", "  source:", "  expires: 2030-02-10\n  source:")
    assert len(group(living, "expiring")) == 1
    (living / "data/withdrawals.yml").write_text(
        "- id: w\n  date: 2030-01-30\n  reason: law\n  names: [东山果脯厂]\n", encoding="utf-8"
    )
    assert group(living, "expiring") == []


def test_texts_without_english_stand_where_their_chinese_is(living: Path) -> None:
    found = group(living, "untranslated")
    assert ("news/2030-01-15-fair.zh.md", 5, "source\uff1a县质量局") in found
    assert ("events/fair.yml", 3, "title\uff1a质量日开放参观") in found
    assert not [line for line in found if line[2].startswith("title\uff1a展会")]
    assert [line for line in group(living, "untranslated", "--body", "commerce") if line[0] == "events/fair.yml"] == []


def test_old_english_is_reported(living: Path) -> None:
    assert office_command(living, "translated", "--new", day=None).code == 0
    assert group(living, "old-english") == []
    edit(living / "data/news/2030-01-15-fair.zh.md", "title: 展会开幕", "title: 展会闭幕")
    edit_all(living / "data/bodies.yml", "县质量局", "县质监局")
    assert [line for line in group(living, "old-english") if line[0].startswith("news")] == [
        ("news/2030-01-15-fair.en.md", 2, "title\uff1a展会闭幕")
    ]
    assert [line[:2] for line in group(living, "old-english", "--body", "quality")] == [
        ("bodies.yml", 2),
        ("news/2030-01-15-fair.en.md", 2),
    ]


def test_one_body_only(full: Path) -> None:
    found = status(full, "--body", "commerce")
    assert [row["id"] for row in found["bodies"]] == ["commerce"]
    assert found["groups"]["site"]["count"] == 0
    assert [line["id"] for line in found["groups"]["telephones"]["lines"]] == ["commerce"]
    assert found["groups"]["owners"]["count"] < status(full)["groups"]["owners"]["count"]
    for name in ("县商务局", "商务", "County Commerce Bureau"):
        assert status(full, "--body", name) == found


def test_a_body_has_reported_only_what_it_reported_itself(living: Path) -> None:
    """Measure 01/publish is shared: the report of one body is not that of the other."""
    file = living / "data/ledger/commerce.yml"
    entry = "- {id: c1, date: 2030-01-25, measure: 01/publish, body: commerce, state: done, source: 局}\n"
    file.write_text(entry, encoding="utf-8")
    rows = {row["id"]: row for row in status(living)["bodies"]}
    # e3 of the commerce bureau corrects a report of the quality bureau, whose report it stays.
    assert [(r["reported"], r["by_others"], r["done"], r["latest"]) for r in rows.values()] == [
        (2, 1, 0, "2030-01-12"),
        (2, 1, 1, "2030-01-25"),
    ]
    assert rows["quality"]["routine"] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("--body", "qualty"),
            "--body\uff1a没有责任单位“qualty”\uff1b是否想写“县质量局\uff08quality\uff09”\uff1f / "
            "--body: there is no body “qualty”; did you mean “County Quality Bureau (quality)”?",
        ),
        (("--months", "0"), "0 is not in the range 1<=x<=120"),
        (("--months", "半年"), "'半年' is not a valid"),
        (("--language", "fr"), "'fr' is not one of"),
    ],
)
def test_wrong_option_is_explained(full: Path, arguments: tuple[str, ...], words: str) -> None:
    told: CommandResult = office_command(full, "status", *arguments)
    assert told.code != 0 and words in told.output and "Traceback" not in told.output


def test_data_with_errors_is_reported(county: Path) -> None:
    edit(county / "data/bodies.yml", "  name: {zh: 县商务局, en: County Commerce Bureau}\n", "")
    told = office_command(county, "status")
    assert told.code == 1 and told.lines[0].startswith("data/bodies.yml:4:3: 缺少字段“name”")


def test_nothing_is_written(full: Path) -> None:
    before = data_of(full)
    assert (
        office_command(full, "status").code
        == office_command(full, "status", "--json").code
        == office_command(full, "translated", day=None).code
        == 0
    )
    assert data_of(full) == before


def test_samples_count_only_where_they_are_shown(full: Path, tmp_path: Path) -> None:
    project = Path(shutil.copytree(full, tmp_path / "county"))
    (project / "data/samples").mkdir()
    (project / "data/samples/recalls.yml").write_text(
        "- {id: s1, sample: true, date: 2030-01-01, product: 椅, maker: 厂, affected: 一, defect: 二, remedy: 三,\n"
        "   source: 四}\n",
        encoding="utf-8",
    )
    dataset = read(project / "data")
    day = date.fromisoformat(TODAY)
    names = [
        [line.name for line in each.lines]
        for samples in (False, True)
        for each in groups(Office(dataset, day, samples), 6)
        if each.name == "unapproved"
    ]
    assert "recall/s1" not in names[0] and "recall/s1" in names[1]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2030-07-15", 6, "2030-01-15"),
        ("2030-03-31", 1, "2030-02-28"),
        ("2028-03-31", 1, "2028-02-29"),
        ("2030-01-31", 1, "2029-12-31"),
        ("2030-08-31", 6, "2030-02-28"),
        ("2030-12-01", 12, "2029-12-01"),
    ],
)
def test_months_back(day: str, months: int, expected: str) -> None:
    assert back(date.fromisoformat(day), months) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("text", "columns"),
    [("abc", 3), ("县质量局", 8), ("\uff08a\uff09", 5), ("“引”", 6), ("e\u0301", 1), ("", 0), ("…", 2)],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("县质量局", 8, "县质量局"),
        ("县质量局", 7, "县质.."),
        ("县质量局", 5, "县.."),
        ("a\nb  c", 9, "a b c"),
        ("abcdef", 4, "ab.."),
    ],
)
def test_cut(text: str, columns: int, expected: str) -> None:
    assert cut(text, columns) == expected
    assert width(pad(text, columns)) == width(pad(text, columns, right=True)) == columns


def test_line_of_a_place_that_is_nowhere_is_the_first(full: Path) -> None:
    places = Places(full / "data")
    assert places.line(Place("none.yml", ("x",))) == 1
    assert places.line(Place("bodies.yml", (99, "name"))) == 1
    assert places.line(Place("bodies.yml", mark=(7, 2))) == 7
