"""Settings of the site: place, slogan, address, contacts, colours."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AliasChoices, Field, model_validator
from pydantic_core import PydanticCustomError

from haopin.model.base import (
    ClauseRef,
    Day,
    FactSource,
    Flag,
    HttpsAddress,
    Kind,
    Line,
    Nested,
    Phone,
    Record,
    Slug,
    doc,
)
from haopin.model.document import Document
from haopin.model.fields import NotBefore, Ref
from haopin.model.look import Colour, Meaning
from haopin.model.publishable import ApprovalRole
from haopin.text import Text

PlaceKind = Literal["county", "county-level-city", "district", "prefecture-level-city", "province", "other"]
#: Words for a place of each kind, and for the level above it, as in “branch of a municipal body”.
PLACES: Mapping[PlaceKind, tuple[Text, Text]] = {
    "county": (Text(zh="县", en="county"), Text(zh="市级", en="municipal")),
    "county-level-city": (Text(zh="市", en="city"), Text(zh="市级", en="municipal")),
    "district": (Text(zh="区", en="district"), Text(zh="市级", en="municipal")),
    "prefecture-level-city": (Text(zh="市", en="city"), Text(zh="省级", en="provincial")),
    "province": (Text(zh="省", en="province"), Text(zh="国家", en="national")),
    "other": (Text(zh="地方", en="place"), Text(zh="上级", en="higher-level")),
}


class Contact(Nested):
    """联系方式 | A way to reach the owner of the site."""

    name: Annotated[Text, doc("名称", "what it is")]
    phone: Annotated[Phone | None, doc("电话", "telephone number")] = None
    email: Annotated[Line | None, doc("电子邮箱", "email address")] = None
    address: Annotated[Text | None, doc("地址", "postal address")] = None


class Hotline(Nested):
    """热线电话 | A hotline that citizens can call."""

    number: Annotated[str, Field(pattern=r"^[0-9-]{3,20}$"), doc("号码", "number to dial")]
    name: Annotated[Text, doc("名称", "name of the hotline")]
    clause: Annotated[ClauseRef | None, doc("出处,文件没有写到则空", "where the document names it, if it does")] = None


class InformationRequest(Nested):
    """申请公开信息 | How people ask for information that is not published, and what gives them that right."""

    text: Annotated[Text, doc("谁可以向谁申请,一句话(编者所拟)", "who may ask whom, in one sentence by the editors")]
    sources: Annotated[tuple[FactSource, ...], doc("依据", "what it rests on"), Field(min_length=1)]


class Identifiers(Nested):
    """备案信息 | Official identifiers; an empty one is not shown."""

    site_id: Annotated[Line | None, doc("网站标识码", "government site identification code")] = None
    icp: Annotated[Line | None, doc("ICP备案号", "ICP filing number")] = None
    police: Annotated[Line | None, doc("公安备案号", "public security filing number")] = None


class Identity(Nested):
    """形象 | The site's colors: one main color, and three that carry a meaning."""

    main: Annotated[
        Colour,
        doc(
            "主色:首页横幅,以及浅色界面的链接和图",
            "main color: band of the home page; links and figures on a light background",
        ),
    ]
    main_dark: Annotated[Colour, doc("深色界面的链接和图", "links and figures on a dark background")]
    good: Annotated[Meaning, doc("已完成、达标", "done, or target met")] = Meaning(light="#2b6a30", dark="#8fd694")
    warn: Annotated[Meaning, doc("进行中、力争、请注意", "under way, an aim, or a point to note")] = Meaning(
        light="#8a5200", dark="#f2b866"
    )
    late: Annotated[Meaning, doc("逾期、风险", "late, or a risk")] = Meaning(light="#a3262a", dark="#ff9c94")


class Approver(Nested):
    """审核人 | A person who may approve records for publication."""

    name: Annotated[Line, doc("姓名", "name", "office")]
    roles: Annotated[
        tuple[ApprovalRole, ...],
        Field(min_length=1),
        doc("以哪些职务审核", "roles in which the person approves", "office"),
    ]
    since: Annotated[Day | None, doc("从哪天起,不限则空", "first day; empty if not limited", "office")] = None
    until: Annotated[
        Day | None,
        NotBefore("since"),
        doc("到哪天为止,离任的写在这里,不要删", "last day, for one who has left and must stay listed", "office"),
    ] = None


class Site(Record):
    """网站 | The site: place, issuer, slogan, address, time zone."""

    id: Annotated[Literal["site"], doc("编号,固定为 site,可不写", "always “site”; may be left out")] = "site"
    place: Annotated[
        Text,
        doc("地名", "name of the place", validation_alias=AliasChoices("place", "county")),
    ]
    place_kind: Annotated[
        PlaceKind,
        doc(
            "地方的类型,网站里对本地的称呼由此而来",
            "kind of place; it decides how the site calls the place",
        ),
    ] = "county"
    place_word: Annotated[
        Text | None,
        doc("类型为 other 时,这类地方怎么称呼,如“旗”", "for the kind “other”: the word for such a place"),
    ] = None
    region: Annotated[
        Text | None, doc("上级地方,如所属省市", "larger areas to which it belongs: its city and its province")
    ] = None
    subject: Annotated[
        Text | None,
        doc(
            "方案管哪方面的工作,一个词,如“质量”“食品安全”;网站里的“质量活动”一类的话由此而来",
            "what the plan is about, such as “quality” or “food safety”; gives words such as “quality activities”",
        ),
    ] = None
    name: Annotated[Text, doc("网站名称", "name of the site")]
    slogan: Annotated[Text | None, doc("口号,照原文", "slogan, as in the document")] = None
    slogan_clause: Annotated[
        ClauseRef | None, doc("口号出处,文件没有写到则空", "where the document states the slogan, if it does")
    ] = None
    description: Annotated[Text, doc("一句话介绍网站", "one plain sentence that says what the site is")]
    description_ended: Annotated[
        Text | None,
        doc(
            "方案期限过后的一句话介绍,不写则一直用上面的一句",
            "the same for use once the plan is over, as in “In 2023 … set out to”; by default, the one above",
        ),
    ] = None
    introduction: Annotated[
        Text | None,
        doc("一段通俗的话:这项工作是什么,显示在首页", "one plain paragraph for the home page: what the work is"),
    ] = None
    introduction_title: Annotated[Text | None, doc("这段话的标题", "heading of that paragraph")] = None
    issuing_body: Annotated[
        Text | None,
        doc(
            "发文机关,不写则为所依据文件的发文机关", "body that issued the plan; by default the issuer of the document"
        ),
    ] = None
    owner: Annotated[Text | None, doc("主办单位,未知则空", "owner of the site; empty if not published yet")] = None
    operator: Annotated[Text | None, doc("承办单位,未知则空", "operator; empty if not published yet")] = None
    contacts: Annotated[tuple[Contact, ...], doc("联系方式", "contacts")] = ()
    hotlines: Annotated[tuple[Hotline, ...], doc("热线", "hotlines")] = ()
    request: Annotated[
        InformationRequest | None,
        doc(
            "怎样申请公开信息,进展都没有公布时显示在首页",
            "how to ask for information; on the home page while no progress is published",
        ),
    ] = None
    identifiers: Annotated[Identifiers, doc("备案信息", "official identifiers")] = Identifiers()
    show_reporting_bodies: Annotated[
        Flag,
        doc(
            "是否公开哪个单位填报了什么,默认不公开,只供工作人员看",
            "true to publish which body has reported what; by default, only the office sees it",
        ),
    ] = False
    materials: Annotated[
        Flag,
        doc(
            "是否随网站制作宣传物料,写 false 则不做",
            "false to leave the publicity materials out of the site",
        ),
    ] = True
    public_numbers: Annotated[
        tuple[Line, ...],
        doc(
            "像个人信息、但经确认可以公开的号码、车牌、邮箱,写在网页上的样子",
            "numbers, license plates, and email addresses that look personal and may be public, as on the pages",
            audience="office",
        ),
    ] = ()
    approvers: Annotated[
        tuple[Approver, ...],
        doc(
            "谁可以审核记录,不写则不限",
            "who may approve records; by default, nobody is excluded",
            audience="office",
        ),
    ] = ()
    document: Annotated[
        Slug | None,
        Ref(Document),
        doc(
            "本站依据的文件;有 plans.yml 时不写",
            "id of the document that the site is based on; left out where there is plans.yml",
        ),
    ] = None
    address: Annotated[HttpsAddress, doc("网站首页的完整网址", "full address of the home page")]
    time_zone: Annotated[Line, doc("时区", "time zone, as an IANA name")] = "Asia/Shanghai"
    identity: Annotated[Identity, doc("形象(颜色)", "colors")]

    @model_validator(mode="after")
    def _other_place_has_a_word(self) -> Self:
        if (self.place_kind == "other") != (self.place_word is not None):
            raise PydanticCustomError("place_word", "place_word belongs to place_kind: other", {})
        return self

    @property
    def place_words(self) -> tuple[Text, Text]:
        """Words for such a place, and for the level above it."""
        word, above = PLACES[self.place_kind]
        return self.place_word or word, above


SITE = Kind(
    name="site",
    layout="single",
    path="site.yml",
    model=Site,
    title=Text(zh="网站", en="Site"),
    # The home page is about the site as a whole.
    anchor=lambda _: "",
    lists=(),
)
