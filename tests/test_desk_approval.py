"""Approval and history at the desk: who may, what it proves, and how it is undone."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Visitor, pairs_of, root, words
from openpyxl import load_workbook
from support import copy_county, git

#: Each opens a desk, which reads a county.
pytestmark = pytest.mark.slow
NEWS = {
    "date": "2030-01-30",
    "kind": "news",
    "title.zh": "一则动态",
    "title.en": "A piece of news",
    "source.zh": "某局",
    "source.en": "A bureau",
    "text.zh": "正文第一句。",
    "text.en": "The first sentence.",
}
PATH = "news/2030-01-30-a-piece-of-news"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_county(tmp_path / "沂 county")


@pytest.fixture
def clerk(project: Path) -> Iterator[Visitor]:
    visitor = Visitor(project)
    visitor.fill("/records/news/new", NEWS)
    yield visitor
    visitor.desk.close()


def decide(visitor: Visitor, do: str, status: int = 303, **answers: str) -> str:
    base = re.search(r'name="base" value="(\w+)"', visitor.get(f"/approval/{PATH}"))
    assert base is not None
    answer = visitor.post(f"/approval/{PATH}", {"do": do, "base": base[1], **answers}, status)
    return words(answer.text)


def text(visitor: Visitor) -> str:
    return (visitor.desk.folder / f"{PATH}.zh.md").read_text("utf-8")


def test_who_wrote_it_may_not_approve_it_and_another_may(clerk: Visitor) -> None:
    assert "一则动态" in words(clerk.get("/approval"))
    assert "“张三”起草或改过这一条" in decide(clerk, "approve", 422, role="head", name="张三")
    assert "approved" not in text(clerk)
    decide(clerk, "approve", role="head", name="李四", paper="2030-7")
    assert re.search(r"approved: \{role: head, date: 2030-02-01, name: 李四, paper: .*, fingerprint: ", text(clerk))
    assert "没有待审核的记录" in words(clerk.get("/approval"))


def test_nobody_approves_what_she_or_he_changed_since_the_last_approval(clerk: Visitor) -> None:
    clerk.be("李四")
    clerk.fill(f"/records/{PATH}", {"text.zh": "第二句。"})
    clerk.be("王五")
    clerk.fill(f"/records/{PATH}", {"text.en": "The third sentence."})
    assert "起草：王五、李四、张三" in words(clerk.get("/approval"))
    for name in ("张三", "李 四", "王五"):
        assert f"“{name}”起草或改过这一条" in decide(clerk, "approve", 422, role="head", name=name)
    # As text, with what the page of the file shows.
    file, clerk_of_text = f"/files/{PATH}.zh.md", "钱七"
    clerk.be(clerk_of_text)
    base = re.search(r'name="base" value="(\w+)"', clerk.get(file))
    assert base is not None
    clerk.post(file, {"base": base[1], "text": text(clerk).replace("第二句", "第三句")})
    assert f"“{clerk_of_text}”起草或改过这一条" in decide(clerk, "approve", 422, role="head", name=clerk_of_text)
    assert "这一条写了起草人，请由别人写上姓名审核" in decide(clerk, "approve", 422, role="head", name="")
    decide(clerk, "approve", role="head", name="赵六")
    # The approver changes it: another person may approve that, one who had drafted it before the approval, too.
    clerk.be("赵六")
    clerk.fill(f"/records/{PATH}", {"text.zh": "第四句。"})
    assert "起草：赵六 ·" in words(clerk.get("/approval"))
    assert "“赵六”起草或改过这一条" in decide(clerk, "approve", 422, role="head", name="赵六")
    decide(clerk, "approve", role="head", name="张三")
    assert "没有待审核的记录" in words(clerk.get("/approval"))


@pytest.mark.parametrize(
    ("do", "answers", "said"),
    [("approve", {"name": "李四"}, "role"), ("return", {"role": "head"}, "reason")],
    ids=["no role", "no reason"],
)
def test_a_missing_answer_is_said_and_nothing_is_written(
    clerk: Visitor, do: str, answers: dict[str, str], said: str
) -> None:
    before = text(clerk)
    assert f"缺少字段“{said}”" in decide(clerk, do, 422, **answers)
    assert text(clerk) == before


def test_a_later_change_waits_again_and_the_difference_is_shown(clerk: Visitor) -> None:
    decide(clerk, "approve", role="head", name="李四")
    clerk.fill(f"/records/{PATH}", {"text.zh": "正文改了。"})
    assert "审核后有改动" in words(clerk.get("/approval"))
    page = words(clerk.get(f"/approval/{PATH}"))
    assert "与上次审核的内容相比" in page
    assert "正文第一句。" in page and "正文改了。" in page
    assert "一则动态 一则动态" not in page


def test_it_is_sent_back_with_a_reason_and_submitted_again_by_saving(clerk: Visitor) -> None:
    decide(clerk, "return", role="deputy-head", name="李四", reason="缺少时间")
    assert "退回：缺少时间" in words(clerk.get("/approval"))
    clerk.fill(f"/records/{PATH}", {"text.zh": "今天上午。"})
    assert "退回" not in words(clerk.get("/approval")) and "returned" not in text(clerk)


def test_what_was_changed_while_it_was_read_is_not_approved(clerk: Visitor) -> None:
    page = clerk.get(f"/approval/{PATH}")
    base = re.search(r'name="base" value="(\w+)"', page)
    assert base is not None
    clerk.fill(f"/records/{PATH}", {"text.zh": "另一句。"})
    answers = {"do": "approve", "base": base[1], "role": "head", "name": "李四"}
    assert "您看的时候" in words(clerk.post(f"/approval/{PATH}", answers, 409).text)
    assert "approved" not in text(clerk)


def test_each_step_is_undone_and_a_version_restored(clerk: Visitor) -> None:
    first = text(clerk)
    clerk.fill(f"/records/{PATH}", {"text.zh": "第二句。"})
    second = text(clerk)
    clerk.post("/history", {"number": "2"})
    assert text(clerk) == first
    key = re.findall(r'name="key" value="(\w+)"', clerk.get(f"/history/{PATH}.zh.md"))
    assert key
    clerk.post(f"/history/{PATH}.zh.md", {"key": "2"})
    assert text(clerk) == second
    said = words(clerk.get("/history"))
    assert "撤销：修改动态与通知" in said and "恢复以前的版本" in said and "张三" in said


def test_a_step_that_was_changed_since_is_not_undone(clerk: Visitor) -> None:
    clerk.fill(f"/records/{PATH}", {"text.zh": "第二句。"})
    file = clerk.desk.folder / f"{PATH}.zh.md"
    file.write_text(file.read_text("utf-8").replace("第二句", "手改"), "utf-8")
    assert "手改" in text(clerk)
    page = words(clerk.post("/history", {"number": "2"}, 409).text)
    assert "手改" in text(clerk) and "手改" in page and "正文第一句" in page


#: A space that a template leaves beside Chinese punctuation; elements that begin no line.
STRAY = re.compile(r"[（：；，。、“] +\S|\S +[）：；，。、”]|[\u4e00-\u9fff]: ")
INLINE = re.compile(r"</?(?:a|b|code|del|ins|small|span|strong)\b[^>]*>")


def test_no_space_is_beside_chinese_punctuation(clerk: Visitor) -> None:
    """Neither where there is a value, nor where there is none: here, no name of a clerk."""
    decide(clerk, "return", role="head", name="李四", reason="缺少时间")
    clerk.be("")
    form, new = f"/records/{PATH}", "/records/task/01"
    sent = {**dict(pairs_of(root(clerk.get(form)))), "text.zh": "另一句。"}
    clerk.post(f"{form}/check", {**sent, "typed": "1"}, 200)
    nameless = clerk.post(form, {**sent, "do": "save!"}, 422).text
    assert "没保存的草稿（没有写姓名，20" in clerk.get(form) and "先写上姓名再保存：<a" in nameless
    paths = (
        form,
        new,
        "/",
        "/records",
        "/ledger",
        "/approval",
        f"/approval/{PATH}",
        f"/approval/{PATH}/sheet",
        "/history",
    )
    for page in (
        nameless,
        *map(clerk.get, (*paths, "/records/news/new", "/batches/import", "/translation", "/publish")),
    ):
        lines = re.sub(r"<[^>]+>", "\n", INLINE.sub("", " ".join(page.partition("<body")[2].split()))).splitlines()
        assert [line for line in lines if STRAY.search(line.strip())] == []


@pytest.mark.parametrize("do", ["undo", "restore", "form", "text"])
def test_a_file_that_somebody_else_writes_meanwhile_is_not_replaced(
    clerk: Visitor, monkeypatch: pytest.MonkeyPatch, do: str
) -> None:
    """Another program writes between the reading of the file and its replacement."""
    clerk.fill(f"/records/{PATH}", {"text.zh": "第二句。"})
    file, place = clerk.desk.folder / f"{PATH}.zh.md", f"/files/{PATH}.zh.md"
    theirs = text(clerk).replace("第二句", "别人的句子")
    base = re.search(r'name="base" value="(\w+)"', clerk.get(place))
    assert base is not None
    with monkeypatch.context() as patch:
        patch.setattr(clerk.desk.presence, "require", lambda: file.write_text(theirs, "utf-8"))
        if do == "form":
            answer = clerk.fill(f"/records/{PATH}", {"text.zh": "第一句。"}, status=409)
        else:
            path, values = {
                "undo": ("/history", {"number": "2"}),
                "restore": (f"/history/{PATH}.zh.md", {"key": "1"}),
                "text": (place, {"base": base[1], "text": text(clerk).replace("第二句", "第一句")}),
            }[do]
            answer = clerk.post(path, values, 409)
    assert text(clerk) == theirs
    assert "别人的句子" in words(answer.text) and "第一句" in words(answer.text)
    assert len(clerk.desk.steps.all()) == 2


def test_the_log_is_a_spreadsheet_of_texts(clerk: Visitor) -> None:
    clerk.fill(f"/records/{PATH}", {"text.zh": "=1+1"})
    sheet = load_workbook(io.BytesIO(clerk.client.get("/history.xlsx").content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("序号", "时间", "经办人", "操作", "文件", "改动前", "改动后")
    assert any("=1+1" in str(row[6]) for row in rows[1:])
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_saves_are_commits_of_the_clerk_where_the_folder_is_a_repository(project: Path) -> None:
    git(project, "init", "-q")
    git(project, "add", "-A")
    git(project, "-c", "user.name=x", "-c", "user.email=x@localhost", "commit", "-qm", "first")
    visitor = Visitor(project)
    visitor.fill("/records/news/new", NEWS)
    said = git(project, "log", "-1", "--format=%an|%s")
    assert said.strip() == "张三|新建动态与通知 2030-01-30-a-piece-of-news"
    assert git(project, "status", "--short").strip() == ""
    visitor.desk.close()


def test_a_file_is_saved_as_text_only_without_new_errors(clerk: Visitor) -> None:
    page = clerk.get("/files/bodies.yml")
    base = re.search(r'name="base" value="(\w+)"', page)
    assert base is not None
    path = clerk.desk.folder / "bodies.yml"
    before = path.read_bytes()
    wrong = {"base": base[1], "text": before.decode().replace("id:", "id：", 1)}
    assert "bodies.yml:" in words(clerk.post("/files/bodies.yml", wrong, 422).text)
    assert path.read_bytes() == before
    good = {"base": base[1], "text": "# 说明\n" + before.decode()}
    clerk.post("/files/bodies.yml", good)
    assert path.read_bytes() == "# 说明\n".encode() + before
    clerk.post("/files/bodies.yml", good, 409)


@pytest.mark.parametrize(
    "path", ["../mkdocs.yml", "..%2fmkdocs.yml", "/etc/passwd", "bodies.yml/..", "evidence/x.pdf", ""]
)
def test_no_other_file_is_shown(clerk: Visitor, path: str) -> None:
    assert clerk.client.get(f"/files/{path}").status_code == 404
    assert clerk.client.get(f"/history/{path}").status_code in (200, 404)
    assert "site_name" not in clerk.client.get(f"/history/{path}").text


def test_a_second_desk_reads_and_takes_over(clerk: Visitor) -> None:
    other = Visitor(clerk.desk.base, "王五")
    assert "改在这里编辑" in words(other.get("/"))
    other.fill("/records/news/new", {**NEWS, "title.en": "Second"}, status=422)
    other.post("/take-over", {})
    other.fill("/records/news/new", {**NEWS, "title.en": "Second"})
    assert "编辑台已在别处打开" in words(
        clerk.fill("/records/news/new", {**NEWS, "title.en": "Third"}, status=422).text
    )
    other.desk.close()


def test_a_file_that_no_program_reads_is_looked_at(clerk: Visitor) -> None:
    scan = {"evidence.0._": "", "evidence.0.upload": ("扫描 1.pdf", b"%PDF-1.7\n%%EOF\n", "application/pdf")}
    files = {"evidence.0.upload": scan.pop("evidence.0.upload")}
    clerk.fill(f"/records/{PATH}", scan, files=files)
    page = clerk.get(f"/approval/{PATH}")
    assert "程序读不出的文件" in words(page) and "looked_at" not in words(page)
    answer = clerk.client.get("/evidence/扫描-1.pdf")
    assert answer.headers["content-disposition"].startswith("attachment")
    base = re.search(r'name="base" value="(\w+)"', page)
    assert base is not None
    clerk.post(f"/approval/{PATH}/look", {"base": base[1], "item": "0"})
    assert "程序读不出的文件" not in words(clerk.get(f"/approval/{PATH}"))
    assert re.search(r"looked_at: *\{?\s*date: 2030-02-01", text(clerk))
    # After a name is withdrawn, or the file changes, somebody looks again; the button is the way, not the file.
    file = clerk.desk.folder / f"{PATH}.zh.md"
    (clerk.desk.folder / "withdrawals.yml").write_text(
        "- {id: w, date: 2030-01-31, reason: error, names: [一则]}\n", encoding="utf-8"
    )
    for change in ("withdrawn", "changed"):
        if change == "withdrawn":
            file.write_text(re.sub(r"(looked_at:\s*\{?\s*date: )[\d-]+", r"\g<1>2030-01-30", text(clerk)), "utf-8")
        else:
            (clerk.desk.folder / "evidence/扫描-1.pdf").write_bytes(b"%PDF-1.7\n\n%%EOF\n")
        page = clerk.get(f"/approval/{PATH}")
        assert "程序读不出的文件" in words(page) and "looked_at" not in words(page)
        assert "就在审核那一页点“看过了，可以公布”" in words(page)
        assert f'href="/approval/{PATH}"' in clerk.get(f"/records/{PATH}")
        base = re.search(r'name="base" value="(\w+)"', page)
        assert base is not None
        clerk.post(f"/approval/{PATH}/look", {"base": base[1], "item": "0"})
        assert "程序读不出的文件" not in words(clerk.get(f"/approval/{PATH}"))
