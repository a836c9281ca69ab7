"""Records published over time, with date, source, approval, first and last day; and withdrawals."""

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from haopin.model.base import Day, HttpsAddress, Kind, Line, Nested, Record, doc, on_page
from haopin.model.fields import Ref
from haopin.text import Text, Wording

#: File types of evidence; others are rejected, programs in particular.
EVIDENCE_PATTERN = r"^[\w.-]+\.(pdf|ofd|jpg|png|xlsx|docx|csv|txt)$"


#: Roles of those who approve: section head, deputy head, head of the body.
ApprovalRole = Literal["section-head", "deputy-head", "head"]
#: Digits of the fingerprint of a record: see `haopin.privacy.fingerprint`.
FINGERPRINT_PATTERN = r"^[0-9a-f]{16}$"


class Approval(Nested):
    """审核 | Who approved the record for publication, when, and in which version."""

    role: Annotated[
        ApprovalRole,
        doc(
            "审核人职务:科室负责人、分管负责人或主要负责人",
            "role of the approver: section head, deputy head, or head of the body",
        ),
    ]
    date: Annotated[Day, doc("审核日期", "date of approval")]
    name: Annotated[Line | None, doc("审核人姓名", "name of the approver", "office")] = None
    paper: Annotated[Line | None, doc("审签单编号", "number of the signed sheet", "office")] = None
    fingerprint: Annotated[
        str | None,
        Field(pattern=FINGERPRINT_PATTERN),
        doc(
            "审核时内容的指纹,由程序写入;内容改动后与它不符,须重新审核",
            "fingerprint of what was approved, written by the program; what no longer fits it needs a new approval",
            "office",
        ),
    ] = None


class Drafting(Nested):
    """起草 | Who wrote the record, and when."""

    by: Annotated[Line, doc("起草人姓名,最近改动的人", "name of the drafter: who has changed it last", "office")]
    date: Annotated[Day, doc("起草日期", "date of the draft", "office")]
    others: Annotated[
        tuple[Line, ...],
        doc(
            "上次审核以来起草或改过它的其他人",
            "names of the others who have written or changed it since its last approval",
            "office",
        ),
    ] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All who wrote or changed it since its last approval, the last one first."""
        return (self.by, *self.others)


class SentBack(Nested):
    """退回 | Who sent the record back without approving it, when and why."""

    by: Annotated[Line | None, doc("退回人姓名", "name of the person who sent it back", "office")] = None
    role: Annotated[ApprovalRole, doc("退回人职务", "role of the person who sent it back", "office")]
    date: Annotated[Day, doc("退回日期", "date on which it was sent back", "office")]
    reason: Annotated[Line, doc("退回原因", "reason", "office")]


class LookedAt(Nested):
    """已看过 | Confirmation by a person who looked at a file that no program can read and found it fit to publish."""

    date: Annotated[Day, doc("查看日期", "day on which the person looked")]
    file: Annotated[
        str,
        Field(pattern=r"^[0-9a-f]{12}$"),
        doc("文件的指纹,由检查程序给出,文件改动后指纹随之改变", "fingerprint of the file, as printed by the check"),
    ]


class Evidence(Nested):
    """依据 | What supports it: a document number, an address, or a file."""

    number: Annotated[Line | None, doc("文号", "document number")] = None
    link: Annotated[HttpsAddress | None, doc("网址,以 https:// 开头", "address, beginning with https://")] = None
    file: Annotated[
        str | None,
        Field(pattern=EVIDENCE_PATTERN),
        doc("evidence 文件夹里的文件名", "name of a file in the “evidence” folder"),
    ] = None
    title: Annotated[Wording | None, doc("名称", "title")] = None
    looked_at: Annotated[
        LookedAt | None,
        doc(
            "程序无法读取的文件(扫描件、图片、加密的文件)由人查看过",
            "confirmation that a person has looked at a file that no program can read",
            "office",
        ),
    ] = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> "Evidence":
        if sum(part is not None for part in (self.number, self.link, self.file)) != 1:
            raise PydanticCustomError("evidence_one", "evidence is a number, a link or a file", {})
        return self


class Publishable(Record):
    """A record published over time: public only if approved, and between its first and last day."""

    date: Annotated[Day, doc("日期", "date of the record")]
    source: Annotated[Wording, doc("来源:信息出自哪里", "source of the information")]
    evidence: Annotated[tuple[Evidence, ...], doc("依据", "evidence")] = ()
    approved: Annotated[
        Approval | None,
        doc("审核,未审核则空:不发布", "approval; empty until approved, and until then not published", "office"),
    ] = None
    drafted: Annotated[Drafting | None, doc("起草,本人不能审核", "drafters, who may not approve it", "office")] = None
    returned: Annotated[
        SentBack | None,
        doc("退回,修改并保存后去掉", "sent back without approval; removed when it is changed and saved", "office"),
    ] = None
    publish_from: Annotated[Day | None, doc("从哪天起发布", "first day on which it is public", "office")] = None
    expires: Annotated[Day | None, doc("从哪天起不再显示", "first day on which it is no longer shown")] = None

    @property
    def label(self) -> Wording:
        """Name of the record in lists."""
        raise NotImplementedError

    @property
    def last_word(self) -> Day:
        """Date of the latest information: its own date, or a later one."""
        return self.date


class Titled(Publishable):
    """A record whose name is its title."""

    title: Annotated[Wording, doc("标题", "title")]

    @property
    def label(self) -> Wording:
        """The title."""
        return self.title


class Withdrawal(Record):
    """撤下 | Something that was published and may no longer be; a dated notice stays, without the name."""

    date: Annotated[Day, doc("撤下日期", "date of withdrawal")]
    reason: Annotated[
        Literal["credit-restored", "wrong-name", "error", "law", "other"],
        doc(
            "原因:信用修复、名称有误、内容有误、依法删除、其他",
            "reason: credit restored, wrong name, error, required by law, or other",
        ),
    ]
    names: Annotated[
        tuple[Line, ...],
        doc("要撤下的名称,每种写法一条", "names to be withdrawn, in every form", "office"),
    ] = ()
    keep: Annotated[
        tuple[Line, ...],
        doc(
            "含有上面的名称、但属于别的单位的全称,不撤下,每个一条",
            "longer names that contain one of these and belong to others: they stay",
            "office",
        ),
    ] = ()
    record: Annotated[
        str | None,
        Field(pattern=r"^[a-z-]+/[a-z0-9-]+$"),
        Ref(Publishable, any_kind=True, ruled=True),
        doc("要整条撤下的记录:类别/编号,如 news/2026-05-01-fair", "record to be withdrawn: kind/id", "office"),
    ] = None

    @property
    def label(self) -> Text:
        """The name of its kind, as it has none of its own."""
        return WITHDRAWAL.title

    @model_validator(mode="after")
    def _takes_something_back(self) -> "Withdrawal":
        if not self.names and self.record is None:
            raise PydanticCustomError("withdraws_nothing", "a withdrawal needs names or a record", {})
        return self


WITHDRAWAL = Kind(
    name="withdrawal",
    layout="list",
    path="withdrawals.yml",
    model=Withdrawal,
    title=Text(zh="撤下", en="Withdrawals"),
    anchor=on_page("changes/"),
    lists=(),
)
