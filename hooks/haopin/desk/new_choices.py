"""Which of fixed choices an answer means: its number, its words, or its code."""

from haopin.desk.cells import narrow
from haopin.desk.new_fields import Field
from haopin.desk.new_lookup import fold
from haopin.desk.new_unclear import UnclearError
from haopin.records.choices import CHOICES


def chosen(field: Field, typed: str) -> str:
    """Return the choice that ``typed`` means: its number, its words in either language, or its value."""
    words = CHOICES[field.model, field.name]
    number = narrow(typed)
    if number.isdecimal() and number.isascii() and 1 <= int(number) <= len(field.choices):
        return field.choices[int(number) - 1]
    by_words = {name: (fold(name), fold(words[name].zh), fold(words[name].en)) for name in field.choices}
    wanted = fold(typed)
    exact = [name for name, forms in by_words.items() if wanted in forms]
    part = [name for name, forms in by_words.items() if any(wanted in form for form in forms)]
    for matches in (exact, part):
        if len(matches) == 1:
            return matches[0]
    raise UnclearError(
        "“{value}”不可用,请写 1 到 {n} 的号码或其中的词",
        "“{value}” is not possible; write a number from 1 to {n}, or one of the words",
        value=typed,
        n=len(field.choices),
    )


def affirmed(typed: str) -> bool:
    """Tell whether ``typed`` is a yes.

    Raises:
        UnclearError: if it is neither yes nor no.
    """
    word = fold(typed)
    if word in ("y", "yes", "是", "是的", "好", "对", "true", "写入"):
        return True
    if word in ("", "n", "no", "否", "不", "不是", "false", "放弃"):
        return False
    raise UnclearError("“{value}”不清楚,请写 y(是)或 n(否)", "“{value}” is not clear; write y or n", value=typed)
