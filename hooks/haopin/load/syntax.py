"""Likely causes of YAML syntax errors, because the parser's own messages name neither position nor cause well."""

import re
from collections.abc import Iterator, Sequence

import yaml

from haopin.problem import Place, Problem, problem

_NAME = r"\s*(?:- +)*[A-Za-z_]+"
_WIDE_COLON = re.compile(_NAME + "\uff1a")
_STRANGE_SPACE = re.compile(r" *(?:- +)?[\u3000\u00a0]")
_TIGHT_COLON = re.compile(r"\s*(?:- +)?(?P<name>[A-Za-z_]+):(?=[^\s/])")
_NO_COLON = re.compile(r"\s*(?:- +)?(?P<name>[A-Za-z_]+) +[^:]*")
_TIGHT_DASH = re.compile(r"\s*(?P<dash>-)(?P<name>[A-Za-z_]+):(?:\s|$)")
_WIDE_DASH = re.compile("\\s*(?P<dash>[\u2010-\u2015\u2212\uff0d])\\s*[A-Za-z_]+\\s*:")
_WIDE_MARK = re.compile("[\uff0c\uff5b\uff5d\u3010\u3011\uff3b\uff3d]")
_RESERVED = re.compile(r"(?:.*?[:\[{,-] +|\s*)(?P<mark>[@`*&!%])(?P<rest>[^\s,}\]]*)")
_HASH_IN_BRACES = re.compile(r"[{\[][^}\]]*?\s(?P<hash>#.*)")
_COLON_IN_TEXT = re.compile(_NAME + r": +(?![\"'{\[|>&*!])(?P<text>\S.*?: .*)")
_OPENS_QUOTE = re.compile(r"(?:.*[:\[{,-] +|\s*)\"")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")
_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?= |$)", re.M)
# Message of libyaml for a line without “name: value”.
_NO_KEY = "could not find expected ':'"
#: Messages of libyaml for the line after one without a colon; the second if there is a comment in between.
_BELOW_NO_COLON = ("mapping values are not allowed", "did not find expected '-' indicator")
_ANOTHER_DOCUMENT = "but found another document"
_NARROW = dict(zip("\uff0c\uff5b\uff5d\u3010\u3011\uff3b\uff3d", ",{}[][]", strict=True))


def conflict(text: str, file: str) -> Problem | None:
    """Return the problem of git conflict markers in ``text``; None if there are none."""
    found = _CONFLICT.search(text)
    if found is None:
        return None
    return problem(
        Place(file, mark=(text.count("\n", 0, found.start()) + 1, 1)),
        "“{mark}”是合并冲突的记号:两个人改了同一处。“=======”上下两段请只留对的,再删去三行记号",
        "“{mark}” marks a conflict: two people changed the same lines. Of the parts above and below “=======” keep "
        "what is right, and delete the three lines of marks",
        mark=found.group(),
    )


def syntax_problem(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    """Return the problem for ``error``: a typical mistake found near its position, or else the parser's message."""
    lines = text.split("\n")
    mark = error.problem_mark or error.context_mark
    detail = error.problem or error.context or "syntax"
    if error.context_mark and (_NO_KEY in detail or (mark and not "".join(lines[mark.line :]).strip())):
        # Where an unclosed construct, or a line without a field, began.
        mark = error.context_mark
    # After a final line feed, the position may be one line beyond the end.
    line, column = (min(mark.line + 1, len(lines)), mark.column + 1) if mark else (1, 1)
    if _ANOTHER_DOCUMENT in detail:
        return problem(
            Place(file, mark=(line, column)),
            "文件里又有一行“---”:一个文件只写一份,请删去这一行,或把后面的移到另一个文件",
            "another “---” begins a second document: a file holds one; delete this line, or move what follows to "
            "another file",
        )
    found = next(_slips(lines, line, file), None)
    if found is not None:
        return found
    above = _line_above(lines, line) if any(words in detail for words in _BELOW_NO_COLON) else 0
    if above and (bare := _NO_COLON.fullmatch(lines[above - 1])) is not None:
        return problem(
            Place(file, mark=(above, bare.end("name") + 1)),
            "字段名“{name}”后缺冒号,请写成“{name}{colon} ”",
            "no colon after the field name “{name}”; write “{name}: ”",
            name=bare["name"],
        )
    written = lines[line - 1]
    if _NO_KEY in detail:
        return problem(
            Place(file, mark=(line, len(written) - len(written.lstrip()) + 1)),
            "“{written}”这一行不是“字段{colon} 值”。若是上一行文字的下半段,请并到上一行,或比字段名多缩进两格",
            "the line “{written}” is not “name: value”. If it continues the text above, join the two lines, or "
            "indent it by two spaces more than the field",
            written=written.strip()[:60],
        )
    return problem(
        Place(file, mark=(line, column)),
        "YAML 格式有误:“{written}”。常见原因:冒号后缺空格、缩进不齐、引号不成对,"
        "或文字里有“{colon} ”“ #”而没有加引号({detail})",
        "YAML syntax: “{written}”. Usual causes: no space after a colon, uneven indentation, an unpaired quotation "
        "mark, or “{colon} ” or “ #” in a text without quotation marks ({detail})",
        written=written.strip()[:60],
        detail=detail,
    )


def _slips(lines: Sequence[str], line: int, file: str) -> Iterator[Problem]:
    """Yield typical mistakes on ``line``, then those on lines above that show only there."""
    written = lines[line - 1]
    indent = written[: len(written) - len(written.lstrip())] + written.lstrip()[:2]
    if "\t" in re.match(r"\s*", written).group():  # type: ignore[union-attr]
        yield problem(
            Place(file, mark=(line, written.index("\t") + 1)),
            "缩进里有制表符(Tab),请改用空格",
            "a tab in the indentation; use spaces instead",
        )
    if indent and (strange := _STRANGE_SPACE.match(written)) is not None:
        yield problem(
            Place(file, mark=(line, strange.end())),
            "缩进里有全角空格或不间断空格,请改用普通空格",
            "a full-width or no-break space in the indentation; use plain spaces instead",
        )
    above = _line_above(lines, line)
    for number in (line, above) if above else (line,):
        yield from _on_line(lines[number - 1], number, file)
    opened = _unpaired(lines, line)
    if opened is not None:
        yield problem(
            Place(file, mark=(opened, lines[opened - 1].index('"') + 1)),
            '这一行的双引号没有成对,请在文字末尾补上“"”',
            'the quotation mark of this line is not closed; add “"” at the end of the text',
        )


def _line_above(lines: Sequence[str], line: int) -> int:
    """Return the number of the nearest line above ``line`` that is neither blank nor a comment; 0 if there is none."""
    numbers = range(line - 1, 0, -1)
    return next((n for n in numbers if lines[n - 1].strip() and not lines[n - 1].lstrip().startswith("#")), 0)


def _on_line(written: str, number: int, file: str) -> Iterator[Problem]:
    """Yield typical mistakes on one line, outside quotation marks."""
    bare = _QUOTED.sub(lambda match: "_" * len(match.group()), written)
    if (wide := _WIDE_COLON.match(written)) is not None:
        yield problem(
            Place(file, mark=(number, wide.end())),
            "字段名后用了全角冒号,请改为半角冒号加空格“{colon} ”",
            "a full-width colon after the field name; type an ASCII colon and a space",
        )
    if (dash := _TIGHT_DASH.match(written)) is not None:
        yield problem(
            Place(file, mark=(number, dash.start("dash") + 1)),
            "“-”后缺空格,请写成“- {name}{colon} ”",
            "no space after “-”; write “- {name}: ”",
            name=dash["name"],
        )
    if (dash := _WIDE_DASH.match(written)) is not None:
        yield problem(
            Place(file, mark=(number, dash.start("dash") + 1)),
            "每条记录开头用了“{dash}”,请改为半角的“-”加空格",
            "a record begins with “{dash}”; type an ASCII “-” and a space",
            dash=dash["dash"],
        )
    if (tight := _TIGHT_COLON.match(written)) is not None:
        yield problem(
            Place(file, mark=(number, tight.end())),
            "字段名的冒号后缺空格,请写成“{name}{colon} ”",
            "no space after the colon of a field name; write “{name}: ”",
            name=tight["name"],
        )
    in_braces = re.search(r"[{\[\uff5b\u3010\uff3b]", bare)
    if in_braces is not None and (wide := _WIDE_MARK.search(bare, in_braces.start())) is not None:
        yield problem(
            Place(file, mark=(number, wide.start() + 1)),
            "这里用了全角的“{mark}”,请改为半角的“{narrow}”;若是文字的一部分,请把文字加上双引号",
            "a full-width “{mark}”; type an ASCII “{narrow}”, or put quotation marks around the text that it is "
            "part of",
            mark=wide.group(),
            narrow=_NARROW[wide.group()],
        )
    if (cut := _HASH_IN_BRACES.search(bare)) is not None:
        yield problem(
            Place(file, mark=(number, cut.start("hash") + 1)),
            "“ #”后面被当成了注释,括号因此没有结束,请把文字加上双引号",
            "what follows “ #” is read as a comment, so that the bracket is never closed; put quotation marks around "
            "the text",
        )
    if not bare.startswith("%") and (reserved := _RESERVED.match(bare)) is not None:
        start = reserved.start("mark")
        yield problem(
            Place(file, mark=(number, start + 1)),
            "文字以“{mark}”开头,请整段加上双引号",
            "a text that begins with “{mark}” needs quotation marks around it",
            mark=reserved["mark"],
        )
    if (colon := _COLON_IN_TEXT.match(bare)) is not None:
        yield problem(
            Place(file, mark=(number, bare.index(": ", colon.start("text")) + 1)),
            "文字里有“{colon} ”(半角冒号加空格),请把整段文字加上双引号,或改用全角冒号",
            "“: ” within a text; put quotation marks around the whole text",
        )


def _unpaired(lines: Sequence[str], line: int) -> int | None:
    """Return the line, at or above ``line``, of a double quotation mark that is never closed."""
    odd = [n for n in range(1, line + 1) if _QUOTED.sub("", lines[n - 1]).count('"') % 2]
    return odd[-1] if len(odd) % 2 and _OPENS_QUOTE.match(lines[odd[-1] - 1]) else None
