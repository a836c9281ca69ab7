"""Findings of axe-core on a page, and contrasts that it cannot determine, measured on the drawn page."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from PIL import Image, ImageChops
from playwright.sync_api import Browser, BrowserContext, FloatRect, Page
from support import npm_package

#: WCAG 2.2 AA, and the best practices of axe.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
#: The only rules about colours: all others have the same result in light and dark colours.
COLOUR_RULES = ("color-contrast", "link-in-text-block")
SCHEMES: tuple[tuple[Literal["light", "dark"], tuple[str, ...]], ...] = (("light", ()), ("dark", COLOUR_RULES))
#: WCAG 1.4.3; large is 24 px, or bold from 18.66 px.
LEAST, LEAST_LARGE = 4.5, 3.0
#: Width and height in pixels.
Screen = tuple[int, int]
#: Marks elements in the scripts below.
UNSURE = "data-axe-unsure"


@cache
def script() -> str:
    """Return the script of axe."""
    return npm_package("axe-core", "axe.min.js").read_text("utf-8")


# Runs axe; marks the elements whose contrast it could not determine.
RUN = """async ([only, mark]) => {
  const results = { resultTypes: ["violations", "incomplete"], selectors: false, elementRef: true }
  const options = { runOnly: only, ...results, preload: false }
  const { violations, incomplete } = await axe.run(document, options)
  const told = (rules) => rules.flatMap((rule) => rule.nodes.map((node) => {
    const reasons = [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ")
    return [rule.id, `${node.html.slice(0, 160)}: ${reasons}`]
  }))
  document.querySelectorAll(`[${mark}]`).forEach((element) => element.removeAttribute(mark))
  const unsure = incomplete.filter((rule) => rule.id === "color-contrast").flatMap((rule) => rule.nodes)
  unsure.forEach((node) => node.element.setAttribute(mark, ""))
  const others = incomplete.filter((rule) => rule.id !== "color-contrast")
  return { violations: told(violations), incomplete: told(others), unsure: unsure.length }
}"""

# For each marked element: its HTML, the boxes of its own text, its colour, and whether it is large.
TEXTS = """(mark) => [...document.querySelectorAll(`[${mark}]`)].map((element) => {
  const style = getComputedStyle(element), drawn = element instanceof SVGElement
  const boxes = []
  for (const node of element.childNodes) {
    if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    for (const { left, top, right, bottom } of range.getClientRects()) {
      boxes.push([left + scrollX, top + scrollY, right + scrollX, bottom + scrollY])
    }
  }
  let opacity = 1
  for (let above = element; above; above = above.parentElement) opacity *= getComputedStyle(above).opacity
  // Of letters drawn as an outline, the outline is what is read.
  const outlined = parseFloat(style.webkitTextStrokeWidth) > 0
  const size = parseFloat(style.fontSize) * (drawn && element.getScreenCTM ? element.getScreenCTM().a : 1)
  return {
    html: element.outerHTML.slice(0, 160), boxes, opacity,
    colour: drawn ? style.fill : outlined ? style.webkitTextStrokeColor : style.webkitTextFillColor,
    large: size >= 24 || (size >= 56 / 3 && style.fontWeight >= 700),
  }
})"""


@dataclass(frozen=True)
class Found:
    """Findings of axe for one state of a page, each with rule and element.

    Attributes:
        violations: Violations.
        incomplete: Undecided findings other than contrast.
        unsure: Number of elements whose contrast it could not determine; they are marked in the page.
    """

    violations: tuple[tuple[str, str], ...]
    incomplete: tuple[tuple[str, str], ...]
    unsure: int


def context(browser: Browser, screen: Screen) -> BrowserContext:
    """Return a visitor on a screen of that size, in light colours, whose pages have axe, whatever their policy."""
    found = browser.new_context(
        viewport={"width": screen[0], "height": screen[1]},
        bypass_csp=True,
        color_scheme="light",
        # No states in the middle of an animation.
        reduced_motion="reduce",
    )
    found.add_init_script(script())
    return found


def run(page: Page, rules: Sequence[str] = ()) -> Found:
    """Run axe on the present state of ``page`` with ``rules``, or with all rules of `TAGS`."""
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": list(TAGS)}
    told: dict[str, Any] = page.evaluate(RUN, [only, UNSURE])
    return Found(tuple(map(tuple, told["violations"])), tuple(map(tuple, told["incomplete"])), told["unsure"])


def troubles(page: Page, *, drawn: bool = True) -> list[str]:
    """Return the findings for the present state of ``page``, in light and in dark colours.

    Args:
        page: Where the page is open.
        drawn: Whether to measure undetermined contrasts on the drawn page.
    """
    told = []
    for scheme, rules in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found = run(page, rules)
        told += [f"{scheme}: {rule}: {what}" for rule, what in (*found.violations, *found.incomplete)]
        if drawn and found.unsure:
            told += [f"{scheme}: {what}" for what in faint(page)]
    page.emulate_media(color_scheme="light")
    return told


def troubles_of(page: Page, home: str, addresses: Iterable[str], screens: Sequence[Screen]) -> Iterator[str]:
    """Yield the findings for each of the pages below ``home``, with all collapsible parts open.

    Args:
        page: Where they are opened.
        home: Address that theirs are added to.
        addresses: The pages.
        screens: Each page is judged on each of them.
    """
    for address in addresses:
        page.goto(f"{home}{address}", wait_until="load")
        page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))")
        for width, height in screens:
            page.set_viewport_size({"width": width, "height": height})
            yield from (f"{address} at {width} px: {trouble}" for trouble in troubles(page))


# Contrast of drawn text

UNROLLED = (
    ".hp-local ul { flex-wrap: wrap !important; overflow: visible !important;"
    " -webkit-mask-image: none !important; mask-image: none !important }"
    # The same for the lists and tables of the desk.
    ".todo, .output, .scroll, .beside { max-height: none !important; overflow: visible !important }"
    ".bar nav { flex-wrap: wrap !important; overflow: visible !important }"
)


def faint(page: Page) -> list[str]:
    """Return the marked texts of ``page`` that have too little contrast against any point behind their letters.

    The page is drawn twice, the second time without the letters of these texts: where the pictures differ, the second
    one shows the background of a letter.
    """
    # A line that scrolls sideways is laid out whole: what has been scrolled away has no picture.
    unrolled = page.add_style_tag(content=UNROLLED)
    texts = page.evaluate(TEXTS, UNSURE)
    part = around([box for text in texts for box in text["boxes"]])
    whole = picture(page, part)
    bare = page.add_style_tag(
        content=f"[{UNSURE}] {{ -webkit-text-fill-color: transparent !important; "
        "-webkit-text-stroke-color: transparent !important }"
        f"text[{UNSURE}] {{ fill: transparent !important }}"
    )
    try:
        ground = picture(page, part)
    finally:
        bare.evaluate("style => style.remove()")
        unrolled.evaluate("style => style.remove()")
    told = []
    for text in texts:
        least = LEAST_LARGE if text["large"] else LEAST
        left, top, *_ = part
        boxes = [(a - left, b - top, c - left, d - top) for a, b, c, d in text["boxes"]]
        reached = lowest(whole, ground, boxes, text["colour"], text["opacity"])
        if reached is None:
            told.append(f"contrast: not seen: {text['html']}")
        elif reached < least:
            told.append(f"contrast: {reached:.2f} of {least}: {text['html']}")
    return told


Box = Sequence[float]


def around(boxes: Sequence[Box]) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of the rectangle around all ``boxes``, rounded outwards."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True) if boxes else ((0,), (0,), (1,), (1,))
    return max(int(min(lefts)) - 2, 0), max(int(min(tops)) - 2, 0), int(max(rights)) + 3, int(max(bottoms)) + 3


def picture(page: Page, part: tuple[int, int, int, int]) -> Image.Image:
    """Return ``part`` of ``page`` as it is drawn, whether or not it is on the screen: a whole page takes seconds."""
    left, top, right, bottom = part
    clip: FloatRect = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    shot = page.screenshot(full_page=True, clip=clip, animations="allow", caret="initial")
    return Image.open(io.BytesIO(shot)).convert("RGB")


Colour = tuple[float, ...]


def lowest(
    whole: Image.Image, ground: Image.Image, boxes: Iterable[Box], colour: str, opacity: float = 1
) -> float | None:
    """Return the lowest contrast of letters in ``colour`` against the points of ``ground`` behind them.

    Args:
        whole: The picture with the letters.
        ground: The same without them.
        boxes: Where they stand.
        colour: Their colour as CSS gives it: ``rgb(1, 2, 3)``, ``rgba(1, 2, 3, 0.5)``.
        opacity: Of the element and those around it, multiplied.

    Returns:
        1–21; None if there is no letter in the boxes.
    """
    found: float | None = None
    *ink, alpha = channels(colour)
    for box in boxes:
        place = (int(box[0]), int(box[1]), int(box[2]) + 1, int(box[3]) + 1)
        behind = ground.crop(place)
        # One channel of the difference is enough; small differences are antialiased edges of letters.
        differs = ImageChops.difference(whole.crop(place), behind).convert("L").point(lambda v: 255 if v > 24 else 0)
        seen = Image.new("RGBA", behind.size)
        seen.paste(behind, mask=differs)
        for _, point in seen.getcolors(behind.width * behind.height) or ():
            if isinstance(point, tuple) and point[3] == 255:
                ratio = on_ground((ink[0], ink[1], ink[2]), alpha * opacity, point[:3])
                found = ratio if found is None else min(found, ratio)
    return found


@cache
def on_ground(ink: Colour, alpha: float, ground: Colour) -> float:
    """Return the contrast of ``ink``, laid on ``ground`` with ``alpha``, against that ground."""
    return contrast([i * alpha + g * (1 - alpha) for i, g in zip(ink, ground, strict=True)], ground)


def channels(colour: str) -> tuple[float, float, float, float]:
    """Return red, green, blue (0–255) and alpha (0–1) of a computed colour of CSS."""
    kind, _, rest = colour.rstrip(")").partition("(")
    assert kind in ("rgb", "rgba"), colour
    found = [float(part) for part in rest.split(",")]
    return found[0], found[1], found[2], found[3] if len(found) > 3 else 1.0


def contrast(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the contrast of two colours (0–255 a channel) by WCAG 2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: Sequence[float]) -> float:
    """Return the relative luminance of a colour, 0 to 1."""
    linear = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
