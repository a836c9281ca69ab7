"""Pieces for television: a numbered sequence of JPG, and an MP4 loop made by ffmpeg, which reads it back."""

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import imageio_ffmpeg
import pytest
from haopin.materials.sets import PieceFilter, pieces
from haopin.materials.television import Slide, jpg, loop, numbered
from office_commands import CommandResult, office_command
from PIL import Image, ImageChops, ImageStat
from support import copy_county, edit, files_of
from test_materials_sets import source_of

#: Each draws pieces; one makes videos. The desk's test of a loop is in make test.
pytestmark = [pytest.mark.slow, pytest.mark.sweep]
FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
WANTED = ("--format", "television", "--language", "zh")


def made(folder: Path, *wanted: str) -> tuple[CommandResult, dict[str, bytes]]:
    """Run the command on the county in ``folder``; return its result and files."""
    done = office_command(folder, "materials", *WANTED, *wanted, "--out", str(folder / "out"))
    return done, files_of(folder / "out")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of programs: empty."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def picture_at(second: float, file: Path) -> Image.Image:
    command = [FFMPEG, "-loglevel", "error", "-ss", str(second), "-i", str(file), "-frames:v", "1"]
    command += ["-f", "image2pipe", "-c:v", "png", "-"]
    return Image.open(io.BytesIO(subprocess.run(command, check=True, capture_output=True).stdout)).convert("RGB")


def distance(a: Image.Image, b: Image.Image) -> float:
    """Mean difference of two pictures, of 255."""
    return max(ImageStat.Stat(ImageChops.difference(a, b)).mean)


def test_slides_are_a_sequence_and_a_loop(tmp_path: Path, programs: Path) -> None:
    copy_county(tmp_path)
    (programs / "ffmpeg").symlink_to(FFMPEG)
    done, files = made(tmp_path)
    assert done.code == 0, done.output
    names = [f"television-zh-{number:04}.jpg" for number in range(1, 7)]
    assert set(files) == {*names, "television-zh.mp4", "contact-sheet.pdf", "materials.zip"}
    wanted = pieces(source_of(), PieceFilter(formats=("television",)))
    slides = [each for each in numbered(wanted) if isinstance(each, Slide)]
    assert [slide.name for slide in slides] == names
    seconds = [slide.seconds for slide in slides]
    assert done.lines[0] == f"television-zh.mp4：6 个画面，{sum(seconds)} 秒 / slides: 6, seconds: {sum(seconds)}"

    file = tmp_path / "out/television-zh.mp4"
    reader = imageio_ffmpeg.read_frames(str(file))
    found = next(reader)
    reader.close()
    assert (found["codec"], found["pix_fmt"], found["size"], found["fps"]) == (
        "h264",
        "yuv420p(tv, bt709, progressive)",
        (1920, 1080),
        25.0,
    )
    assert "audio_codec" not in found
    assert imageio_ffmpeg.count_frames_and_secs(str(file)) == (sum(seconds) * 25, float(sum(seconds)))
    raw = files["television-zh.mp4"]
    # A player needs the table of contents first; nothing says when or by whom it was made.
    assert raw.index(b"moov") < raw.index(b"mdat") and b"Lavf" not in raw
    assert raw[raw.index(b"mvhd") + 8 :][:8] == bytes(8)
    for number, slide in enumerate(slides):
        still = Image.open(io.BytesIO(files[slide.name])).convert("RGB")
        # Its last frame.
        assert distance(picture_at(sum(seconds[: number + 1]) - 0.04, file), still) < 2, slide.name
    short = [(files[name], 2) for name in names[:2]]
    assert loop(short, FFMPEG) == loop(short, FFMPEG)


def test_letters_of_a_slide_are_clean(tmp_path: Path, programs: Path) -> None:
    copy_county(tmp_path)
    _, files = made(tmp_path, "--activity", "quality-day")
    with Image.open(io.BytesIO(files["television-zh-0001.jpg"])) as image:
        assert (image.size, image.mode, image.format) == ((1920, 1080), "RGB", "JPEG")
        # Colours in the whole resolution; neither EXIF nor a profile: the standard is sRGB.
        assert {(layer[1], layer[2]) for layer in image.layer} == {(1, 1)}  # type: ignore[attr-defined]
        assert not {"exif", "icc_profile", "comment"} & image.info.keys()
    letters = Image.new("RGB", (64, 64), "#00594f")
    letters.paste("#ffe9b8", (20, 9, 31, 51))
    out = io.BytesIO()
    letters.save(out, "PNG")
    change = ImageChops.difference(letters, Image.open(io.BytesIO(jpg(out.getvalue()))))
    assert max(greatest for _, greatest in change.getextrema()) <= 16  # type: ignore[misc]


def test_without_ffmpeg_there_is_the_sequence(tmp_path: Path, programs: Path) -> None:
    copy_county(tmp_path)
    done, files = made(tmp_path, "--activity", "quality-day")
    assert done.code == 0 and set(files) == {"television-zh-0001.jpg", "contact-sheet.pdf", "materials.zip"}
    assert "要用 ffmpeg，没有找到" in done.lines[0] and "install it and run this again" in done.lines[0]


def test_what_ffmpeg_says_is_reported(tmp_path: Path, programs: Path) -> None:
    copy_county(tmp_path)
    script = programs / "ffmpeg"
    script.write_text("#!/bin/sh\necho first >&2\necho \"Unknown encoder 'libx264'\" >&2\nexit 1\n")
    script.chmod(0o755)
    done, files = made(tmp_path, "--activity", "quality-day")
    assert done.code == 1 and "television-zh-0001.jpg" in files and "television-zh.mp4" not in files
    assert done.lines[0] == (
        "television-zh.mp4: ffmpeg 没有做成 MP4 循环视频（要有 libx264 编码器） / "
        "ffmpeg could not make the MP4 loop (it needs the encoder libx264): Unknown encoder 'libx264'"
    )


def test_a_slide_that_cannot_be_drawn_leaves_no_gap(tmp_path: Path, programs: Path) -> None:
    copy_county(tmp_path)
    edit(tmp_path / "data/activities/quality-day.yml", "\nname: {zh: ", "\nname: {zh: \U0001f600")
    done, files = made(tmp_path)
    assert done.code == 1 and "data/activities/quality-day.yml:" in done.output
    assert [name for name in files if name.endswith(".jpg")] == [f"television-zh-{n:04}.jpg" for n in range(1, 6)]


@pytest.mark.parametrize(
    ("language", "values", "seconds"),
    [
        ("zh", {"title": "质量"}, 6),
        # 60 characters at 255 a minute, after 3 seconds: 17.1, and the next even number.
        ("zh", {"title": "质量月", "themes": [{"whole": "质" * 57, "text": "质" * 57}]}, 18),
        ("en", {"title": "quality " * 20}, 12),
        ("zh", {"title": "质量", "facts": [["质量" * 40, "安全" * 40]]}, 30),
    ],
)
def test_a_slide_is_shown_as_long_as_it_is_read(language: str, values: dict[str, object], seconds: int) -> None:
    piece = pieces(source_of(), PieceFilter(formats=("television",)))[0]
    content = replace(piece.content, values=values)
    (slide,) = numbered([replace(piece, content=content, language=language)])
    assert isinstance(slide, Slide) and slide.seconds == seconds
