"""Material's authoring elements on written pages: style sheet, icons, and additions to their HTML.

Pages do not load Material's own stylesheet (140 kB). The rules of the elements that written pages use are taken from
the installed package at build time, so that an upgrade includes its improvements, and are combined with the county's
colours: every colour is a custom property of ``county.css``, with a value for light, dark, high contrast and print.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache  # nothing of records is kept
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import tinycss2

from haopin.html.i18n import Labels

#: Name of the style sheet among the assets.
STYLESHEET = "material.css"

#: The elements: tags (``kbd``) and classes (``.grid``) that identify each, and its name in selectors of Material's
#: style sheet.
_ELEMENTS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "admonition": ((".admonition",), r"\.admonition"),
    "details": (("details",), r"\bdetails\b|\bsummary\b"),
    "inline": ((".inline",), r"\.inline\b"),
    "tabs": ((".tabbed-set",), r"\.tabbed-"),
    "tasks": ((".task-list",), r"\.task-list"),
    "code": ((".highlight", "pre"), r"\.highlight|\.linenodiv|\bpre\b"),
    "footnotes": ((".footnote",), r"\.footnote|fnref"),
    "grid": ((".grid",), r"\.grid\b"),
    "button": ((".md-button",), r"\.md-button"),
    "keys": (("kbd",), r"\bkbd\b|\.keys\b"),
    "icon": ((".twemoji",), r"\.twemoji"),
    "figure": (("figure",), r"\bfigure\b|\bfigcaption\b"),
    "abbr": (("abbr",), r"\babbr\b"),
    # These two have rules of the site only.
    "side": ((".hp-side",), r"(?!)"),
    "table": ((".hp-center", ".hp-right"), r"(?!)"),
}
_IN_SELECTOR = {name: re.compile(pattern) for name, (_, pattern) in _ELEMENTS.items()}
_START_TAG = re.compile(r"<([a-z][a-z0-9]*)([^<>]*)>")
_CLASSES = re.compile(r'\sclass="([^"]*)"')
_SELECTED = re.compile(r"\.[A-Za-z_][\w-]*|(?<![\w.#:\[=\"(-])[a-z][a-z0-9]*(?![\w-])")

#: Parts of a selector for Material's scripts, page frame or writing direction.
_FOREIGN = re.compile(
    r"\[dir=rtl\]|(?:^|[\s)])\.js\b|:not\(\.focus-visible\)|\[data-(?!linenos)|\.md-(?!typeset\b|button\b)|"
    r"\.md-typeset__|\.tabbed-(?:control|button|labels--linked)|\.critic|\.emojione|\.gemoji|\.result\b|\[hidden\]"
)
#: Beginning of a selector that is kept.
_OWN = re.compile(r"\.md-typeset\b|\.highlight|\.linenodiv")

#: Values of Material's variables: the county's colours and the site's lengths.
_VARIABLES: Mapping[str, str] = {
    "default-fg-color": "ink",
    "default-fg-color--light": "soft",
    "default-fg-color--lighter": "line-strong",
    "default-fg-color--lightest": "line",
    "default-bg-color": "card",
    "primary-fg-color": "main",
    "primary-bg-color": "on-main",
    "accent-fg-color": "main",
    "accent-fg-color--transparent": "tint",
    "accent-bg-color": "on-main",
    "typeset-color": "ink",
    "typeset-a-color": "main",
    "typeset-del-color": "late-tint",
    "typeset-ins-color": "good-tint",
    "typeset-kbd-color": "card",
    "typeset-kbd-accent-color": "card",
    "typeset-kbd-border-color": "line-strong",
    "admonition-fg-color": "ink",
    "admonition-bg-color": "card",
    "code-fg-color": "ink",
    "code-bg-color": "tint",
    "code-hl-color": "main",
    "code-hl-color--light": "tint-strong",
    "code-hl-keyword-color": "main",
    "code-hl-function-color": "main",
    "code-hl-string-color": "good",
    "code-hl-special-color": "late",
    "code-hl-number-color": "warn",
    "code-hl-constant-color": "warn",
    "code-hl-name-color": "ink",
    "code-hl-variable-color": "ink",
    "code-hl-operator-color": "soft",
    "code-hl-punctuation-color": "soft",
    "code-hl-comment-color": "soft",
    "code-hl-generic-color": "soft",
    "shadow-z1": "shadow",
    "shadow-z2": "shadow",
}
#: Colours hard-coded in Material's rules for admonitions, by meaning of the type.
_MEANINGS: Mapping[str, str] = {
    "tip": "good",
    "success": "good",
    "checked": "good",
    "warning": "warn",
    "failure": "late",
    "danger": "late",
    "bug": "late",
}
_MEANING = re.compile(rf"[.:]({'|'.join(_MEANINGS)})\b")
_COLOUR = re.compile(r"#([0-9a-fA-F]{3,8})\b|rgba?\([^()]*\)|hsla?\([^()]*\)")
_URL = re.compile(r'url\("data:image/svg\+xml;charset=utf-8,([^"]*)"\)')
_REM = re.compile(r"(?<![\w.#-])(-?)(\d*\.?\d+)rem\b")
_VARIABLE = re.compile(r"var\(\s*(--md-[\w-]+)")

#: Material's root is 20 px and its text 16 px; the site's root is the reader's setting, and its text 1/16 larger.
_MEASURE, _TYPE = 1.25, 1.0625 / 0.8
#: Smallest font size of running text, in rem.
_SMALLEST = 0.9375

#: Focus outline of the label of a tab: Material only changes its colour.
_FOCUSED = ";outline:3px solid var(--hp-main);outline-offset:-3px"

#: Additional rules of the site, in parts marked by their element.
_ADDED = Path(__file__).resolve().parents[1] / "theme/material.css"
_PART = re.compile(r"^/\* element: (\w+) \*/\n", re.MULTILINE)


def parts_of(html: str) -> frozenset[str]:
    """Return the tags (``kbd``) and classes (``.grid``) in ``html``, including those that `completed` adds."""
    found: set[str] = set()
    for tag, attributes in _START_TAG.findall(html):
        found.add(tag)
        for classes in _CLASSES.findall(attributes):
            found.update(f".{name}" for name in classes.split())
        if tag == "img" and " align=" in attributes:
            found.add(".hp-side")
    return frozenset(found)


def elements_of(parts: Collection[str]) -> frozenset[str]:
    """Return Material's elements on a page with these ``parts``, which need the style sheet."""
    return frozenset(name for name, (known, _) in _ELEMENTS.items() if not set(known).isdisjoint(parts))


def files(parts: frozenset[str]) -> dict[str, str | bytes]:
    """Return the style sheet for pages with ``parts``, and its icons by name; empty if none is needed.

    Rules for elements on no page (a type of admonition, a key, a token of code) are omitted.
    """
    elements = elements_of(parts)
    if not elements:
        return {}
    rules, icons = _rules(elements, parts)
    pieces = _PART.split(_ADDED.read_text(encoding="utf-8"))
    added = "".join(
        f"{css.strip()}\n" for name, css in zip(pieces[1::2], pieces[2::2], strict=True) if name in elements
    )
    return {STYLESHEET: rules + added, **icons}


def _rules(elements: frozenset[str], parts: frozenset[str]) -> tuple[str, dict[str, str | bytes]]:
    """Return Material's rules for ``elements`` with their variables, and the icons by name."""
    body = "".join(_kept(_parsed(), elements, parts))
    icons: dict[str, str | bytes] = {}
    variables: list[str] = []
    wanted, seen = list(dict.fromkeys(_VARIABLE.findall(body))), set[str]()
    while wanted:
        name = wanted.pop(0)
        short = name.removeprefix("--md-")
        if name in seen:
            continue
        seen.add(name)
        if short in _VARIABLES:
            variables.append(f"{name}:var(--hp-{_VARIABLES[short]})")
        elif (value := _declared().get(name)) is not None:
            found = _URL.fullmatch(value)
            if found:
                # The content security policy forbids inline images: write each to a file.
                file = f"material-{re.sub(r'-+', '-', short.replace('-icon', ''))}.svg"
                icons[file] = unquote(found[1]) + "\n"
                value = f"url({file})"
            variables.append(f"{name}:{value}")
            wanted += _VARIABLE.findall(value)
    return f":root{{{';'.join(variables)}}}\n{body}", icons


def _kept(rules: list[Any], elements: frozenset[str], parts: frozenset[str]) -> Iterator[str]:
    """Yield the rules for ``elements`` and ``parts``, converted for this site."""
    for rule in rules:
        if rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports") and rule.content is not None:
            inner = "".join(_kept(_inner(rule), elements, parts))
            if inner:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{\n{inner}}}\n"
        elif rule.type == "qualified-rule":
            selectors = [s for each in _selectors(rule.prelude) if (s := _selector(each, elements, parts))]
            declarations = tinycss2.serialize(rule.content).strip()
            if selectors and declarations:
                names = ",".join(dict.fromkeys(selectors))
                more = _FOCUSED if ":focus-visible" in names and ".tabbed-labels" in names else ""
                yield f"{names}{{{_coloured(_measured(declarations), names)}{more}}}\n"


def _selectors(prelude: list[Any]) -> Iterator[str]:
    """Yield the selectors of a list."""
    part: list[Any] = []
    for token in prelude:
        if token == ",":
            yield tinycss2.serialize(part).strip()
            part = []
        else:
            part.append(token)
    yield tinycss2.serialize(part).strip()


def _selector(selector: str, elements: frozenset[str], parts: frozenset[str]) -> str:
    """Return ``selector`` converted for this site; "" if it is not for ``elements``."""
    selector = re.sub(r"^(?:html |\[dir=ltr\] )+", "", selector)
    # The site's tabs have no script: use Material's rules for tabs without scripts.
    selector = selector.replace(".no-js ", "").replace(".md-typeset .md-typeset", ".md-typeset")
    selector = re.sub(r"(?<!\()\.focus-visible\b", ":focus-visible", selector)
    if not _OWN.match(selector) or _FOREIGN.search(selector):
        return ""
    concerned = {name for name, pattern in _IN_SELECTOR.items() if pattern.search(selector)}
    if not concerned or not concerned <= elements:
        return ""
    selector = selector.removeprefix(".md-typeset ").replace(".md-typeset ", "")
    return f".hp-prose {selector}" if parts.issuperset(_SELECTED.findall(selector)) else ""


def _measured(declarations: str) -> str:
    """Return ``declarations`` with lengths relative to the site's root size, and without transitions."""
    found = []
    for declaration in declarations.split(";"):
        if declaration.startswith("transition"):
            continue
        is_type = declaration.startswith("font-size:")

        def length(match: re.Match[str], is_type: bool = is_type) -> str:
            value = float(match[2]) * (_TYPE if is_type else _MEASURE)
            return f"{match[1]}{max(value, _SMALLEST) if is_type else value:.4g}rem"

        found.append(_REM.sub(length, declaration))
    return ";".join(found)


def _coloured(declarations: str, selectors: str) -> str:
    """Return ``declarations`` with the county's colours instead of Material's hard-coded ones."""
    found = _MEANING.search(selectors)
    name = _MEANINGS[found[1]] if found else "main"
    tint = f"{name}-tint" if found else "tint"

    def colour(match: re.Match[str]) -> str:
        digits = match[1] or ""
        if digits and len(digits) in (4, 8):
            return "transparent" if not digits[len(digits) * 3 // 4 :].strip("0") else f"var(--hp-{tint})"
        return f"var(--hp-{name})"

    return _COLOUR.sub(colour, declarations)


def _inner(rule: Any) -> list[Any]:
    return list(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True))


@cache
def _parsed() -> list[Any]:
    """Return the rules of Material's installed style sheet."""
    spec = find_spec("material")
    assert spec is not None and spec.origin is not None
    (file,) = (Path(spec.origin).parent / "templates/assets/stylesheets").glob("main.*.min.css")
    text = file.read_text(encoding="utf-8")
    return list(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True))


@cache
def _declared() -> Mapping[str, str]:
    """Return the values of the variables that Material declares for the whole page."""
    found: dict[str, str] = {}
    for rule in _parsed():
        if rule.type != "qualified-rule" or not tinycss2.serialize(rule.prelude).startswith(":root"):
            continue
        for declaration in tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True):
            if declaration.type == "declaration" and declaration.name.startswith("--md-"):
                found.setdefault(declaration.name, tinycss2.serialize(declaration.value).strip())
    return found


# --- Additions to the HTML of the extensions

_TASK = re.compile(r'<input type="checkbox" disabled( checked)?\s*/?>')
_CODE = re.compile(r"(<code\b[^>]*>)(.*?)(</code>)", re.DOTALL)
_BLOCK_CODE = re.compile(r"(<pre\b[^>]*>(?:<span></span>)?<code)(?=[ >])")
_BLOCK = re.compile(r'<div class="[^"]*\bhighlight">.*?</pre></div>', re.DOTALL)
_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_ALIGNED = re.compile(r'<img\b[^>]*? align="(left|right)"[^>]*>')
# Written by XML serializers, unnecessary in HTML.
_BOOLEAN = re.compile(r'(?<=\s)(open|checked|disabled)="\1"(?=[^<>]*>)')
_VOID = re.compile(r"<(br|col|hr|img|input|source|wbr)\b([^<>]*?)\s*/>")
_BACK = re.compile(r'title="Jump back to footnote (\d+) in the text"')
_UNTITLED = re.compile(
    r'(<(?:div|details) class="(?:admonition )?([a-z]+)[^"]*"[^>]*>\n'
    r'<(?:p class="admonition-title"|summary)>)([A-Za-z]+)<'
)
#: Label of each type of admonition.
_KINDS: Mapping[str, str] = {
    "abstract": "written.kind_abstract",
    "bug": "written.kind_bug",
    "danger": "written.kind_danger",
    "example": "written.kind_example",
    "failure": "written.kind_failure",
    "info": "written.kind_info",
    "note": "written.kind_note",
    "question": "written.kind_question",
    "quote": "written.kind_quote",
    "success": "written.kind_success",
    "tip": "written.kind_tip",
    "warning": "written.kind_warning",
}
_TEXT_QUOTE = re.compile(r'"(?=[^<>]*(?:<|$))')


def completed(html: str, t: Labels, *, copied: bool = False) -> str:
    """Return the ``html`` of a written page, completed for screen readers, keyboards and the pre-release checks.

    List items with a checkbox, admonitions without a title and back links of footnotes get labels in the language of
    the page; scrollable code and tables are focusable; quotation marks in code are escaped; alignment of pictures
    becomes a class, as HTML no longer has the attribute.

    Args:
        html: HTML from Markdown.
        t: Labels of the page's language.
        copied: Whether blocks of code have a copy button.
    """

    def task(match: re.Match[str]) -> str:
        label = t("written.task_done" if match[1] else "written.task_open")
        return f'<input type="checkbox" disabled{match[1] or ""} aria-label="{label}">'

    def aligned(match: re.Match[str]) -> str:
        tag, name = match[0].replace(f' align="{match[1]}"', ""), f"hp-side hp-side--{match[1]}"
        return tag.replace(' class="', f' class="{name} ', 1) if ' class="' in tag else f'<img class="{name}"{tag[4:]}'

    def titled(match: re.Match[str]) -> str:
        # Without a title, the extension uses the English name of the type.
        kind = match[2]
        is_own = kind in _KINDS and match[3] == kind.capitalize()
        return f"{match[1]}{t(_KINDS[kind])}<" if is_own else match[0]

    html = _VOID.sub(r"<\1\2>", _BOOLEAN.sub(r"\1", html))
    html = _UNTITLED.sub(titled, html)
    html = _BACK.sub(lambda match: f'title="{t("written.footnote_back", n=match[1])}"', html)
    html = _TASK.sub(task, html)
    html = _BLOCK_CODE.sub(r'\1 tabindex="0"', html)
    html = _CODE.sub(lambda m: m[1] + _TEXT_QUOTE.sub("&quot;", m[2]) + m[3], html)
    if copied:
        button = (
            '<p><button class="hp-button hp-button--small" type="button" data-copy-before data-scripted'
            f' data-done="{t("share.copied")}"><span>{t("embed.copy")}</span></button></p>'
        )
        html = _BLOCK.sub(lambda match: match[0] + button, html)
    html = _TABLE.sub(r'<div class="hp-scroll" tabindex="0">\g<0></div>', html)
    return _ALIGNED.sub(aligned, html)
