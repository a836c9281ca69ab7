"""Labels of fixed choices in the language of the office; the data has codes."""

from collections.abc import Mapping

from pydantic import BaseModel

from haopin.model.activity import Activity, Theme
from haopin.model.base import FactSource
from haopin.model.body import Body
from haopin.model.document import Clause, DocumentEffect, Status
from haopin.model.ledger import Entry, ReportedState
from haopin.model.material_format import MaterialFormat
from haopin.model.need import Need
from haopin.model.news import News
from haopin.model.plan import Plan
from haopin.model.provision import Honour, Mechanism, Term
from haopin.model.publishable import Approval, ApprovalRole, SentBack, Withdrawal
from haopin.model.recognition import Demonstration, Standard
from haopin.model.site import Approver, Site
from haopin.model.target import Milestone, Target
from haopin.model.task import Task
from haopin.text import Text

STATES: Mapping[ReportedState, Text] = {
    "not-started": Text(zh="未开始", en="Not started"),
    "under-way": Text(zh="进行中", en="Under way"),
    "done": Text(zh="已完成", en="Done"),
    "routine": Text(zh="常态化", en="Ongoing"),
    "suspended": Text(zh="暂停", en="Suspended"),
}

ROLES: Mapping[ApprovalRole, Text] = {
    "section-head": Text(zh="科室负责人", en="head of section"),
    "deputy-head": Text(zh="分管负责人", en="deputy head"),
    "head": Text(zh="主要负责人", en="head of the body"),
}


def _words(**pairs: tuple[str, str]) -> dict[str, Text]:
    return {name.replace("_", "-"): Text(zh=zh, en=en) for name, (zh, en) in pairs.items()}


_CERTAINTY = _words(high=("高", "high"), medium=("中", "medium"))
_COMPARATORS = _words(
    at_least=("不低于", "at least"),
    at_most=("不超过", "at most"),
    about=("约", "about"),
    between=("在两个数之间", "between two numbers"),
    equal=("等于", "equal"),
)

#: Labels of each choice, by model and field; a test ensures that none is missing.
CHOICES: Mapping[tuple[type[BaseModel], str], Mapping[str, Text]] = {
    (Approval, "role"): {name: text for name, text in ROLES.items()},  # noqa: C416
    (SentBack, "role"): {name: text for name, text in ROLES.items()},  # noqa: C416
    (Approver, "roles"): {name: text for name, text in ROLES.items()},  # noqa: C416
    (Entry, "state"): {name: text for name, text in STATES.items()},  # noqa: C416
    (News, "kind"): _words(news=("动态", "news"), notice=("通知", "notice")),
    (Standard, "level"): _words(
        international=("国际标准", "international standard"),
        national=("国家标准", "national standard"),
        industry=("行业标准", "industry standard"),
        provincial=("省级地方标准", "provincial standard"),
        city=("市级地方标准", "city standard"),
        group=("团体标准", "association standard"),
        enterprise=("企业标准", "enterprise standard"),
    ),
    (Standard, "role"): _words(
        lead=("主导制定", "led the drafting"), participant=("参与制定", "took part in drafting")
    ),
    (Demonstration, "state"): _words(building=("创建中", "being built"), awarded=("已获命名", "awarded")),
    (Withdrawal, "reason"): _words(
        credit_restored=("信用修复", "credit restored"),
        wrong_name=("名称有误", "wrong name"),
        error=("内容有误", "error in the content"),
        law=("依法删除", "removed as required by law"),
        other=("其他原因", "other reason"),
    ),
    (Site, "id"): _words(site=("本网站", "this site")),
    (Site, "place_kind"): _words(
        county=("县", "county"),
        county_level_city=("县级市", "county-level city"),
        district=("区", "district"),
        prefecture_level_city=("地级市", "prefecture-level city"),
        province=("省", "province"),
        other=("其他(另写怎么称呼)", "other (with a word of its own)"),
    ),
    (Body, "level"): _words(own=("本级单位", "body of the place"), branch=("上级派出机构", "branch of a higher body")),
    (FactSource, "certainty"): _CERTAINTY,
    (Theme, "certainty"): _CERTAINTY,
    (Theme, "official"): _words(zh=("中文", "Chinese"), en=("英文", "English")),
    (Theme, "scope"): _words(
        national=("全国主题", "theme in the country"),
        international=("国际主题", "theme of the international day"),
        annual=("当年主题", "theme of the year"),
    ),
    (Activity, "kind"): _words(
        day=("一天的节日", "day"), month=("活动月、活动周", "month or week"), campaign=("专项行动", "campaign")
    ),
    (Target, "nature"): _words(commitment=("明确要求", "commitment"), aim=("力争", "aim")),
    (Target, "comparator"): _COMPARATORS
    | _words(full_coverage=("全覆盖", "full coverage"), achieve=("达成某状态", "achieve a state")),
    (Milestone, "comparator"): _COMPARATORS,
    (Target, "per"): _words(year=("每年", "every year"), year_average=("年均", "yearly average")),
    (Target, "change"): _words(
        up_by=("增长多少", "rise by"),
        up_to=("提高到", "rise to"),
        down_by=("下降多少", "fall by"),
        down_to=("降到", "fall to"),
    ),
    (Task, "domain"): _words(
        product=("产品", "products"),
        engineering=("工程", "engineering"),
        service=("服务", "services"),
        environment=("环境", "environment"),
    ),
    (Plan, "state"): _words(
        current=("现行", "current"), ended=("已结束", "ended"), replaced=("已被替代", "replaced by another plan")
    ),
    (Status, "state"): _words(
        in_force=("现行有效", "in force"), repealed=("已废止", "repealed"), expired=("已失效", "expired")
    ),
    (DocumentEffect, "what"): _words(
        amends=("修改", "amends"), repeals=("废止", "repeals"), replaces=("代替", "replaces")
    ),
    (Clause, "level"): _words(
        title=("标题", "title"),
        number=("文号", "document number"),
        salutation=("称呼", "salutation"),
        paragraph=("段落", "paragraph"),
        signature=("落款", "signature"),
        date=("日期", "date"),
        remark=("附注", "remark"),
        section=("一级标题(一、)", "section (一、)"),
        subsection=("二级标题((一))", "subsection ((一))"),
        item=("三级标题(1.)", "item (1.)"),
        subitem=("四级标题((1))", "subitem ((1))"),
        point=("项(①)", "point (①)"),
        annex=("附件", "annex"),
    ),
    (Term, "kind"): _words(
        body=("机构", "body"),
        term=("术语", "term"),
        award=("奖项", "award"),
        place=("地名", "place"),
        slogan=("口号", "slogan"),
        status=("称号", "status"),
        brand=("品牌", "brand"),
        campaign=("专项行动", "campaign"),
    ),
    (Honour, "kind"): _words(
        award=("奖项", "award"),
        brand=("品牌", "brand"),
        status=("称号", "status"),
        label=("标志", "label"),
        project=("项目", "project"),
    ),
    (Honour, "standing"): _words(
        mentioned=("文件提到", "mentioned"), aimed=("提出创建", "aim of the document"), held=("已获得", "held")
    ),
    (Mechanism, "kind"): _words(
        disclosure=("信息公开", "disclosure"),
        warning=("风险预警", "risk warning"),
        recall=("缺陷召回", "recall"),
        complaint=("投诉举报", "complaint"),
        accountability=("责任追究", "accountability"),
    ),
    (MaterialFormat, "channel"): _words(
        boards=("展板", "Boards"),
        screens=("显示屏", "Screens"),
        banners=("横幅", "Banners"),
        signs=("路牌", "Roadside signs"),
        windows=("橱窗", "Display windows"),
        television=("电视", "Television"),
        newspapers=("报纸", "Newspapers"),
        network=("网络", "Internet"),
        handouts=("宣传品", "Handouts"),
    ),
    (MaterialFormat, "shape"): _words(
        board=("展板", "board"),
        poster=("海报", "poster"),
        banner=("横幅", "banner"),
        flag=("道旗", "roadside flag"),
        screen=("显示屏", "screen"),
        led=("LED屏", "LED wall"),
        television=("电视画面", "television"),
        newspaper=("报纸版面", "newspaper"),
        net=("网络图片", "picture for the net"),
        article=("公众号文章", "article"),
        leaflet=("折页", "leaflet"),
        card=("桌卡", "table card"),
        slide=("课件", "slides"),
    ),
    (MaterialFormat, "on_site"): _words(
        slogan=("口号", "slogan"),
        edition=("质量活动", "activity"),
        event=("活动安排", "event"),
        group=("工作板块", "group of tasks"),
        task=("任务", "task"),
        target=("量化目标", "target"),
        result=("目标结果", "result of a target"),
        progress=("工作进展", "progress"),
        knowledge=("消费知识", "knowledge for consumers"),
        terms=("术语", "terms"),
        honour=("荣誉", "honor"),
    ),
    (MaterialFormat, "unit"): _words(mm=("毫米", "millimeters"), px=("像素", "pixels")),
    (MaterialFormat, "colour"): _words(
        rgb=("屏幕彩色", "colors of screens"), cmyk=("印刷彩色", "colors of print"), grey=("黑白", "grey")
    ),
    (Need, "icon"): _words(
        complain=("投诉", "complaint"),
        food=("食品", "food"),
        home=("家居", "home"),
        air=("空气", "air"),
        firm=("企业", "firm"),
        join=("参加", "taking part"),
        answer=("回答", "answer"),
        document=("文件", "document"),
        travel=("旅游", "travel"),
        learn=("学习", "learning"),
    ),
}

# Choices in records of the plan only.
_OTHERS = {
    "高": "high",
    "中": "medium",
    "本级": "own",
    "县级": "own",
    "本县": "own",
    "派出机构": "branch",
    "市级派驻": "branch",
    "节日": "day",
    "活动月": "month",
    "行动": "campaign",
    "现行有效": "in-force",
    "有效": "in-force",
    "废止": "repealed",
    "已废止": "repealed",
    "失效": "expired",
    "已失效": "expired",
    "不低于": "at-least",
    "不少于": "at-least",
    "以上": "at-least",
    "不高于": "at-most",
    "不超过": "at-most",
    "以下": "at-most",
    "以内": "at-most",
    "约": "about",
    "左右": "about",
    "在两者之间": "between",
    "等于": "equal",
    "全覆盖": "full-coverage",
    "达成": "achieve",
    "增长": "up-by",
    "增加": "up-by",
    "提高到": "up-to",
    "增加到": "up-to",
    "下降": "down-by",
    "减少": "down-by",
    "降到": "down-to",
    "减少到": "down-to",
    "每年": "year",
    "年均": "year-average",
    "承诺": "commitment",
    "明确要求": "commitment",
    "力争": "aim",
    "提到": "mentioned",
    "争创": "aimed",
    "已有": "held",
    "产品": "product",
    "工程": "engineering",
    "服务": "service",
    "环境": "environment",
}


#: Chinese label → code, for all fields.
CODES: Mapping[str, str] = _OTHERS | {words.zh: code for choices in CHOICES.values() for code, words in choices.items()}
