"""A rule on the file that keeps which Chinese the English translates."""

import json
from collections.abc import Iterator

from haopin.checking.entries import Entries
from haopin.problem import Place, Problem, problem
from haopin.reading.folder import TRANSLATIONS

_MEND_ZH = ";请恢复这个文件的上一版,或删去它再运行“haopin translated”"
_MEND_EN = "; restore the last version of this file, or delete it and run “haopin translated”"


def translations_are_fingerprints(entries: Entries) -> Iterator[Problem]:
    """The file of fingerprints is a JSON object of texts; spoiled, it would tell of no old English at all."""
    text = entries.reading.companions.get(TRANSLATIONS)
    if text is None:
        return
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        place = Place(TRANSLATIONS, mark=(error.lineno, error.colno))
        yield problem(place, "不是完整的 JSON" + _MEND_ZH, "this is no well-formed JSON" + _MEND_EN)
        return
    except (ValueError, RecursionError):
        # A number of thousands of digits, or brackets thousands of levels deep.
        yield problem(Place(TRANSLATIONS), "不是完整的 JSON" + _MEND_ZH, "this is no well-formed JSON" + _MEND_EN)
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
    before, found, _ = text.partition(json.dumps(key, ensure_ascii=False))
    return (before.count("\n") + 1, len(before) - before.rfind("\n")) if found else (1, 1)
