"""Messages for validation errors: Chinese and English, with the invalid value and the fix."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from haopin.load.characters import typed_number
from haopin.model.base import PHONE_PATTERN
from haopin.model.choices import CODES
from haopin.numerals import DAY, day_in
from haopin.problem import Place, Problem, problem

# Pydantic error type → (Chinese, English). Values in braces are from the error's context and input.
_MESSAGES: dict[str, tuple[str, str]] = {
    "missing": ("缺少字段“{field}”,请补上", "the field “{field}” is missing; add it"),
    "string_type": ("“{field}”应为一段文字", "“{field}” must be a text"),
    "string_too_short": ("“{field}”不能为空", "“{field}” must not be empty"),
    "string_too_long": (
        "“{value}”太长,最多 {max_length} 个字",
        "“{value}” is too long; {max_length} characters at most",
    ),
    "int_parsing": ("“{value}”不是整数,请只写数字", "“{value}” is not a whole number; write digits only"),
    "int_type": ("“{field}”应为整数", "“{field}” must be a whole number"),
    "int_from_float": ("“{value}”不是整数", "“{value}” is not a whole number"),
    "decimal_parsing": (
        "“{value}”不是数,请只写数字和小数点",
        "“{value}” is not a number; write digits and a point only",
    ),
    "decimal_type": ("“{field}”应为数", "“{field}” must be a number"),
    "greater_than_equal": ("“{value}”太小,最小为 {ge}", "“{value}” is too small; the minimum is {ge}"),
    "less_than_equal": ("“{value}”太大,最大为 {le}", "“{value}” is too large; the maximum is {le}"),
    "day_form": (
        "“{value}”不是日期,请写成 2023-06-27 的样子",
        "“{value}” is not a date; write it like 2023-06-27",
    ),
    "day_impossible": (
        "“{value}”这一天不存在,请核对年月日",
        "there is no such day as “{value}”; check year, month and day",
    ),
    "day_year": (
        "“{value}”的年份不在 {first} 到 {last} 之间,请核对;没有期限的,这一项不写",
        "the year of “{value}” is not between {first} and {last}; check it, or leave the field out if there is no end",
    ),
    "phone_form": (
        "“{value}”不能拨打,只写一个号码,用半角数字和连字符,如 0539-2251234;两个号码只写主要的一个",
        "“{value}” cannot be dialled; write one number in ASCII digits and hyphens, such as 0539-2251234",
    ),
    "flag_form": ("“{value}”不对,请写 true 或 false", "“{value}” is not possible; write true or false"),
    "replaced_by": (
        "“state”为 replaced 时须写“replaced_by”(替代它的方案的 id),其他情况不写",
        "“replaced_by” (the id of the plan that replaces it) is needed for “state: replaced”, and for no other state",
    ),
    "place_word": (
        "“place_kind”为 other 时须写“place_word”(这类地方怎么称呼),其他类型不写",
        "“place_word” is needed for “place_kind: other”, and for no other kind",
    ),
    "undated": ("节日或活动月须写“recurrence”(每年何时)", "a day or month needs the field “recurrence”"),
    "shown": (
        "按像素的规格须写“shown”(屏幕实际多宽,毫米),由此算出最小字号",
        "a format in pixels needs “shown”, the width of the screen in millimeters, which gives the smallest type size",
    ),
    "bleed_px": ("屏幕没有出血,请删去“bleed”", "a screen has no bleed; delete “bleed”"),
    "no_room": ("安全边距“safe”太大,没有地方写字", "the margin “safe” is too large and leaves no room for text"),
    "not_https": ("网址“{value}”须以 https:// 开头", "the address “{value}” must begin with https://"),
    "url_parsing": (
        "“{value}”不是网址,请写成 https://… 的样子",
        "“{value}” is not an address; write it like https://…",
    ),
    "url_type": ("“{field}”应为一个网址", "“{field}” must be one address"),
    "wordless": (
        "“{field}”没有文字,请写中文 zh(英文 en 可以以后补)",
        "“{field}” has no text; write zh (en may follow)",
    ),
    "assigns_nothing": (
        "分工须写单位(“body”“lead”“participating”或“general”)或“due”(完成时限)",
        "an assignment needs a body (“body”, “lead”, “participating” or “general”) or “due”",
    ),
    "body_twice": (
        "单位“{value}”写了两次:一个单位只写在“lead”(牵头)、“participating”(参与)或其他责任单位中的一处",
        "the body “{value}” is named twice: keep it once, under “lead”, “participating”, or the other bodies",
    ),
    "names_no_body": (
        "责任分工没有写单位,请写“bodies”“lead”“participating”“general”或“others”",
        "nobody is named as responsible; add “bodies”, “lead”, “participating”, “general” or “others”",
    ),
    "owner_twice": (
        "举措的“owner”和“responsible”只写一项:单位有牵头、参与之分时写“responsible”",
        "a measure has either “owner” or “responsible”; use “responsible” where bodies lead or take part",
    ),
    "evidence_one": (
        "依据应写 number(文号)、link(网址)、file(文件)中的一个,不多不少",
        "evidence is exactly one of number, link and file",
    ),
    "entry_about": (
        "台账记录应写 measure(举措)或 target(目标)中的一个,不多不少",
        "an entry is about exactly one of measure and target",
    ),
    "percent_form": ("“{value}”应写成“percent”", "write “{value}” as “percent”"),
    "entry_reason": (
        "更正须同时写“corrects”(更正哪一条)和“reason”(原因)",
        "a correction needs both “corrects” and “reason”",
    ),
    "withdraws_nothing": (
        "撤下须写“names”(名称)或“record”(记录)",
        "a withdrawal needs “names” or “record”",
    ),
    "failing_item": (
        "不合格的产品须写不合格项目,合格的不写",
        "a failing product needs its failing item; a passing one must not have one",
    ),
    "url_scheme": ("网址“{value}”须以 https:// 开头", "the address “{value}” must begin with https://"),
}
_STRUCTURE: dict[str, tuple[str, str]] = {
    "model_type": ("“{field}”应为若干“字段{colon} 值”", "“{field}” must consist of fields, each “name: value”"),
    "model_attributes_type": (
        "“{field}”应为若干“字段{colon} 值”",
        "“{field}” must consist of fields, each “name: value”",
    ),
    "tuple_type": (
        "“{field}”应为列表,每项一行,以“- ”开头",
        "“{field}” must be a list, one item a line, each with “- ” in front",
    ),
}
# Field with a format → description of the format; all others are ids.
_ID_FORM = ("编号只用小写英文字母、数字和连字符", "ids use lower-case letters, digits and hyphens only")
_COLOUR_FORM = ("颜色写成“#00594f”的样子", "a color looks like “#00594f”")
_CLOCK_FORM = ("时间写成“09:00”的样子", "a time of day looks like “09:00”")
_FORMS = {
    "number": ("电话只写数字和连字符", "a phone number is digits and hyphens"),
    "main": _COLOUR_FORM,
    "main_dark": _COLOUR_FORM,
    "old": (
        "写本站内的地址,如 tasks/old-name/,不带 https://、问号和开头的“/”",
        "write an address of this site such as tasks/old-name/, without https://, “?” or a leading “/”",
    ),
    "page": (
        "写本站内的页面地址,如 tasks/03/,以“/”结尾,不带 https://",
        "write a page of this site such as tasks/03/, ending in “/”, without https://",
    ),
    "measure": ("写成“记录编号/举措编号”", "write “record id/measure id”"),
    "record": ("写成“类别/编号”,如 news/2026-05-01-fair", "write “kind/id”, such as news/2026-05-01-fair"),
    "file": (
        "只写文件名,不带文件夹;可用 pdf、ofd、jpg、png、xlsx、docx、csv、txt",
        "write a file name without a folder; pdf, ofd, jpg, png, xlsx, docx, csv or txt",
    ),
    "picture": (
        "只写文件名,不带文件夹;可用 jpg、jpeg、png、webp",
        "write a file name without a folder; jpg, jpeg, png or webp",
    ),
    "shows": ("写成“类别/编号”,如 event/open-day-2026", "write “kind/id”, such as event/open-day-2026"),
    "opens": _CLOCK_FORM,
    "closes": _CLOCK_FORM,
    "sample_number": (
        "抽样编号用英文字母、数字和 . _ / ( ) -",
        "a sample number has letters, digits and . _ / ( ) -",
    ),
    "source_file": ("写成“某文件.txt”,不带文件夹", "write a file name such as “notice.txt”, without a folder"),
}
# Field → values that the reader accepts besides those of the model.
_CHOICES = {"result": ("合格", "不合格")}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_DASHES = re.compile("[\u2010-\u2015\u2212\uff0d~\uff5e]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_QUOTES = "\"'“”‘’「」"
_DASH = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_WIDE_BRACKET = re.compile("[\uff5b\u3010\uff3b]")
_LANGUAGE_NAMES = {"zh": ("中文", "Chinese"), "en": ("英文", "English")}


#: Returns the ids that a field may refer to, by name.
Names = Callable[[str], Mapping[str, str]]


def translate(
    error: ValidationError, model: type[BaseModel], place: Place, names: Names | None = None
) -> Iterable[Problem]:
    """Yield a problem for each validation error of the record at ``place``.

    Args:
        error: The validation error.
        model: The model.
        place: Position of the record.
        names: Ids by name, for suggestions if a name was written instead of an id.
    """
    found = error.errors(include_url=False)
    # The value of an unknown field is validated as a text in another language; report only the unknown name.
    unknown = {detail["loc"] for detail in found if detail["type"] == "extra_forbidden"}
    for detail in found:
        if detail["loc"] not in unknown or detail["type"] == "extra_forbidden":
            yield _one(detail, model, place, names)


def _one(detail: ErrorDetails, model: type[BaseModel], place: Place, names: Names | None) -> Problem:
    kind, path = detail["type"], detail["loc"]
    # For an item of a list, use the name of the list.
    field = next((step for step in reversed(path) if isinstance(step, str)), place.file)
    given = detail["input"]
    value = _short(str(given)) if not isinstance(given, dict | list) else ""
    if kind == "missing" and field in _LANGUAGE_NAMES:
        chinese, english = _LANGUAGE_NAMES[field]
        return problem(
            place.at(*path, key=True),
            "“{parent}”缺{chinese}(字段“{field}”),请补上",
            "“{parent}” has no {english} (field “{field}”); add it",
            parent=next((step for step in reversed(path[:-1]) if isinstance(step, str)), ""),
            field=field,
            chinese=chinese,
            english=english,
        )
    if kind == "extra_forbidden":
        return _no_field(place.at(*path, key=True), field, value, _fields(model, path[:-1]))
    if kind in ("literal_error", "enum"):
        # Pydantic lists the choices as 'a', 'b' or 'c'.
        choices = str(detail["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        return _choice(place.at(*path), value, [*_CHOICES.get(field, ()), *choices])
    if kind == "string_pattern_mismatch":
        known = names(field) if names is not None and not value.isascii() else {}
        if (named := _closest("".join(value.split()), known)) is not None:
            zh, en = "“{value}”是名称,这里写编号:“{id}”", "“{value}” is a name; write the id: “{id}”"
            return problem(place.at(*path), zh, en, value=value, id=known[named])
        return _pattern(place.at(*path), field, value)
    if kind in ("int_parsing", "decimal_parsing"):
        typed = typed_number(value)
        if typed is not None and not typed.is_percent and typed.number not in (value, _narrow(value)):
            zh, en = "“{value}”应写成“{number}”", "write “{value}” as “{number}”"
            return problem(place.at(*path), zh, en, number=typed.number, value=value)
        if _narrow(value) != value:
            return _use_halfwidth(place.at(*path), value)
    if kind in ("day_form", "phone_form") and (right := (_right_day if kind == "day_form" else _right_phone)(value)):
        zh, en = "“{value}”应写成“{right}”", "write “{value}” as “{right}”"
        return problem(place.at(*path), zh, en, value=value, right=right)
    if kind in _STRUCTURE and (wide := _WIDE_BRACKET.match(value)) is not None:
        zh, en = "“{mark}”是全角的,请改用半角的“{narrow}”", "“{mark}” is full-width; type an ASCII “{narrow}”"
        narrow = {"\uff5b": "{ }"}.get(wide.group(), "[ ]")
        return problem(place.at(*path), zh, en, mark=wide.group(), narrow=narrow)
    if kind in _STRUCTURE:
        return problem(place.at(*path), *_STRUCTURE[kind], field=field)
    zh, en = _MESSAGES.get(kind, ("“{field}”有误:{message}", "“{field}”: {message}"))
    context: dict[str, Any] = {**detail.get("ctx", {})}
    context.update(field=field, value=_short(str(context.get("value", value))), message=detail["msg"])
    return problem(place.at(*path, key=kind == "missing"), zh, en, **context)


def _right_day(value: str) -> str | None:
    """Return the date that ``value`` unambiguously means, as ``YYYY-MM-DD``; None if it is ambiguous."""
    written = "".join(_narrow(value).split())
    if DAY.fullmatch(written):
        return found.isoformat() if (found := day_in(written)) else None
    match = _DAY.fullmatch(written)
    try:
        return date(*(int(part) for part in match.groups())).isoformat() if match else None
    except ValueError:
        return None


def _right_phone(value: str) -> str | None:
    """Return the telephone number that ``value`` unambiguously means; None if there are several, or none."""
    number = _DASHES.sub("-", "".join(_narrow(value).split()))
    number = re.sub(r"^\((\d+)\)-?", r"\1-", number)
    return number if re.fullmatch(PHONE_PATTERN, number) else None


def _short(value: str) -> str:
    """Shorten an invalid value, keeping enough of it to find it."""
    return value if len(value) <= 200 else f"{value[:100]} ..."


def _choice(place: Place, value: str, choices: Sequence[str]) -> Problem:
    """Return the problem of a ``value`` that is not one of ``choices``, with a suggestion."""
    possible = {word: code for word, code in CODES.items() if code in choices}
    word = _closest("".join(value.split()), possible)
    if word is not None:
        zh, en = "“{value}”应写成“{code}”", "write “{value}” as “{code}”"
        return problem(place, zh, en, value=value, code=possible[word])
    guess = _closest(value, choices)
    zh, en = "“{value}”不可用,可选:{choices}", "“{value}” is not possible; choose one of: {choices}"
    return problem(place, *_suggest(zh, en, guess), value=value, choices=", ".join(choices), guess=guess)


def _no_field(place: Place, field: str, value: str, fields: Mapping[str, FieldInfo]) -> Problem:
    """Return the problem of a ``field`` that is not one of ``fields``, with a suggestion."""
    if field.isidentifier() and field.isascii():
        return no_such_field(place, field, fields)
    clean = _narrow(_INVISIBLE.sub("", field)).strip(_QUOTES).strip()
    if clean in fields:
        if (hidden := _INVISIBLE.search(field)) is not None:
            return problem(
                place,
                "字段名“{clean}”里有看不见的字符(U+{code:04X}),请删去整个字段名重新输入",
                "the field name “{clean}” has an invisible character in it (U+{code:04X}); delete the name "
                "and type it again",
                clean=clean,
                code=ord(hidden.group()),
            )
        zh, en = "字段名“{field}”应写成“{clean}”,不加引号,用半角", "write the field name “{field}” as “{clean}”"
        return problem(place, zh, en, field=field, clean=clean)
    dashless = clean.lstrip(_DASH).strip()
    if dashless != clean and dashless in fields:
        zh, en = "“-”应为半角,后面空一格,请写成“- {name}{colon} ”", "write “- {name}: ”, with an ASCII “-” and a space"
        return problem(place, zh, en, name=dashless)
    labels = {_label(info): name for name, info in fields.items()}
    if value and (label := _closest(clean, labels)) is not None:
        zh, en = "字段名用英文:“{field}”应写成“{name}”", "field names are English: write “{field}” as “{name}”"
        return problem(place, zh, en, field=field, name=labels[label])
    # In {zh: 一, 二} the comma ends the text, and the rest is parsed as the next field.
    return problem(
        place,
        "“{field}”被当成了字段名。{{ }} 里的文字若含英文逗号或冒号,请整段加上引号",
        "“{field}” was read as a field name; inside {{ }} a text with a comma or colon needs quotation marks",
        field=field,
    )


def _label(info: FieldInfo) -> str:
    """Return the Chinese name of a field, without the explanation after it."""
    extra = info.json_schema_extra
    return re.split("[,:(\uff0c\uff1a\uff08]", str(extra["x-zh"]))[0] if isinstance(extra, dict) else ""


def no_such_field(place: Place, field: str, names: Iterable[str]) -> Problem:
    """Return the problem of a ``field`` that is not in ``names``, with the nearest one."""
    guess = _closest(field, names)
    zh, en = "没有“{field}”这个字段,请删除或改正", "there is no field “{field}”; delete or correct it"
    return problem(place, *_suggest(zh, en, guess), field=field, guess=guess)


def _pattern(place: Place, field: str, value: str) -> Problem:
    if _narrow(value) != value:
        return _use_halfwidth(place, value)
    zh, en = _FORMS.get(field, _ID_FORM)
    return problem(
        place,
        "“{value}”不合“{field}”的格式;" + zh,
        "“{value}” does not fit “{field}”; " + en,
        value=value,
        field=field,
    )


def _use_halfwidth(place: Place, value: str) -> Problem:
    return problem(
        place,
        "“{value}”含全角字符,请改用半角:“{narrow}”",
        "“{value}” has full-width characters; write “{narrow}”",
        value=value,
        narrow=_narrow(value),
    )


def _narrow(value: str) -> str:
    return unicodedata.normalize("NFKC", value)


def _suggest(zh: str, en: str, guess: str | None) -> tuple[str, str]:
    if guess is None:
        return zh, en
    return zh + ";是否想写“{guess}”?", en + "; did you mean “{guess}”?"


def _closest(word: str, choices: Iterable[str]) -> str | None:
    return next(iter(difflib.get_close_matches(word, list(choices), n=1, cutoff=0.6)), None)


def _fields(model: type[BaseModel], path: tuple[int | str, ...]) -> Mapping[str, FieldInfo]:
    """Return the fields of the model at ``path`` below ``model``."""
    for step in path:
        if isinstance(step, str) and step in model.model_fields:
            inner = _inner_model(model.model_fields[step].annotation)
            if inner is None:
                return {}
            model = inner
    return model.model_fields


def _inner_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        if (inner := _inner_model(argument)) is not None:
            return inner
    return None
