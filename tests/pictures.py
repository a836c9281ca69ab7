"""Pictures of pages and pieces: reproducible on every machine, small, and compared by visible differences."""

import base64
import io
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter
from playwright.sync_api import Browser, Page, sync_playwright
from support import CHROMIUM_FLAGS, ROOT, chromium

#: Set by ``make pictures``: what is taken becomes what is stored.
ACCEPTING = os.environ.get("HAOPIN_PICTURES") == "accept"
#: Folder of what is new where a picture differs from the stored one.
NEW = ROOT / "tests/pictures-new"
#: Folder of the fonts of `.ci/setup`. No other fonts are used, so that pictures are the same on every machine.
FONTS = Path("/usr/share/fonts/opentype/noto")
#: Width of the screen → by how much its pictures are reduced.
SCREENS = {390: 2, 1440: 3}
#: Rows of a reduced picture by which a page may be longer or shorter: less than half a line of text.
ROWS = 2
#: Blur in reduced pixels → greatest difference, of 255, that is no change. A narrow blur finds a lost line or a moved
#: column but not text that was drawn a pixel further on; a wide one finds the faintest change of a ground.
TOLERANCE = {3: 26, 12: 8}

#: Largest height of a picture in pixels: longer pages repeat their content, and image files have limits.
LONGEST = 5_000

_ALIASES = {
    "sans-serif": "Noto Sans CJK SC",
    "system-ui": "Noto Sans CJK SC",
    "serif": "Noto Serif CJK SC",
    "monospace": "Noto Sans Mono CJK SC",
}
_PICTURES = """() => Promise.all([...document.images].map((image) => {
  image.loading = "eager"
  image.decoding = "sync"
  return image.decode().catch(() => {})
}))"""
_STILL = "*,*::before,*::after{transition:none!important;animation:none!important;caret-color:transparent!important}"


@contextmanager
def photographer(folder: Path) -> Iterator[Browser]:
    """Yield a browser that knows the fonts of the tests only; its font configuration is written to ``folder``."""
    assert FONTS.is_dir(), f"install fonts-noto-cjk: {FONTS} is missing"
    aliases = "".join(
        f'<alias binding="strong"><family>{name}</family><prefer><family>{font}</family></prefer></alias>'
        for name, font in _ALIASES.items()
    )
    configuration = folder / "fonts.conf"
    configuration.write_text(
        f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig><dir>{FONTS}</dir>'
        f"<cachedir>{folder / 'cache'}</cachedir>{aliases}</fontconfig>",
        encoding="utf-8",
    )
    flags = (*CHROMIUM_FLAGS, "--font-render-hinting=none", "--disable-lcd-text", "--force-color-profile=srgb")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=flags, env={**os.environ, "FONTCONFIG_FILE": str(configuration)}
        )
        yield browser
        browser.close()


def still(page: Page) -> None:
    """Disable animations on ``page``, and wait for its pictures, also for those that would come when in sight."""
    page.add_style_tag(content=_STILL)
    page.evaluate(_PICTURES)


def taken(page: Page) -> bytes:
    """Return the whole of ``page`` as a reduced picture, as it is stored."""
    assert page.viewport_size is not None
    width = page.viewport_size["width"]
    height = min(page.evaluate("document.documentElement.scrollHeight"), LONGEST)
    # Asked of the browser itself: a picture packed for speed takes a third of the time.
    session = page.context.new_cdp_session(page)
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    options = {"format": "png", "optimizeForSpeed": True, "captureBeyondViewport": True, "clip": clip}
    answer = session.send("Page.captureScreenshot", options)
    session.detach()
    picture = Image.open(io.BytesIO(base64.b64decode(answer["data"]))).convert("RGB")
    return stored(picture.reduce(SCREENS[width]))


def stored(picture: Image.Image) -> bytes:
    """Return ``picture`` as the bytes of its file."""
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=55, method=2)
    return out.getvalue()


def opened(picture: bytes) -> Image.Image:
    """Return what a file holds."""
    return Image.open(io.BytesIO(picture)).convert("RGB")


def difference(old: bytes, new: bytes) -> str:
    """Return a description of the difference between ``new`` and ``old``; "" if they look the same."""
    a, b = opened(old), opened(new)
    if a.width != b.width or abs(a.height - b.height) > ROWS:
        return f"size {b.width} x {b.height} instead of {a.width} x {a.height}"
    # A blur gives an edge much weight, and the last row of all may be made of fewer pixels.
    height = min(a.height, b.height) - max(TOLERANCE)
    a, b = a.crop((0, 0, a.width, height)), b.crop((0, 0, b.width, height))
    found = []
    for radius, most in TOLERANCE.items():
        blurred = [picture.filter(ImageFilter.BoxBlur(radius)) for picture in (a, b)]
        change = ImageChops.difference(*blurred)
        greatest = max(index % 256 for index, number in enumerate(change.histogram()) if number)
        if greatest > most:
            place = change.convert("L").point(lambda value, most=most: 255 if value > most * 0.6 else 0).getbbox()
            found.append(f"{greatest} of 255 at blur {radius} (at most {most}), around {place}")
    return "; ".join(found)


def shown(old: bytes, new: bytes) -> bytes:
    """Return a picture of what differs: old, new and their difference side by side."""
    a, b = opened(old), opened(new)
    height = max(a.height, b.height)
    sheet = Image.new("RGB", (a.width * 3, height), "white")
    for index, picture in enumerate((a, b)):
        sheet.paste(picture, (a.width * index, 0))
    size = (a.width, min(a.height, b.height))
    change = ImageChops.difference(a.crop((0, 0, *size)), b.crop((0, 0, *size)))
    sheet.paste(ImageChops.invert(change), (a.width * 2, 0))
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def check(found: Mapping[str, bytes], folder: Path) -> None:
    """Compare pictures by file name with those stored in ``folder``; under ``make pictures``, store them.

    Raises:
        AssertionError: with each visible difference, pictures of which are in `NEW`.
    """
    stored = {file.name: file.read_bytes() for file in folder.glob("*")}
    changed = {name: difference(stored[name], picture) for name, picture in found.items() if name in stored}
    changed = {name: words for name, words in changed.items() if words}
    if ACCEPTING:
        folder.mkdir(exist_ok=True)
        for name in stored.keys() - found.keys():
            (folder / name).unlink()
        # What looks the same stays, so that only what has changed is a change.
        for name in (found.keys() - stored.keys()) | changed.keys():
            (folder / name).write_bytes(found[name])
        return
    assert stored.keys() == found.keys(), "make pictures"
    for name in changed:
        NEW.mkdir(exist_ok=True)
        (NEW / name).write_bytes(found[name])
        (NEW / name).with_suffix(".difference.png").write_bytes(shown(stored[name], found[name]))
    lines = [f"{name}: {words}" for name, words in changed.items()]
    advice = f"look at {NEW.relative_to(ROOT)}/*.difference.png (old, new, difference); if it is meant: make pictures"
    assert not lines, "\n".join([*lines, advice])
