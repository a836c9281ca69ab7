"""The lines of a notice, whatever file they come from."""

from dataclasses import dataclass, field

from haopin.text import Text


@dataclass(frozen=True)
class SourceLine:
    """A paragraph of the notice, or a row of a table.

    Attributes:
        text: Its words; of a row, the cells with a tab between them.
        cells: The cells of a row; None for a paragraph.
        above: Positions of cells that go on from the row above, as merged cells do; they are empty here.
    """

    text: str
    cells: tuple[str, ...] | None = None
    above: frozenset[int] = frozenset()


@dataclass
class Source:
    """What was read from a file.

    Attributes:
        lines: Paragraphs and rows in their order; none is empty.
        doubts: What was worked out by rule and may be wrong.
        published: Day of publication, as ``2023-06-30``, if the file says so.
    """

    lines: list[SourceLine]
    doubts: list[Text] = field(default_factory=list)
    published: str | None = None
