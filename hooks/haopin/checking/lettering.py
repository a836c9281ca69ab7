"""A rule on characters that the font of the pictures lacks."""

from collections.abc import Iterator

from haopin.checking.entries import Entries
from haopin.glyphs import missing
from haopin.problem import Path, Place, Problem, problem
from haopin.records import Record
from haopin.records.disclosure import Sampled
from haopin.records.site import Site
from haopin.records.target import Target
from haopin.text import LANGUAGES, Text, Wording

#: Fields whose words stand in pictures of pages.
_SHOWN = ("title", "short_title", "name", "venue", "number", "number_en", "standing_theme")
_OF_SITE = ("name", "slogan", "county", "description")
_OF_ROW = ("product", "product_en", "failing_item", "failing_item_en")


def names_can_be_drawn(entries: Entries) -> Iterator[Problem]:
    """A character that the font lacks is another in the pictures of pages: rare ones of names above all."""
    for entry in entries.all:
        record = entry.record
        has_page = "#" not in entry.kind.anchor(record.id)
        fields = _OF_SITE if isinstance(record, Site) else _SHOWN if has_page or isinstance(record, Target) else ()
        for path, text in _texts(record, fields):
            yield from _lacking(text, entry.at(*path))
    for sheet in entries.reading.sheets.values():
        for index, row in enumerate(sheet.rows):
            # Only products that failed have a page.
            if isinstance(row, Sampled) and row.result == "fail":
                for name in _OF_ROW:
                    yield from _lacking(getattr(row, name) or "", sheet.place(index, name))


def _texts(record: Record, fields: tuple[str, ...]) -> Iterator[tuple[Path, str]]:
    for name in fields:
        value = getattr(record, name, None)
        if isinstance(value, str):
            yield (name,), value
        elif isinstance(value, Text | Wording):
            for language in LANGUAGES:
                yield (name, language), getattr(value, language) or ""


def _lacking(text: str, place: Place) -> Iterator[Problem]:
    for char in sorted(missing(text)):
        yield problem(
            place,
            "分享图片的字体里没有“{char}”,图片上会显示为“\u3013”;网页等其他地方照常显示",
            "the font of the pictures for sharing has no “{char}”: pictures will show “\u3013” in its place; "
            "everything else shows the character itself",
            severity="warning",
            char=char,
        )
