"""Pictures of photographs in their published sizes: WebP without metadata, the same bytes for the same file.

At the same quality WebP has a third fewer bytes than JPEG, and all browsers that can show this site can show it.
"""

import io
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from haopin import cache
from haopin.cache import Cache, Recipe
from haopin.exports.source import ExportSource, Outfile
from haopin.model.photograph import Photograph
from haopin.site.photographs import ENCODING, PictureSize, sizes_of

if TYPE_CHECKING:
    from PIL import Image

#: Above this, no difference is seen on a screen; below, flat areas such as the sky have edges.
QUALITY = 75


def make_photographs(source: ExportSource) -> Iterator[Outfile]:
    """Yield each size of the photographs that are public."""
    for size in _sizes(source):
        yield Outfile(size.path, partial(_made, size, source.picture_cache))


def photograph_recipes(source: ExportSource) -> Iterator[Recipe]:
    """Yield how to encode each size of the photographs that are public."""
    return map(_recipe, _sizes(source))


def _sizes(source: ExportSource) -> Iterator[PictureSize]:
    for photograph in source.catalogue.all(Photograph):
        yield from sizes_of(photograph, source.catalogue.pictures)


def _made(size: PictureSize, kept: Cache | None) -> bytes:
    return _recipe(size).made(kept)


def _recipe(size: PictureSize) -> Recipe:
    # Another version of Pillow may make other bytes.
    from PIL import __version__, features

    version = f"{__version__} {features.version('webp')}"
    key = cache.key("photograph", size.picture.digest, str(size.width), str(ENCODING), version)
    return Recipe(key, partial(_encoded, size), 200)


def _encoded(size: PictureSize) -> bytes:
    from PIL import Image, ImageOps

    with Image.open(size.picture.path) as image:
        # A JPEG is read in half or a quarter of its size, if that is still twice what is wanted.
        twice = 2 * max(size.width, size.height)
        image.draft("RGB", (twice, twice))
        upright = _in_srgb(ImageOps.exif_transpose(image))
    if upright.size != (size.width, size.height):
        upright = upright.resize((size.width, size.height), Image.Resampling.LANCZOS)
    # What the file says besides its pixels (place, camera, names, a small preview) stays in the dictionary of the
    # image, from which the encoder takes its defaults.
    upright.info.clear()
    out = io.BytesIO()
    upright.save(out, "WEBP", quality=QUALITY, method=6)
    return out.getvalue()


def _in_srgb(image: "Image.Image") -> "Image.Image":
    """Return ``image`` in the colours that every screen assumes, without transparency."""
    from PIL import Image, ImageCms

    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            image = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB") or image
        except (ImageCms.PyCMSError, OSError):
            # A damaged profile: the pixels are still those of the picture.
            pass
    if image.has_transparency_data:
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(image.convert("RGBA"))
        image = ground
    return image.convert("RGB")
