"""From the file of a notice to its commitments: each known form of notices, in an invented one."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from evidence import locked_pdf, pdf
from haopin.numerals import chinese, day_in, number_of
from haopin.problem import DataError
from haopin.start.changes import Unsure, changes_in
from haopin.start.lines import Source, SourceLine
from haopin.start.measures import cut, numbers, title_of
from haopin.start.notice import Notice, read_notice
from haopin.start.place import place_of, subject_of
from haopin.start.plan import NoticePlan, read_plan
from haopin.start.responsibility import is_line, is_statement, parse, trailing
from haopin.start.source import read_source
from haopin.text import squeeze

HEAD = """
甲乙县人民政府
关于印发甲乙县水果质量提升工作方案的通知
甲政发〔2030〕 4 号
各乡镇人民政府，县政府各部门：
《甲乙县水果质量提升工作方案》已经县政府同意，现印发给你们，请认真贯彻执行。
甲乙县人民政府
2030年3月5日
（此件公开发布）
甲乙县水果质量提升工作方案
为落实《丙省人民政府关于水果质量的意见》（丙政发〔2029〕12号），制定本方案。
"""
TASKS = """
一、总体要求
以果农增收为目标，按照县委部署，全面提升水果质量。
二、工作目标
力争2032年底前建成丙省水果强县。
三、主要任务
（一）实施果园提升工程
1.开展果园改造。改造老果园，推广有机肥。围绕“红果，绿叶”品牌，建设示范园；优质果率不低于90%。（县农业局、县水利局等部门按职责分工负责）
2.培训果农。每年培训果农2000人次以上，持证率达到100%。（县农业局负责）
（二）健全检测体系
3.建设检测站。建设乡镇检测站12个，实现果品检测全覆盖。畅通12315热线。（县市场监管局牵头，县农业局、县财政局配合，各乡镇人民政府按职责分工负责）
四、实施步骤
（一）动员部署阶段（2030年3月至5月）。召开会议，部署工作。
（二）全面实施阶段（2030年6月—2032年12月）。抓好落实。
五、保障措施
（一）加强组织领导。成立领导小组，定期会商。
（二）强化宣传。开展质量月活动。
附件：甲乙县水果质量任务分解表
"""


def lines(text: str) -> Source:
    return Source([SourceLine(line) for line in text.splitlines() if line])


def notice(text: str) -> Notice:
    return read_notice(lines(text))


def plan(text: str) -> NoticePlan:
    return read_plan(notice(text))


@pytest.fixture(scope="module")
def whole() -> NoticePlan:
    return plan(HEAD.strip() + "\n" + TASKS.strip())


def doubts(found: NoticePlan | Notice | Source) -> str:
    return "\n".join(doubt.zh for doubt in found.doubts)


# The whole of a notice


def test_head_gives_title_number_issuer_and_day(whole: NoticePlan) -> None:
    found = whole.notice
    assert found.title == "甲乙县人民政府关于印发甲乙县水果质量提升工作方案的通知"
    assert found.plan_title == "甲乙县水果质量提升工作方案"
    assert (found.number, found.issuer, found.adopted) == ("甲政发〔2030〕4号", "甲乙县人民政府", date(2030, 3, 5))
    assert whole.place is not None
    assert (whole.place.name, whole.place.kind, whole.subject) == ("甲乙县", "county", ("质量", "quality"))


def test_every_line_is_a_clause_with_an_id_and_a_level(whole: NoticePlan) -> None:
    assert [(clause.id, clause.level) for clause in whole.clauses] == [
        ("notice-issuer", "title"),
        ("notice-title", "title"),
        ("notice-number", "number"),
        ("notice-recipients", "salutation"),
        ("notice-body", "paragraph"),
        ("notice-signature", "signature"),
        ("notice-date", "date"),
        ("notice-remark", "remark"),
        ("plan-title", "title"),
        ("plan-preamble", "paragraph"),
        ("section-1", "section"),
        ("section-1-text", "paragraph"),
        ("section-2", "section"),
        ("section-2-text", "paragraph"),
        ("section-3", "section"),
        ("group-1", "subsection"),
        ("task-01", "item"),
        ("task-02", "item"),
        ("group-2", "subsection"),
        ("task-03", "item"),
        ("section-4", "section"),
        ("phase-1", "item"),
        ("phase-2", "item"),
        ("section-5", "section"),
        ("safeguard-1", "item"),
        ("safeguard-2", "item"),
        ("annex", "annex"),
    ]
    assert squeeze("".join(clause.text for clause in whole.clauses)) == squeeze(HEAD + TASKS)


def test_groups_and_tasks(whole: NoticePlan) -> None:
    assert [(group.number, group.title) for group in whole.groups] == [
        ("一", "实施果园提升工程"),
        ("二", "健全检测体系"),
    ]
    assert [(task.id, task.title, task.group) for task in whole.tasks] == [
        ("01", "开展果园改造", "group-1"),
        ("02", "培训果农", "group-1"),
        ("03", "建设检测站", "group-2"),
    ]


def test_bodies_lead_answer_or_take_part(whole: NoticePlan) -> None:
    first, _, third = (task.responsible for task in whole.tasks)
    assert first is not None and third is not None
    assert (first.bodies, first.others) == (["县农业局", "县水利局"], "等部门")
    assert first.quote == "县农业局、县水利局等部门按职责分工负责"
    assert (third.lead, third.participating) == (["县市场监管局"], ["县农业局", "县财政局"])
    assert third.general == ["各乡镇人民政府"]
    assert [body.name for body in whole.bodies] == ["县农业局", "县水利局", "县市场监管局", "县财政局"]
    assert [body.id for body in whole.bodies][:2] == ["xiannongyeju", "xianshuiliju"]


def test_measures_are_quoted_to_the_character(whole: NoticePlan) -> None:
    texts = {clause.id: clause.text for clause in whole.clauses}
    assert [measure.quote for measure in whole.tasks[0].measures] == [
        "改造老果园",
        "推广有机肥",
        "围绕“红果，绿叶”品牌，建设示范园",
        "优质果率不低于90%",
    ]
    for record in whole.records:
        assert record.measures, record.title
        assert all(measure.quote in texts[record.clause] for measure in record.measures)


def test_numbers_are_proposed_with_their_scope(whole: NoticePlan) -> None:
    found = [number for record in whole.records for measure in record.measures for number in measure.numbers]
    told = [(n.title, n.scope, n.comparator, n.value and str(n.value), n.unit, n.aim, n.due) for n in found]
    assert told == [
        ("建成丙省水果强县", "建成丙省水果强县", "achieve", None, None, True, date(2032, 12, 31)),
        ("优质果率", "优质果率", "at-least", "90", "percent", False, None),
        ("持证率", "持证率", "equal", "100", "percent", False, None),
        ("建设乡镇检测站", "建设乡镇检测站", "equal", "12", "个", False, None),
        ("果品检测全覆盖", "果品检测", "full-coverage", None, None, False, None),
    ]


def test_phases_safeguards_activities_hotlines_and_citations(whole: NoticePlan) -> None:
    assert [(phase.title, phase.period) for phase in whole.phases] == [
        ("动员部署阶段", (date(2030, 3, 1), date(2030, 5, 31), "2030年3月至5月")),
        ("全面实施阶段", (date(2030, 6, 1), date(2032, 12, 31), "2030年6月—2032年12月")),
    ]
    assert [record.title for record in whole.safeguards] == ["加强组织领导", "强化宣传"]
    assert [record.title for record in whole.sections] == ["总体要求", "工作目标"]
    assert [(each.known["id"], each.clause) for each in whole.activities] == [("quality-month", "safeguard-2")]
    assert whole.hotlines == [("12315", "task-03")]
    assert [(each.number, each.clause) for each in whole.cited] == [("丙政发〔2029〕12号", "plan-preamble")]
    assert doubts(whole) == "附件“甲乙县水果质量任务分解表”只有标题,没有内容"


# Heads of other forms


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("甲政办〔2030〕12号", "甲政办〔2030〕12号"),
        ("甲政发[2030]第012号", "甲政发〔2030〕12号"),
        ("甲 政 发（2030）5 号", "甲政发〔2030〕5号"),
        ("（甲政发〔2030〕 39 号）", "甲政发〔2030〕39号"),
        ("甲政发〔2030〕1", None),
    ],
)
def test_a_document_number_in_any_brackets_is_written_in_the_usual_way(line: str, number: str | None) -> None:
    found = notice(HEAD.replace("甲政发〔2030〕 4 号", line) + TASKS)
    assert found.number == number
    assert ("没有找到发文字号" in doubts(found)) == (number is None)
    assert [part.role for part in found.head][2] == "number"


def test_a_title_that_names_another_number_is_no_number() -> None:
    text = HEAD.replace("关于印发甲乙县水果质量提升工作方案的通知", "关于明确甲政发〔2029〕9号文件\n责任单位的通知")
    found = notice(text + TASKS)
    assert found.title == "甲乙县人民政府关于明确甲政发〔2029〕9号文件责任单位的通知"
    assert found.number == "甲政发〔2030〕4号"


def test_a_day_in_chinese_numerals_and_a_title_in_two_lines() -> None:
    text = HEAD.replace("2030年3月5日", "二〇三〇年三月五日").replace(
        "水果质量提升工作方案\n为", "水果质量提升工作方案\n（2030—2032年）\n为"
    )
    found = notice(text + TASKS)
    assert found.adopted == date(2030, 3, 5)
    assert found.plan_title == "甲乙县水果质量提升工作方案（2030—2032年）"


def test_several_bodies_sign() -> None:
    found = notice(HEAD.replace("甲乙县人民政府\n2030", "甲乙县市场监管局 甲乙县农业局\n甲乙县财政局\n2030") + TASKS)
    assert found.issuer == "甲乙县市场监管局"
    assert "甲乙县市场监管局、甲乙县农业局、甲乙县财政局" in doubts(found)


def test_an_opinion_without_a_notice_signs_at_its_end() -> None:
    text = """
关于加强水果质量的实施意见
各乡镇人民政府：
为加强水果质量，提出如下意见。
一、改造果园
1.改造老果园。推广有机肥。（责任单位：县农业局）
甲乙县人民政府
2030年3月5日
抄送：县委办公室。
"""
    found = plan(text)
    assert (found.notice.issuer, found.notice.adopted) == ("甲乙县人民政府", date(2030, 3, 5))
    assert found.notice.title == "甲乙县人民政府关于加强水果质量的实施意见"
    assert [clause.level for clause in found.clauses][-3:] == ["signature", "date", "remark"]
    assert found.groups[0].title == "改造果园" and found.tasks[0].group == found.groups[0].id


def test_numbered_demands_of_the_notice_are_not_the_plan() -> None:
    text = HEAD.replace("甲乙县人民政府\n2030年", "一、提高认识。\n二、抓好落实。\n甲乙县人民政府\n2030年")
    found = plan(text + TASKS)
    assert [task.title for task in found.tasks] == ["开展果园改造", "培训果农", "建设检测站"]
    assert [clause.id for clause in found.clauses if clause.text.startswith(("一、提高", "二、抓好"))] == [
        "notice-body-2",
        "notice-body-3",
    ]


def test_a_text_without_a_title_is_reported() -> None:
    found = notice(
        "各乡镇：\n"
        "现将方案印发给你们。\n"
        "2030年6月30日\n"
        "水果质量具体措施\n"
        "制定如下措施。\n"
        "一、改造果园\n"
        "（一）改造。改造老果园。"
    )
    assert found.title == "水果质量具体措施" and "没有找到标题" in doubts(found)
    assert "没有找到发文机关" in doubts(found) and "没有找到发文字号" in doubts(found)


def test_a_text_without_numbers_has_no_task_and_says_so() -> None:
    found = plan("甲乙县人民政府公告\n为方便群众，现将有关事项公告如下。请互相转告。")
    assert found.tasks == [] and "没有找到带编号的标题" in doubts(found)


# Bodies of other forms


def test_items_stand_directly_below_a_section() -> None:
    found = plan(
        HEAD + "一、改造果园\n1.改造老果园。推广有机肥。（牵头单位：县农业局；责任单位：县水利局，各乡镇，6月底前完成）"
    )
    task = found.tasks[0]
    assert task.group == "section-1" and found.groups[0].title == "改造果园"
    said = task.responsible
    assert said is not None and (said.lead, said.bodies, said.general) == (["县农业局"], ["县水利局"], ["各乡镇"])
    assert said.due == "6月底前完成"


def test_groups_are_nested() -> None:
    found = plan(
        HEAD + "一、改造果园\n"
        "（一）老果园\n"
        "1.改造老果园。推广有机肥。（县农业局负责）\n"
        "（二）新果园\n"
        "1.建新果园。（县农业局负责）"
    )
    assert [(group.title, group.within) for group in found.groups] == [
        ("改造果园", None),
        ("老果园", "section-1"),
        ("新果园", "section-1"),
    ]
    assert [task.id for task in found.tasks] == ["01", "02"]


def test_a_section_is_itself_a_task_without_a_group() -> None:
    found = plan(
        HEAD + "一、改造果园。改造老果园。〔县农业局、县水利局按职责分工负责〕\n二、建检测站。〔县市场监管局负责〕"
    )
    assert [(task.title, task.group) for task in found.tasks] == [("改造果园", None), ("建检测站", None)]
    assert found.tasks[0].responsible is not None and found.tasks[0].responsible.bodies == ["县农业局", "县水利局"]


def test_who_answers_stands_in_a_line_of_its_own() -> None:
    text = (
        "一、改造果园\n"
        "1.依靠科技，改造老果园。\n"
        "县农业局、水利局、县政府食安办负责落实。\n"
        "2.推广有机肥。\n"
        "牵头单位：县农业局\n"
        "配合单位：县财政局、各乡镇"
    )
    found = plan(HEAD + text)
    first, second = (task.responsible for task in found.tasks)
    assert first is not None and first.bodies == ["县农业局", "水利局", "县政府食安办"]
    assert second is not None and (second.lead, second.participating) == (["县农业局"], ["县财政局"])
    texts = {clause.id: clause.text for clause in found.clauses}
    assert squeeze(second.quote) in squeeze(texts["task-02"])
    assert found.tasks[0].title == "依靠科技" and "任务01没有标题" in doubts(found)


def test_items_of_a_task_become_one_clause() -> None:
    text = (
        "一、主要任务\n"
        "（一）改造果园\n"
        "抓好老果园。\n"
        "（1）推广有机肥。\n"
        "（2）修水渠，通道路。\n"
        "（县农业局负责）\n"
        "（二）建检测站。建站。（县市场监管局负责）"
    )
    found = plan(HEAD + text)
    clause = next(clause for clause in found.clauses if clause.id == "task-01")
    assert clause.text == "（一）改造果园 抓好老果园。（1）推广有机肥。（2）修水渠，通道路。（县农业局负责）"
    assert [measure.quote for measure in found.tasks[0].measures] == [
        "抓好老果园",
        "（1）推广有机肥",
        "（2）修水渠",
        "通道路",
    ]
    assert [measure.title for measure in found.tasks[0].measures][1] == "推广有机肥"
    assert "1 项由几段组成" in doubts(found)


def test_bullets_are_aims_of_their_own() -> None:
    text = (
        "一、主要目标\n"
        "到2032年，水果质量明显提高。\n"
        "——供给质量提高。优质果率达到95%以上。\n"
        "——品牌更响。新增品牌5个以上。\n"
        "二、主要任务\n"
        "1.改造果园。（县农业局负责）"
    )
    found = plan(HEAD + text)
    assert [record.title for record in found.sections] == ["主要目标", "供给质量提高", "品牌更响"]
    assert [measure.quote for measure in found.sections[1].measures] == ["——供给质量提高", "优质果率达到95%以上"]
    assert [measure.quote for measure in found.sections[0].measures] == ["到2032年，水果质量明显提高"]
    assert [number.comparator for measure in found.sections[2].measures for number in measure.numbers] == ["at-least"]


def test_who_answers_for_one_sentence_stands_in_the_middle() -> None:
    found = plan(
        HEAD + "一、主要任务\n"
        "1.改造果园。改造老果园。（县农业局负责）修水渠，通道路。（县水利局负责）\n"
        "2.建站。（县财政局负责）"
    )
    first, *_, last = found.tasks[0].measures
    assert first.quote == "改造老果园。（县农业局负责）" and first.responsible is not None
    assert first.responsible.bodies == ["县农业局"] and first.title == "改造老果园"
    assert last.quote == "通道路"
    assert {body.name for body in found.bodies} == {"县农业局", "县水利局", "县财政局"}


def test_decimal_numbers_are_levels() -> None:
    found = plan(
        HEAD + "1 总则\n"
        "1.1 编制目的\n"
        "为保安全。\n"
        "1.2 适用范围\n"
        "适用于本县。\n"
        "2 主要任务\n"
        "2.1 改造果园\n"
        "改造老果园。（县农业局负责）\n"
        "2.2 建检测站\n"
        "建站。（县财政局负责）"
    )
    assert [task.title for task in found.tasks] == ["改造果园", "建检测站"]
    assert [record.title for record in found.sections] == ["编制目的", "适用范围"]


def test_chapters_and_articles() -> None:
    found = plan(
        HEAD
        + "第一章 总则\n第一条 为保护果园，制定本办法。\n第二章 重点任务\n第二条 县农业局负责果园改造，推广有机肥。"
    )
    assert [clause.level for clause in found.clauses if clause.id.startswith("section-1")] == ["section", "item"]
    assert found.tasks[0].id == "01" and found.tasks[0].measures[0].quote == "县农业局负责果园改造"


def test_a_number_that_is_missing_is_reported() -> None:
    assert "编号不连续" in doubts(plan(HEAD + TASKS.replace("2.培训果农", "4.培训果农")))


def test_a_page_without_breaks_is_divided_at_its_numbers() -> None:
    lead, rest = HEAD.strip().split("各乡镇", 1)
    flat = lead + "各乡镇" + (rest + TASKS).replace("\n", "")
    flat = flat.replace("（此件公开发布）", "")
    found = plan(flat)
    assert (found.notice.adopted, found.notice.plan_title) == (date(2030, 3, 5), "甲乙县水果质量提升工作方案")
    assert "一段里有" in doubts(found)
    assert [task.title for task in found.tasks] == ["开展果园改造", "培训果农", "建设检测站"]


ORDER = """
甲乙市人民政府令
第12号
《甲乙市果品质量管理办法》已经2030年1月5日市人民政府第3次常务会议通过，现予公布，自2030年3月1日起施行。
市 长  张三
二〇三〇年一月十日
甲乙市果品质量管理办法
第一章 总则
第一条 为加强果品质量管理，制定本办法。
第二章 重点工作
第二条 市农业局牵头建立检测制度，每年公布结果。
第三章 附则
第三条 本办法自2030年3月1日起施行。2020年5月1日公布的《甲乙市果品管理规定》（甲政发〔2020〕5号）同时废止。
"""


def test_an_order_has_a_number_a_signer_and_repeals_another_document() -> None:
    found = plan(ORDER)
    one = found.notice
    assert (one.title, one.number, one.issuer) == ("甲乙市果品质量管理办法", "第12号", "甲乙市人民政府")
    assert one.adopted == date(2030, 1, 10) and "没有找到标题" not in doubts(found)
    assert [(clause.id, clause.level) for clause in found.clauses][:5] == [
        ("notice-issuer", "title"),
        ("notice-number", "number"),
        ("notice-body", "paragraph"),
        ("notice-signer", "signature"),
        ("notice-date", "date"),
    ]
    (change,) = found.changes
    assert (change.what, change.since, change.clause) == ("repeals", date(2030, 3, 1), "safeguard-1")
    (cited,) = found.cited
    assert (cited.id, cited.title, cited.number) == (change.document, "甲乙市果品管理规定", "甲政发〔2020〕5号")
    assert "废止《甲乙市果品管理规定》,已写进 changes,请核对" in doubts(found)
    said = found.tasks[0].measures[0].responsible
    assert said is not None and said.lead == ["市农业局"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("《甲规定》《乙规定》同时废止。", [("repeals", "甲规定", None, None), ("repeals", "乙规定", None, None)]),
        (
            "自2031年1月1日起，《甲规定》（甲发〔2020〕1号）停止执行。",
            [("repeals", "甲规定", "甲发〔2020〕1号", date(2031, 1, 1))],
        ),
        ("将《甲规定》第三条修改为：", [("amends", "甲规定", None, None)]),
        ("本办法代替《甲规定》。", []),
        ("《甲规定》与本办法不一致的，予以废止。", [None]),
        ("原有规定同时废止。", [None]),
        ("自《甲规定》施行之日起，按《乙规定》发放的证书废止。", [None]),
        ("《自己》自2031年1月1日起施行。", []),
        ("加强制度的修订。", []),
    ],
)
def test_changes_by_a_clause(text: str, told: Sequence[tuple[str, str, str | None, date | None] | None]) -> None:
    found = [
        None if isinstance(each, Unsure) else (each.what, each.title, each.number, each.since)
        for each in changes_in(text, ("自己",))
    ]
    assert found == (told or ([("replaces", "甲规定", None, None)] if "代替" in text else []))


def test_a_change_that_is_not_clear_or_has_no_day_is_only_a_doubt() -> None:
    text = HEAD + TASKS.replace("开展质量月活动。", "原有的规定同时废止。")
    found = plan(text)
    assert found.changes == [] and "似乎修改或废止了别的文件" in doubts(found)
    undated = HEAD.replace("2030年3月5日\n", "") + TASKS.replace("开展质量月活动。", "《甲规定》同时废止。")
    assert plan(undated).changes == [] and "似乎修改或废止了别的文件" in doubts(plan(undated))


@pytest.mark.parametrize(
    "number", ["2030年第5号", "JYSJ-2030-05", "第十二号", "甲乙县人民政府令第12号", "JY/T 12—2030"]
)
def test_numbers_of_other_forms(number: str) -> None:
    text = (
        f"甲乙县市场监督管理局公告\n{number}\n关于开展果品抽查的公告\n为保安全，现公告如下。\n一、重点任务\n"
        "（一）抽查果品。抽查果品50批次。（县市场监管局负责）\n（二）公布结果。（县市场监管局负责）\n"
        "特此公告。\n甲乙县市场监督管理局\n2030年1月10日"
    )
    found = notice(text)
    assert found.number == "".join(number.split())
    assert (found.title, found.issuer) == ("甲乙县市场监督管理局关于开展果品抽查的公告", "甲乙县市场监督管理局")
    assert [part.role for part in found.foot] == ["other", "signature", "date"]


def test_who_answers_for_all_items_stands_after_the_last() -> None:
    text = (
        "一、主要任务\n（一）改造果园\n1.推广有机肥。\n2.修路。\n（县农业局负责）\n"
        "（二）建检测站\n1.建站。\n2.招人。\n（县财政局负责）"
    )
    found = plan(HEAD + text)
    assert [(task.title, len(task.measures)) for task in found.tasks] == [("改造果园", 2), ("建检测站", 2)]
    assert found.groups[0].title == "主要任务"


def with_annex(rows: Sequence[str], *, merged: Mapping[int, frozenset[int]] | None = None) -> Source:
    """Return a notice with a table in its annex: a row a line, cells divided by ``|``; ``merged`` are cells by row."""
    source = lines(HEAD + TASKS)
    source.lines += [SourceLine("附件"), SourceLine("甲乙县水果质量任务分解表")]
    for at, row in enumerate(rows):
        cells = tuple(row.split("|"))
        source.lines.append(SourceLine("\t".join(cells), cells, (merged or {}).get(at, frozenset())))
    return source


TABLE = (
    "序号|工作任务|牵头单位|配合单位|完成时限",
    "1|改造老果园，推广有机肥。|县农业局|县水利局、县财政局、各乡镇|2031年底",
    "2|培训果农||县供销社|2031年6月底前",
    "3|修路|县交通局||长期",
)


def test_a_table_in_an_annex_assigns_the_measures_of_its_rows() -> None:
    found = read_plan(read_notice(with_annex(TABLE, merged={2: frozenset({2})})))
    (annex,) = found.annexes
    assert annex.table is not None and annex.table.columns == tuple(TABLE[0].split("|"))
    assert [(clause.level, clause.text) for clause in annex.clauses] == [
        ("annex", "附件"),
        ("title", "甲乙县水果质量任务分解表"),
    ]
    told = [
        (row.measures, row.responsible.lead, row.responsible.participating, row.responsible.general, row.due)
        for row in found.rows
        if row.responsible
    ]
    assert told == [
        (["01/m1", "01/m2"], ["县农业局"], ["县水利局", "县财政局"], ["各乡镇"], date(2031, 12, 31)),
        (["02/m1", "02/m2"], ["县农业局"], ["县供销社"], [], date(2031, 6, 30)),
        ([], ["县交通局"], [], [], None),
    ]
    assert annex.table.rows[1].cells == ("2", "培训果农", None, "县供销社", "2031年6月底前")
    assert "附件的表里有 3 行写明责任单位或时限,其中 1 行与正文的举措对不上" in doubts(found)
    assert {"县交通局", "县供销社"} < {body.name for body in found.bodies}


def test_an_empty_cell_that_is_not_merged_says_nothing() -> None:
    second = read_plan(read_notice(with_annex(TABLE))).rows[1].responsible
    assert second is not None and (second.lead, second.participating) == ([], ["县供销社"])


def test_rows_that_contradict_each_other_assign_nothing() -> None:
    rows = (*TABLE[:2], "2|推广有机肥|县供销社||")
    found = read_plan(read_notice(with_annex(rows)))
    assert [row.measures for row in found.rows] == [["01/m1"], []]


def test_one_column_may_name_all_bodies_and_the_second_heading_span_two() -> None:
    rows = (
        "重点工作|具体措施|责任单位||责任人",
        "水果|改造老果园|牵头单位：县农业局；配合单位：县财政局|各乡镇|张三",
        "水果|推广有机肥|县农业局 县水利局||",
        "水果|不在正文里的事|县农业局等部门||",
    )
    found = read_plan(read_notice(with_annex(rows)))
    first, second, third = (row.responsible for row in found.rows)
    assert first is not None and second is not None and third is not None
    assert (first.lead, first.participating, first.general) == (["县农业局"], ["县财政局"], ["各乡镇"])
    assert second.bodies == ["县农业局", "县水利局"] and third.others == "等部门"
    assert [row.measures for row in found.rows] == [["01/m1"], ["01/m2"], []]
    table = found.annexes[0].table
    assert table is not None and table.columns == ("重点工作", "具体措施", "责任单位", "责任人")


def test_a_table_between_paragraphs_stands_after_them_and_a_second_one_is_text() -> None:
    source = with_annex(TABLE)
    source.lines += [SourceLine("说明：本表由县农业局解释。"), SourceLine("甲\t乙", ("甲", "乙"))]
    found = read_plan(read_notice(source))
    (annex,) = found.annexes
    assert [clause.text for clause in annex.clauses][2:] == ["说明：本表由县农业局解释。", "甲 乙"]
    assert annex.table is not None and len(annex.table.rows) == 3
    assert "的表后面还有文字" in doubts(found)


def test_a_table_without_clear_columns_is_text() -> None:
    found = read_plan(read_notice(with_annex(("|工作任务", "1|改造老果园"))))
    assert found.annexes[0].table is None
    assert [clause.text for clause in found.annexes[0].clauses][2:] == ["工作任务", "1 改造老果园"]


@pytest.mark.parametrize("mark", ["\t", "|", "   ", " "])
def test_a_table_in_a_text_is_read_where_its_columns_are_clear(tmp_path: Path, mark: str) -> None:
    rows = ["序号|工作任务|牵头单位|完成时限", "1|改造老果园|县农业局|2031年底", "2|推广有机肥|县供销社|长期"]
    text = (HEAD + TASKS).strip() + "\n附件\n甲乙县水果质量任务分解表\n"
    text += "\n".join(row.replace("|", mark) for row in rows) + "\n本表由县农业局解释。\n"
    for name, raw in (("a.txt", text.encode()), ("a.pdf", pdf(text.replace("\t", "  ")))):
        found = read_plan(read_notice(read(tmp_path, name, raw)))
        assert [row.measures for row in found.rows] == [["01/m1"], ["01/m2"]], name
        assert [row.due for row in found.rows] == [date(2031, 12, 31), None]


def test_two_ways_to_write_a_body() -> None:
    text = (
        "一、主要任务\n"
        "1.改造果园。（县行政审批服务局负责）\n"
        "2.建站。（县行政审批局负责）\n"
        "3.检测。（县农业局、省农业局负责）"
    )
    found = plan(HEAD + text)
    assert (found.bodies[0].name, found.bodies[0].variants) == (
        "县行政审批服务局",
        [("县行政审批局", "task-02")],
    )
    assert found.body_id("县行政审批局") == found.body_id("县行政审批服务局")
    assert "按同一单位处理" in doubts(found)
    assert {"县农业局", "省农业局"} < {body.name for body in found.bodies}


# The place


@pytest.mark.parametrize(
    ("names", "addressed", "told"),
    [
        (["甲乙县人民政府"], "", ("甲乙县", "county", None, None)),
        (["丙丁自治县人民政府办公室"], "", ("丙丁自治县", "county", None, None)),
        (["戊己市庚辛区人民政府"], "", ("庚辛区", "district", None, "戊己市")),
        (["戊己市人民政府"], "各县（市、区）人民政府：", ("戊己市", "prefecture-level-city", None, None)),
        (
            ["戊己市人民政府办公室"],
            "各镇人民政府，各街道办事处，市政府各部门：",
            ("戊己市", "county-level-city", None, None),
        ),
        (["丙省人民政府"], "各市人民政府：", ("丙省", "province", None, None)),
        (["丁戊自治区人民政府"], "", ("丁戊自治区", "other", "自治区", None)),
        (["己庚旗人民政府"], "", ("己庚旗", "other", "旗", None)),
        (["辛壬经济技术开发区管委会"], "", ("辛壬经济技术开发区", "other", "区", None)),
        (["", "癸子市质量强市实施方案"], "各乡镇：", ("癸子市", "county-level-city", None, None)),
    ],
)
def test_the_kind_of_a_place_follows_from_its_name_and_who_is_addressed(
    names: list[str], addressed: str, told: tuple[str, str, str | None, str | None]
) -> None:
    found = place_of(names, addressed)
    assert found is not None and found.doubt is None
    assert (found.name, found.kind, found.word, found.region) == told


def test_a_city_of_unknown_rank_is_a_doubt_and_the_state_no_place() -> None:
    found = place_of(["戊己市人民政府"], "各有关单位：")
    assert found is not None and found.doubt is not None and "地级市还是县级市" in found.doubt.zh
    assert place_of(["国家市场监管总局", "关于建设质量强省的意见"], "") is None


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("甲乙县质量强县建设方案", "质量"),
        ("甲乙县食品安全突发事件应急预案", "食品安全"),
        ("甲乙县深入推进计量工作的意见", "计量"),
        ("甲乙县标准化发展行动计划", "标准化"),
        ("甲乙县优化营商环境若干措施", "营商环境"),
        ("甲乙县推动高质量发展的意见", None),
        ("甲乙县空气质量改善方案", None),
    ],
)
def test_the_subject_of_a_plan_is_in_its_title(title: str, subject: str | None) -> None:
    found = subject_of([title])
    assert (found and found[0]) == subject


# Pieces


def test_numbers_are_written_and_read_in_chinese() -> None:
    assert [chinese(number) for number in (1, 10, 11, 20, 99, 103, 110, 2030)] == [
        *("一", "十", "十一", "二十", "九十九", "一百零三", "一百一十", "二千零三十"),
    ]
    assert all(number_of(chinese(number)) == number for number in range(1, 1500))
    assert (number_of("二〇三〇"), number_of("１２"), number_of("甲")) == (2030, 12, None)
    assert day_in("二○三○年十二月三十一日") == date(2030, 12, 31)
    assert day_in("2030年2月30日") is None


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("加强监管，严格检查。", ["加强监管", "严格检查"]),
        ("新增1,250家，达标。", ["新增1,250家", "达标"]),
        ("落实“双随机，一公开”监管；推行《甲，乙》标准", ["落实“双随机，一公开”监管", "推行《甲，乙》标准"]),
        ("在食品、药品等领域，加快建立制度。", ["在食品、药品等领域，加快建立制度"]),
        ("以果品为重点，引进技术。", ["以果品为重点，引进技术"]),
        ("按照要求，通过培训，提高水平。", ["按照要求，通过培训，提高水平"]),
        ("围绕果品积极推进改造，修路。", ["围绕果品积极推进改造", "修路"]),
        ("除果品外，都要检测。", ["除果品外，都要检测"]),
        ("在苹果、梨，以及桃等品种上改造，修路。", ["在苹果、梨，以及桃等品种上改造", "修路"]),
        ("培育一批（含3家，5户）企业。", ["培育一批（含3家，5户）企业"]),
    ],
)
def test_a_text_is_cut_at_marks_outside_brackets(text: str, quotes: Sequence[str]) -> None:
    assert cut(text) == quotes


def test_an_aim_by_itself_is_a_commitment() -> None:
    assert cut("以增收为目标，提升质量。", aims=True) == ["以增收为目标", "提升质量"]


def test_a_long_quotation_has_a_short_title() -> None:
    assert title_of("围绕果品，建设示范园") == "围绕果品，建设示范园"
    assert title_of("围绕高品质、高标准、高附加值的精品水果，建设示范园") == "建设示范园"
    assert len(title_of("建设" + "高" * 40 + "园")) <= 24


@pytest.mark.parametrize(
    ("quote", "told"),
    [
        ("合格率稳定在98%以上", ("at-least", "98", "percent")),
        ("投诉率控制在5%以内", ("at-most", "5", "percent")),
        ("满意度达95%左右", ("about", "95", "percent")),
        ("合格率达到90%-95%", ("between", "90", "percent")),
        ("新增标准400项", ("equal", "400", "项")),
        ("办理时间不超过3个工作日", ("at-most", "3", "个工作日")),
    ],
)
def test_a_number_is_compared_as_its_words_say(quote: str, told: tuple[str, str, str]) -> None:
    (found,) = numbers(quote)
    assert (found.comparator, str(found.value), found.unit) == told


@pytest.mark.parametrize(
    ("quote", "told"),
    [
        ("产值增长8%", ("产值", "equal", "up-by", None)),
        ("合格率提高2个百分点", ("合格率", "equal", "up-by", None)),
        ("产值年均增长8%以上", ("产值", "at-least", "up-by", "year-average")),
        ("每年新增标准5项", ("新增标准", "equal", None, "year")),
        ("研发投入提高到3%以上", ("研发投入", "at-least", "up-to", None)),
        ("事故起数下降约10%", ("事故起数", "about", "down-by", None)),
        ("办理时间压缩到3个工作日以内", ("办理时间", "at-most", "down-to", None)),
        ("实现果品检测100%全覆盖", ("实现果品检测", "full-coverage", None, None)),
    ],
)
def test_a_change_says_its_direction_and_whether_the_number_is_its_size(
    quote: str, told: tuple[str, str, str | None, str | None]
) -> None:
    (found,) = numbers(quote)
    assert (found.title, found.comparator, found.change, found.per) == told


@pytest.mark.parametrize("quote", ["围绕8条产业链，补链强链", "第3届果品节", "落实“3+1”体系", "自2030年3月起实施"])
def test_a_number_without_a_promise_is_no_target(quote: str) -> None:
    assert list(numbers(quote)) == []


def test_responsible_bodies_are_distinguished_from_other_brackets() -> None:
    assert trailing("加强检测（含抽检、巡检）") is None
    assert trailing("加强检测。（县农业局负责）。") == (5, 13)
    assert trailing("加强检测（工信部、农业农村部、国家消防局）") is not None
    assert is_line("县农业局、县财政局负责落实。") and is_line("（县农业局牵头）") and is_line("责任单位：县农业局")
    assert not is_line("各单位要对工作负责。") and not is_line("主要负责同志亲自抓，分管同志具体负责")


def test_a_second_sentence_names_no_body() -> None:
    said = parse("〔县农业局、县财政局牵头，各有关部门按职责分工负责。以下均需各乡镇负责，不再列出〕")
    assert (said.lead, said.bodies, said.general) == (["县农业局", "县财政局"], [], ["各有关部门"])
    assert said.quote.endswith("不再列出")


def test_a_number_counts_what_stands_after_it() -> None:
    (found,) = numbers("到2032年，争取引进3-5个知名果品")
    assert (found.title, found.comparator, str(found.value), str(found.upper)) == ("引进知名果品", "between", "3", "5")
    assert found.aim and found.due == date(2032, 12, 31)
    assert [number.title for number in numbers("力争注册商标总量达到7万件")] == ["注册商标总量"]


def test_a_title_is_no_place() -> None:
    found = plan("关于推进质量强省建设的实施意见\n为了质量，提出如下意见。\n一、主要任务\n1.改造果园。推广有机肥。")
    assert found.place is None and "看不出是哪个地方" in doubts(found)


def test_a_body_with_brackets_and_one_that_joins() -> None:
    said = parse("县市场监管局（知识产权局）会同县财政局负责，2031年底前完成")
    assert (said.lead, said.participating) == (["县市场监管局（知识产权局）"], ["县财政局"])
    assert said.due == "2031年底前完成"
    assert parse("县发展和改革局、县文化和旅游局分别负责").bodies == ["县发展和改革局", "县文化和旅游局"]


@pytest.mark.parametrize(
    ("said", "lead", "bodies", "participating", "general"),
    [
        ("牵头单位：甲局；配合单位：乙局、丙局", "甲局", "", "乙局 丙局", ""),
        ("配合单位：乙局；牵头单位：甲局", "甲局", "", "乙局", ""),
        (
            "市级牵头单位：甲局；责任单位：各县（市、区）政府，市有关部门",
            "甲局",
            "",
            "",
            "各县（市、区）政府 市有关部门",
        ),
        ("甲局牵头，乙局参与，各乡镇（街道）负责落实", "甲局", "", "乙局", "各乡镇（街道）"),
        ("甲局牵头；配合单位：乙局", "甲局", "", "乙局", ""),
        ("甲局牵头负责，乙局协助配合", "甲局", "", "乙局", ""),
        ("甲局（牵头）、乙局、丙局", "甲局", "乙局 丙局", "", ""),
        ("主责单位：甲局；协同单位：乙局", "甲局", "", "乙局", ""),
        ("牵头部门：甲局 责任部门：乙局 丙局", "甲局", "乙局 丙局", "", ""),
        ("牵头领导：张三；牵头单位：甲局；责任人：李四", "甲局", "", "", ""),
        ("责任单位为甲局、乙局", "", "甲局 乙局", "", ""),
        ("〔责任单位〕甲局", "", "甲局", "", ""),
        ("各县人民政府负责，甲局指导", "", "", "甲局", "各县人民政府"),
        ("甲局 乙局 丙局负责", "", "甲局 乙局 丙局", "", ""),
    ],
)
def test_parts_of_bodies_in_many_forms(said: str, lead: str, bodies: str, participating: str, general: str) -> None:
    assert is_statement(said)
    found = parse(said)
    told = (found.lead, found.bodies, found.participating, found.general)
    assert told == tuple(names.split() for names in (lead, bodies, participating, general))


def test_a_due_date_after_a_body_is_no_name() -> None:
    found = parse("牵头单位：甲局 完成时限：2031年12月")
    assert (found.lead, found.due) == (["甲局"], "2031年12月")


# Files

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def paragraph(words: str, level: int | None = None, *, list_id: int = 1, style: str = "") -> str:
    number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>' if level is not None else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{number}</w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>"


def docx(body: str, levels: Sequence[tuple[str, str]], more: Mapping[str, str] | None = None, lists: str = "") -> bytes:
    """Return a document of Word; ``levels`` are the formats of its list, each with its text."""
    shapes = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text) in enumerate(levels)
    )
    parts = {
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
        "word/numbering.xml": f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">{shapes}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{lists}</w:numbering>',
        **(more or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return out.getvalue()


LEVELS = [
    ("chineseCounting", "%1、"),
    ("chineseCountingThousand", "（%2）"),
    ("decimal", "%3."),
    ("decimalEnclosedCircle", "%4"),
]


def read(folder: Path, name: str, raw: bytes) -> Source:
    (folder / name).write_bytes(raw)
    return read_source(folder / name)


def test_automatic_numbers_of_word_become_text(tmp_path: Path) -> None:
    body = "".join(
        [
            paragraph("关于印发甲乙县水果质量提升工作方案的通知"),
            paragraph("总体要求", 0),
            paragraph("主要任务", 0),
            paragraph("果园", 1),
            paragraph("改造。", 2),
            paragraph("修路。", 2),
            paragraph("甲", 3),
            paragraph("检测", 1),
            paragraph("建站。", 2),
            paragraph("保障措施", 0),
        ]
    )
    source = read(tmp_path, "a.docx", docx(body, LEVELS))
    assert [line.text for line in source.lines][1:] == [
        *(
            "一、总体要求",
            "二、主要任务",
            "（一）果园",
            "1.改造。",
            "2.修路。",
            "①甲",
            "（二）检测",
            "1.建站。",
            "三、保障措施",
        ),
    ]
    assert "9 个自动编号" in doubts(source)


def test_numbers_go_on_restart_and_come_from_styles(tmp_path: Path) -> None:
    styles = (
        f'<w:styles {W}><w:style w:styleId="Base"><w:pPr><w:numPr><w:ilvl w:val="1"/>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="Mine"><w:basedOn w:val="Base"/></w:style></w:styles>'
    )
    lists = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="2"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    body = "".join(
        [
            paragraph("甲乙县水果质量提升工作方案的正文部分"),
            paragraph("任务", 0),
            paragraph("果园", style="Mine"),
            paragraph("没有编号", 0, list_id=0),
            paragraph("甲", 2, list_id=2),
            paragraph("乙", 2, list_id=2),
        ]
    )
    source = read(tmp_path, "a.docx", docx(body, LEVELS, {"word/styles.xml": styles}, lists))
    assert [line.text for line in source.lines][1:] == ["一、任务", "（一）果园", "没有编号", "5.甲", "6.乙"]


def test_word_tables_breaks_and_deleted_words(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>甲乙县水果质量提升工作方案正文</w:t><w:br/><w:t>第二行</w:t></w:r>"
        "<w:del><w:r><w:delText>删</w:delText><w:t>删</w:t></w:r></w:del><w:ins><w:r><w:t>增</w:t></w:r></w:ins></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>任务</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>单位</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    source = read(tmp_path, "a.docx", docx(body, LEVELS))
    assert source.lines == [
        SourceLine("甲乙县水果质量提升工作方案正文"),
        SourceLine("第二行增"),
        SourceLine("任务\t单位", ("任务", "单位")),
    ]
    assert "修订痕迹" in doubts(source)


def test_a_web_page_gives_its_article_and_what_its_head_says(tmp_path: Path) -> None:
    text = "".join(f"<p>　　{line}</p>" for line in (HEAD + TASKS).strip().splitlines()[3:])
    page = (
        "<!DOCTYPE html><html><head><meta name='ArticleTitle' content='关于印发甲乙县水果质量提升工作方案的通知'>"
        "<meta name='PubDate' content='2030-03-09 10:00'><style>p{}</style></head><body><nav><p>首页。导航。</p></nav>"
        f"<div><div class='bar'>当前位置：首页</div>"
        f"<div id='zoom'><p>来源：县政府办　发布时间：2030-03-09</p>{text}"
        "<p>【打印】【关闭】</p><p>上一篇：无</p></div></div>"
        "<footer>主办单位：甲。</footer></body></html>"
    )
    source = read(tmp_path, "a.html", page.encode())
    found = read_plan(read_notice(source))
    assert source.published == "2030-03-09" and found.notice.published == date(2030, 3, 9)
    assert found.notice.title.endswith("关于印发甲乙县水果质量提升工作方案的通知")
    assert "取自网页的抬头" in doubts(source)
    assert [task.id for task in found.tasks] == ["01", "02", "03"]
    assert not any(re.search("导航|当前位置|来源|打印|上一篇", line.text) for line in source.lines)


def test_cells_of_a_web_page_that_span_rows_and_columns(tmp_path: Path) -> None:
    page = (
        "<body><p>甲乙县水果质量提升工作方案的任务分解表。</p><table>"
        "<tr><th>任务</th><th colspan=2>单位</th></tr>"
        "<tr><td rowspan=2>改造</td><td>甲</td><td rowspan='x'>乙</td></tr><tr><td>丙</td><td></td></tr>"
        "<tr><td>修路</td><td>丁</td><td>戊</td></tr></table></body>"
    )
    assert read(tmp_path, "a.html", page.encode()).lines[1:] == [
        SourceLine("任务\t单位\t", ("任务", "单位", "")),
        SourceLine("改造\t甲\t乙", ("改造", "甲", "乙")),
        SourceLine("\t丙\t", ("", "丙", ""), frozenset({0})),
        SourceLine("修路\t丁\t戊", ("修路", "丁", "戊")),
    ]


def test_merged_cells_of_word(tmp_path: Path) -> None:
    def cell(words: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(words)}</w:tc>"

    wide, begins, goes_on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = (
        cell("任务") + cell("单位", wide),
        cell("改造", begins) + cell("甲") + cell("乙"),
        cell("", goes_on) + cell("丙") + cell(""),
    )
    table = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
    body = paragraph("甲乙县水果质量提升工作方案的任务分解表") + f"<w:tbl>{table}</w:tbl>"
    assert read(tmp_path, "a.docx", docx(body, LEVELS)).lines[1:] == [
        SourceLine("任务\t单位\t", ("任务", "单位", "")),
        SourceLine("改造\t甲\t乙", ("改造", "甲", "乙")),
        SourceLine("\t丙\t", ("", "丙", ""), frozenset({0})),
    ]


def test_what_a_word_file_has_beside_its_text_is_a_doubt(tmp_path: Path) -> None:
    def notes(kind: str, *texts: str) -> str:
        written = "".join(f"<w:{kind}><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:{kind}>" for text in texts)
        line = f'<w:{kind} w:type="separator"><w:p><w:r><w:t>——</w:t></w:r></w:p></w:{kind}>'
        return f"<w:{kind}s {W}>{line}{written}</w:{kind}s>"

    box = "<w:txbxContent><w:p><w:r><w:t>内部资料</w:t></w:r></w:p></w:txbxContent>"
    text = "正文有二十个字以上，不然会被当作扫描件，读的人就会看到另外的话。"
    body = f"<w:p><w:r><w:t>{text}</w:t></w:r><w:r><w:pict>{box}</w:pict></w:r><w:r><w:pict>{box}</w:pict></w:r></w:p>"
    more = {"word/footnotes.xml": notes("footnote", "见附件", "另发"), "word/endnotes.xml": notes("endnote")}
    source = read(tmp_path, "a.docx", docx(body, LEVELS, more))
    assert [line.text for line in source.lines] == [text]
    assert doubts(source) == (
        "脚注里的文字没有读入(2 处):“见附件”等,需要的请手工补上\n"
        "文本框里的文字没有读入(1 处):“内部资料”等,需要的请手工补上"
    )


def test_a_web_page_with_breaks_a_list_and_a_table(tmp_path: Path) -> None:
    page = (
        "<body><div><b>甲乙县水果</b>质量提升工作方案。<br>第二行。<script>no</script>尾。"
        "<ol start='3'><li>改造。</li><li>修路。</li></ol>"
        "<table><tr><td>任务</td><td>单位</td></tr><tr><td>一格。</td></tr></table></div></body>"
    )
    source = read(tmp_path, "a.htm", page.encode())
    assert source.lines == [
        SourceLine("甲乙县水果质量提升工作方案。"),
        SourceLine("第二行。尾。"),
        SourceLine("3.改造。"),
        SourceLine("4.修路。"),
        SourceLine("任务\t单位", ("任务", "单位")),
        SourceLine("一格。"),
    ]


def test_lines_of_a_pdf_are_joined_to_paragraphs(tmp_path: Path) -> None:
    rows = [
        "甲乙县水果质量提升工作方案",
        "一、总体要求",
        "以果农增收为目标，全面提升水果质量，建设强县",
        "，惠及全县。",
        "二、主要任务",
        "— 1 —",
        "甲乙县人民政府",
        "2030年3月5日",
    ]
    source = read(tmp_path, "a.pdf", pdf("\n".join(rows)))
    assert [line.text for line in source.lines] == [
        "甲乙县水果质量提升工作方案",
        "一、总体要求",
        "以果农增收为目标，全面提升水果质量，建设强县，惠及全县。",
        "二、主要任务",
        "甲乙县人民政府",
        "2030年3月5日",
    ]
    assert "pdf 里没有段落" in doubts(source)


def test_a_text_of_windows_is_read(tmp_path: Path) -> None:
    for encoding in ("gb18030", "utf-16", "utf-8-sig"):
        assert read(tmp_path, "a.txt", (HEAD + TASKS).encode(encoding)).lines[0] == SourceLine("甲乙县人民政府")


@pytest.mark.parametrize(
    ("name", "raw", "told"),
    [
        (
            "a.doc",
            b"x",
            "a.doc: 只能读 docx、txt、html 和有文字的 pdf。别的格式（doc、wps、ofd）请先另存为 docx",
        ),
        ("a.docx", b"PK", "a.docx: 文件已损坏，读不出来；请打开后另存一份 / the file is damaged and cannot be read"),
        ("a.docx", b"\xd0\xcf\x11\xe0", "a.docx: 文件有密码，或是旧格式"),
        ("a.docx", docx("", LEVELS), "a.docx: 没有文字（可能是扫描件）"),
        ("a.pdf", pdf(""), "a.pdf: 没有文字（可能是扫描件）"),
        ("a.pdf", locked_pdf("甲"), "a.pdf: 文件有密码，请取消密码 / the file has a password; remove it first"),
        ("a.txt", b"\xff\xff\xff", "a.txt: 文件已损坏"),
        ("a.html", b"<p></p>", "a.html: 没有文字"),
        ("a.docx", b"", "a.docx: 文件是空的，请重新复制或下载 / the file is empty; copy or download it again"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(tmp_path: Path, name: str, raw: bytes, told: str) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path, name, raw)
    assert caught.value.lines[0].startswith(told)


def test_a_missing_file_is_reported_in_both_languages(tmp_path: Path) -> None:
    for path in (tmp_path / "a.docx", tmp_path):
        with pytest.raises(DataError, match=r"找不到这个文件.* / there is no such file"):
            read_source(path)


def test_entities_of_a_document_are_refused(tmp_path: Path) -> None:
    raw = docx("", LEVELS, {"word/document.xml": f'<!DOCTYPE d [<!ENTITY a "b">]><w:document {W}/>'})
    with pytest.raises(DataError, match="damaged"):
        read(tmp_path, "a.docx", raw)
