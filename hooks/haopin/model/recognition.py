"""Recognition: awards, standards, certifications, and demonstration titles."""

from typing import Annotated, Literal

from haopin.model.base import Day, Kind, Line, Slug, Year, doc, on_page
from haopin.model.fields import Ref
from haopin.model.provision import Honour
from haopin.model.publishable import Publishable
from haopin.text import Text, Wording


class Award(Publishable):
    """获奖名单 | A holder of one of the honors, in a year."""

    honour: Annotated[Slug, Ref(Honour), doc("荣誉与称号的 id", "id of the honor")]
    year: Annotated[Year, doc("年份", "year")]
    holder: Annotated[Wording, doc("获奖单位或项目", "holder")]
    number: Annotated[Line | None, doc("公布文件的文号", "number of the document that awards it")] = None

    @property
    def label(self) -> Wording:
        """The holder."""
        return self.holder

    @property
    def parties(self) -> tuple[str, ...]:
        """The holder, in both languages."""
        return self.holder.both


class Standard(Publishable):
    """标准 | A standard that local bodies or firms led or helped to draft."""

    number: Annotated[Line, doc("标准号", "number of the standard")]
    title: Annotated[Wording, doc("标准名称", "title")]
    level: Annotated[
        Literal["international", "national", "industry", "provincial", "city", "group", "enterprise"],
        doc("级别", "level"),
    ]
    role: Annotated[Literal["lead", "participant"], doc("主导或参与", "role: led or took part in the drafting")]
    holders: Annotated[tuple[Wording, ...], doc("本地起草单位", "local organizations that drafted it")]

    @property
    def label(self) -> Wording:
        """The title."""
        return self.title

    @property
    def parties(self) -> tuple[str, ...]:
        """The drafting bodies, in both languages."""
        return tuple(name for holder in self.holders for name in holder.both)


class Certification(Publishable):
    """认证 | A certification held by a local organization."""

    holder: Annotated[Wording, doc("获证单位", "holder")]
    scheme: Annotated[Wording, doc("认证项目", "scheme")]
    number: Annotated[Line | None, doc("证书编号", "number of the certificate")] = None
    valid_until: Annotated[Day | None, doc("有效期至", "last day of validity")] = None

    @property
    def label(self) -> Wording:
        """The holder."""
        return self.holder

    @property
    def parties(self) -> tuple[str, ...]:
        """The holder, in both languages."""
        return self.holder.both


class Demonstration(Publishable):
    """示范称号 | A title as a demonstration area: worked toward, or awarded."""

    title: Annotated[Wording, doc("名称", "title")]
    state: Annotated[
        Literal["building", "awarded"], doc("创建中或已获命名", "state: working toward the title, or title awarded")
    ]
    year: Annotated[Year | None, doc("命名年份", "year of the award")] = None
    number: Annotated[Line | None, doc("文号", "document number")] = None

    @property
    def label(self) -> Wording:
        """The title."""
        return self.title


AWARD = Kind(
    name="award",
    layout="list",
    path="awards.yml",
    model=Award,
    title=Text(zh="获奖名单", en="Roll of honor"),
    anchor=on_page("honours/"),
    lists=(),
    unique=("honour", "year", "holder"),
)
STANDARD = Kind(
    name="standard",
    layout="list",
    path="standards.yml",
    model=Standard,
    title=Text(zh="标准", en="Standards"),
    anchor=on_page("honours/standards/"),
    section="commitments",
    unique=("number",),
)
CERTIFICATION = Kind(
    name="certification",
    layout="list",
    path="certifications.yml",
    model=Certification,
    title=Text(zh="认证", en="Certifications"),
    anchor=on_page("honours/certifications/"),
    section="commitments",
    unique=("number", "scheme"),
)
DEMONSTRATION = Kind(
    name="demonstration",
    layout="list",
    path="demonstrations.yml",
    model=Demonstration,
    title=Text(zh="示范称号", en="Demonstration titles"),
    anchor=on_page("honours/demonstrations/"),
    section="commitments",
)
