"""Rules on texts: Markdown typed wrongly, likely mistakes, characters without a glyph, fingerprints, languages."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

from haopin.check.entries import Look, RecordIndex, TextRule, line_in_text
from haopin.fonts import missing
from haopin.load.dataset import LoadedRecord
from haopin.load.folder import TRANSLATIONS, languages_of
from haopin.markdown import rich_article
from haopin.model import Kind, Record
from haopin.model.disclosure import Sampled
from haopin.model.news import Event
from haopin.model.publishable import Publishable
from haopin.model.site import Site
from haopin.model.target import Target
from haopin.problem import Path, Place, Problem, mark_at, problem
from haopin.text import LANGUAGES, Wording

# --- Mistyped Markdown, whose signs readers would see


# Brackets before an address may be full-width, or preceded by a space.
_SIGNS = re.compile(r"\*\*|\]\(|\]\s*[(\uff08]\s*(?:https?[:\uff1a]|www\.|/)")
_NO_TEXT = re.compile(r"<code>.*?</code>|<[^>]*>", re.DOTALL)


@TextRule
def markup_is_understood(entries: RecordIndex) -> Look:
    """No Markdown sign such as ``**`` or ``](`` remains visible in a converted text."""

    def look(entry: LoadedRecord, words: Sequence[tuple[Path, str]]) -> Iterator[Problem]:
        for path, text in words:
            if not _SIGNS.search(text):
                continue
            left = entries.dataset.reading(("signs", text), partial(_left_in, text))
            if left:
                yield _visible(line_in_text(text, text.index(left), entry.at(*path)), left)

    return look


def _left_in(text: str) -> str:
    """Return the first Markdown sign that the conversion of ``text`` leaves; "" for none."""
    left = _SIGNS.search(_NO_TEXT.sub("", rich_article(text, "")))
    return left.group() if left else ""


def _visible(place: Place, sign: str) -> Problem:
    return problem(
        place,
        "这里的“{sign}”会原样显示给读者,请核对:加粗写 **文字**,链接写 [名称](https{colon}//…),中间不留空格和换行",
        "readers would see this “{sign}” as it is; check the text: bold is **words**, a link is "
        "[name](https://…), without spaces or line breaks between its parts",
        severity="warning",
        sign=sign,
    )


# --- Likely mistakes in valid texts: pasted twice, left over, or in the wrong field

# Fields displayed on one line; others may have paragraphs.
_SHORT = frozenset(
    {
        *("title", "name", "party", "number", "product", "maker", "venue", "audience", "contact", "source", "holder"),
        *("penalty", "basis", "scheme", "unit", "label"),
    }
)
_MOST_SHORT, _MOST_LONG, _MOST_ARTICLE = 300, 5_000, 15_000
_CHINESE = re.compile("[\u3400-\u9fff]")
_ENGLISH_WORDS = re.compile(r"[a-z]{2,}[ ,.’-]+[a-z]{2,}")
_TAG = re.compile(
    r"</?(?:p|br|b|i|u|strong|em|span|div|font|img|a|table|tr|td|ul|ol|li|h[1-6]|sup|sub)(?:\s[^<>]*)?/?>", re.I
)
_WIDE_HEADING = re.compile("^[ \u3000]*\uff03+", re.M)
_PLACEHOLDER = re.compile(
    "(?<![A-Za-z0-9])[XxＸｘ]{3,}(?![A-Za-z0-9])|待定|待补充|待填|待完善|此处填写|请填写|测试数据|测试一下|仅供测试|"
    r"\b(?:TODO|TBD|FIXME|lorem ipsum)\b",
    re.I,
)
# Largest usual number of days from the announcement of an event to its beginning.
_LONGEST_AHEAD = 400
# Largest usual number of days for which an event has been running when it is announced.
_LONGEST_RUNNING = 200


@TextRule
def texts_are_finished(entries: RecordIndex) -> Look:
    """No published text has a placeholder, HTML markup or a full-width heading, or seems to be pasted twice."""

    def look(entry: LoadedRecord, words: Sequence[tuple[Path, str]]) -> Iterator[Problem]:
        if not isinstance(entry.record, Publishable | Site):
            return
        for path, text in words:
            place = entry.at(*path)
            for pattern, zh, en in (
                (
                    _PLACEHOLDER,
                    "“{found}”像是还没写完的占位文字,请补全或删去",
                    "“{found}” looks like a placeholder; complete the text or delete it",
                ),
                (
                    _TAG,
                    "HTML 标记“{found}”会原样显示给读者,请删去;加粗写 **文字**,分段空一行",
                    "readers would see the HTML tag “{found}” as it is; delete it: bold is **words**, a blank line "
                    "begins a paragraph",
                ),
                (
                    _WIDE_HEADING,
                    "“{found}”是全角的,不会成为小标题,请改为半角的 # 加空格",
                    "“{found}” is full-width and does not make a heading; write # in ASCII and a space",
                ),
            ):
                if (found := pattern.search(text)) is not None:
                    yield problem(
                        line_in_text(text, found.start(), place),
                        zh,
                        en,
                        severity="warning",
                        found=found.group().strip(),
                    )
            if (found_long := _too_long(entry.kind, path, text)) is not None:
                yield problem(
                    place,
                    "这一项有 {n} 个字,一般不超过 {most} 个,请核对是否粘贴多了",
                    "this text has {n} characters, and seldom has more than {most}; check whether too much was pasted",
                    severity="warning",
                    n=len(text),
                    most=found_long,
                )

    return look


def _too_long(kind: Kind, path: Path, text: str) -> int | None:
    """Return the usual limit of ``text`` if it is longer."""
    names = [step for step in path if isinstance(step, str) and step not in ("zh", "en")]
    most = _MOST_SHORT if names[-1] in _SHORT else _MOST_ARTICLE if kind.layout == "articles" else _MOST_LONG
    # English words are longer than Chinese ones.
    most *= 3 if path[-1] == "en" else 1
    return most if len(text) > most else None


@TextRule
def languages_are_in_their_fields(entries: RecordIndex) -> Look:
    """A text under ``zh`` is Chinese, and one under ``en`` is not."""

    def look(entry: LoadedRecord, words: Sequence[tuple[Path, str]]) -> Iterator[Problem]:
        if not isinstance(entry.record, Publishable | Site):
            return
        for path, text in words:
            # Names of organizations and their publications may have no Chinese form.
            if path[0] in ("source", "evidence"):
                continue
            chinese = len(_CHINESE.findall(text))
            if path[-1] == "zh" and not chinese and _ENGLISH_WORDS.search(text):
                yield problem(
                    entry.at(*path),
                    "“zh”里是英文,请写中文;英文写在“en”里",
                    "English under “zh”; write Chinese there, and the English under “en”",
                    severity="warning",
                )
            elif path[-1] == "en" and chinese > 3 and 2 * chinese > len(text.replace(" ", "")):
                yield problem(
                    entry.at(*path),
                    "“en”里是中文;还没有英文就不写“en”,以后再补",
                    "Chinese under “en”; leave “en” out until there is English",
                    severity="warning",
                )

    return look


def events_are_near_their_announcement(entries: RecordIndex) -> Iterator[Problem]:
    """An event takes place after its announcement, and within about a year: the year may be mistyped."""
    for event, place in entries.of(Event):
        if event.last < event.date or (event.date - event.start).days > _LONGEST_RUNNING:
            yield problem(
                place.at("start"),
                "活动开始日期“{start}”早于公布日期“{date}”,请核对年份",
                "the event begins on “{start}”, before its announcement, “{date}”; check the year",
                severity="warning",
                start=event.start,
                date=event.date,
            )
        elif (event.start - event.date).days > _LONGEST_AHEAD:
            yield problem(
                place.at("start"),
                "活动“{start}”在公布(“{date}”)一年多以后,请核对年份",
                "the event of “{start}” is more than a year after its announcement, “{date}”; check the year",
                severity="warning",
                start=event.start,
                date=event.date,
            )


def days_to_come(entries: RecordIndex, today: date) -> Iterator[Problem]:
    """Yield the records and approvals that are dated after ``today``: they are not public before that day."""
    for record, place in entries.of(Publishable):
        if record.sample:
            continue
        if record.approved and record.approved.date > today:
            yield problem(
                place.at("approved", "date"),
                "审核日期“{day}”在今天(“{today}”)之后,请核对;推迟发布请写“publish_from”",
                "approved on “{day}”, which is after today, “{today}”; check the day. To publish later, use "
                "“publish_from”",
                severity="warning",
                day=record.approved.date,
                today=today,
            )
        elif record.date > today:
            yield problem(
                place.at("date"),
                "日期“{day}”在今天(“{today}”)之后,到那天才能审核,请核对",
                "the date “{day}” is after today, “{today}”: the record cannot be approved before; check the day",
                severity="warning",
                day=record.date,
                today=today,
            )


# --- Characters that the font of preview images lacks

#: Fields displayed in preview images.
_SHOWN = ("title", "short_title", "name", "venue", "number", "number_en", "standing_theme")
_OF_SITE = ("name", "slogan", "place", "description")
_OF_ROW = ("product", "product_en", "failing_item", "failing_item_en")


def names_can_be_drawn(entries: RecordIndex) -> Iterator[Problem]:
    """Warn of characters that the font of preview images lacks, mostly rare ones in names."""
    for entry in entries.all:
        record = entry.record
        has_page = "#" not in entry.kind.anchor(record.id)
        fields = _OF_SITE if isinstance(record, Site) else _SHOWN if has_page or isinstance(record, Target) else ()
        for path, text in _texts(record, fields):
            yield from _lacking(text, entry.at(*path))
    for sheet in entries.dataset.sheets.values():
        for index, row in enumerate(sheet.rows):
            # Only products that failed have a page.
            if isinstance(row, Sampled) and row.result == "fail":
                for name in _OF_ROW:
                    yield from _lacking(getattr(row, name) or "", sheet.place(index, name))


def _texts(record: Record, fields: tuple[str, ...]) -> Iterator[tuple[Path, str]]:
    for name in fields:
        value = getattr(record, name, None)
        if isinstance(value, str):
            yield (name,), value
        elif isinstance(value, Wording):
            for language in LANGUAGES:
                yield (name, language), getattr(value, language) or ""


def _lacking(text: str, place: Place) -> Iterator[Problem]:
    for char in sorted(missing(text)):
        yield problem(
            place,
            "分享图片的字体里没有“{char}”,图片上会显示为“\u3013”;网页等其他地方照常显示",
            "the font of the pictures for sharing has no “{char}”: pictures will show “\u3013” in its place; "
            "everything else shows the character itself",
            severity="warning",
            char=char,
        )


# --- The file of translation fingerprints

_MEND_ZH = ";请恢复这个文件的上一版,或删去它再运行“haopin translated”"
_MEND_EN = "; restore the last version of this file, or delete it and run “haopin translated”"


def translations_are_fingerprints(entries: RecordIndex) -> Iterator[Problem]:
    """The file of fingerprints is a JSON object of texts; a damaged one would hide all outdated English."""
    text = entries.dataset.companions.get(TRANSLATIONS)
    if text is None:
        return
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        place = Place(TRANSLATIONS, mark=(error.lineno, error.colno))
        yield problem(place, "不是完整的 JSON" + _MEND_ZH, "this is not well-formed JSON" + _MEND_EN)
        return
    except (ValueError, RecursionError):
        # A number of thousands of digits, or brackets thousands of levels deep.
        yield problem(Place(TRANSLATIONS), "不是完整的 JSON" + _MEND_ZH, "this is not well-formed JSON" + _MEND_EN)
        return
    if not isinstance(found, dict):
        yield problem(
            Place(TRANSLATIONS),
            "应为{{…}},每项一行“键{colon} 指纹”" + _MEND_ZH,
            "this must be {{…}} with lines “key: fingerprint”" + _MEND_EN,
        )
        return
    for key, value in found.items():
        if not isinstance(value, str):
            yield problem(
                Place(TRANSLATIONS, mark=_mark(text, key)),
                "“{key}”的指纹应为一段文字" + _MEND_ZH,
                "the fingerprint of “{key}” must be a text" + _MEND_EN,
                key=key,
            )


def _mark(text: str, key: str) -> tuple[int, int]:
    """Return line and column of ``key``, where it is written as `translation.fingerprints_file` writes it."""
    return mark_at(text, max(text.find(json.dumps(key, ensure_ascii=False)), 0))


# --- Languages other than Chinese and English


def languages_have_labels(entries: RecordIndex) -> Iterator[Problem]:
    """Require labels for each language of a text; without them, the text would not be shown."""
    known = {*LANGUAGES, *languages_of(entries.dataset)}
    for entry in entries.all:
        for path, text in entries.texts(entry):
            for code in text.further.keys() - known:
                yield problem(
                    entry.at(*path, code),
                    "本站没有语言“{code}”:请改正代码,或在资料文件夹里加上 labels/{code}.yml",
                    "this site has no language “{code}”: correct the code, or add labels/{code}.yml to the data folder",
                    code=code,
                )
