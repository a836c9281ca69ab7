"""Drawing of preview images (PNG). Imports heavy libraries, so import this module only when drawing.

Everything is drawn in gray levels between background and text color, which a palette then maps to colors. So an image
has few colors, is small, and takes a few milliseconds.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache  # nothing of records is kept
from io import BytesIO
from itertools import product

import resvg_py
from PIL import Image, ImageDraw, ImageFont

from haopin.exports.pictures.card import Card
from haopin.exports.pictures.look import Look
from haopin.exports.pictures.wrapping import Fitted, fit
from haopin.fonts import FONT, drawable
from haopin.html.charts.ledger import PITCH, shapes
from haopin.site.progress import State

WIDTH, HEIGHT = 1200, 630
MARGIN, FOOT = 72, 112
_INSIDE = WIDTH - 2 * MARGIN
#: Top of title and facts in pixels, and their largest height.
_TOP = 134
_ROOM = HEIGHT - FOOT - _TOP - 28
_LEADING = 1.35
#: Type sizes in pixels, each with the largest number of lines.
_TITLE = ((96, 1), (84, 1), (74, 1), (80, 2), (72, 2), (64, 2), (62, 3), (54, 3), (48, 3))
_FACT, _ALONE, _NOTE = ((38, 1), (34, 2), (30, 2)), ((40, 1), (36, 2), (32, 3)), ((30, 1), (26, 1), (24, 1), (28, 2))
_FIGURE, _KIND, _SMALL = 84, 38, 28
#: Sizes of the squares in pixels, from one to the next, each with the most of them; and the room above and below them.
_SQUARES, _ABOVE, _BELOW = ((36, 29), (24, 4 * 44), (20, 4 * 52), (16, 5 * 66), (12, 6 * 88)), 20, 8
#: Gray levels: background, hills, edges of letters, secondary text, text. Others are rounded to one of these.
_SHADES = (0, 13, 26, 85, 170, 217, 255)
_QUIET = 217
#: Number of palette colors for the mark, and its size in pixels.
_MARK_COLOURS, _MARK_SIZE = 9, 72


@dataclass(frozen=True)
class _Base:
    """Common base of all images of a look: gray levels, mark, palette."""

    shades: Image.Image
    mark: Image.Image
    palette: bytes


@lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.FreeTypeFont:
    # The basic layout engine gives the same result on every system.
    return ImageFont.truetype(str(FONT), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=8192)
def _advance(char: str) -> float:
    return _font(1000).getlength(char)


def measure(text: str) -> float:
    """Return the width of ``text`` in thousandths of the type size."""
    return sum(map(_advance, text))


def draw(card: Card) -> bytes:
    """Draw ``card`` as a PNG with a palette; the same card gives the same bytes."""
    base = _base(card.look)
    image = base.shades.copy()
    pen = _Pen(image, card.look.language)
    _head(pen, card)
    _body(pen, card)
    # Map gray levels to palette indices.
    image = image.point(_PLACES)
    image.paste(base.mark, (MARGIN, HEIGHT - FOOT + (FOOT - _MARK_SIZE) // 2))
    image.putpalette(base.palette)
    file = BytesIO()
    # Run-length encoding is fast and finds all that there is: runs of equal pixels.
    image.save(file, "PNG", compress_level=9, compress_type=zlib.Z_RLE)
    return file.getvalue()


class _Pen:
    """Draws text on an image, in gray levels."""

    def __init__(self, image: Image.Image, language: str) -> None:
        self.latin = language == "en"
        self.draw = ImageDraw.Draw(image)

    def text(self, words: str) -> str:
        return drawable(words, "en" if self.latin else "zh")

    def write(self, x: float, baseline: float, words: str, size: int, shade: int = 255) -> float:
        """Draw ``words`` (drawable characters only); return the x coordinate of the end."""
        self.draw.text((x, baseline), words, font=_font(size), fill=shade, anchor="ls")
        return x + measure(words) * size / 1000

    def figure(self, x: float, baseline: float, words: str, size: int, *, outlined: bool) -> None:
        """Draw a large number: full, or as an outline."""
        if not outlined:
            self.write(x, baseline, words, size)
            return
        # The letters are cut out of their own outline, on a mask, so the background shows in them.
        mask = Image.new("L", (round(measure(words) * size / 1000) + 16, round(size * 1.4)), 0)
        pen = ImageDraw.Draw(mask)
        pen.text((8, size), words, font=_font(size), fill=0, anchor="ls", stroke_width=3, stroke_fill=255)
        self.draw.bitmap((round(x - 8), round(baseline - size)), mask, fill=255)

    def squares(self, x: float, y: float, states: Sequence[State], pitch: int, columns: int) -> None:
        """Draw a square for each of ``states``, in the forms of the ledger picture."""
        scale = pitch / PITCH
        width = max(1, round(1.2 * scale))
        for number, state in enumerate(states):
            row, column = divmod(number, columns)
            left, top = x + column * pitch, y + row * pitch
            for full, points in shapes(state):
                at = [(round(left + px * scale), round(top + py * scale)) for px, py in points]
                if full is None:
                    self.draw.polygon(at, fill=0)
                elif full:
                    self.draw.polygon(at, fill=255)
                else:
                    self.draw.polygon(at, outline=_QUIET, width=width)

    def lines(self, x: float, y: float, words: Fitted, shade: int) -> None:
        """Draw ``words`` below ``y``."""
        for number, line in enumerate(words.lines):
            self.write(x, y + words.size * (_LEADING * number + 1), line, words.size, shade)


def _head(pen: _Pen, card: Card) -> None:
    """Draw the top line: kind, badges, address."""
    baseline = 104
    address = pen.text(card.look.address)
    width = measure(address) * _SMALL / 1000
    pen.write(WIDTH - MARGIN - width, baseline, address, _SMALL, _QUIET)
    x = MARGIN
    badges = [(words, measure(words) * 30 / 1000 + 40) for words in map(pen.text, card.badges)]
    room = WIDTH - 2 * MARGIN - width - sum(w + 20 for _, w in badges) - 40
    if kind := pen.text(card.kind):
        fitted = fit(kind, int(room), ((_KIND, 1), (32, 1), (28, 1)), measure, pen.latin)
        x = round(pen.write(x, baseline, fitted.lines[0], fitted.size, _QUIET)) + 24
    for words, wide in badges:
        pen.draw.rounded_rectangle((x, baseline - 39, x + wide, baseline + 13), 12, fill=255)
        pen.write(x + 20, baseline - 2, words, 30, 0)
        x += round(wide) + 20


def _pitches(number: int) -> list[int]:
    """Return the sizes in which ``number`` squares may be drawn, largest first; 0 is none."""
    return [*(size for size, most in _SQUARES if number <= most), 0] if number else [0]


def _body(pen: _Pen, card: Card) -> None:
    """Draw title and facts, vertically centred between top line and foot."""
    figure = pen.text(card.figure)
    indent = round(measure(figure) * _FIGURE / 1000) + 26 if figure else 0
    fact = fit(pen.text(card.fact), _INSIDE - indent, _FACT if figure else _ALONE, measure, pen.latin)
    note = fit(pen.text(card.note), _INSIDE, _NOTE, measure, pen.latin)
    words, notes = (round(len(part.lines) * part.size * _LEADING) for part in (fact, note))
    facts = max(_FIGURE, words) + 8 if figure else words
    pitches = _pitches(len(card.states))
    gap = (18 if pitches[0] else 34) if facts or notes else 0
    for pitch, step in product(pitches, range(len(_TITLE))):
        title = fit(pen.text(card.title), _INSIDE, _TITLE[step:], measure, pen.latin)
        leading = round(title.size * (1.14 if pen.latin else 1.26))
        columns = _INSIDE // pitch if pitch else 1
        squares = _ABOVE + pitch * -(-len(card.states) // columns) + _BELOW if pitch else 0
        height = leading * len(title.lines) + gap + facts + squares + notes
        if height <= _ROOM:
            break
    y: float = _TOP + (_ROOM - height) // 2
    for line in title.lines:
        pen.write(MARGIN, y + title.size * 0.94, line, title.size)
        y += leading
    y += gap
    if figure:
        pen.figure(MARGIN, y + _FIGURE * 0.84, figure, _FIGURE, outlined=card.promised)
    pen.lines(MARGIN + indent, y + (facts - words - 14 if figure else 0), fact, 255 if figure else _QUIET)
    if pitch:
        pen.squares(MARGIN, y + facts + _ABOVE, card.states, pitch, columns)
    pen.lines(MARGIN, y + facts + squares, note, _QUIET)


@lru_cache(maxsize=4)
def _base(look: Look) -> _Base:
    """Return the base of all images of ``look``."""
    image = Image.new("L", (WIDTH, HEIGHT), 0)
    top = HEIGHT - FOOT
    if look.hero:
        hills = _hills(look)
        image.paste(hills, (0, top - hills.height))
    pen = _Pen(image, look.language)
    pen.draw.rectangle((0, top, WIDTH, HEIGHT), fill=255)
    x = MARGIN + _MARK_SIZE + 24
    middle = top + FOOT // 2
    end = pen.write(x, middle + 15, pen.text(look.site), 42, 0) + 36
    if look.slogan:
        slogan = fit(pen.text(look.slogan), int(WIDTH - MARGIN - end), ((32, 1), (28, 1), (24, 1)), measure, pen.latin)
        pen.write(end, middle + 13, slogan.lines[0], slogan.size, 85)
    mark = _mark(look)
    ground, ink = _rgb(look.ground), _rgb(look.ink)
    shades = [round(a + (b - a) * shade / 255) for shade in _SHADES for a, b in zip(ground, ink, strict=True)]
    palette = bytes(shades) + bytes((mark.getpalette() or [])[: 3 * _MARK_COLOURS])
    places = Image.frombytes("L", mark.size, mark.tobytes()).point([min(255, i + len(_SHADES)) for i in range(256)])
    return _Base(image, places, palette)


def _hills(look: Look) -> Image.Image:
    """Return the picture of the home page in faint gray levels, as a background for text."""
    picture = _rendered(look.hero, width=WIDTH)
    gray, alpha = picture.convert("L"), picture.getchannel("A")
    low, high = _range(gray, alpha)
    span = max(1, high - low)
    faint = gray.point([round(8 + 20 * min(1, max(0, (value - low) / span))) for value in range(256)])
    image = Image.new("L", picture.size, 0)
    image.paste(faint, (0, 0), alpha)
    return image.crop((0, max(0, image.height - (HEIGHT - FOOT)), WIDTH, image.height))


def _range(gray: Image.Image, alpha: Image.Image) -> tuple[int, int]:
    counts = gray.histogram(mask=alpha.point([0] * 128 + [255] * 128))
    found = [value for value, count in enumerate(counts) if count]
    return (found[0], found[-1]) if found else (0, 255)


def _mark(look: Look) -> Image.Image:
    """Return the county's mark on the foot, reduced to a few colors."""
    picture = _rendered(look.mark, width=_MARK_SIZE, height=_MARK_SIZE)
    ground = Image.new("RGBA", (_MARK_SIZE, _MARK_SIZE), look.ink)
    place = (_MARK_SIZE - picture.width) // 2, (_MARK_SIZE - picture.height) // 2
    ground.alpha_composite(picture, (max(0, place[0]), max(0, place[1])))
    return ground.convert("RGB").quantize(_MARK_COLOURS, dither=Image.Dither.NONE)


def _rendered(svg: str, width: int, height: int | None = None) -> Image.Image:
    return Image.open(BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width, height=height)))).convert("RGBA")


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


#: Palette index of each of 256 grays: that of the nearest gray level.
_PLACES = [min(range(len(_SHADES)), key=lambda i: abs(_SHADES[i] - gray)) for gray in range(256)]
