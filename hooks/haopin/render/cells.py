"""Cells of a batch’s table in one language: on its page, in the file for people, and for the page’s script."""

from collections.abc import Callable, Sequence
from html import escape

from markupsafe import Markup

from haopin import table
from haopin.records.disclosure import Sampled
from haopin.render.labels import Labels
from haopin.render.living import Living
from haopin.text import LANGUAGE_TAGS, Language, Wording, fullwidth


class Cells:
    """The tables of batches in one language."""

    def __init__(self, language: Language, t: Labels, say: Callable[[Wording], Markup | str]) -> None:
        """Keep the words; ``say`` shows a text, marked if it is not translated yet."""
        self._language, self._t, self._say = language, t, say

    def cell(self, row: Sampled, name: str) -> Markup | str:
        """Return a cell of a batch’s table; Chinese on an English page is marked as what it is."""
        words = getattr(row, name) or ""
        if self._language == "zh" or words.isascii():
            return fullwidth(words)
        if f"{name}_en" in Sampled.model_fields:
            return self._say(Wording(zh=words, en=getattr(row, f"{name}_en")))
        return Markup(f'<span lang="{LANGUAGE_TAGS["zh"]}">{escape(fullwidth(words))}</span>')

    @property
    def names(self) -> list[str]:
        """Names of the columns of a batch’s table as a reader of this language gets it as a file."""
        return [*Living.columns] if self._language == "zh" else [*Sampled.model_fields]

    def table(self, rows: Sequence[Sampled]) -> tuple[list[str], list[list[str]]]:
        """Return headings and cells of a batch’s table as a reader of this language gets it as a file.

        Names stand as they are in the data; an English file has the English columns beside the Chinese ones.
        """
        names = self.names
        headings = [self._t(f"column.{name}") for name in names]
        lines = table.cells(rows, names)
        result = names.index("result")
        for line in lines:
            line[result] = self._t(f"batch.{line[result]}")
        return headings, lines

    def table_json(self, rows: Sequence[Sampled]) -> str:
        """Return a batch’s table for the script of its page: result as its code, the last column the page of a row."""
        lines = []
        for row in rows:
            cells = [row.result if name == "result" else self._plain_cell(row, name) for name in Living.columns]
            lines.append([*cells, row.slug if row.result == "fail" else ""])
        return table.json_rows([*Living.columns, "page"], lines)

    def _plain_cell(self, row: Sampled, name: str) -> str:
        words = getattr(row, name) or ""
        return fullwidth(words) if self._language == "zh" else getattr(row, f"{name}_en", None) or words
