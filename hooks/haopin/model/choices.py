"""Labels of fixed choices in the language of the office; the data has codes."""

from collections.abc import Mapping

from pydantic import BaseModel

from haopin.model.ledger import Entry, ReportedState
from haopin.model.news import News
from haopin.model.publishable import Approval, ApprovalRole, SentBack, Withdrawal
from haopin.model.recognition import Demonstration, Standard
from haopin.model.site import Approver
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
