"""Television: pieces as a numbered sequence of JPG, which editing programs take as one clip, and as an MP4 loop."""

import io
import math
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from haopin.exports.ahead import progress
from haopin.materials.sets import Piece
from haopin.problem import ConfigurationError

#: Characters a minute that adults read aloud: IReST, Trauzettel-Klosinski and Dietz 2012, doi:10.1167/iovs.11-8284.
#: Slower than silent reading, since viewers look up at any moment.
_READ = {"zh": 255, "en": 987}
#: Seconds of a slide: until viewers begin to read, at least, and at most. The step is that of ffmpeg's input, which
#: decodes a slide again for each step.
_BEFORE, _LEAST, _MOST, _STEP = 3, 6, 30, 2
#: What is read on a slide; themes are counted in one wording.
_SAID = ("kicker", "title", "when", "number", "lead", "quote", "points", "facts")
#: Frames a second of television in China.
RATE = 25
_SCALE = "scale=out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd+bitexact"
_COLOURS = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")
# Frames of a still slide are alike: the next preset takes twice as long, and saves half of a small file.
_ENCODER = ("-c:v", "libx264", "-preset", "ultrafast", "-qp", "18", "-x264-params", "cpu-independent=1")
_SAME_BYTES = ("-threads", "1", "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact")
#: What of the program changes the bytes of a loop.
ENCODING = (_SCALE, *_COLOURS, *_ENCODER, *_SAME_BYTES, str(RATE), str(_STEP))


@dataclass(frozen=True)
class Slide(Piece):
    """A piece for television.

    Attributes:
        number: Its place in the sequence, from 1.
    """

    number: int

    @property
    def sequence(self) -> str:
        """Name of the sequence: slides of one format in one language."""
        return f"{self.format.id}-{self.language}"

    @property
    def name(self) -> str:
        """Name of its file; names sort in the order of the sequence."""
        return f"{self.sequence}-{self.number:04}.jpg"

    @property
    def seconds(self) -> int:
        """How long the loop shows it, by the letters and digits to read: a multiple of the step."""
        values = self.content.values
        said = [values.get(name, "") for name in _SAID], [theme["whole"] for theme in values.get("themes", ())]
        seconds = _BEFORE + sum(map(str.isalnum, str(said))) * 60 / _READ[self.language]
        return math.ceil(min(_MOST, max(_LEAST, seconds)) / _STEP) * _STEP


def is_slide(piece: Piece) -> bool:
    """Return whether ``piece`` is a picture for television."""
    return piece.format.shape == "television" and piece.output == "png"


def numbered(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield ``pieces``; those for television as slides, numbered in each format and language."""
    count = Counter[tuple[str, str]]()
    for piece in pieces:
        if is_slide(piece):
            place = piece.format.id, piece.language
            count[place] += 1
            yield Slide(**vars(piece), number=count[place])
        else:
            yield piece


def jpg(png: bytes) -> bytes:
    """Return a PNG as JPG: sRGB, in a quality without visible noise around letters, without metadata."""
    from PIL import Image

    out = io.BytesIO()
    # Whole resolution of colours: with half of it, red and yellow letters have soft edges.
    Image.open(io.BytesIO(png)).convert("RGB").save(out, "JPEG", quality=95, subsampling=0)
    return out.getvalue()


def ffmpeg() -> str | None:
    """Return the path of ffmpeg, which no package installs; None where nobody has installed it."""
    return shutil.which("ffmpeg")


def loop(slides: Sequence[tuple[bytes, int]], program: str) -> bytes:
    """Return an MP4 (H.264, 4:2:0, no sound) of ``slides``, the same bytes for the same slides and version of ffmpeg.

    Args:
        slides: JPG and seconds of each.
        program: Path of ffmpeg.

    Raises:
        ConfigurationError: if ffmpeg fails.
    """
    with tempfile.TemporaryDirectory(prefix="haopin-") as folder, tempfile.TemporaryFile() as errors:
        file = Path(folder) / "loop.mp4"
        command = [program, "-hide_banner", "-loglevel", "error", "-f", "image2pipe", "-framerate", f"1/{_STEP}"]
        command += ["-c:v", "mjpeg", "-i", "-", "-vf", f"{_SCALE},format=yuv420p,fps={RATE}", *_ENCODER]
        command += [*_SAME_BYTES, *_COLOURS, "-movflags", "+faststart", str(file)]
        label = "正在制作电视循环视频 / making the television loop"
        with (
            progress(len(slides), label, shown=sys.stderr.isatty()) as advance,
            subprocess.Popen(command, stdin=subprocess.PIPE, stderr=errors) as process,
            # A process that failed reads no more; why is in its errors.
            suppress(OSError),
        ):
            assert process.stdin is not None
            for picture, seconds in slides:
                for _ in range(seconds // _STEP):
                    process.stdin.write(picture)
                advance(1)
            process.stdin.close()
        if process.returncode == 0:
            return file.read_bytes()
        errors.seek(0)
        last = errors.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise ConfigurationError(
            f"ffmpeg 没有做成 MP4 循环视频（要有 libx264 编码器） / "
            f"ffmpeg could not make the MP4 loop (it needs the encoder libx264): {last}"
        )
