"""A filled-in form back from the clerk: its sheet and columns by their headings, and what stood in the grey cells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from haopin.desk.cells import narrow, shown, text
from haopin.desk.findings import Findings
from haopin.desk.ledger_book import HIDDEN_HEAD
from haopin.desk.ledger_columns import FILLED, GIVEN, HIDDEN, PROGRESS, REPORTER, VERSION
from haopin.desk.workbook import Cell, Grid, refusal
from haopin.text import LANGUAGES

# Headings stand below at most a few lines that somebody put above.
_FIRST_ROWS = 20


@dataclass(frozen=True)
class Row:
    """A row of the form: its number, and its cells by the name of the column."""

    number: int
    cells: Mapping[str, Cell]

    def text(self, name: str) -> str:
        """Return the text of a cell, empty for an empty one."""
        return text(self.cells.get(name))

    def is_filled(self, names: Iterable[str]) -> bool:
        """Tell whether any of the cells ``names`` has something in it."""
        return any(self.text(name) for name in names)


@dataclass(frozen=True)
class Form:
    """The sheet “进展”, and what the hidden sheet knows of it.

    Attributes:
        sheet: Its title.
        body: Body that the form was made for; empty for all bodies.
        places: Number of each column by its name.
        rows: Rows below the headings.
        given: What stood in the grey cells when the form was made, by item.
        grid: The sheet as it is.
        head: Row of the headings.
    """

    sheet: str
    body: str
    places: Mapping[str, int]
    rows: Sequence[Row]
    given: Mapping[str, Mapping[str, str]]
    grid: Grid
    head: int

    @cached_property
    def known_by_words(self) -> Mapping[tuple[str, ...], str]:
        """The item of a row, by the words beside its id."""
        return {_signature(words): about for about, words in self.given.items()}

    def meant(self, row: Row) -> str | None:
        """Return the item that the words of ``row`` are those of, whatever its id says."""
        return self.known_by_words.get(_signature({name: row.text(name) for name in ("kind", "task", "title")}))


def _signature(words: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(narrow(words[name]) for name in ("kind", "task", "title"))


def read_form(path: Path, grids: Sequence[Grid]) -> Form:
    """Return the form in the sheets of ``path``.

    Raises:
        DataError: if a sheet or a heading is missing, or the form is of another version.
    """
    grid = next((grid for grid in grids if grid.title.strip() in (PROGRESS.zh, PROGRESS.en)), None)
    hidden = next((grid for grid in grids if grid.title == HIDDEN), None)
    if grid is None:
        raise refusal(
            path,
            f"缺少表“{PROGRESS.zh}”,请用 haopin ledger export 导出的表填写",
            f"the sheet “{PROGRESS.zh}” or “{PROGRESS.en}” is missing; fill in a workbook made by haopin ledger export",
        )
    if grid.hidden:
        raise refusal(
            path,
            f"表“{grid.title}”被隐藏,请取消隐藏并核对后再导入",
            f"the sheet “{grid.title}” is hidden; unhide it and look it over first",
        )
    if hidden is None:
        raise refusal(
            path,
            f"缺少隐藏的表“{HIDDEN}”,请重新导出,把填好的格复制过去",
            f"the hidden sheet “{HIDDEN}” is missing; export the form again and copy what was filled in",
        )
    lines = {number: {column: text(cell) for column, cell in cells.items()} for number, cells in hidden.rows}
    if lines.get(1, {}).get(2) != VERSION:
        raise refusal(
            path,
            "这个表是别的版本的程序导出的,请重新导出,把填好的格复制过去",
            "this form is of another version; export it again and copy what was filled in",
        )
    given = {
        words[1]: {column.name: words.get(n, "") for n, column in enumerate(GIVEN, start=1)}
        for number, words in lines.items()
        if number > HIDDEN_HEAD and 1 in words
    }
    body = lines.get(2, {}).get(2, "")
    head, places = _headings(grid, with_reporter=not body)
    names = {place: name for name, place in places.items()}
    rows = [
        Row(number, {names[column]: cell for column, cell in cells.items() if column in names})
        for number, cells in grid.rows
        if number > head
    ]
    return Form(grid.title, body, places, rows, given, grid, head)


def _headings(grid: Grid, with_reporter: bool) -> tuple[int, Mapping[str, int]]:
    """Return the row of the headings and the place of each column."""
    found = Findings(grid.title)
    known = {narrow(c.title.get(language)): c.name for c in (*GIVEN, REPORTER, *FILLED) for language in LANGUAGES}
    for number, cells in grid.rows[:_FIRST_ROWS]:  # noqa: B007
        words = {column: known.get(narrow(shown(cell))) for column, cell in cells.items()}
        if "id" in words.values():
            break
    else:
        found.add(
            0,
            0,
            "缺少标题行(“{heading}”等),请用 haopin ledger export 导出的表填写",
            "the row of headings (“{heading}” …) is missing; fill in a form made by haopin ledger export",
            heading=GIVEN[0].title.zh,
        )
        found.raise_if_any()
    places: dict[str, int] = {}
    for column, name in words.items():
        if name in places:
            heading = shown(cells[column])
            zh, en = "“{heading}”这一列有两个,请删去一个", "there are two columns “{heading}”; delete one of them"
            found.add(number, column, zh, en, heading=heading)
        elif name is not None:
            places[name] = column
    for wanted in (*GIVEN, *([REPORTER] if with_reporter else []), *FILLED):
        if wanted.name not in places:
            zh, en = "缺少“{zh_title}”这一列,请补上", "the column “{zh_title}” or “{en_title}” is missing; add it"
            found.add(number, 0, zh, en, zh_title=wanted.title.zh, en_title=wanted.title.en)
    found.raise_if_any()
    return number, places
