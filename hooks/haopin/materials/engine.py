"""Drawing of materials by Typst: a content in a format becomes a PDF or PNG, with the same bytes for the same input."""

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache  # nothing of records is kept
from importlib.util import find_spec
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Literal

from haopin.colour import contrast, mixed, strengthened
from haopin.exports.pictures.look import Look
from haopin.exports.pictures.wrapping import pieces, words
from haopin.fonts import FONTS, missing
from haopin.materials.article import article
from haopin.materials.content import Content
from haopin.materials.inks import printed
from haopin.model.material_format import MaterialFormat
from haopin.text import shown_address

#: Version of the drawing code; increase it when the pieces change, so that they are drawn again.
DRAWING = "1"
TEMPLATES = Path(__file__).with_name("templates")
#: Packages that draw, from the extra ``materials``: without them, a site has no materials.
PACKAGES = ("typst", "pylopdf_fonts_zh_cn")
#: Contrast of all text with its background (WCAG level AAA), and the colour of highlighted text on the ground.
CONTRAST, ACCENT = 7.0, "#ffe9b8"
_WHITE, _BLACK = "#ffffff", "#000000"
#: Standards of the PDF: tagged, with title, language and alternative text; for archives, with colours of screens only.
_STANDARDS: Mapping[str, list[Any]] = {"rgb": ["a-2a", "ua-1"], "cmyk": ["ua-1"], "grey": ["ua-1"]}
#: What a document needs besides its pages.
_MAIN = """\
#let input = json(bytes(sys.inputs.piece))
#set document(title: input.content.title)
#set text(lang: input.language)
"""
#: Error correction of QR codes: higher in print, where a code may be damaged or dirty.
_CORRECTION = {"mm": "q", "px": "m"}
#: Share of the hills that are no sky, where the county has no picture; width at which one is looked at, in pixels.
_HILLS, _SEEN = 0.56, 240
#: Fields of a format that templates use.
_GIVEN = ("shape", "width", "height", "unit", "bleed", "safe")
#: Stays on one line in Chinese: the number of a standard, a day, a number with what it counts, and a short name in
#: quotation or title marks.
_WHOLE = (
    "[A-Z]{2,}(?:/[A-Z]+)? ?[0-9]+(?:[.:—–-][0-9]+)*"
    "|[0-9]+年[0-9]+月(?:[0-9]+日)?|[0-9]+月[0-9]+日|[0-9]+[万亿]?[家天人次元件批户所处米岁时分秒起倍级类种部场]?"
    "|“[^“”]{1,5}”|《[^《》]{1,5}》"
)
#: The last two Chinese characters, with marks after them: one alone is no line.
_LAST = re.compile("[\u4e00-\u9fff]{2}[^\u4e00-\u9fff0-9A-Za-z]*$")
#: How templates report a text that has no room: this, how many characters would have, and the text.
_NO_ROOM = "does-not-fit:"
#: In messages of Typst: the place of an error, with columns from 0, and where it searched on this machine.
_PLACE, _SEARCHED = re.compile(r"┌─ (?:.*[/\\])?([^/\\]+\.typ):(\d+):(\d+)"), re.compile(r" \(searched at .*\)")
#: What to do, in Chinese and English, by words of its messages that do not say it.
_ADVICE = {
    "missing alt text": (
        '请写 image(…, alt: "文字说明")，只作装饰的写 pdf.artifact(image(…))',
        "pdf.artifact if it only adorns",
    ),
    "unknown font family": ("请用 county.typ 里 faces 的字体", "use a font of faces in county.typ"),
}

Output = Literal["pdf", "png", "html"]
#: Shapes with pages of words and facts: contents without any have none of these.
_WORDY = frozenset({"leaflet", "slide", "article"})
#: Contents of a few facts, which do not fill a leaflet.
_FACTS_ONLY = frozenset({"target", "result", "progress", "honour"})
#: Shapes with a title and little else: the explained terms have the same one on each piece.
_TITLED = frozenset({"banner", "flag", "led"})
_WORDS = ("themes", "lead", "quote", "points", "facts")


class CannotDraw(Exception):  # noqa: N818
    """A piece cannot be drawn.

    Attributes:
        zh: Why, in Chinese.
        en: Why, in English.
        text: The text at fault, as the piece has it; "" if no text is.
    """

    #: What to do, in Chinese and English.
    advice = "", ""

    def __init__(self, zh: str, en: str, text: str = "") -> None:
        """Store the message and the text."""
        self.zh, self.en, self.text = zh, en, text
        super().__init__(f"{zh}{self.advice[0]} / {en}{self.advice[1]}")


class DoesNotFit(CannotDraw):
    """A text has no room in a format at the minimum height of its characters; ``zh`` and ``en`` follow its name."""

    advice = "；请写短一些，或换一种规格", "; shorten it or choose another format"


class Undrawable(CannotDraw):
    """A character is in none of the fonts, or a template has an error."""


def is_available() -> bool:
    """Return whether the packages that draw are installed."""
    return all(find_spec(name) is not None for name in PACKAGES)


def suits(content: Content, format_: MaterialFormat) -> bool:
    """Return whether there is a piece of ``content`` in a format."""
    if (format_.shape == "leaflet" and content.kind in _FACTS_ONLY) or (
        format_.shape in _TITLED and content.kind == "terms"
    ):
        return False
    return format_.shape not in _WORDY or any(name in content.values for name in _WORDS)


def output_of(format_: MaterialFormat) -> Output:
    """Return the type of file of a format."""
    if format_.shape == "article":
        return "html"
    return "png" if format_.unit == "px" else "pdf"


def draw(
    content: Content,
    format_: MaterialFormat,
    look: Look,
    *,
    sender: str = "",
    output: Output = "pdf",
    sample: str = "",
    own: Mapping[str, str] | None = None,
) -> bytes:
    """Draw ``content`` in a format, with the short forms of those texts only that have no room.

    Args:
        content: What it says, in the language of ``look``.
        format_: Size, margins, colours and viewing distance.
        look: The county's name, colours, mark and picture.
        sender: Line that names who puts it up; "" for none.
        output: ``pdf``, ``png`` in pixels of the format or, for printed ones, in its resolution, or ``html`` of an
            article, whose picture is that of a sheet of its width.
        sample: Mark of sample data; "" for none.
        own: Templates of the county and their pictures by file name, which replace shipped ones of the same name or
            add to them.

    Raises:
        DoesNotFit: if a text has no room, and its short form, if it has one, has none either.
        Undrawable: if a character is in no font, or a template has an error.
    """
    while True:
        try:
            return _drawn(content, format_, look, sender=sender, output=output, sample=sample, own=own or {})
        except DoesNotFit as error:
            if not content.shorts:
                raise
            content = _shortened(content, error.text)


def _shortened(content: Content, text: str) -> Content:
    """Return ``content`` with the short form of ``text`` or, if that has none, of the longest text that has one."""
    text = text if text in content.shorts else max(content.shorts, key=len)
    shorts = {full: short for full, short in content.shorts.items() if full != text}
    return replace(content, values=_replaced(content.values, text, content.shorts[text]), shorts=shorts)


def _replaced(value: Any, text: str, by: str) -> Any:
    """Return ``value`` with ``by`` in place of ``text``."""
    if isinstance(value, Mapping):
        return {name: _replaced(each, text, by) for name, each in value.items()}
    if isinstance(value, list):
        return [_replaced(each, text, by) for each in value]
    return by if value == text else value


def _drawn(
    content: Content,
    format_: MaterialFormat,
    look: Look,
    *,
    sender: str,
    output: Output,
    sample: str,
    own: Mapping[str, str],
) -> bytes:
    """Draw ``content`` as it is; arguments are those of `draw`."""
    if output == "html":
        code = _code(content.address, "m") if format_.qr else []
        return article(content, look, palette(look.ground), code, sender=sender, sample=sample).encode()
    if format_.height == 0:
        format_ = format_.model_copy(update={"height": format_.width * 4 // 3, "shape": "net", "safe": 36})
    import typst

    piece = _piece(content, format_, look, sender, sample)
    _examine(piece["words"])
    templates = {**_shipped(), **{name: text.encode() for name, text in own.items()}}
    main = _MAIN + f'#import "{template_of(content, format_, templates)}": piece\n#piece\n'
    try:
        found, warned = typst.compile_with_warnings(
            {"main.typ": main.encode(), **templates},
            format=output,
            # A printed piece has its bleed in PDF only; one point is one pixel otherwise.
            pdf_standards=_STANDARDS[format_.colour] if output == "pdf" else [],
            ppi=72 if format_.unit == "px" else format_.resolution,
            font_paths=fonts(),
            ignore_system_fonts=True,
            # No other files: the cache would not know of them.
            root=TEMPLATES,
            sys_inputs={"piece": json.dumps(piece["json"], ensure_ascii=False)},
            timestamp=0,
        )
    except typst.TypstError as error:
        raise _explained(error, format_) from error
    # Such as a font that is not there, in whose place another would stand.
    if warned:
        raise _explained(warned[0], format_)
    if isinstance(found, list):
        found = _below_each_other(found)
    # A picture is for screens, also that of a printed piece.
    if output != "pdf" or format_.colour == "rgb":
        return found
    try:
        return printed(found, format_.colour)
    except ValueError as error:
        raise Undrawable("颜色无法转换，标志和图片只用矢量图", f"colours cannot be converted: {error}") from error


def _below_each_other(pages: list[bytes]) -> bytes:
    """Return PNG images of the same size as one."""
    from PIL import Image

    images = [Image.open(io.BytesIO(page)) for page in pages]
    found = Image.new("RGB", (images[0].width, sum(image.height for image in images)))
    for number, image in enumerate(images):
        found.paste(image, (0, number * images[0].height))
    out = io.BytesIO()
    found.save(out, "PNG")
    return out.getvalue()


def template_of(content: Content, format_: MaterialFormat, templates: Mapping[str, Any]) -> str:
    """Return the file name of the template: of the content in the shape, or else of the shape."""
    upright = "upright" if format_.height > format_.width * 0.9 else "wide"
    names = (f"{content.kind}-{format_.shape}", format_.shape, f"{content.kind}-{upright}", upright)
    return next(f"{name}.typ" for name in names if f"{name}.typ" in templates)


@cache
def _shipped() -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(TEMPLATES.glob("*.typ"))}


@cache
def fonts() -> Any:
    """Return the fonts: bold from this package, others from that of the extra; none of the machine."""
    import pylopdf_fonts_zh_cn
    import typst

    folders = [str(Path(str(pylopdf_fonts_zh_cn.__file__)).parent), str(FONTS)]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _piece(content: Content, format_: MaterialFormat, look: Look, sender: str, sample: str) -> dict[str, Any]:
    """Return the input of the templates (``json``), and all words that they may show (``words``)."""
    colours = palette(look.ground)
    # The picture stands in the lower half of the ground, which grows lighter downwards.
    behind = mixed(colours["ground"], colours["deep"], 0.3)
    values = {**content.values, "sender": sender, "sample": sample}
    said = sorted(set(_texts(values)))
    whole = re.compile("|".join((_WHOLE, *map(re.escape, content.values.get("names", ())))))
    given = {
        "content": values,
        "kind": content.kind,
        "language": look.language,
        "format": {**{name: getattr(format_, name) for name in _GIVEN}, "smallest": format_.smallest},
        "colours": colours,
        "words": {text: _broken(text, whole) for text in said},
        "qr": _code(content.address, _CORRECTION[format_.unit]) if format_.qr else [],
        "url": shown_address(content.address),
        "mark": look.mark,
        "hero": look.hero,
        "land": _land(look.hero, behind) if look.hero else _HILLS,
    }
    return {"json": given, "words": said}


@cache
def _land(hero: str, ground: str) -> float:
    """Return the share of the height of a picture, from below, on which text would lack contrast.

    Args:
        hero: The picture, an SVG.
        ground: Colour behind it.
    """
    import typst
    from PIL import Image

    sheet = f'#set page(width: {_SEEN}pt, height: auto, margin: 0pt, fill: rgb("{ground}"))\n'
    sheet += '#image(bytes(sys.inputs.hero), format: "svg", width: 100%)'
    raw = typst.compile(sheet.encode(), format="png", ppi=72, sys_inputs={"hero": hero}, ignore_system_fonts=True)
    assert isinstance(raw, bytes)
    with Image.open(io.BytesIO(raw)) as opened:
        image = opened.convert("RGB")
    for y in range(image.height):
        row = image.crop((0, y, image.width, y + 1)).getcolors(image.width) or []
        if any(contrast(ACCENT, "#" + bytes(colour).hex()) < CONTRAST for _, colour in row):  # type: ignore[arg-type]
            return 1 - y / image.height
    return 0.0


def _broken(text: str, whole: re.Pattern[str]) -> list[tuple[str, int]]:
    """Split ``text`` after each break opportunity, except within what is to stay ``whole``.

    Each piece comes with what ends after it: 2 for a word, 1 for a word within a compound, 0 for neither.
    """
    kept = [*whole.finditer(text), *_LAST.finditer(text)]
    inside = {place for found in kept for place in range(found.start() + 1, found.end())}
    ends = [set(accumulate(map(len, split))) for split in (pieces(text), words(text, compounds=False), words(text))]
    places = sorted({0, *ends[0]} - inside)
    return [(text[a:b], 2 if b in ends[2] else int(b in ends[1])) for a, b in pairwise(places)]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(each)


def palette(main: str) -> Mapping[str, str]:
    """Return the colours of pieces by name, for a county's ``main`` colour; text on each reaches `CONTRAST`."""
    # Text on the ground is white or the accent: a light colour is darkened.
    ground = strengthened(main, [_WHITE], CONTRAST)
    while strengthened(ACCENT, [ground], CONTRAST) != ACCENT:
        ground = mixed(ground, _BLACK, 0.04)
    return {
        "ground": ground,
        "deep": mixed(ground, _BLACK, 0.35),
        "light": mixed(ground, _WHITE, 0.16),
        "accent": ACCENT,
        "white": _WHITE,
        "paper": mixed(_WHITE, ACCENT, 0.18),
        "tint": mixed(_WHITE, ground, 0.1),
        "line": mixed(_WHITE, ground, 0.35),
        "ink": mixed(ground, _BLACK, 0.75),
    }


def _code(address: str, correction: str) -> list[str]:
    """Return the QR code of ``address``: a string of 0 and 1 for each row, without the light margin."""
    import segno

    code = segno.make_qr(address, error=correction, boost_error=True)
    return ["".join(str(int(bool(cell))) for cell in row) for row in code.matrix]


def _examine(words: list[str]) -> None:
    """Raise Undrawable if the bold font, which has the fewest characters, lacks one of ``words``."""
    for text in words:
        if lacking := missing(text):
            chars = "".join(sorted(lacking))
            zh, en = f"“{text}”：字体里没有“{chars}”，请换一种写法", f"the font lacks “{chars}”: use another word"
            raise Undrawable(zh, en, text)


def _explained(error: Any, format_: MaterialFormat) -> CannotDraw:
    """Return the exception for an ``error`` of Typst."""
    _, found, rest = str(error.message).partition(_NO_ROOM)
    if not found:
        place = _PLACE.search(error.diagnostic or "")
        where = f"{place[1]}:{place[2]}:{int(place[3]) + 1}: " if place else ""
        said = _SEARCHED.sub("", error.message)
        advice = next((advice for words, advice in _ADVICE.items() if words in said), ("", ""))
        zh, en = (where + "; ".join([said, *error.hints, *filter(None, [fix])]) for fix in advice)
        return Undrawable(f"模板出错：{zh}", f"error in a template: {en}")
    most, _, text = rest.strip('"').partition(":")
    zh, en = f"“{text}”太长：{format_.name.zh}", f"“{text}” is too long for {format_.name.get('en')}"
    if most != "0":
        zh, en = f"{zh}最多约 {most} 字", f"{en}: at most about {most} characters"
    else:
        zh = f"{zh}没有地方放"
    return DoesNotFit(zh, en, text)
