"""Check of SVG pictures: an allow list of elements and attributes, and limits of size.

Browsers execute and load much that a picture does not need (scripts, embedded pages, styles, animations, addresses),
in many notations. The list of what draws is short.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from haopin.problem import Place, Problem, problem

#: Largest picture, in characters.
LARGEST = 1_000_000
MOST_ELEMENTS = 20_000
#: Largest number of elements if each reference (`use`, patterns, masks …) counts as a copy of its target.
MOST_COPIES = 100_000
#: Largest depth of nested references.
_MOST_REFERENCES = 8
#: Largest depth of nested elements: renderers and browsers recurse into each.
DEEPEST = 64
#: Largest number of problems reported per picture.
MOST_PROBLEMS = 20

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
#: Separator of namespace and name in the names from the parser.
_BETWEEN = "}"


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


ELEMENTS = _names(
    "svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan textPath "
    "linearGradient radialGradient stop clipPath mask pattern marker filter feBlend feColorMatrix feComposite "
    "feDropShadow feFlood feGaussianBlur feMerge feMergeNode feOffset"
)
#: Attributes with arbitrary text: descriptions and names.
_NAMES = _names("id class lang role aria-hidden aria-label aria-labelledby data-name")
ATTRIBUTES = _NAMES | _names(
    # Geometry.
    "version baseProfile viewBox preserveAspectRatio x y x1 y1 x2 y2 cx cy r rx ry fx fy fr width height dx dy d "
    "points pathLength transform transform-origin rotate textLength lengthAdjust startOffset method side spacing "
    "offset gradientUnits gradientTransform spreadMethod patternUnits patternContentUnits patternTransform "
    "clipPathUnits maskUnits maskContentUnits markerUnits markerWidth markerHeight refX refY orient "
    "filterUnits primitiveUnits in in2 result stdDeviation edgeMode mode type values operator k1 k2 k3 k4 "
    # Presentation.
    "fill fill-opacity fill-rule stroke stroke-width stroke-linecap stroke-linejoin stroke-miterlimit "
    "stroke-dasharray stroke-dashoffset stroke-opacity opacity color stop-color stop-opacity flood-color "
    "flood-opacity color-interpolation color-interpolation-filters clip-path clip-rule mask filter marker "
    "marker-start marker-mid marker-end display visibility overflow enable-background isolation mix-blend-mode "
    "paint-order vector-effect shape-rendering text-rendering font-family font-size font-style font-weight "
    "font-variant font-stretch letter-spacing word-spacing text-anchor text-decoration dominant-baseline "
    "alignment-baseline baseline-shift writing-mode direction unicode-bidi"
)
_REFERENCE = re.compile(r"#[\w.:-]+")
_LOCAL_URL = re.compile(r"url\(\s*(['\"]?)#([\w.:-]+)\1\s*\)", re.I)
_FUNCTION = re.compile(r"([\w-]*)\s*\(")
_FUNCTIONS = _names("rgb rgba hsl hsla matrix translate rotate scale skewx skewy")
_LENGTH = re.compile(r"\+?(?:\d+\.?\d*|\.\d+)(?:px|pt|mm|cm|in|%)?")
_FIX = ("请删去,或在作图软件里另存为“纯 SVG”(plain SVG)", "delete it, or save the picture again as “plain SVG”")


@dataclass
class _Group:
    """An element with an id (or the whole picture): number of its elements, and the ids that they refer to."""

    count: int = 0
    refers: list[str] = field(default_factory=list)


class _StopError(Exception):
    """Raised to stop reading a picture."""


class _Picture:
    """Checks a picture while it is parsed."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._whole = _Group()
        self._groups: dict[str, _Group] = {}
        # For each open element, the groups that contain it.
        self._open: list[tuple[_Group, ...]] = []
        self._parser = parser = expat.ParserCreate("utf-8", _BETWEEN)
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = lambda name: self._open.pop()
        parser.StartDoctypeDeclHandler = lambda *_: self._refuse_and_stop("<!DOCTYPE>")
        parser.ProcessingInstructionHandler = lambda target, _: self._refuse(f"<?{target}?>")

    def read(self, text: str) -> None:
        """Collect the problems of ``text``."""
        if len(text) > LARGEST:
            self._add(
                "图形太大({size} 个字符),最多 {most} 个,请在作图软件里简化后另存",
                "the picture is too large ({size} characters, {most} at most); simplify it and save it again",
                size=len(text),
                most=LARGEST,
            )
            return
        try:
            self._parser.Parse(text.encode("utf-8", "surrogatepass"), True)
        except _StopError:
            return
        except (expat.ExpatError, UnicodeError) as error:
            mark = getattr(error, "lineno", 1), getattr(error, "offset", 0) + 1
            zh, en = "不是完整的 SVG 图形,请重新导出", "this is not a well-formed SVG picture; export it again"
            self.problems.append(problem(Place(self.file, mark=mark), zh, en))
            return
        self._count_copies()

    def _add(self, zh: str, en: str, mark: tuple[int, int] | None = None, **values: Any) -> None:
        here = (max(self._parser.CurrentLineNumber, 1), self._parser.CurrentColumnNumber + 1)
        self.problems.append(problem(Place(self.file, mark=mark or here), zh, en, **values))
        if len(self.problems) >= MOST_PROBLEMS:
            raise _StopError

    def _refuse(self, words: str) -> None:
        self._add(
            "图形里不能有“{words}”(不在只用于作图的内容之列,可能运行或加载别的内容);" + _FIX[0],
            "a picture must not hold “{words}”, which does not draw and may run or load something; " + _FIX[1],
            words=words if len(words) <= 60 else words[:60] + "…",
        )

    def _refuse_and_stop(self, words: str) -> None:
        self._refuse(words)
        raise _StopError

    def _begin(self, name: str, attributes: Mapping[str, str]) -> None:
        space, _, local = name.rpartition(_BETWEEN)
        if len(self._open) >= DEEPEST or self._whole.count >= MOST_ELEMENTS:
            self._too_much()
        is_svg = (space, local) == (_SVG, "svg")
        if not self._open and not (is_svg and _is_view_box(attributes.get("viewBox", ""))):
            self._add(
                "顶层须是带“viewBox”的“svg”元素,请重新导出",
                "the outermost element must be “svg” with a “viewBox”; export it again",
            )
            if not is_svg:
                raise _StopError
        groups = self._open[-1] if self._open else (self._whole,)
        if own := attributes.get("id"):
            groups = (*groups, self._groups.setdefault(own, _Group()))
        self._open.append(groups)
        if space != _SVG or local not in ELEMENTS:
            self._refuse(f"<{local}>")
        refers: list[str] = []
        for key, value in attributes.items():
            refers += self._attribute(key, value)
        if local == "svg":
            self._sizes(attributes)
        for group in groups:
            group.count += 1
            group.refers += refers

    def _too_much(self) -> None:
        self._add(
            "图形太复杂:最多 {most} 个元素、{deepest} 层,请在作图软件里简化、合并后另存",
            "the picture is too complex: {most} elements and {deepest} levels at most; simplify it and save it again",
            most=MOST_ELEMENTS,
            deepest=DEEPEST,
        )
        raise _StopError

    def _attribute(self, key: str, value: str) -> list[str]:
        """Check an attribute; return the ids that it refers to."""
        space, _, name = key.rpartition(_BETWEEN)
        if name == "href" and space in ("", _XLINK):
            if _REFERENCE.fullmatch(value.strip()):
                return [value.strip()[1:]]
            self._refuse(f"href={value}")
        elif space == _XML:
            if name not in ("space", "lang"):
                self._refuse(f"xml:{name}")
        elif space or name not in ATTRIBUTES:
            self._refuse(name)
        elif name not in _NAMES:
            rest = _LOCAL_URL.sub("", value)
            if "\\" in rest or any(word.lower() not in _FUNCTIONS for word in _FUNCTION.findall(rest)):
                self._refuse(value)
            return [match[2] for match in _LOCAL_URL.finditer(value)]
        return []

    def _sizes(self, attributes: Mapping[str, str]) -> None:
        for name in ("width", "height"):
            value = attributes.get(name, "1").strip()
            if not _LENGTH.fullmatch(value) or not value.strip("+0.pxtmcin%"):
                self._add(
                    "“{name}”应为大于 0 的长度,现为“{value}”,请删去或改正",
                    "“{name}” must be a length above 0 and is “{value}”; delete or correct it",
                    name=name,
                    value=value,
                )

    def _count_copies(self) -> None:
        """Reject circular references, and references whose copies multiply."""
        known: dict[str, int] = {}

        def drawn(group: _Group, level: int) -> int:
            if level > _MOST_REFERENCES:
                return MOST_COPIES + 1
            total = group.count
            for name in group.refers:
                if name not in known:
                    known[name] = drawn(self._groups[name], level + 1) if name in self._groups else 0
                total += known[name]
            return total

        if drawn(self._whole, 0) > MOST_COPIES:
            self._add(
                "图形里的引用(use、pattern 等)成环或层层相乘,请在作图软件里展开后另存",
                "references in the picture (use, pattern …) go in a circle or multiply; expand them and save it again",
                (1, 1),
            )


def _is_view_box(value: str) -> bool:
    try:
        _, _, width, height = (float(part) for part in re.split(r"[\s,]+", value.strip()))
    except ValueError:
        return False
    return 0 < width < 1e6 and 0 < height < 1e6


def svg_problems(text: str, file: str) -> Iterator[Problem]:
    """Yield a problem for each forbidden item in ``text``, the content of ``file``, with line and column."""
    picture = _Picture(file)
    with suppress(_StopError):
        picture.read(text)
    yield from picture.problems
