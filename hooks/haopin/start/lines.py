"""Lines of a notice, independent of the file type."""

from dataclasses import dataclass, field

from haopin.text import Text


@dataclass(frozen=True)
class SourceLine:
    """A paragraph of the notice, or a row of a table.

    Attributes:
        text: Its text; for a row, the cells separated by tabs.
        cells: The cells of a row; None for a paragraph.
        above: Positions of cells merged with the row above, which are empty here.
    """

    text: str
    cells: tuple[str, ...] | None = None
    above: frozenset[int] = frozenset()


@dataclass
class Source:
    """Content of a file.

    Attributes:
        lines: Paragraphs and rows in order, without empty ones.
        doubts: Messages about guesses that may be wrong.
        published: Date of publication, as ``2023-06-30``, if the file has one.
    """

    lines: list[SourceLine]
    doubts: list[Text] = field(default_factory=list)
    published: str | None = None
