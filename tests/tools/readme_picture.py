"""Takes the picture of the README from a built site: run by hand after ``make site``, the result is committed.

    .venv/bin/python tests/tools/readme_picture.py

Three first views side by side: the home page, a task's page in English, the home page on a phone.
"""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "hooks")]

from pictures import photographer  # noqa: E402
from support import serving  # noqa: E402

#: Address, width and height of the screen in CSS pixels.
VIEWS = (("", 1200, 900), ("en/tasks/03/", 1200, 900), ("", 390, 844))
HEIGHT = 480
GAP = 16
#: Grey of the frames: 3:1 on a white and on a dark page.
FRAME = (139, 145, 150, 255)


def main() -> None:
    """Write docs/dev/pictures/site.png."""
    shots = []
    with tempfile.TemporaryDirectory() as folder, photographer(Path(folder)) as browser, serving(ROOT / "site") as base:
        for address, width, height in VIEWS:
            page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
            answer = page.goto(f"{base}/{address}", wait_until="networkidle")
            assert answer is not None and answer.ok, address
            shot = Image.open(io.BytesIO(page.screenshot())).convert("RGBA")
            shots.append(shot.resize((round(width * HEIGHT / height), HEIGHT), Image.Resampling.LANCZOS))
            page.close()
    sheet = Image.new("RGBA", (sum(s.width + 2 for s in shots) + GAP * (len(shots) - 1), HEIGHT + 2))
    left = 0
    for shot in shots:
        sheet.paste(FRAME, (left, 0, left + shot.width + 2, HEIGHT + 2))
        sheet.paste(shot, (left + 1, 1))
        left += shot.width + 2 + GAP
    out = ROOT / "docs/dev/pictures/site.png"
    out.parent.mkdir(parents=True, exist_ok=True)
    sheet.quantize(96, method=Image.Quantize.FASTOCTREE).save(out, optimize=True)
    print(f"{out.relative_to(ROOT)}: {sheet.width} x {sheet.height}, {out.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
