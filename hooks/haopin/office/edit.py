"""Change records in their files: what is not changed stays to the byte, with its comments, order and style.

A change is written as a person would write it; the result is read again before it is returned, so that no other value
can have changed.
"""

import csv
import difflib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path as FilePath
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from haopin.load import articles, yamlfile
from haopin.load.tables import headings, raw_rows, split_rows
from haopin.model import Kind
from haopin.model.base import SLUG_PATTERN
from haopin.model.body import Body
from haopin.office.new.fields import Field, fields_of, labels
from haopin.office.new.session import files_of, ordered
from haopin.office.raw import RawRecord, article_side, table_of, yaml_value
from haopin.office.writing import block, item
from haopin.problem import ConfigurationError, Problem
from haopin.text import fullwidth, is_language

_BOM = "\ufeff"
#: Longest line of a new value in braces or brackets, in characters.
_LINE = 100
_MANY = 10**9


# --- Fields: order of new ones


def root_of(kind: Kind) -> Field:
    """Return a field for a whole record of ``kind``."""
    return Field("", kind.title, "part", True, False, kind.model, parts=fields_of(kind.model))


def _names(field: Field | None) -> tuple[str, ...]:
    """Return the names of the parts of ``field``, in order."""
    if field is None:
        return ()
    return tuple(part.name for part in field.parts) if field.parts else ("zh", "en")


def part_of(field: Field | None, name: str) -> Field | None:
    """Return the part of ``field`` with ``name``; None if there is none."""
    return next((part for part in field.parts if part.name == name), None) if field is not None else None


def arranged(value: Any, field: Field | None) -> Any:
    """Return ``value`` with the parts of its mappings in the order of the model."""
    if isinstance(value, list):
        return [arranged(item, field) for item in value]
    if not isinstance(value, dict):
        return value
    order = {name: place for place, name in enumerate(_names(field))}
    return {
        name: arranged(value[name], part_of(field, name))
        for name in sorted(value, key=lambda name: order.get(name, len(order)))
    }


def normal(value: Any) -> Any:
    """Return ``value`` as a file can hold it: texts with line feeds, without empty fields."""
    if isinstance(value, Mapping):
        found = {name: normal(item) for name, item in value.items()}
        return {name: item for name, item in found.items() if item is not None and (item != {} or value[name] == {})}
    if isinstance(value, list | tuple):
        return [normal(item) for item in value]
    if value is None or isinstance(value, str):
        return value and value.replace("\r\n", "\n").replace("\r", "\n")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _aligned(before: Any, after: Any) -> Any:
    """Return ``after`` with the line feed at the end of a text that was there before: forms leave it out."""
    if isinstance(before, Mapping) and isinstance(after, dict):
        return {name: _aligned(before.get(name), value) for name, value in after.items()}
    if isinstance(before, list) and isinstance(after, list):
        found = matched(before, after)
        return [value if i is None else _aligned(before[i], value) for i, value in zip(found, after, strict=True)]
    is_cut = isinstance(before, str) and isinstance(after, str) and before.endswith("\n") and after
    return f"{after}\n" if is_cut and not after.endswith("\n") else after


def matched(before: Sequence[Any], after: Sequence[Any]) -> list[int | None]:
    """Return for each item of ``after`` the index of the item of ``before`` that it was; None if it is new.

    Items belong together by their ``id``, or if they are equal, or else if they are between the same neighbours.
    """
    left = dict(enumerate(before))
    found: list[int | None] = [None] * len(after)

    def take(place: int, index: int | None) -> None:
        if index is not None:
            found[place] = index
            del left[index]

    for place, value in enumerate(after):
        if (own := _id(value)) is not None:
            take(place, next((index for index, item in left.items() if _id(item) == own), None))
    for place, value in enumerate(after):
        if found[place] is None:
            take(place, next((index for index, item in left.items() if item == value), None))
    for place, value in enumerate(after):
        above = found[place - 1] if place else -1
        if found[place] is None and above is not None and _alike(left.get(above + 1), value):
            take(place, above + 1)
    return found


def _id(value: Any) -> str | None:
    found = value.get("id") if isinstance(value, dict) else None
    return found if isinstance(found, str) else None


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return _id(one) == _id(other) or any(other.get(name) == value for name, value in one.items())
    return one is not None and type(one) is type(other)


# --- Text of a value


def _flow(value: Any) -> str:
    """Return ``value`` in braces or brackets, on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_flow(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return "null" if value is None else _scalar(value, None, 0, flow=True)


def _scalar(value: str, style: str | None, inner: int, *, flow: bool = False) -> str:
    """Return the text of a scalar, in ``style`` if that is possible.

    Args:
        value: The value.
        style: Style of a YAML node.
        inner: Indentation of its lines if it has several.
        flow: Whether it is in braces or brackets.
    """
    for wanted in _styles(value, style, flow):
        text = _in_style(value, wanted, inner)
        if text is not None and _is_read_as(text, value, flow):
            return text
    # Double quotation marks can hold every text.
    quoted = _in_style(value, '"', inner)
    assert quoted is not None
    return quoted


def _styles(value: str, style: str | None, flow: bool) -> Iterator[str]:
    if "\n" in value and not flow:
        yield from (">" if style == ">" else "|", "|")
    elif style in ('"', "'") or (style in ("|", ">") and not flow):
        yield style
    yield from ("", *("'\"" if '"' in value else "\"'"))


def _in_style(value: str, style: str, inner: int) -> str | None:
    if style in ("|", ">"):
        body = value.removesuffix("\n")
        if style == ">":
            body = re.sub("\n+", lambda breaks: breaks[0] + "\n", body)
        lines = [" " * inner + line if line else "" for line in body.split("\n")]
        return "\n".join([style + ("" if value.endswith("\n") else "-"), *lines])
    if style == '"':
        text: str = yaml.dump(value, default_style='"', allow_unicode=True, width=_MANY)
        return text.removesuffix("\n")
    if "\n" in value:
        return None
    return value if style == "" else "'" + value.replace("'", "''") + "'"


def _is_read_as(text: str, value: str, flow: bool) -> bool:
    if flow:
        return bool(yaml_value(f"[{{k: {text}, l: m}}, {text}]", "") == [{"k": value, "l": "m"}, value])
    below = text.replace("\n", "\n ")
    return bool(yaml_value(f"- {below}\n- k: {below}\n", "") == [value, {"k": value}])


# --- Text of a file


class _Editor:
    """Rewrites parts of a YAML text; each method returns the new text of one node."""

    def __init__(self, text: str, comments: Mapping[str, str]) -> None:
        """Prepare for ``text``.

        Args:
            text: Text of the file.
            comments: Comment line that `haopin new` writes above each field of a record.
        """
        self.text = text
        self._comments = comments
        self._above = {f"# {words}": name for name, words in comments.items()}

    # Positions

    def eol(self, index: int) -> int:
        """Return the end of the line of ``index``."""
        found = self.text.find("\n", index)
        return len(self.text) if found < 0 else found

    def start(self, node: Node) -> int:
        """Return the start of ``node``; of a list in lines, that of the comments directly above it."""
        start: int = node.start_mark.index
        if not isinstance(node, SequenceNode) or node.flow_style:
            return start
        column = node.start_mark.column
        first = self.text.rfind("\n", 0, start) + 1
        if self.text[first:start].strip(" "):
            return start
        top = first
        while top and (above := self.text[self.text.rfind("\n", 0, top - 1) + 1 : top - 1]).startswith(
            " " * column + "#"
        ):
            top -= len(above) + 1
        if top == 0 and column == 0:
            # The comments at the beginning describe the file.
            above = self.text[self.text.rfind("\n", 0, max(first - 1, 0)) + 1 : max(first - 1, 0)]
            top = first - len(above) - 1 if above in self._above else first
        return top + column

    def end(self, node: Node) -> int:
        """Return the end of ``node``: that of its line, for blocks of lines."""
        if isinstance(node, ScalarNode):
            end: int = node.end_mark.index
            if node.style not in ("|", ">"):
                return end
            return self.eol(node.start_mark.index + len(self.text[node.start_mark.index : end].rstrip(" \n")))
        assert isinstance(node, MappingNode | SequenceNode)
        if node.flow_style or not node.value:
            end = node.end_mark.index
            return end
        last = node.value[-1]
        return self.eol(self.end(last[1] if isinstance(last, tuple) else last))

    def _raw(self, node: Node) -> str:
        return self.text[self.start(node) : self.end(node)]

    def _plain(self, node: Node) -> Any:
        return yamlfile.PlainValues("").value(node)

    # Nodes

    def node(self, node: Node, value: Any, field: Field | None, *, flow: bool = False) -> str:
        """Return the text of ``node`` with a new ``value`` of the same type."""
        if self._plain(node) == value:
            return self._raw(node)
        if isinstance(node, MappingNode):
            return (self._flow_mapping if node.flow_style else self._mapping)(node, value, field)
        if isinstance(node, SequenceNode):
            return (self.flow_sequence if node.flow_style else self.sequence)(
                node, value, field, matched([self._plain(each) for each in node.value], value)
            )
        assert isinstance(node, ScalarNode)
        return self._of_scalar(node, value, flow)

    def _of_scalar(self, node: ScalarNode, value: str, flow: bool) -> str:
        first = self.text[self.text.rfind("\n", 0, node.start_mark.index) + 1 : node.start_mark.index]
        margin = re.match(r"(?: |- )*", first)
        assert margin is not None
        inner = len(margin[0]) + (0 if first.endswith("- ") and margin[0] == first else 2)
        if node.style not in ("|", ">"):
            return _scalar(value, node.style, inner, flow=flow)
        head, _, body = self._raw(node).partition("\n")
        inner = next((len(line) - len(line.lstrip(" ")) for line in body.split("\n") if line.strip()), inner)
        head_new, gap, body_new = _scalar(value, node.style, inner).partition("\n")
        comment = re.search(r"\s+#.*", head)
        return head_new + (comment[0] if comment else "") + gap + body_new

    # Mappings

    def _mapping(self, node: MappingNode, after: Mapping[str, Any], field: Field | None) -> str:
        column = node.start_mark.column
        margin = "\n" + " " * column
        cursor = node.start_mark.index
        pairs: list[tuple[str, str, str]] = []
        labelled = False
        dropped = ""
        for key, value in node.value:
            lead = dropped + self.text[cursor : key.start_mark.index]
            cursor = self.eol(self.end(value))
            above = lead.rstrip(" ").removesuffix("\n").rpartition("\n")[2].strip()
            labelled = labelled or above in self._above
            dropped = ""
            if key.value in after or self._plain(value) is None or self._is_void(value):
                pairs.append(
                    (key.value, lead, self._pair(key, value, after.get(key.value), part_of(field, key.value), node))
                )
                continue
            kept = lead.rstrip(" ").removesuffix("\n")
            if above == f"# {self._comments.get(key.value)}":
                kept = kept.rpartition("\n")[0]
            dropped = kept
        order = {name: place for place, name in enumerate(_names(field))}
        # A deleted first pair: the next begins where it began.
        if pairs and pairs[0][1]:
            pairs[0] = pairs[0][0], pairs[0][1].lstrip("\n "), pairs[0][2]
        for name in sorted(after.keys() - {name for name, _, _ in pairs}, key=lambda n: order.get(n, len(order))):
            place = self._place_of(name, [each for each, _, _ in pairs], order)
            text = f"{name}:{self._fresh(after[name], column, part_of(field, name), node, name=name)}"
            if labelled and field is not None and not field.name and name in self._comments:
                text = f"# {self._comments[name]}{margin}{text}"
            if place == 0 and pairs:
                pairs[0] = pairs[0][0], margin + pairs[0][1], pairs[0][2]
            pairs.insert(place, (name, margin if place else "", text))
        return "".join(lead + text for _, lead, text in pairs) + dropped

    def _is_void(self, node: Node) -> bool:
        """Return whether ``node`` is a mapping whose fields are all empty, which counts as empty."""
        return isinstance(node, MappingNode) and bool(node.value) and self._plain(node) == {}

    def _place_of(self, name: str, present: Sequence[str], order: Mapping[str, int]) -> int:
        """Return where to insert ``name`` so that the fewest fields are in another order than in the model."""
        own = order.get(name, len(order))
        places = [order.get(each, own) for each in present]
        costs = [
            sum(each < own for each in places[place:]) + sum(each > own for each in places[:place])
            for place in range(len(present) + 1)
        ]
        return costs.index(min(costs)) if name in order else len(present)

    def _pair(self, key: Node, node: Node, value: Any, field: Field | None, among: MappingNode) -> str:
        """Return the text of a pair on its own lines, to the end of the last one."""
        name, end = self.text[key.start_mark.index : key.end_mark.index], self.end(node)
        if value is None or self._plain(node) == value:
            return self.text[key.start_mark.index : self.eol(end)]
        between, tail = self.text[key.end_mark.index : self.start(node)], self.text[end : self.eol(end)]
        if _fits(node, value):
            text = self.node(node, value, field)
            head, gap, rest = text.partition("\n")
            if isinstance(node, ScalarNode) and node.style not in ("|", ">") and gap and text[0] in "|>":
                # A comment behind the old value stays on the line of the field.
                return f"{name}{between}{head}{tail}{gap}{rest}"
            return f"{name}{between}{'' if between.endswith((' ', chr(10))) else ' '}{text}{tail}"
        note = between.partition("\n")[0].removeprefix(":").rstrip()
        if isinstance(node, ScalarNode) and node.style in ("|", ">"):
            found = re.search(r"\s+#.*", self._raw(node).partition("\n")[0])
            note += found[0] if found else ""
        note += tail.rstrip()
        text = self._fresh(value, key.start_mark.column, field, among, node)
        head, gap, rest = text.partition("\n")
        return f"{name}:{head}{note}{gap}{rest}"

    def _fresh(
        self,
        value: Any,
        column: int,
        field: Field | None,
        among: MappingNode,
        old: Node | None = None,
        name: str = "",
    ) -> str:
        """Return the text of a new value, behind the colon of its field.

        Args:
            value: The value.
            column: Column of the field.
            field: Its field, for the order of its parts.
            among: The mapping that the field is in, whose style is followed.
            old: The value that is replaced; None for a new field.
            name: Name of a new field.
        """
        value = arranged(value, field)
        margin = " " * (column + 2)
        if isinstance(value, str):
            return " " + _scalar(value, self._text_style(old), column + 2)
        flow = name == "approved" or any(
            isinstance(each, MappingNode) and each.flow_style and each.value
            for each in ([old] if isinstance(old, MappingNode) else [each for _, each in among.value])
        )
        if (flow or not value) and _is_flat(value) and column + len(text := _flow(value)) <= _LINE:
            return f" {text}"
        if isinstance(value, dict) and isinstance(old, ScalarNode) and _is_flat(value):
            # A text that is now in several languages keeps its form.
            own = self._raw(old)
            texts = (
                own if each == old.value and "\n" not in own else _scalar(each, old.style, column + 4)
                for each in value.values()
            )
            return "".join(f"\n{margin}{key}: {text}" for key, text in zip(value, texts, strict=True))
        lines = block({"k": value}).removesuffix("\n").split("\n")
        return "\n".join([lines[0][2:], *(" " * column + line if line else "" for line in lines[1:])])

    def _text_style(self, near: Node | None) -> str | None:
        """Return the style for a text that replaces texts by language: that of the first one."""
        if isinstance(near, MappingNode) and near.value and not near.flow_style:
            keys = [key.value for key, _ in near.value]
            first = near.value[0][1]
            if keys[0] in ("zh", "en") and isinstance(first, ScalarNode):
                style: str | None = first.style
                return style
        return None

    def _flow_mapping(self, node: MappingNode, after: Mapping[str, Any], field: Field | None) -> str:
        spans = [(key.start_mark.index, self.end(value)) for key, value in node.value]
        parts: list[tuple[int | None, str, str]] = []
        for index, (key, value) in enumerate(node.value):
            raw = self.text[key.start_mark.index : self.end(value)]
            new = after.get(key.value)
            if new is None:
                if self._plain(value) is None or self._is_void(value):
                    parts.append((index, key.value, raw))
                continue
            if self._plain(value) != new:
                between = self.text[key.end_mark.index : value.start_mark.index]
                if not between.endswith((" ", "\n")):
                    between = between.rstrip(":") + ": "
                raw = self.text[key.start_mark.index : key.end_mark.index] + between + self._in_flow(value, new, field)
            parts.append((index, key.value, raw))
        order = {name: place for place, name in enumerate(_names(field))}
        for name in sorted(after.keys() - {name for _, name, _ in parts}, key=lambda name: order.get(name, len(order))):
            place = self._place_of(name, [each for _, each, _ in parts], order)
            parts.insert(place, (None, name, f"{name}: {_flow(arranged(after[name], part_of(field, name)))}"))
        return self._joined(node, spans, [(index, text) for index, _, text in parts], "{}")

    def _in_flow(self, node: Node, value: Any, field: Field | None) -> str:
        return self.node(node, value, field, flow=True) if _fits(node, value) else _flow(arranged(value, field))

    def _joined(
        self, node: Node, spans: Sequence[tuple[int, int]], parts: Sequence[tuple[int | None, str]], empty: str
    ) -> str:
        """Join the ``parts`` of a node in braces or brackets, each with its former index, with the former commas."""
        if not parts:
            return empty
        if not spans:
            return f"{empty[0]}{', '.join(text for _, text in parts)}{empty[1]}"
        gaps = [self.text[one[1] : other[0]] for one, other in pairwise(spans)]
        usual = next((gap for gap in gaps if "#" not in gap), ", ")
        out = self.text[node.start_mark.index : spans[0][0]]
        for number, (index, text) in enumerate(parts):
            if number:
                before = parts[number - 1][0]
                out += gaps[before] if before is not None and index == before + 1 else usual
            out += text
        return out + self.text[spans[-1][1] : node.end_mark.index]

    # Lists

    def flow_sequence(
        self, node: SequenceNode, after: Sequence[Any], field: Field | None, found: Sequence[int | None]
    ) -> str:
        spans = [(each.start_mark.index, self.end(each)) for each in node.value]
        parts: list[tuple[int | None, str]] = []
        for index, value in zip(found, after, strict=True):
            if index is None:
                styles = {each.style for each in node.value if isinstance(each, ScalarNode)}
                text = (
                    _scalar(value, styles.pop(), 0, flow=True)
                    if len(styles) == 1 and isinstance(value, str)
                    else _flow(arranged(value, field))
                )
                parts.append((index, text))
            else:
                parts.append((index, self._in_flow(node.value[index], value, field)))
        return self._joined(node, spans, parts, "[]")

    def sequence(
        self, node: SequenceNode, after: Sequence[Any], field: Field | None, found: Sequence[int | None]
    ) -> str:
        """Return the text of a list in lines; ``found`` as from `matched`."""
        column = node.start_mark.column
        leads, dashes, ends, trails = self._items(node)
        gap = trails[0] if len(trails) > 1 and not trails[0].strip() else ""
        last = len(trails) - 1
        out = []
        for number, (index, value) in enumerate(zip(found, after, strict=True)):
            is_end = number + 1 == len(after)
            if index is None:
                lines = self._fresh_item(value, field, node).replace("\n", "\n" + " " * column)
                out.append(" " * column + re.sub(r"\n +(?=\n|$)", "\n", lines) + ("" if is_end else gap))
                continue
            trail = trails[index]
            if index == last and not is_end:
                trail = gap + trail
            elif is_end and index != last and last in found:
                trail = trail.rstrip("\n ")
            text = self._item(node.value[index], dashes[index], ends[index], value, field)
            while (index := index + 1) <= last and index not in found:
                trail += _foreign(trails[index], column)
            out.append(leads[found[number] or 0] + " " * column + text + trail)
        first = next((index for index in range(last + 1) if index in found), last + 1)
        above = "".join(_foreign(trail, column) for trail in trails[:first]).removeprefix("\n")
        return ((above + "\n" if above else "") + "\n".join(out))[column:] if out else ""

    def _items(self, node: SequenceNode) -> tuple[list[str], list[int], list[int], list[str]]:
        """Return for each item the comments above it, its dash, its end, and the lines below that belong to it."""
        margin = " " * node.start_mark.column
        start = self.start(node)
        lead = self.text[start : node.start_mark.index]
        leads = [margin + lead.removesuffix(margin) if lead else ""]
        dashes, ends, trails = [node.start_mark.index], [], []
        for number, each in enumerate(node.value):
            end = self.eol(self.end(each))
            ends.append(end)
            if number + 1 == len(node.value):
                trails.append("")
                break
            following = node.value[number + 1].start_mark.index
            dash = [match.end() - 1 for match in re.finditer(f"^{margin}-", self.text[end:following], re.M)][-1] + end
            between = self.text[end:dash].removesuffix(margin).removesuffix("\n").split("\n")[1:]
            count = len(between)
            while count and between[count - 1].startswith(margin + "#"):
                count -= 1
            trails.append("".join("\n" + line for line in between[:count]))
            leads.append("".join(line + "\n" for line in between[count:]))
            dashes.append(dash)
        return leads, dashes, ends, trails

    def _item(self, node: Node, dash: int, end: int, value: Any, field: Field | None) -> str:
        if self._plain(node) == value:
            return self.text[dash:end]
        start = self.start(node)
        if _fits(node, value) and start > dash:
            head, text = self.text[dash:start], self.node(node, value, field)
            gap = "" if head.endswith((" ", "\n")) else " "
            return f"{head}{gap}{text}{self.text[self.end(node) : end]}"
        column = dash - self.text.rfind("\n", 0, dash) - 1
        return self._fresh_item(value, field, None, node).replace("\n", "\n" + " " * column)

    def _fresh_item(
        self, value: Any, field: Field | None, among: SequenceNode | None, instead: Node | None = None
    ) -> str:
        """Return the text of a new item, in the style of the others ``among`` which it is, or of the one replaced."""
        value = arranged(value, field)
        others = among.value if among is not None else [instead]
        if isinstance(value, str):
            styles = {each.style for each in others if isinstance(each, ScalarNode)}
            return "- " + _scalar(value, styles.pop() if len(styles) == 1 else None, 2)
        if not isinstance(value, dict) or not value:
            return f"- {_flow(value)}"
        if all(isinstance(each, MappingNode) and each.flow_style for each in others):
            return f"- {_flow(value)}"
        return item(value).removesuffix("\n")


def _foreign(trail: str, column: int) -> str:
    """Return the comments at ``column`` below an item, which are not about it only, and what follows them."""
    found = re.search(rf"\n {{{column}}}#", trail)
    return trail[found.start() :] if found else ""


def _fits(node: Node, value: Any) -> bool:
    """Return whether ``value`` can be written in place of ``node``: it has the same type, and is not empty."""
    if isinstance(node, ScalarNode):
        return isinstance(value, str)
    assert isinstance(node, MappingNode | SequenceNode)
    kind = dict if isinstance(node, MappingNode) else list
    if not node.value and not isinstance(value, str):
        # “{}” or “[]”: short lists stay on the line.
        return isinstance(value, kind) and all(isinstance(each, str) for each in value)
    return isinstance(value, kind) and (bool(value) or bool(node.flow_style))


def _is_flat(value: Any) -> bool:
    items = value.values() if isinstance(value, dict) else value
    return all(isinstance(each, str) for each in items) and not any("\n" in each for each in items)


# --- Files: line ends and byte order mark


@dataclass(frozen=True)
class _File:
    """A text file with line feeds only, and how to write it back."""

    raw: bytes
    name: str

    @property
    def text(self) -> str:
        """Its text.

        Raises:
            ConfigurationError: if it has no valid encoding.
        """
        found = yamlfile.decode(self.raw, self.name)
        if isinstance(found, Problem):
            raise ConfigurationError(f"{self.name}: {found.zh} / {found.en}")
        return found

    def with_text(self, text: str) -> bytes:
        """Return the bytes for ``text``: unchanged lines keep their line ends, others get that of the first line."""
        old = self.raw.decode("utf-8-sig")
        if "\r" in old:
            lines = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", old)
            ending = re.search(r"\r\n|\r|\n", old)
            assert ending is not None
            new = re.findall(r"[^\n]*\n|[^\n]+\Z", text)
            same = [re.sub(r"\r\n?", "\n", line) for line in lines]
            out = [line.replace("\n", ending[0]) for line in new]
            for one, other, size in difflib.SequenceMatcher(None, same, new, autojunk=False).get_matching_blocks():
                out[other : other + size] = lines[one : one + size]
            text = "".join(out)
        return ((_BOM if self.raw.startswith(_BOM.encode()) else "") + text).encode()


def _wrong(file: str) -> ConfigurationError:
    return ConfigurationError(
        f"“{file}”的写法特殊\uff0c程序不能照原样改\uff0c请打开文件手工修改\uff1b什么都没有改 / “{file}” is written in "
        "an unusual way and cannot be changed by the program; edit the file by hand. Nothing was changed"
    )


def _stale(file: str) -> ConfigurationError:
    return ConfigurationError(
        f"“{file}”已被别人改动\uff0c请重新打开这条记录\uff1b什么都没有改 / “{file}” was changed meanwhile; open the "
        "record again. Nothing was changed"
    )


# --- Change a record


def saved(
    folder: FilePath,
    record: RawRecord,
    after: Mapping[str, Any],
    rows: Sequence[Mapping[str, str]] | None = None,
) -> dict[str, bytes | None]:
    """Return the new content of the files that change when the plain values of ``record`` become ``after``.

    Args:
        folder: The data folder.
        record: The record, as it stands in its files.
        after: Its new plain values; fields that are None are left out. A text of several lines keeps its last line
            feed, with or without one here.
        rows: New rows of its CSV table, as in the record; None for no change.

    Returns:
        New content by path below the folder; None deletes the file (that of a language without title and text).

    Raises:
        ConfigurationError: if a file was changed meanwhile, or is written in a way that cannot be changed safely.
    """
    wanted = _aligned(record.values, normal(after))
    save = _saved_article if record.kind.layout == "articles" else _saved_values
    changes = save(folder, record, wanted)
    if rows is not None and rows != record.rows:
        table = table_of(record.file)
        changes[table] = _with_rows(_File((folder / table).read_bytes(), table), record, rows)
    if record.kind.layout in ("folder", "articles") and wanted.get("id", record.id) != record.id:
        return _moved(folder, record, str(wanted["id"]), changes)
    return changes


def _saved_values(folder: FilePath, record: RawRecord, wanted: Mapping[str, Any]) -> dict[str, bytes | None]:
    file = _File((folder / record.file).read_bytes(), record.file)
    text = _edited(file.text, record, wanted)
    return {} if text == file.text else {record.file: file.with_text(text)}


def _moved(
    folder: FilePath, record: RawRecord, new_id: str, changes: Mapping[str, bytes | None]
) -> dict[str, bytes | None]:
    """Return ``changes`` with the files renamed after the new id of the record."""
    found = dict(changes)
    for file in dict.fromkeys((*record.files, *changes)):
        content = found.pop(file) if file in found else (folder / file).read_bytes()
        parent, _, name = file.rpartition("/")
        new = f"{parent}/{_checked_id(new_id)}.{name.partition('.')[2]}"
        _refuse_existing(folder, new)
        if (folder / file).exists():
            found[file] = None
        if content is not None:
            found[new] = content
    return found


def _checked_id(record_id: str) -> str:
    """Return ``record_id`` if it can be a file name; others could name a file outside the folder."""
    if re.fullmatch(SLUG_PATTERN, record_id) is None:
        raise ConfigurationError(
            f"编号“{record_id}”不可用\uff0c只用小写字母、数字和 - / the id “{record_id}” cannot be used; use "
            "lower-case letters, digits and hyphens"
        )
    return record_id


def _refuse_existing(folder: FilePath, file: str) -> None:
    if (folder / file).exists():
        raise ConfigurationError(f"已有文件“{file}”\uff0c请换一个编号 / the file “{file}” exists; choose another id")


def created(
    kind: Kind, values: Mapping[str, Any], folder: FilePath, bodies: Mapping[str, Body]
) -> dict[str, bytes | None]:
    """Return the new content of the files that a new record with plain ``values`` is written to.

    Args:
        kind: Its kind.
        values: Its plain values, with its id.
        folder: The data folder.
        bodies: Bodies by id; the ledger has a file per body.

    Raises:
        ConfigurationError: if its id cannot be used, or a list is in a form that nothing can be appended to.
    """
    record = ordered(kind, arranged(normal(values), root_of(kind)))
    _checked_id(str(record.get("id", "")))
    found: dict[str, bytes | None] = dict(files_of(kind, record, folder, bodies))
    if kind.layout in ("folder", "articles"):
        for file in found:
            _refuse_existing(folder, file)
    return found


def removed(folder: FilePath, record: RawRecord) -> dict[str, bytes | None]:
    """Return the new content of the files without ``record``, as in `saved`.

    Raises:
        ConfigurationError: as in `saved`.
    """
    if not record.path:
        return dict.fromkeys(record.files)
    file = _File((folder / record.file).read_bytes(), record.file)
    root, before, index = _listed(file.text, record)
    expected = [*before[:index], *before[index + 1 :]]
    editor = _Editor(file.text, labels(record.kind.model))
    start, end = editor.start(root), editor.end(root)
    found = [place for place in range(len(before)) if place != index]
    write = editor.flow_sequence if root.flow_style else editor.sequence
    text = write(root, expected, root_of(record.kind), found)
    # An empty list leaves an empty file, to which records can be added.
    text = file.text[:start] + text + file.text[end if text else end + 1 :]
    if (yaml_value(text, record.file) or []) != expected:
        raise _wrong(record.file)
    return {record.file: file.with_text(text)}


def _listed(text: str, record: RawRecord) -> tuple[SequenceNode, list[Any], int]:
    """Return the list that ``record`` is in: its node, its values, and the index of the record."""
    root = yamlfile.compose(text, record.file)
    before = yaml_value(text, record.file) if isinstance(root, SequenceNode) else []
    index = record.path[0]
    assert isinstance(index, int)
    if not isinstance(root, SequenceNode) or index >= len(before) or before[index] != record.values:
        raise _stale(record.file)
    return root, before, index


def _edited(text: str, record: RawRecord, wanted: Mapping[str, Any]) -> str:
    """Return the ``text`` of a file with new values of ``record``."""
    if record.path:
        root, before, index = _listed(text, record)
        return _rewritten(text, root.value[index], wanted, record, [*before[:index], wanted, *before[index + 1 :]])
    node = yamlfile.compose(text, record.file)
    if not isinstance(node, Node) or yaml_value(text, record.file) != record.values:
        raise _stale(record.file)
    return _rewritten(text, node, wanted, record, wanted)


def _rewritten(text: str, node: Node, wanted: Mapping[str, Any], record: RawRecord, expected: Any) -> str:
    """Rewrite ``node`` of ``text`` to have the value ``wanted``, and check that the file is then ``expected``."""
    if expected == yaml_value(text, record.file):
        return text
    editor = _Editor(text, labels(record.kind.model))
    try:
        new = editor.node(node, dict(wanted), root_of(record.kind))
    except (AssertionError, AttributeError, LookupError, TypeError) as error:
        raise _wrong(record.file) from error
    new = text[: editor.start(node)] + new + text[editor.end(node) :]
    if yaml_value(new, record.file) != expected:
        raise _wrong(record.file)
    return new


# --- Articles: front matter and text of each language


def _saved_article(folder: FilePath, record: RawRecord, wanted: Mapping[str, Any]) -> dict[str, bytes | None]:
    titles, texts = (by_language(wanted.get(name)) for name in ("title", "text"))
    texts = {language: text.strip() for language, text in texts.items()}
    texts = {language: text for language, text in texts.items() if text}
    common = {name: value for name, value in wanted.items() if name not in ("id", "title", "text")}
    files = {side: _File((folder / file).read_bytes(), file) for side, file in record.sides.items()}
    languages = [*files, *(side for side in (*titles, *texts) if side not in files)]
    languages = [side for side in dict.fromkeys(languages) if side in titles or side in texts]
    if not languages:
        raise _wrong(record.file)
    before, after = articles.main_language(files), articles.main_language(languages)
    changes: dict[str, bytes | None] = {}
    for side in (*files, *(each for each in languages if each not in files and is_language(each))):
        name = record.sides.get(side) or f"{record.file.removesuffix(f'.{before}.md')}.{side}.md"
        if side not in languages:
            changes[name] = None
            continue
        # The fields besides the title move to the language that is now the first one.
        source = files[before] if side == after else files.get(side)
        own = files.get(side, source)
        parts = ("---\n", "", "---\n", "", "\n") if own is None else _parts(own)
        parts = parts if source is None else (parts[0], _parts(source)[1], *parts[2:])
        head = yaml_value(parts[1], name) or {}
        new = dict(common) if side == after else {key: common[key] for key in head if key in common}
        if side in titles:
            new["title"] = titles[side]
        head_text = _rewritten_head(parts[1], new, record) if new != head else parts[1]
        body, ending = texts.get(side, ""), parts[4]
        opening = parts[2] if parts[3] or not body or parts[2].endswith("\n") else parts[2] + "\n"
        text = "".join((parts[0], head_text, opening, body, ending if ending or parts[3] or not body else "\n"))
        _check_side(text, name, new, body)
        here = files.get(side)
        if here is None or text != here.text:
            changes[name] = (here or _File(files[before].raw.partition(b"\n")[0] + b"\n", name)).with_text(text)
    return changes


def by_language(words: Any) -> dict[str, str]:
    """Return a text that may be a line of Chinese as one in several languages."""
    return dict(words) if isinstance(words, dict) else {"zh": words} if words else {}


def _parts(file: _File) -> tuple[str, str, str, str, str]:
    """Split an article into opening line, front matter, closing line with the gap below it, text, and its end."""
    text = file.text
    found = articles.split(text, file.name)
    if isinstance(found, Problem):
        raise _wrong(file.name)
    start = text.index("\n") + 1
    end = start + len(found[0]) - 1
    body = text.index(found[1], text.find("\n", end) if found[1] else len(text))
    return text[:start], text[start:end], text[end:body], found[1], text[body + len(found[1]) :]


def _rewritten_head(text: str, new: Mapping[str, Any], record: RawRecord) -> str:
    node = yamlfile.compose(text, record.file)
    if node is None or not new:
        return block(new)
    if not isinstance(node, MappingNode):
        raise _wrong(record.file)
    return _rewritten(text, node, new, record, new)


def _check_side(text: str, file: str, head: Mapping[str, Any], body: str) -> None:
    found = article_side(text, file)
    if isinstance(found, Problem) or found != (head, body):
        raise _wrong(file)


# --- CSV tables


def _with_rows(file: _File, record: RawRecord, rows: Sequence[Mapping[str, str]]) -> bytes:
    """Return the table ``file`` with new ``rows``; rows without a change keep their text."""
    model = record.kind.table
    assert model is not None
    wanted = [{name: cell for name, cell in row.items() if cell} for row in rows]
    if raw_rows(file.text, model, file.name) != record.rows:
        raise _stale(file.name)
    (head, first), *lines = split_rows(file.text)
    known = headings(model)
    fields = {words: name for name, words in known.items()} | {name: name for name in known}
    columns = [fields.get(fullwidth(cell.strip()), "") for cell in head]
    more = [name for name in known if name not in columns and any(name in row for row in wanted)]
    columns = [*columns, *more]
    filled = [(cells, text) for cells, text in lines if any(cell.strip() for cell in cells)]
    found = matched(list(record.rows or ()), wanted)
    out = [_row([*head, *(known[name] for name in more)], first) if more else first]
    for index, row in zip(found, wanted, strict=True):
        cells, text = filled[index] if index is not None else ([], first)
        if index is None or more or (record.rows or ())[index] != row:
            own = dict(zip(columns, cells, strict=False))
            cells = [own[n] if own.get(n, "").strip() == row.get(n) else row.get(n, "") for n in columns]
            text = _row(cells, text)
        out.append(text if text.endswith("\n") else text + "\n")
    new = "".join(out)
    new = new if file.text.endswith("\n") else new.removesuffix("\n")
    if raw_rows(new, model, file.name) != wanted:
        raise _wrong(file.name)
    return file.with_text(new)


def _row(cells: Sequence[str], like: str) -> str:
    """Return a row of a CSV table, with every cell in quotation marks if those of the row ``like`` are."""
    every = like.startswith('"') and like.count('","') + 1 >= len(next(csv.reader(io.StringIO(like))))
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL, lineterminator="\n").writerow(cells)
    return out.getvalue()
