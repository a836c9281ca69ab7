"""Who leads and who takes part, read back from the built pages, the API and the tables in both languages."""

import csv
import json

import pytest
from haopin.check.responsibility import leading
from haopin.model.task import Responsible
from haopin.text import Text
from support import BuiltSite

NAMES = {"县质量局": "quality", "县商务局": "commerce", "商务局": "trade"}


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("县质量局牵头,县商务局配合", {"quality"}),
        ("由县质量局、县商务局共同牵头", {"quality", "commerce"}),
        ("县质量局和县商务局等部门牵头", {"quality", "commerce"}),
        ("牵头单位:县商务局;参与单位:县质量局", {"commerce"}),
        ("县质量局负责,发挥牵头作用", set()),
        ("县质量局、县商务局按职责分工负责", set()),
    ],
)
def test_leading(quote: str, found: set[str]) -> None:
    assert set(leading(quote, NAMES).values()) == found


def test_old_records_read_as_before() -> None:
    quote = Text(zh="甲局、乙局按职责分工负责", en="A; B")
    shared = Responsible(quote=quote, bodies=("a", "b"))
    assert (shared.joint, shared.form, shared.parts) == (True, "joint", (("joint", ("a", "b")),))
    alone = Responsible(quote=quote, bodies=("a",), joint=False)
    assert (alone.joint, alone.form, alone.role_of("a"), alone.role_of("b")) == (False, "sole", "sole", None)
    led = Responsible(quote=quote, lead=("b",), bodies=("a",), general=(Text(zh="各乡镇", en="townships"),))
    assert (led.joint, led.form, led.answerable, led.role_of("a")) == (False, "led", ("b", "a"), "responsible")


WORDS = {
    "": {
        "tasks/03": ["牵头单位", "参与单位", "各乡镇人民政府"],
        "safeguards": ["责任单位", "牵头单位", "县质量局牵头"],
        "tasks/04": ["丙丁市检测院甲乙分院</a>（牵头）", "县质量局</a>（参与）"],
        "matrix": ["1项任务指明了牵头单位", "菱形：牵头", "空心圆：参与", "<td>牵头</td>", "<td>参与</td>", "加强领导"],
        "bodies/commerce": ["牵头的任务"],
        "bodies/quality": ["参与的任务", "加强领导</a>"],
        "bodies": ["另有统称的单位：各乡镇人民政府"],
        "embed/task/03": ["县商务局（牵头）"],
    },
    "en/": {
        "tasks/03": ["<dt>Lead</dt>", "<dt>Taking part</dt>", "township governments"],
        "safeguards": ["Who is responsible", "<dt>Lead</dt>"],
        "tasks/04": ["Institute</a> (lead)", "Bureau</a> (taking part)"],
        "matrix": ["A lead body is named for 1 task", "diamond: leads", "ring: takes part", "<td>leads</td>"],
        "bodies/commerce": ["Tasks it leads"],
        "bodies/quality": ["Tasks it takes part in", "Strengthen leadership</a>"],
        "bodies": ["It also names groups of bodies: township governments."],
        "embed/task/03": ["County Commerce Bureau (lead)"],
    },
}


@pytest.mark.parametrize("root", WORDS)
def test_pages_distinguish_the_roles(full_county: BuiltSite, root: str) -> None:
    for page, words in WORDS[root].items():
        html = (full_county.folder / root / page / "index.html").read_text("utf-8")
        assert [each for each in words if each not in html] == [], page
    # What is true of other tasks is not said of this one, and no mark stands in the legend that is not drawn.
    led = (full_county.folder / root / "tasks/03/index.html").read_text("utf-8")
    assert "共同负责" not in led and "jointly" not in led
    matrix = (full_county.folder / root / "matrix/index.html").read_text("utf-8")
    assert "空心方块" not in matrix and "hollow square" not in matrix


def test_interfaces_distinguish_the_roles(full_county: BuiltSite) -> None:
    task = json.loads((full_county.folder / "api/v1/task/03.json").read_text("utf-8"))
    found = task["item"]["record"]["responsible"]
    assert (found["lead"], found["participating"], found["bodies"], found["joint"]) == (
        ["commerce"],
        ["quality"],
        [],
        False,
    )
    assert found["general"] == [{"zh": "各乡镇人民政府", "en": "township governments"}]
    with (full_county.folder / "downloads/task.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert (rows["03"]["responsible_lead"], rows["03"]["responsible_participating"]) == ("commerce", "quality")
    assert rows["01"]["responsible_lead"] == ""
    for root, words in (("", "牵头单位"), ("en/", "Taking part")):
        docs = json.loads((full_county.folder / root / "search/search_index.json").read_text("utf-8"))["docs"]
        assert words in json.dumps([doc for doc in docs if doc[0] == "tasks/03/"], ensure_ascii=False)
