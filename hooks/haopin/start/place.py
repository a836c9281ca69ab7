"""Place of a notice, kind of place, and subject of the plan."""

import re
from dataclasses import dataclass

from haopin.model.site import PlaceKind
from haopin.text import Text

_ENDS = "自治县|自治州|自治区|新区|开发区|县|市|区|州|盟|旗|省"
_NAME = f"[\u4e00-\u9fff]{{1,10}}?(?:{_ENDS})"
_ISSUES = re.compile(rf"(?:中共)?(?:(?P<whole>(?:{_NAME})+)(?:人民)?政府|(?P<first>{_NAME}))")
#: Words in titles and names of bodies that are not part of names of places.
_NO_PLACE = re.compile("关于|印发|推进|加强|加快|质量|建设|创建|提升|国家|国务院|中央|全国|强[省市县区]")
_MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
#: Addressees of a city with counties below it, and of one without.
_HAS_COUNTIES = re.compile("各(?:县|区|辖市|市、?(?:县|区)|旗)|各区县")
_HAS_TOWNS = re.compile("各(?:乡|镇|街道|民族乡)")
#: Subject of a plan by words of its title; the first match counts. The English is the usual term.
_SUBJECTS = (
    ("食品药品安全", "food and drug safety", "食品药品"),
    ("食品安全", "food safety", "食品安全"),
    ("药品安全", "drug safety", "药品"),
    ("农产品质量安全", "farm produce quality and safety", "农产品质量"),
    ("工程质量", "construction quality", "工程质量"),
    ("营商环境", "business environment", "营商环境"),
    ("知识产权", "intellectual property", "知识产权"),
    ("标准化", "standardization", "标准化|标准"),
    ("计量", "metrology", "计量"),
    ("安全生产", "work safety", "安全生产"),
    ("消费者权益保护", "consumer protection", "消费者?(?:权益|维权|环境)|放心消费"),
    ("质量", "quality", "(?<![高水])(?<!空气)(?<!环境)(?<!教育)质量|质量强"),
)


@dataclass(frozen=True)
class NoticePlace:
    """A place, in the form of the site settings.

    Attributes:
        name: Its name, without preceding larger places.
        kind: Kind of place.
        word: Word for such a place, if the kind has none.
        region: Larger places that precede it in the notice.
        doubt: Message for a person to check.
    """

    name: str
    kind: PlaceKind
    word: str | None = None
    region: str | None = None
    doubt: Text | None = None


def place_of(names: list[str], addressed: str) -> NoticePlace | None:
    """Return the place of a notice; None if it cannot be determined.

    Args:
        names: Issuer and titles; the first that begins with the name of a place counts.
        addressed: Addressees of the notice, which distinguish a city with counties from one without.
    """
    for words in names:
        found = _ISSUES.match(words)
        whole = (found["whole"] or found["first"]) if found else ""
        if len(whole) > 1 and not _NO_PLACE.search(whole):
            parts = [part for part in re.findall(_NAME, whole) if len(part) > 1]
            if not parts or "".join(parts) != whole:
                parts = [whole]
            return _of_kind(parts[-1], "".join(parts[:-1]) or None, addressed)
    return None


def _of_kind(name: str, region: str | None, addressed: str) -> NoticePlace:
    if name in _MUNICIPALITIES:
        return NoticePlace(name, "other", "市", region)
    if name.endswith(("开发区", "自治区")):
        return NoticePlace(name, "other", "自治区" if name.endswith("自治区") else "区", region)
    if name.endswith(("州", "盟", "旗")):
        return NoticePlace(name, "other", name[-1], region)
    if name.endswith("市"):
        below = region is not None and region.endswith(("市", "州"))
        if _HAS_COUNTIES.search(addressed) and not below:
            return NoticePlace(name, "prefecture-level-city", None, region)
        if below or _HAS_TOWNS.search(addressed):
            return NoticePlace(name, "county-level-city", None, region)
        doubt = Text(
            zh=f"看不出“{name}”是地级市还是县级市,写了地级市;请核对 site.yml 的 place_kind",
            en=f"the notice does not show whether {name} is a prefecture-level or a county-level city; the first was "
            "written: check place_kind in site.yml",
        )
        return NoticePlace(name, "prefecture-level-city", None, region, doubt)
    return NoticePlace(
        name, "county" if name[-1] == "县" else "district" if name[-1] == "区" else "province", None, region
    )


def subject_of(titles: list[str]) -> tuple[str, str] | None:
    """Return the subject of a plan in Chinese and English, from the first title with one."""
    for title in titles:
        for zh, en, pattern in _SUBJECTS:
            if re.search(pattern, title):
                return zh, en
    return None
