"""Prompts of the dialogue: the label of a field, what may be typed, and what Enter means."""

from collections.abc import Sequence

from haopin.desk.new_fields import Field
from haopin.desk.voice import Voice
from haopin.text import Text

CHINESE = Text(zh="中文", en="in Chinese")
ENGLISH = Text(zh="英文,可以以后补", en="in English; may follow later")
SKIPPED = Text(zh="直接回车跳过", en="Enter skips")
OPTIONAL = Text(zh="可不填", en="may be skipped")
PARAGRAPHS = Text(zh="一行一段,写完后单独一行写 .", en="a line a paragraph; end with a line of .")
_HINTS = {
    "reference": Text(zh="写编号或名称里的字,? 列出全部", en="an id or words of the name; ? lists all"),
    "evidence": Text(
        zh="写文号、https 网址或 evidence 里的文件名", en="a document number, an https address or a file in evidence"
    ),
    "day": Text(zh="如 2026-03-05,或写“今天”", en="such as 2026-03-05, or “today”"),
}


def hints_of(field: Field, must: bool) -> Sequence[Text]:
    """Return what a clerk has to know to answer for ``field``."""
    hints = [_HINTS[field.shape]] if field.shape in _HINTS else []
    return hints if must else [*hints, OPTIONAL]


def prompt(voice: Voice, label: str, hints: Sequence[Text] = (), default: str = "") -> str:
    """Return a prompt: the label, the hints in parentheses, and what Enter means."""
    said = [voice.of(hint) for hint in hints]
    if voice.language == "zh":
        words = "\uff08" + "\uff0c".join(said) + "\uff09" if said else ""
    else:
        words = f" ({', '.join(said)})" if said else ""
    return f"{label}{words}{f' [{default}]' if default else ''}" + ("\uff1a" if voice.language == "zh" else ": ")
