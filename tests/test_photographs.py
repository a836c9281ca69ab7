"""Photographs: what the check says of them, the sizes that are published, the pages, and what a withdrawal leaves."""

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from broken import Broken, Recorded
from evidence import picture
from haopin.cache import Cache
from haopin.exports.photographs import make_photographs
from haopin.exports.source import ExportSource
from haopin.html.i18n import site_labels
from haopin.html.renderer import Renderer, environment
from haopin.installation import PACKAGE
from haopin.load.folder import read
from haopin.load.pictures import MOST_PIXELS, Picture
from haopin.model.photograph import Photograph
from haopin.ops.gate.site_reader import page_of
from haopin.site.catalogue import catalogue, examine
from haopin.site.photographs import sizes_of
from haopin.site.publish import publish
from PIL import Image, ImageCms
from support import AS_OF, TEST_DAY, BuiltSite, copy_full_county, edit, files_of, run, words

LIST = "photographs.yml"


def drawn(kind: str = "JPEG", size: tuple[int, int] = (700, 460), mode: str = "RGB") -> bytes:
    """Return a picture of ``size``, its left half blue, the rest red."""
    image = Image.new("RGB", size, (255, 0, 0))
    image.paste((0, 0, 255), (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.convert(mode).save(out, kind)
    return out.getvalue()


# --- The check

BROKEN = (
    Broken("file-missing", [(LIST, "picture: laboratory.png", "picture: labratory.png")]),
    Broken("file-of-nobody", [("photographs/spare.jpg", None, drawn())]),
    Broken(
        "files-with-bad-names",
        [
            ("photographs/现场 (1).jpg", None, drawn()),
            ("photographs/scan.JPG", None, drawn()),
            ("photographs/2030/a.jpg", None, drawn()),
            ("photographs/a.gif", None, drawn("GIF")),
        ],
    ),
    Broken("file-name-with-a-folder", [(LIST, "picture: laboratory.png", "picture: photographs/laboratory.png")]),
    Broken("no-picture", [("photographs/meeting-2030.jpg", None, b"not a picture")]),
    Broken("empty-file", [("photographs/meeting-2030.jpg", None, b"")]),
    Broken("another-type", [("photographs/meeting-2030.jpg", None, drawn("PNG"))]),
    Broken("cut-off", [("photographs/meeting-2030.jpg", None, drawn(size=(1200, 800))[:-2000])]),
    Broken("gray-of-16-bits", [("photographs/laboratory.png", None, drawn("PNG", mode="I;16"))]),
    Broken("too-narrow", [("photographs/laboratory.png", None, drawn("PNG", (639, 480)))]),
    Broken("too-large", [("photographs/meeting-2030.jpg", None, drawn() + bytes(20_000_000))]),
    Broken("same-file-twice", [(LIST, "picture: laboratory.png", "picture: meeting-2030.jpg")]),
    Broken("alt-is-the-caption", [(LIST, "alt: {zh: 会议室里四块展板立在长桌后,", "alt: {zh: 质量工作会。,")]),
    Broken(
        "alt-is-the-file-name", [(LIST, "en: Four boards behind a long table in a meeting room}", "en: Meeting 2030}")]
    ),
    Broken("alt-lacks-a-language", [(LIST, ", en: Four boards behind a long table in a meeting room}", "}")]),
    Broken("alt-missing", [(LIST, "  alt: {zh: 实验台后立着四个柜子}\n", "")]),
    Broken("rights-missing", [(LIST, "  rights: {zh: 由市检测院提供并同意公开}\n", "")]),
    Broken("shows-unknown", [(LIST, "event/lecture-2030", "event/lectur-2030")]),
    Broken("shows-what-has-no-page", [(LIST, "event/lecture-2030", "recall/highchair-2030")]),
    Broken("shows-malformed", [(LIST, "event/lecture-2030", "events/lecture-2030/")]),
    Broken(
        "shows-a-sample",
        [("events/lecture-2030.yml", "id: lecture-2030\n", "id: lecture-2030\nsample: true\n")],
    ),
    Broken("taken-after-publication", [(LIST, "taken: 2030-01-06", "taken: 2030-01-08")]),
    Broken(
        "approved-before-a-name-was-withdrawn",
        [
            (
                LIST,
                "shows: [body/quality]\n  source: {zh: 市检测院}\n  approved: {role: section-head, date: 2030-01-31}",
                "shows: [body/quality]\n  source: {zh: 市检测院}\n  approved: {role: section-head, date: 2030-01-29}",
            )
        ],
    ),
)
MESSAGES = Recorded("photographs", (broken.name for broken in BROKEN))


def lines_of(data: Path) -> list[str]:
    """Return the errors and warnings in ``data``, except those that the fixture has anyway."""
    _, errors, warnings = examine(data, "data")
    return [line for line in (*errors, *warnings) if "placeholder" not in line and "data/photographs" in line]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_what_the_check_says_to_the_letter(broken: Broken, tmp_path: Path) -> None:
    data = copy_full_county(tmp_path / "county") / "data"
    assert lines_of(data) == []
    broken.spoil(data)
    MESSAGES.check(broken.name, lines_of(data))


def test_each_case_has_its_messages() -> None:
    MESSAGES.check_whole()


def test_a_picture_of_too_many_pixels_is_not_decoded() -> None:
    assert not Picture(Path("none.jpg"), 1, MOST_PIXELS, 2).is_whole


# --- Sizes


def pictured(width: int, height: int, digest: str) -> Picture:
    """Return a picture without a file, whose digest is known."""
    found = Picture(Path("a.jpg"), 1, width, height)
    vars(found)["digest"] = digest
    return found


def fields(**more: object) -> Photograph:
    """Return a photograph with the fields that it must have, and ``more``."""
    text = {"zh": "甲", "en": "A"}
    must = dict.fromkeys(("caption", "alt", "credit", "rights", "source"), text)
    return Photograph.model_validate({"id": "a", "date": "2030-01-01", "picture": "a.jpg", **must, **more})


@pytest.mark.parametrize(
    ("size", "sizes"),
    [
        ((4000, 3000), [(480, 360), (960, 720), (1600, 1200)]),
        ((1600, 900), [(480, 270), (960, 540), (1600, 900)]),
        ((1200, 800), [(480, 320), (960, 640), (1200, 800)]),
        ((640, 2000), [(480, 1500), (640, 2000)]),
    ],
)
def test_sizes_are_never_larger_than_the_picture(size: tuple[int, int], sizes: list[tuple[int, int]]) -> None:
    found = sizes_of(fields(), {"photographs/a.jpg": pictured(*size, "0123456789abcdef")})
    assert [(each.width, each.height) for each in found] == sizes
    assert found[0].path == "photographs/a/480-012345671.webp"


def test_a_sample_has_its_file_among_the_samples() -> None:
    own, sample = (pictured(700, 400, digest) for digest in ("a" * 16, "b" * 16))
    pictures = {"photographs/a.jpg": own, "samples/photographs/a.jpg": sample}
    assert sizes_of(fields(sample=True), pictures)[0].picture is sample
    assert sizes_of(fields(), pictures)[0].picture is own
    assert sizes_of(fields(picture="b.jpg"), pictures) == ()


def source_of(data: Path, kept: Cache | None = None) -> ExportSource:
    """Return the source of the exports of ``data``."""
    public = catalogue(read(data), TEST_DAY)
    labels = site_labels(PACKAGE / "labels.yml")
    renderer = Renderer(public, "zh", TEST_DAY, labels, environment(PACKAGE / "templates"))
    return ExportSource(renderer, "https://quality.example/", {"zh": "", "en": "en/"}, picture_cache=kept)


def published(data: Path, kept: Cache | None = None) -> dict[str, bytes]:
    """Return the published pictures of ``data``."""
    return {made.path: made.make() for made in make_photographs(source_of(data, kept))}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data of the invented county with a record of every kind."""
    return copy_full_county(tmp_path / "county") / "data"


def shown(raw: bytes) -> Image.Image:
    """Return a published picture, which is WebP and says nothing besides its pixels."""
    image = Image.open(io.BytesIO(raw))
    assert (image.format, image.mode) == ("WEBP", "RGB")
    assert not image.getexif()
    assert image.info.keys() <= {"loop", "background", "timestamp", "duration"}
    assert not [mark for mark in (b"EXIF", b"XMP ", b"ICCP", b"Somebody") if mark in raw]
    return image


def is_near(colour: object, other: tuple[int, int, int]) -> bool:
    """Return whether two colours look the same."""
    assert isinstance(colour, tuple)
    return all(abs(a - b) < 24 for a, b in zip(colour, other, strict=True))


def test_published_pictures_are_upright_and_say_nothing_of_persons(data: Path) -> None:
    raw = (data / "photographs/meeting-2030.jpg").read_bytes()
    assert b"Somebody" in raw
    assert Image.open(io.BytesIO(raw)).getexif().get_ifd(0x8825)
    found = {path: shown(each) for path, each in published(data).items()}
    assert {path.rpartition("/")[0] for path in found} == {"photographs/meeting-2030", "photographs/laboratory"}
    sizes = [image.size for path, image in found.items() if "meeting" in path]
    assert sizes == [(480, 320), (960, 640), (1200, 800)]


def _profiled(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.open(io.BytesIO(drawn(size=size))).save(out, "JPEG", icc_profile=profile)
    return out.getvalue()


def _transparent() -> bytes:
    image = Image.new("RGBA", (700, 460), (0, 0, 0, 0))
    image.paste((0, 0, 255, 255), (0, 0, 350, 460))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "raw", "right"),
    [
        ("a.jpg", drawn(), (254, 0, 0)),
        ("a.jpeg", drawn(mode="CMYK"), (254, 0, 0)),
        ("a.jpg", _profiled((1400, 900)), (254, 0, 0)),
        ("a.png", drawn("PNG", mode="P"), (254, 0, 0)),
        ("a.png", drawn("PNG", mode="L"), (76, 76, 76)),
        ("a.png", drawn("PNG", mode="1"), None),
        ("a.png", _transparent(), (255, 255, 255)),
        ("a.webp", drawn("WEBP"), (254, 0, 0)),
    ],
)
def test_pictures_of_each_form_keep_their_colours(
    name: str, raw: bytes, right: tuple[int, int, int] | None, data: Path
) -> None:
    (data / "photographs/laboratory.png").unlink()
    (data / "photographs" / name).write_bytes(raw)
    edit(data / LIST, "laboratory.png", name)
    assert lines_of(data) == []
    image = shown(next(each for path, each in published(data).items() if "laboratory/480" in path))
    if right is not None:
        assert is_near(image.getpixel((360, 100)), right)


@pytest.mark.parametrize("turned", range(1, 9))
def test_a_picture_that_the_camera_turned_is_upright(turned: int, data: Path) -> None:
    # Large enough to be published: 40 by 20 pixels become 800 by 400.
    small = Image.open(io.BytesIO(picture("JPEG", turned=turned)))
    out = io.BytesIO()
    small.resize((1600, 800), Image.Resampling.NEAREST).save(out, "JPEG", exif=small.getexif())
    (data / "photographs/meeting-2030.jpg").write_bytes(out.getvalue())
    images = [shown(each) for path, each in published(data).items() if "meeting" in path]
    assert images[-1].size == ((1600, 800) if turned < 5 else (800, 1600))
    # The stored left, which is blue, is where the orientation says.
    width, height = images[0].size
    corners = {1: (9, 9), 2: (-9, 9), 3: (-9, -9), 4: (9, -9), 5: (9, 9), 6: (9, 9), 7: (9, -9), 8: (9, -9)}
    x, y = corners[turned]
    assert is_near(images[0].getpixel((x % width, y % height)), (0, 0, 255))


def test_the_same_file_gives_the_same_bytes_and_is_encoded_once(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = published(data, Cache(tmp_path / "cache", "photographs"))
    assert first == published(data)

    def no_open(*_: object, **__: object) -> None:
        raise AssertionError("encoded again")

    source = source_of(data, Cache(tmp_path / "cache", "photographs"))
    monkeypatch.setattr(Image, "open", no_open)
    assert {made.path: made.make() for made in make_photographs(source)} == first


def test_another_file_has_another_address(data: Path) -> None:
    before = set(published(data))
    (data / "photographs/laboratory.png").write_bytes(drawn("PNG"))
    assert {path for path in published(data) if path not in before} == {
        path.replace(path[-14:-6], new) for path, new in ((p, _digest(data)) for p in before if "laboratory" in p)
    }


def _digest(data: Path) -> str:
    return read(data).pictures["photographs/laboratory.png"].digest[:8]


# --- What is public


def test_a_photograph_names_only_public_records(data: Path) -> None:
    def shows(as_of: date) -> tuple[str, ...]:
        found = {r.id: r for r in publish(read(data), as_of).records if isinstance(r, Photograph)}
        return found["meeting-2030"].shows

    every = ("news/2030-01-06-meeting", "task/03", "body/quality", "event/lecture-2030")
    assert shows(TEST_DAY) == every
    edit(data / "events/lecture-2030.yml", "approved: {role: section-head, date: 2030-01-11}\n", "")
    assert shows(TEST_DAY) == every[:3]


@pytest.mark.parametrize(("approved", "is_public"), [("2030-01-29", False), ("2030-01-30", True), ("2030-01-31", True)])
def test_after_a_withdrawal_of_a_name_somebody_looks_again(approved: str, is_public: bool, data: Path) -> None:
    edit(
        data / LIST,
        "source: {zh: 市检测院}\n  approved: {role: section-head, date: 2030-01-31}",
        f"source: {{zh: 市检测院}}\n  approved: {{role: section-head, date: {approved}}}",
    )
    found = publish(read(data), TEST_DAY)
    assert ("laboratory" in {record.id for record in found.records}) is is_public
    reasons = {w.entry.record.id: w.reason for w in found.withheld}
    assert reasons.get("laboratory") == (None if is_public else "unapproved")


UNAPPROVED = "  source: {zh: 县质量局, en: County Quality Bureau}\n  approved: {role: section-head, date: 2030-01-31}\n"


def _withdraw(data: Path) -> None:
    with (data / "withdrawals.yml").open("a", encoding="utf-8") as file:
        file.write("- {id: w2030-3, date: 2030-02-01, reason: law, record: photograph/meeting-2030}\n")


def _unapprove(data: Path) -> None:
    edit(data / LIST, UNAPPROVED, UNAPPROVED.partition("  approved")[0])


@pytest.mark.slow
@pytest.mark.parametrize("take_back", [_withdraw, pytest.param(_unapprove, marks=pytest.mark.sweep)])
def test_nothing_stays_of_what_is_taken_back(take_back: Callable[[Path], None], tmp_path: Path) -> None:
    county = copy_full_county(tmp_path / "county")
    site, cache = county / "site", tmp_path / "cache/photographs"
    command = ("-m", "haopin", "build", "-f", county / "mkdocs.yml", "--as-of", AS_OF, "--site-dir", site)
    assert run(*command, HAOPIN_CACHE=str(cache.parent)).returncode == 0
    before = {name: raw for name, raw in files_of(site).items() if name.startswith("photographs/meeting-2030/")}
    pictures = [raw for name, raw in before.items() if name.endswith(".webp")]
    assert len(pictures) == 3
    assert len([raw for raw in files_of(cache).values() if any(raw.endswith(each) for each in pictures)]) == 3
    take_back(county / "data")
    assert run(*command, HAOPIN_CACHE=str(cache.parent)).returncode == 0
    after = files_of(site)
    assert [name for name in after if "photographs/meeting-2030" in name or "photograph/meeting-2030" in name] == []
    assert [name for name, raw in after.items() if raw in pictures or "会议室里四块展板".encode() in raw] == []
    assert [name for name, raw in files_of(cache).items() if any(each in raw for each in pictures)] == []
    assert any(name.startswith("photographs/laboratory/480") for name in after)
    # The folder of the cache has what the site has.
    assert len(files_of(cache)) == len([name for name in after if name.endswith(".webp")])


# --- The pages


def test_pages_show_their_photographs(full_county: BuiltSite) -> None:
    found = {name: page.all("figure", cls="hp-photograph") for name, page in full_county.edition("zh").items()}
    both = ["laboratory", "meeting-2030"]
    assert {
        name: sorted(link.get("href", "").split("/")[-2] for f in its for link in f.iter("a"))
        for name, its in found.items()
        if its
    } == {
        "photographs/": both,
        "photographs/laboratory/": [],
        "photographs/meeting-2030/": [],
        "bodies/quality/": both,
        "tasks/03/": ["meeting-2030"],
        "news/2030-01-06-meeting/": ["meeting-2030"],
        "events/lecture-2030/": ["meeting-2030"],
    }


def test_each_picture_has_its_room_its_words_and_its_time(full_county: BuiltSite) -> None:
    found = [
        (page, image)
        for page in full_county.html.values()
        for image in page.all("img")
        if ".webp" in image.get("src", "")
    ]
    assert len(found) > 10
    for page, image in found:
        assert (image.get("loading"), image.get("decoding")) == ("lazy", "async"), page.name
        assert image.get("alt"), page.name
        width, height = int(image.get("width", "0")), int(image.get("height", "0"))
        candidates = [each.split(" ") for each in image.get("srcset", "").split(", ")]
        assert image.get("src") == candidates[0][0]
        for address, descriptor in candidates:
            target = full_county.target(page, address)
            assert target is not None
            with Image.open(full_county.folder / target[0]) as picture_file:
                assert descriptor == f"{picture_file.width}w"
                assert abs(picture_file.width / picture_file.height - width / height) < 0.01
        assert int(candidates[-1][1][:-1]) == width


def test_words_of_a_photograph(full_county: BuiltSite) -> None:
    page = full_county.edition("en")["photographs/laboratory/"]
    (image,) = [each for each in page.all("img") if ".webp" in each.get("src", "")]
    assert (image.get("alt"), image.get("lang")) == ("实验台后立着四个柜子", "zh-Hans")
    figure = next(f for f in full_county.edition("en")["tasks/03/"].all("figure", cls="hp-photograph"))
    assert " ".join(words(figure).split()) == "The meeting on quality Credit: County Quality Bureau · 6 January 2030"


def test_machines_get_photographs_too(full_county: BuiltSite) -> None:
    record = json.loads((full_county.folder / "api/v1/photograph/meeting-2030.json").read_text("utf-8"))["item"]
    assert not {"picture", "approved", "publish_from"} & record["record"].keys()
    pictures = record["derived"]["pictures"]
    assert [(each["width"], each["height"]) for each in pictures] == [(480, 320), (960, 640), (1200, 800)]
    for each in pictures:
        assert each["address"].removeprefix("https://quality.example/") in full_county.files
    page = full_county.pages["photographs/meeting-2030/"].source
    linked = json.loads(page.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    thing = next(each for each in linked["@graph"] if each["@type"] == "ImageObject")
    assert (thing["contentUrl"], thing["width"]) == (pictures[-1]["address"], 1200)
    assert (thing["creditText"], thing["dateCreated"]) == ("县质量局", "2030-01-06")
    sitemap = (full_county.folder / "sitemap.xml").read_text("utf-8")
    assert "<loc>https://quality.example/photographs/meeting-2030/</loc>" in sitemap


def test_a_site_without_photographs_says_nothing_of_them(county: BuiltSite) -> None:
    assert [name for name in county.files if name.startswith(("photographs/", "en/photographs/"))] == []
    naming = {name for name, page in county.html.items() if "photographs/" in page.source}
    assert naming == set()


def test_the_pre_release_checks_follow_each_size() -> None:
    page = page_of("a.html", '<img src="a/480.webp" srcset="a/480.webp 480w, a/960.webp 960w" alt="">')
    assert set(page.loaded) == {"a/480.webp", "a/960.webp"}
    assert page.links == ()
