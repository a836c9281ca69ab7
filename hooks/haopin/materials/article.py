"""Article for an official account: HTML with inline styles only, which survives pasting into the account's editor.

Editors of official accounts remove scripts, classes, ids, style sheets and outside pictures; the QR code is inline SVG.
The file is a whole document, so that a browser opens it in the right encoding: what it shows is copied and pasted.
"""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from haopin.exports.pictures.look import Look
from haopin.materials.content import Content
from haopin.text import LANGUAGE_TAGS

_WIDTH = 677


def article(
    content: Content, look: Look, colours: Mapping[str, str], code: Sequence[str], *, sender: str = "", sample: str = ""
) -> str:
    """Return ``content`` as an HTML document to open, copy and paste.

    Args:
        content: What it says.
        look: The county's name.
        colours: Colours by name, from `palette`.
        code: Rows of the QR code of its page: a string of 0 and 1 for each; empty for none.
        sender: Line that names who publishes it; "" for none.
        sample: Mark of sample data; "" for none.
    """
    parts = [*_head(content, colours, sample), *_body(content, colours), *_foot(content, colours, code, sender)]
    style = f"max-width:{_WIDTH}px;margin:0 auto;font-size:16px;line-height:1.75;color:{colours['ink']}"
    language = LANGUAGE_TAGS[look.language]
    head = (
        f'<!doctype html>\n<html lang="{language}">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(content.title)}</title></head>\n<body>'
    )
    section = f'<section lang="{language}" style="{style}">'
    return "\n".join([head, section, *parts, "</section>", "</body>", "</html>", ""])


def _p(words: str, style: str) -> str:
    return f'<p style="margin:0;{style}">{escape(words)}</p>'


def _head(content: Content, colours: Mapping[str, str], sample: str) -> Iterator[str]:
    values = content.values
    yield f'<section style="padding:32px 24px;background:{colours["ground"]};border-radius:8px">'
    accent = f"color:{colours['accent']}"
    if sample:
        yield _p(sample, f"{accent};font-weight:bold")
    if "kicker" in values:
        yield _p(values["kicker"], f"{accent};font-size:15px;font-weight:bold")
    yield _p(values["title"], f"color:{colours['white']};font-size:26px;line-height:1.4;font-weight:bold")
    large = values.get("number") or values.get("when") or values.get("place", "")
    yield _p(large, f"{accent};font-size:{32 if 'number' in values else 20}px;line-height:1.5;font-weight:bold")
    if "label" in values:
        yield _p(values["label"], accent)
    yield "</section>"


def _body(content: Content, colours: Mapping[str, str]) -> Iterator[str]:
    values, strong = content.values, f"color:{colours['ground']};font-weight:bold"
    for theme in values.get("themes", ()):
        yield _p(theme["label"], f"margin-top:24px;{strong}")
        yield _p(theme["whole"], "font-size:20px;line-height:1.5;font-weight:bold")
        if theme["other"]:
            yield _p(theme["other"], "font-size:15px")
    for name in ("quote", "lead"):
        if name in values:
            yield _p(values[name], "margin-top:24px")
    for number, point in enumerate(values.get("points", ())):
        style = f"border-left:3px solid {colours['ground']};padding-left:12px"
        yield _p(point, f"margin-top:{10 if number else 24}px;{style}")
    for number, (label, words, *_) in enumerate(values.get("facts", ())):
        yield _p(label, f"margin-top:{12 if number else 24}px;{strong}")
        yield _p(words, "")


def _code(rows: Sequence[str]) -> str:
    size = len(rows) + 8
    cells = "".join(
        f"M{x + 4} {y + 4}h1v1h-1z" for y, row in enumerate(rows) for x, cell in enumerate(row) if cell == "1"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="144" height="144" '
        f'style="width:144px;height:144px"><path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{cells}"/></svg>'
    )


def _foot(content: Content, colours: Mapping[str, str], code: Sequence[str], sender: str) -> Iterator[str]:
    values = content.values
    yield f'<section style="margin-top:32px;padding-top:20px;border-top:1px solid {colours["line"]};text-align:center">'
    if code:
        yield _code(code)
        yield _p(values["scan"], "font-weight:bold")
    yield _p(values["address"], "font-size:14px;word-break:break-all")
    if sender:
        yield _p(sender, "font-weight:bold")
    yield _p(f"{values['site']} · {values['as_of']}", "font-size:14px")
    yield "</section>"
