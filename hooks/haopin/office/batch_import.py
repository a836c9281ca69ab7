"""Import of a batch of product sampling from a spreadsheet or CSV file."""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from haopin.load.characters import decoded
from haopin.load.dataset import Dataset
from haopin.load.messages import translate
from haopin.load.tables import MOST_ROWS, headings
from haopin.model.base import Nested
from haopin.model.disclosure import BATCH, Batch, Sampled
from haopin.office.cells import DIGITS, NUMBERING, CellError, Findings, day, find_merged, narrow, ranges, text
from haopin.office.differences import cells_of
from haopin.office.project import Project, body_in
from haopin.office.record_lookup import InvalidAnswerError, no_day_to_come
from haopin.office.workbook import Cell, Grid, content, open_workbook, refusal
from haopin.office.writing import block
from haopin.problem import Place, Problem

# --- CSV: comma, tab or semicolon, in any encoding that spreadsheet programs write

# The headings are expected within the first rows.
_FIRST_ROWS = 30
# Limits the time for a file, empty lines included.
_MOST_LINES = 4 * MOST_ROWS
#: Rows with their numbers; the cells of each by column number.
Rows = list[tuple[int, dict[int, str]]]


def csv_rows(raw: bytes, path: Path, headings: Callable[[Rows], int]) -> Rows:
    """Parse a CSV file.

    Args:
        raw: Content in any usual encoding.
        path: The file, for messages.
        headings: Counts the known headings in rows; the separator with the highest count is used.

    Raises:
        DataError: if the file cannot be read.
    """
    words = _decoded(raw, path)
    best: Rows = []
    for separator in (",", "\t", ";"):
        try:
            rows = _split(words, separator, path)
        except csv.Error as error:
            if separator == "," and "\t" not in words and ";" not in words:
                raise refusal(path, f"引号不成对({error})", f"unpaired quotation marks ({error})") from error
            continue
        if not best or headings(_cleaned(rows[:_FIRST_ROWS])) > headings(_cleaned(best[:_FIRST_ROWS])):
            best = rows
    return _cleaned(best)


def _cleaned(rows: Rows) -> Rows:
    """Clean the cells as those of a workbook: no invisible characters, uniform line breaks."""
    cleaned = ((number, {n: text(Cell("text", word)) for n, word in cells.items()}) for number, cells in rows)
    return [(number, found) for number, cells in cleaned if (found := {n: word for n, word in cells.items() if word})]


def _split(words: str, separator: str, path: Path) -> Rows:
    lines = csv.reader(io.StringIO(words, newline=""), delimiter=separator, strict=True)
    rows: Rows = []
    start = 1
    for cells in lines:
        found = {n: cell for n, cell in enumerate(cells, start=1) if cell and not cell.isspace()}
        if found:
            rows.append((start, found))
        if len(rows) > MOST_ROWS or lines.line_num > _MOST_LINES:
            raise refusal(
                path,
                f"行太多(最多 {MOST_ROWS} 行),请分成几个文件导入,并删去空行",
                f"there are too many rows ({MOST_ROWS} at most); import it as several files, without empty lines",
            )
        start = lines.line_num + 1
    return rows


def _decoded(raw: bytes, path: Path) -> str:
    try:
        # Several byte order marks (of concatenated files) would hide a quotation mark.
        return decoded(raw).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        raise refusal(
            path,
            "读不出文字,请在表格软件里另存为“CSV UTF-8”或 xlsx",
            "the encoding is unknown; save the table as “CSV UTF-8” or xlsx",
        ) from error


# --- The table as rows of text, from a workbook or a CSV file


@dataclass(frozen=True)
class BatchSource:
    """A table as text, before validation.

    Attributes:
        name: Name of the sheet or file, for messages.
        head: Row number of the headings.
        columns: Column number → field.
        rows: Rows below the headings, with row numbers; cells by column number.
        found: Collected errors.
    """

    name: str
    head: int
    columns: Mapping[int, str]
    rows: Sequence[tuple[int, Mapping[int, str]]]
    found: Findings


def read_source(path: Path, model: type[Nested], raw: bytes | None = None) -> BatchSource:
    """Read the table of ``model`` from the file ``path``; see `content` for ``raw``.

    Raises:
        DataError: if the file cannot be read or has no headings.
    """
    known = {narrow(word).lower(): name for name, heading in headings(model).items() for word in (heading, name)}
    raw = content(path, raw)
    grid: Grid | None = None
    if path.suffix.lower() in (".csv", ".txt", ".tsv") and not raw.startswith(b"PK"):
        found = Findings(path.name)
        rows = csv_rows(raw, path, lambda rows: _recognised(rows, known)[0])
    else:
        grid = _only_grid(open_workbook(path, raw), path, known)
        found = Findings(grid.title)
        rows = _grid_rows(grid, found)
    count, index = _recognised(rows, known)
    if count < 2:
        choices = "、".join(headings(model).values())
        raise refusal(
            path,
            f"没有找到标题行,各列的标题应为:{choices}",
            f"there is no row of headings; columns are called: {', '.join(headings(model))}",
        )
    head, words = rows[index]
    columns = _columns(head, words, known, model, found)
    if grid is not None:
        _find_hidden(grid, head, words, found)
        find_merged(grid, head, columns, found)
    return BatchSource(found.sheet, head, columns, rows[index + 1 :], found)


def _only_grid(grids: Sequence[Grid], path: Path, known: Mapping[str, str]) -> Grid:
    """Return the only visible sheet with the headings; an error if there are several."""
    visible = [grid for grid in grids if not grid.hidden and grid.rows]
    if not visible:
        raise refusal(
            path,
            "没有可见的、有内容的表;隐藏的表请取消隐藏",
            "there is no visible sheet with anything in it; unhide the sheet if it is hidden",
        )
    counts = [_recognised(_plain(grid), known)[0] for grid in visible]
    several = [grid.title for grid, count in zip(visible, counts, strict=True) if count >= 2]
    if len(several) > 1:
        zh, en = "”“".join(several), "”, “".join(several)
        raise refusal(
            path,
            f"有 {len(several)} 张表都像抽检结果:“{zh}”;请只留一张(内容合到一起),其余的删去",
            f"{len(several)} sheets look like sampling results: “{en}”; put the rows together on one sheet and "
            "delete the others",
        )
    return visible[counts.index(max(counts))]


def _find_hidden(grid: Grid, head: int, words: Mapping[int, str], found: Findings) -> None:
    """Report hidden rows and columns: hidden content would be published against the intention of the sender."""
    if rows := sorted(row for row in grid.hidden_rows if row > head):
        found.add(
            rows[0],
            0,
            "有 {count} 行被隐藏或筛掉(第 {rows} 行),请取消隐藏和筛选;不要公布的行请删去",
            "{count} rows are hidden or filtered out (rows {rows}); unhide them and clear the filter, or delete those "
            "that are not to be published",
            count=len(rows),
            rows=ranges(rows),
        )
    for column, word in words.items():
        if column in grid.hidden_columns and narrow(word).lower() not in NUMBERING:
            zh, en = (
                "“{word}”这一列被隐藏,请取消隐藏,不用的话删去",
                "the column “{word}” is hidden; unhide it, or delete it if it is not needed",
            )
            found.add(head, column, zh, en, word=word)


def _recognised(rows: Rows, known: Mapping[str, str]) -> tuple[int, int]:
    """Return the largest number of known headings in one of the first rows, and the index of that row."""
    counts = [sum(narrow(word).lower() in known for word in words.values()) for _, words in rows[:_FIRST_ROWS]]
    best = max(range(len(counts)), key=lambda n: (counts[n], -n), default=0)
    return (counts[best] if counts else 0), best


def _columns(
    head: int, words: Mapping[int, str], known: Mapping[str, str], model: type[Nested], found: Findings
) -> dict[int, str]:
    columns: dict[int, str] = {}
    titles = headings(model)
    for number, word in words.items():
        name = known.get(narrow(word).lower())
        if name is None and narrow(word).lower() not in NUMBERING:
            guess = found.guess(word, titles.values())
            zh, en = (
                "标题“{word}”不认识,请删去这一列或改名",
                "the heading “{word}” is unknown; delete or rename the column",
            )
            found.unknown(head, number, zh, en, guess, word=word)
        elif name in columns.values():
            zh, en = "标题“{word}”重复,请删去一列", "the heading “{word}” occurs twice; delete one column"
            found.add(head, number, zh, en, word=word)
        elif name is not None:
            columns[number] = name
    for name, info in model.model_fields.items():
        if info.is_required() and name not in columns.values():
            zh, en = "缺少“{title}”这一列,请补上", "the column “{title}” ({name}) is missing; add it"
            found.add(head, 0, zh, en, title=titles[name], name=name)
    return columns


def _plain(grid: Grid) -> Rows:
    return [(number, {n: text(cell) for n, cell in cells.items()}) for number, cells in grid.rows[:_FIRST_ROWS]]


def _grid_rows(grid: Grid, found: Findings) -> Rows:
    rows: Rows = []
    for number, cells in grid.rows:
        for column, cell in cells.items():
            if cell.kind == "formula":
                found.add(
                    number, column, "这一格是公式,请改成它的值", "this cell has a formula; replace it by its value"
                )
            elif cell.kind == "error":
                zh, en = "这一格是错误值“{value}”,请改正", "this cell has the error “{value}”; correct it"
                found.add(number, column, zh, en, value=cell.value)
            elif cell.kind == "number" and isinstance(cell.value, int | float) and abs(cell.value) >= 10**DIGITS:
                found.add(
                    number,
                    column,
                    "数字超过 {digits} 位,末尾几位已被表格软件改成 0;请把这一列设为文本,重新录入",
                    "a number of more than {digits} digits has lost its last ones; enter it again in a column of text",
                    digits=DIGITS,
                )
        words = {column: text(cell) for column, cell in cells.items()}
        rows.append((number, {column: word for column, word in words.items() if word}))
    return rows


# --- The record of a batch: the existing one, or a new one from options

#: Fields that a new batch needs, and names of their options.
NEEDED = ("title", "body", "date", "source")


def existing(dataset: Dataset, batch_id: str) -> Batch | None:
    """Return the record of the batch, if it exists."""
    return next((record for record in dataset.records(Batch) if record.id == batch_id), None)


def new_record(batch_id: str, given: Mapping[str, Any]) -> Batch | Sequence[Problem]:
    """Return the record of a new batch; problems at its fields if one is missing or invalid."""
    try:
        return Batch.model_validate({"id": batch_id, **given})
    except ValidationError as error:
        return list(translate(error, Batch, Place("")))


def answer(name: str, typed: str, project: Project) -> str:
    """Parse what was typed for a field of a new batch; see `NEEDED`.

    Raises:
        InvalidAnswerError: if it is not a body, or not a date up to today.
    """
    if name == "body":
        return body_in(project.dataset, typed)
    if name != "date":
        return typed
    try:
        found = day(Cell("text", typed))
    except CellError as error:
        raise InvalidAnswerError(error.zh, error.en, **error.values) from error
    no_day_to_come(found, project.day)
    return found.isoformat()


def placed(line: str, stem: str, file: str) -> str:
    """Rewrite the position in ``line`` from the new data files, which are not written yet, to the imported ``file``.

    Args:
        line: An error of the data with the new batch.
        stem: Path of the new files without suffix, e.g. ``data/batches/food-2026-1``.
        file: Name of the imported file.
    """
    if match := re.match(rf"{re.escape(stem)}\.csv:(\d+):\d+: ", line):
        number = max(int(match[1]) - 1, 1)
        return f"“{file}”的第 {number} 个样品 / product {number} of “{file}”: {line[match.end() :]}"
    if match := re.match(rf"{re.escape(stem)}\.yml:\d+:\d+: ", line):
        return f"新的一批（还没有写入） / the new batch (not written yet): {line[match.end() :]}"
    return line


def record_text(record: Batch) -> str:
    """Return the YAML file of a new batch."""
    plain: dict[str, Any] = {
        "id": record.id,
        "date": record.date.isoformat(),
        "title": record.title.zh,
        "body": record.body,
        "source": record.source.zh,
    }
    if record.drafted:
        plain["drafted"] = record.drafted.model_dump(mode="json", exclude_defaults=True)
    return (
        "# yaml-language-server: $schema=../schema/batch.json\n"
        f"# 抽检批次，产品在同名的 {record.id}.csv 里。审核（haopin approve）后才公布。\n"
        f"# A batch of product sampling; its products are in {record.id}.csv. Public once approved.\n"
    ) + block(plain)


# --- The import: validated rows, and the changes against the existing table

# Scientific notation, which spreadsheet programs write for long numbers in CSV: 2.03001E+11.
_SPOILED = re.compile(r"\d(\.\d+)?E[+-]?\d+", re.I)


@dataclass(frozen=True)
class BatchImport:
    """Planned changes of an import.

    Attributes:
        rows: The validated rows.
        changes: New content of data files, by path below the data folder; empty if nothing changes.
        added: Sample numbers that are new.
        removed: Sample numbers that are no longer in the table.
        changed: Sample numbers whose row changed.
        before: The rows of the table that the batch had before.
        approved: Whether the batch is already approved.
    """

    rows: tuple[Sampled, ...]
    changes: Mapping[str, bytes]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    before: tuple[Sampled, ...]
    approved: bool


def batch_rows(path: Path, raw: bytes | None = None) -> tuple[Sampled, ...]:
    """Read and validate the rows of the table in ``path``; see `content` for ``raw``.

    Raises:
        DataError: with all errors of the table; those of cells as `CellsError`.
    """
    source = read_source(path, Sampled, raw)
    found, rows = source.found, []
    seen: dict[str, int] = {}
    bad = {p.place.mark[0] for p in found.problems if p.place.mark}
    for number, words in source.rows:
        # An error of the headings would be repeated for every row.
        if number in bad or source.head in bad:
            continue
        before = len(found.problems)
        row = _row(number, words, source)
        if row is None:
            continue
        if row.slug in seen:
            column = _place(source, "sample_number")
            zh, en = "抽样编号“{id}”与第 {first} 行相同", "the sample number “{id}” is that of row {first}"
            found.add(number, column, zh, en, id=row.sample_number, first=seen[row.slug])
        seen.setdefault(row.slug, number)
        if len(found.problems) == before:
            rows.append(row)
    if not rows and not found.problems:
        found.add(source.head, 0, "标题行下面没有产品", "there are no products below the headings")
    found.raise_if_any()
    return tuple(rows)


def _place(source: BatchSource, field: str) -> int:
    return next((number for number, name in source.columns.items() if name == field), 0)


def _row(number: int, words: Mapping[int, str], source: BatchSource) -> Sampled | None:
    found = source.found
    right = max(source.columns)
    for column, word in words.items():
        if column > right:
            zh, en = "这一格“{word}”没有标题,可能有一列错位", "“{word}” has no heading; a column may be shifted"
            found.add(number, column, zh, en, word=word)
            return None
    given: dict[str, str] = {}
    for column, name in source.columns.items():
        if word := " ".join(words.get(column, "").split("\n")):
            given[name] = narrow(word) if name in ("sample_number", "result") else word
    if not given:
        return None
    spoiled = given.get("sample_number", "")
    if _SPOILED.fullmatch(spoiled):
        found.add(
            number,
            _place(source, "sample_number"),
            "抽样编号“{id}”已被表格软件改成科学记数,请把这一列设为文本,重新录入",
            "a spreadsheet program has turned the sample number into “{id}”; enter it again in a column of text",
            id=spoiled,
        )
        return None
    try:
        return Sampled.model_validate(given)
    except ValidationError as error:
        for wrong in translate(error, Sampled, Place(source.name)):
            field = str(wrong.place.path[0]) if wrong.place.path else "failing_item"
            found.problems.append(replace(wrong, place=Place(source.name, mark=(number, _place(source, field)))))
        return None


def table_text(rows: Sequence[Sampled]) -> str:
    """Return ``rows`` as CSV: Chinese headings, all columns, line feeds as line ends."""
    words = headings(Sampled)
    out = io.StringIO(newline="")
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(words.values())
    for row in rows:
        cells = cells_of(row)
        lines.writerow(cells.get(name, "") for name in words)
    return out.getvalue()


def batch_import(rows: tuple[Sampled, ...], dataset: Dataset, batch_id: str, record: Batch | None) -> BatchImport:
    """Plan the import of ``rows`` as the batch ``batch_id``; ``record`` is its new record, if it has none yet."""
    old = [row for row in dataset.tables.get((BATCH.name, batch_id), ()) if isinstance(row, Sampled)]
    before, after = {row.slug: row for row in old}, {row.slug: row for row in rows}
    changes: dict[str, bytes] = {}
    if tuple(old) != rows:
        changes[f"{BATCH.path}/{batch_id}.csv"] = table_text(rows).encode()
    if record is not None:
        changes[f"{BATCH.path}/{batch_id}.yml"] = record_text(record).encode()
    known = existing(dataset, batch_id)
    return BatchImport(
        rows,
        changes,
        tuple(row.sample_number for slug, row in after.items() if slug not in before),
        tuple(row.sample_number for slug, row in before.items() if slug not in after),
        tuple(row.sample_number for slug, row in after.items() if slug in before and before[slug] != row),
        tuple(old),
        known is not None and known.approved is not None,
    )


# --- Report for the clerk

# Number of sample numbers that are listed; the others are counted.
_NAMED = 5


def format_report(plan: BatchImport) -> list[str]:
    """Return the report: content of the table, and differences from the one before."""
    rows = len(plan.rows)
    failing = sum(row.result == "fail" for row in plan.rows)
    lines = [
        f"共 {rows} 个样品，合格 {rows - failing}，不合格 {failing} / "
        f"products: {rows}, passing: {rows - failing}, failing: {failing}"
    ]
    if plan.before:
        lines.append(
            f"与已有的表相比：新增 {len(plan.added)}，删去 {len(plan.removed)}，改动 {len(plan.changed)} / "
            f"compared with the table there: added {len(plan.added)}, removed {len(plan.removed)}, "
            f"changed {len(plan.changed)}"
        )
        for zh, en, numbers in (
            ("新增", "added", plan.added),
            ("删去", "removed", plan.removed),
            ("改动", "changed", plan.changed),
        ):
            if numbers:
                lines.append(f"  {zh} / {en}: {_named(numbers)}")
    if plan.approved and plan.changes:
        lines.append(
            "提醒 / warning: 这一批已经审核，改动后要重新审核 / this batch is approved already; after the change it "
            "must be approved again"
        )
    return lines


def _named(numbers: Sequence[str]) -> str:
    more = len(numbers) - _NAMED
    return ", ".join(numbers[:_NAMED]) + (f" … (+{more})" if more > 0 else "")
