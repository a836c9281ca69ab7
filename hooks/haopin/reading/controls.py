"""Characters that nobody types and no page may have."""

import re

from haopin.problem import Place, Problem, problem

#: Control characters, tab and line feed aside: what YAML refuses, and XML too.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


def control(text: str, file: str) -> Problem | None:
    """Return the problem of the first control character in ``text``, the whole of ``file``; None if there is none."""
    found = CONTROL.search(text)
    if found is None:
        return None
    before = text[: found.start()]
    mark = (before.count("\n") + 1, len(before) - before.rfind("\n"))
    return control_at(Place(file, mark=mark), found.group())


def control_at(place: Place, character: str) -> Problem:
    """Return the problem of a control ``character`` at ``place``."""
    return problem(
        place,
        "含有不可见的控制字符(U+{code:04X}),请删除",
        "contains the control character U+{code:04X}; delete it",
        code=ord(character),
    )
