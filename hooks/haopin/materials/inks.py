"""Process colours for print: the shares of cyan, magenta, yellow and black that look like an RGB colour."""

import io
import re
from collections.abc import Sequence
from functools import cache  # nothing of records is kept
from itertools import product
from operator import mul
from typing import Any, Literal

from haopin.colour import relative_luminance

# The polynomial by which pdf.js (Mozilla, Apache 2.0: core/colorspace.js) shows process colours, fitted to the inks of
# US Web Coated (SWOP): for red, green and blue, the factors of products of inks and of inks, as in `shown`.
# fmt: off
_FACTORS = (
    (-4.3873, 54.4862, 18.8229, 212.2566, -285.2331, 1.7150, -5.6097, -17.8739, -5.4970, -2.5217, -21.2489, 17.5119,
     -21.8612, -189.4818),
    (8.8410, 60.1180, 6.8714, 31.1591, -79.2971, -15.3104, 17.5753, 131.3525, -190.9453, 4.4443, 9.8633, -24.8674,
     -20.7373, -187.8045),
    (0.8843, 8.0787, 30.8998, -0.2388, -14.1836, 10.4959, 63.0238, 50.6070, -112.2388, 0.0330, 115.6038, -193.5821,
     -22.3382, -180.1261),
)
# fmt: on
_Inks = tuple[float, float, float, float]


def shown(inks: _Inks) -> tuple[float, ...]:
    """Return red, green and blue (0 to 255) of ``inks``: cyan, magenta, yellow and black (0 to 1)."""
    c, m, y, k = inks
    terms = (c * c, c * m, c * y, c * k, c, m * m, m * y, m * k, m, y * y, y * k, y, k * k, k)
    # Tried for each of thousands of mixtures before a colour is found.
    return tuple(255 + sum(map(mul, row, terms)) for row in _FACTORS)


@cache
def inks(colour: str) -> _Inks:
    """Return the shares of ink, in per cent, that look like ``#rrggbb``; black alone for what is nearly black."""
    if relative_luminance(colour) < 0.006:
        return 0, 0, 0, 100
    goal = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    # Half of the grey part is printed in black: less ink, and shades that stay neutral.
    black = (255 - max(goal)) / 255 * 0.5

    def error(found: _Inks) -> float:
        return sum((a - b) ** 2 for a, b in zip(shown(found), goal, strict=True))

    best: _Inks = (*((max(goal) - part) / 255 for part in goal), black)  # type: ignore[assignment]
    step = 0.16
    while step > 0.0005:
        near = [
            (*(min(1.0, max(0.0, v + step * d)) for v, d in zip(best, by, strict=False)), black)
            for by in product((-1, 0, 1), repeat=3)
        ]
        found = min(near, key=error)  # type: ignore[arg-type]
        if error(found) < error(best):  # type: ignore[arg-type]
            best = found  # type: ignore[assignment]
        else:
            step /= 2
    c, m, y, k = (round(100 * v, 1) for v in best)
    return c, m, y, k


# --- From the colours of a PDF by Typst to those of print


def printed(raw: bytes, space: Literal["cmyk", "grey"]) -> bytes:
    """Return the PDF ``raw`` by Typst with all colours in process inks, or in grey: text, drawings and shadings.

    Typst writes colours as numbers in ICC spaces of sRGB and of grey. Soft masks, which no ink prints, keep theirs.

    Raises:
        ValueError: if a colour is written in another way.
    """
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(raw)))
    writer.pdf_header = raw[:8].decode()
    device = NameObject(_DEVICES[space])
    objects: list[Any] = [each for each in writer._objects if each is not None]
    masks = {id(each["/SMask"]["/G"].get_object()) for each in objects if _is_mask(each)}
    for found in objects:
        if isinstance(found, StreamObject):
            if found.get("/Subtype") == "/Image":
                raise ValueError("a picture of pixels has no colours to convert")
            if "/BBox" in found and id(found) not in masks and "/Group" in found:
                group: Any = found["/Group"]
                group[NameObject("/CS")] = device
        elif isinstance(found, DictionaryObject) and "/ShadingType" in found and len(_ends(found)[0]) == 3:
            found[NameObject("/ColorSpace")] = device
            _shade(found["/Function"].get_object(), space)
    for found in objects:
        if isinstance(found, StreamObject) and "/BBox" in found and id(found) not in masks:
            found.set_data(_recoloured(found.get_data(), space))
    for page in writer.pages:
        contents: Any = page["/Contents"].get_object()
        streams = [each.get_object() for each in contents] if isinstance(contents, ArrayObject) else [contents]
        for stream in streams:
            stream.set_data(_recoloured(stream.get_data(), space))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


_DEVICES = {"cmyk": "/DeviceCMYK", "grey": "/DeviceGray"}
_COLOUR = re.compile(rb"/c\d+ (cs|CS) ((?:[\d.]+ )+)(?:scn|SCN)\b")
_OTHER = re.compile(rb"/c\d+ (?:cs|CS)\b")


def _is_mask(found: Any) -> bool:
    return isinstance(found, dict) and found.get("/Type") == "/ExtGState" and isinstance(found.get("/SMask"), dict)


def _numbers(values: Sequence[float], space: str) -> list[float]:
    """Return a colour, three numbers of RGB or one of grey from 0 to 1, in ``space``."""
    three = [*values] if len(values) == 3 else [values[0]] * 3
    colour = "#" + "".join(f"{round(255 * min(1.0, v)):02x}" for v in three)
    if space == "cmyk":
        return [round(share / 100, 3) for share in inks(colour)]
    return [round(sum(int(colour[i : i + 2], 16) * f for i, f in _LUMA) / 255, 3)]


#: Share of red, green and blue in a grey that looks as light (ITU-R BT.601), by position in ``#rrggbb``.
_LUMA = ((1, 0.299), (3, 0.587), (5, 0.114))


def _recoloured(data: bytes, space: str) -> bytes:
    def changed(match: re.Match[bytes]) -> bytes:
        numbers = _numbers([float(word) for word in match[2].split()], space)
        operator = "k" if space == "cmyk" else "g"
        words = [*(f"{number:g}" for number in numbers), operator.upper() if match[1] == b"CS" else operator]
        # The operator before it may end right here.
        return f" {' '.join(words)}".encode()

    found = _COLOUR.sub(changed, data)
    if _OTHER.search(found):
        raise ValueError("a colour is set in a way that is not known")
    return found


def _ends(shading: Any) -> tuple[Any, Any]:
    """Return the first and the last colour of ``shading``."""
    function = shading["/Function"].get_object()
    parts = [part.get_object() for part in function.get("/Functions", [function])]
    return parts[0]["/C0"], parts[-1]["/C1"]


def _shade(function: Any, space: str) -> None:
    """Convert the colours of the ``function`` of a shading, and of those that it joins."""
    from pypdf.generic import ArrayObject, FloatObject, NameObject

    def array(numbers: Sequence[float]) -> ArrayObject:
        return ArrayObject(FloatObject(number) for number in numbers)

    for part in function.get("/Functions", ()):
        _shade(part.get_object(), space)
    for end in ("/C0", "/C1"):
        if end in function:
            function[NameObject(end)] = array(_numbers([float(v) for v in function[end]], space))
    if "/Range" in function:
        function[NameObject("/Range")] = array([0, 1] * (4 if space == "cmyk" else 1))
