"""A new record: which kinds there are, its id, what is wrong with it, and how it is written."""

import difflib
import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from haopin.desk.new_fields import fields_of
from haopin.desk.new_lookup import fold
from haopin.problem import ConfigurationError, Place, Problem
from haopin.reading.messages import translate
from haopin.records import KINDS, Kind
from haopin.records.disclosure import BATCH, INSPECTION
from haopin.records.ledger import ENTRY
from haopin.records.news import EVENT, NEWS
from haopin.records.publishable import WITHDRAWAL, Publishable
from haopin.records.recognition import AWARD

#: What can be made anew: all that the office publishes by and by, and what it takes back.
NEW: tuple[Kind, ...] = tuple(k for k in KINDS if issubclass(k.model, Publishable) or k is WITHDRAWAL)
# Further names of a kind, and what they say of the record.
_ALIASES: Mapping[str, tuple[Kind, Mapping[str, str]]] = {
    "news": (NEWS, {"kind": "news"}),
    "动态": (NEWS, {"kind": "news"}),
    "notice": (NEWS, {"kind": "notice"}),
    "通知": (NEWS, {"kind": "notice"}),
    "activity": (EVENT, {}),
    "活动": (EVENT, {}),
    "质量活动": (EVENT, {}),
    "honour": (AWARD, {}),
    "honor": (AWARD, {}),
    "荣誉": (AWARD, {}),
    "新闻": (NEWS, {"kind": "news"}),
    "公告": (NEWS, {"kind": "notice"}),
    "通告": (NEWS, {"kind": "notice"}),
    "台账记录": (ENTRY, {}),
    "进展": (ENTRY, {}),
    "报送": (ENTRY, {}),
    "更正": (ENTRY, {}),
    "抽查结果": (INSPECTION, {}),
    "抽查": (INSPECTION, {}),
    "抽检": (BATCH, {}),
    "抽检结果": (BATCH, {}),
}
_LONGEST = 40
# Names of firms and persons stay out of ids: an id cannot be taken back.
_NAMING = ("title", "product")


def kind_named(word: str) -> tuple[Kind, dict[str, str]]:
    """Return the kind that a clerk means by ``word``, and what that says of the record.

    Raises:
        ConfigurationError: if there is none; names all that there are.
    """
    wanted = fold(word)
    if wanted in _ALIASES:
        kind, preset = _ALIASES[wanted]
        return kind, dict(preset)
    for kind in NEW:
        names = {kind.name, fold(kind.title.zh), fold(kind.title.en), fold((kind.model.__doc__ or "").split(" | ")[0])}
        if wanted in names:
            return kind, {}
    words = [*_ALIASES, *(name for kind in NEW for name in (kind.name, kind.title.zh))]
    guess = next(iter(difflib.get_close_matches(wanted, words, n=1, cutoff=0.5)), None)
    likely = (f"是否想写“{guess}”\uff1f", f"did you mean “{guess}”? ") if guess else ("", "")
    if not wanted:
        raise ConfigurationError(
            f"请写明要新建哪一类\uff0c如 haopin new 通知。可选\uff1a{kinds_listed()} / say which kind, such as "
            f"haopin new notice; choose one of: {', '.join(kind.name for kind in NEW)}"
        )
    raise ConfigurationError(
        f"没有“{word}”这一类\uff1b{likely[0]}可选\uff1a{kinds_listed()} / there is no kind “{word}”; {likely[1]}"
        f"choose one of: {', '.join(kind.name for kind in NEW)}"
    )


def kinds_listed() -> str:
    """Return every kind with its Chinese name."""
    return "、".join(f"{kind.name}\uff08{kind.title.zh}\uff09" for kind in NEW)


def suggested_id(kind: Kind, record: Mapping[str, Any], taken: frozenset[str]) -> str:
    """Return an id that is not ``taken``: the day, and the English title, what is reported on, or a number."""
    day = str(record.get("date", ""))
    words = next((w["en"] for name in _NAMING if isinstance(w := record.get(name), dict) and "en" in w), "")
    about = str(record.get("measure") or record.get("target") or "")
    name = _slug(about or words)
    if name:
        base = "-".join(filter(None, (day, name)))
        if base not in taken:
            return base
    else:
        base = "-".join(filter(None, (day, kind.name)))
    return next(found for n in range(2 if name else 1, 10**6) if (found := f"{base}-{n}") not in taken)


def _slug(words: str) -> str:
    """Return ``words`` as part of an id, cut after a word."""
    parts = re.findall(r"[a-z0-9]+", words.lower().replace("’", "").replace("'", ""))
    slug = ""
    for part in parts:
        if len(slug) + len(part) >= _LONGEST:
            break
        slug = f"{slug}-{part}" if slug else part
    return slug


def ordered(kind: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plain ``values`` of a record in the order in which a clerk reads them, without empty ones."""
    return {f.name: values[f.name] for f in fields_of(kind.model) if values.get(f.name) is not None}


def problems_of(kind: Kind, record: Mapping[str, Any]) -> list[Problem]:
    """Return what the model finds wrong with the plain values of a ``record``."""
    try:
        kind.model.model_validate(dict(record))
    except ValidationError as error:
        return list(translate(error, kind.model, Place("")))
    return []
