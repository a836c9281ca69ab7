"""Workbook for content that requires people: short titles, English, joining and splitting measures, scope of numbers.

It is exported from the data folder and imported again. Given content (ids, quotations) has a grey background and is
compared on import; every finding names its cell; all files are written, or none.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from pydantic import AliasChoices
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from haopin.check.rules import check
from haopin.load import yamlfile
from haopin.load.folder import read, report
from haopin.model import Record
from haopin.model.document import DOCUMENT
from haopin.model.fields import marked
from haopin.model.target import TARGET
from haopin.office.cells import CellError, Findings, day, text
from haopin.office.ledger.export import fit, style
from haopin.office.workbook import Cell, Grid, open_workbook, refusal
from haopin.office.writing import QuotedText, block, changed_copy, item
from haopin.problem import DataError, Problem
from haopin.start.measures import title_of
from haopin.text import Text, Wording, squeeze

MEASURES, TEXTS, NUMBERS = "举措", "文字", "数字"
KEEP, JOIN, SPLIT, DROP = "保留", "并入上一条", "拆开", "删去"
#: Separator of the parts of a quotation to be split, and of their titles.
CUT = "|"
_GREY = "F0F0F0"
#: Columns of each sheet: heading in Chinese and English, width, and whether people fill it in.
_COLUMNS: Mapping[str, Sequence[tuple[str, str, int, bool]]] = {
    MEASURES: (
        ("记录", "record", 12, False),
        ("举措", "measure", 9, False),
        ("原文", "words of the document; put | where to split", 50, True),
        ("处理", "keep, join to the one before, or split", 12, True),
        ("短标题", "short title", 26, True),
        ("英文短标题", "short title in English", 30, True),
        ("英文引文", "quotation in English, as in the English clause", 50, True),
    ),
    TEXTS: (
        ("文件", "file", 26, False),
        ("位置", "place", 26, False),
        ("中文", "Chinese", 60, False),
        ("英文", "English", 60, True),
    ),
    NUMBERS: (
        ("编号", "id", 8, False),
        ("所属举措", "its measure", 16, False),
        ("原文", "words of the document", 40, False),
        ("处理", "keep or delete", 10, True),
        ("是什么", "what it is", 26, True),
        ("英文名称", "what it is, in English", 30, True),
        ("范围", "what it covers", 26, True),
        ("英文范围", "what it covers, in English", 30, True),
        ("性质", "commitment or aim", 10, True),
        ("期限", "due date", 12, True),
        ("英文引文", "quotation in English", 40, True),
    ),
}
_NATURES = {"明确要求": "commitment", "力争": "aim"}
_HEAD = 1

Tree = Any


# --- Data files as trees that can be edited and written


@dataclass
class DataFile:
    """A YAML file of records: its leading comments, and its tree, which preserves quotation marks.

    Attributes:
        head: Comments at its top.
        tree: Its mapping or list.
        comment: Number of the first line with another comment; None if there is none.
    """

    head: str
    tree: Tree
    comment: int | None

    @classmethod
    def read(cls, content: str, name: str) -> "DataFile":
        """Parse ``content``, which has no errors."""
        lines = content.splitlines(keepends=True)
        count = next((at for at, line in enumerate(lines) if line.strip() and not line.startswith("#")), len(lines))
        root = yamlfile.compose(content, name)
        assert isinstance(root, MappingNode | SequenceNode)
        others = (at for at, line in enumerate(lines[count:], count + 1) if line.lstrip().startswith("#"))
        return cls("".join(lines[:count]), _value(root), next(others, None))

    def written(self) -> str:
        """Return its text."""
        tree = _shortened(self.tree)
        return self.head + ("".join(map(item, tree)) if isinstance(tree, list) else block(tree))

    def records(self) -> Sequence[dict[str, Any]]:
        """Return its records."""
        return self.tree if isinstance(self.tree, list) else [self.tree]


def _value(node: Node) -> Tree:
    if isinstance(node, MappingNode):
        return {key.value: _value(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_value(each) for each in node.value]
    assert isinstance(node, ScalarNode)
    if node.style not in ("'", '"') and node.value in ("", "~", "null"):
        return None
    # Quoted scalars are text; dates and numbers are written as they were.
    return QuotedText(node.value) if node.style in ("'", '"') or not node.value.isascii() else node.value


def data_files(folder: Path) -> dict[str, DataFile]:
    """Return the files of records in the data ``folder``, by path, without samples."""
    found = {}
    for path in sorted(folder.rglob("*.yml")):
        name = path.relative_to(folder).as_posix()
        if name.startswith("samples/"):
            continue
        content = yamlfile.decode(path.read_bytes(), name)
        assert isinstance(content, str)
        if content.strip():
            found[name] = DataFile.read(content, name)
    for entry in read(folder).entries:
        if (file := found.get(entry.place.file)) is not None:
            for model in (Text, Wording):
                for _, text_found in marked(entry.record, model):
                    record = file.tree
                    for step in entry.place.path:
                        record = record[step]
                    first, *rest = text_found.path
                    _lengthen(record, (_name_in(record, entry.record, str(first)), *rest))
    return found


def _name_in(tree: Tree, record: Record, name: str) -> str:
    """Return the name of the field ``name`` of ``record`` in the file, which may be a former one."""
    alias = type(record).model_fields[name].validation_alias
    older = alias.choices if isinstance(alias, AliasChoices) else ()
    return next((str(each) for each in (name, *older) if each in tree), name)


class _PlainWords(dict[str, Any]):
    """A text that is a plain line in the file, not a mapping of languages."""


def _lengthen(tree: Tree, path: Sequence[str | int]) -> None:
    """Convert a text that is a plain line to a mapping."""
    *way, last = path
    for step in way:
        tree = tree[step]
    if isinstance(tree[last], str):
        tree[last] = _PlainWords(zh=tree[last])


def _shortened(value: Tree) -> Tree:
    """Return ``value``, in which texts that were plain lines are lines again if they have no English."""
    if isinstance(value, _PlainWords) and set(value) == {"zh"}:
        return value["zh"]
    if isinstance(value, dict):
        return {name: _shortened(each) for name, each in value.items()}
    return [_shortened(each) for each in value] if isinstance(value, list) else value


def _texts(value: Tree, place: str = "", *, target: bool = False) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the bilingual texts in a tree with their paths, except those of statements and numbers."""
    if isinstance(value, dict):
        if isinstance(value.get("zh"), str):
            yield place, value
            return
        for name, inner in value.items():
            if target and name in ("title", "scope", "quote"):
                continue
            if name in _STATEMENTS and isinstance(inner, list) and all(isinstance(each, dict) for each in inner):
                for each in inner:
                    rest = {key: own for key, own in each.items() if key not in ("title", "quote")}
                    yield from _texts(rest, f"{place}/{name}/{each.get('id')}".lstrip("/"))
                continue
            yield from _texts(inner, f"{place}/{name}".lstrip("/"), target=target)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            own = inner.get("id", at) if isinstance(inner, dict) else at
            yield from _texts(inner, f"{place}/{own}".lstrip("/"), target=target)


#: Fields with the statements of a clause.
_STATEMENTS = ("measures", "requirements")


def _committed(files: Mapping[str, DataFile]) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the records that divide a clause, each with the field of its statements."""
    for file in files.values():
        for record in file.records():
            name = next((name for name in _STATEMENTS if isinstance(record.get(name), list)), None)
            if name is not None and isinstance(record.get("clause"), dict):
                yield record, name


def _english(words: Mapping[str, Any]) -> str:
    return str(words.get("en", ""))


# --- Export


def sheet_book(folder: Path) -> bytes:
    """Return the workbook of the data ``folder``, which has no errors."""
    files = data_files(folder)
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    measures = [
        [
            record["id"],
            one["id"],
            one["quote"]["zh"],
            KEEP,
            one["title"]["zh"],
            _english(one["title"]),
            _english(one["quote"]),
        ]
        for record, name in _committed(files)
        for one in record[name]
    ]
    texts = [
        [name, place, words["zh"], _english(words)]
        for name, file in files.items()
        for place, words in _texts(file.tree, target=name == TARGET.path)
    ]
    told = {value: zh for zh, value in _NATURES.items()}
    numbers = [
        [
            *(one["id"], one["measure"], one["quote"]["zh"], KEEP, one["title"]["zh"], _english(one["title"])),
            *(
                one["scope"]["zh"],
                _english(one["scope"]),
                told[one["nature"]],
                one.get("due", ""),
                _english(one["quote"]),
            ),
        ]
        for one in (files[TARGET.path].records() if TARGET.path in files else ())
    ]
    _draw(book, MEASURES, measures, {4: (KEEP, JOIN, SPLIT)})
    _draw(book, TEXTS, texts, {})
    _draw(book, NUMBERS, numbers, {4: (KEEP, DROP), 9: tuple(_NATURES)})
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _draw(book: Workbook, title: str, rows: Sequence[Sequence[str]], choices: Mapping[int, Sequence[str]]) -> None:
    sheet = book.create_sheet(title)
    columns = _COLUMNS[title]
    for number, (zh, en, width, filled) in enumerate(columns, start=1):
        style(sheet.cell(_HEAD, number, f"{zh} / {en}"), bold=True, fill=None if filled else _GREY)
        sheet.column_dimensions[get_column_letter(number)].width = width
    for at, row in enumerate(rows, start=_HEAD + 1):
        for number, value in enumerate(row, start=1):
            style(sheet.cell(at, number, str(value) or None), fill=None if columns[number - 1][3] else _GREY)
        fit(sheet, at, [str(value) for value in row], [column[2] for column in columns])
    sheet.freeze_panes = f"C{_HEAD + 1}"
    for number, words in choices.items():
        if rows:
            listed = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
            sheet.add_data_validation(listed)
            letter = get_column_letter(number)
            listed.add(f"{letter}{_HEAD + 1}:{letter}{_HEAD + len(rows)}")


# --- Import


@dataclass
class _Row:
    """A row of a sheet: its number, and its cells by the Chinese heading."""

    number: int
    cells: Mapping[str, Cell]

    def text(self, name: str) -> str:
        return text(self.cells.get(name))


@dataclass
class _Sheet:
    rows: list[_Row]
    places: Mapping[str, int]
    found: Findings

    def say(self, row: int, name: str, zh: str, en: str, **values: Any) -> None:
        self.found.add(row, self.places.get(name, 0), zh, en, **values)


@dataclass(frozen=True)
class SheetImport:
    """Planned changes of an import.

    Attributes:
        changes: New content of data files, by path below the data folder.
        joined: Number of measures joined to the previous one.
        split: Number of split measures.
        english: Number of texts with new or changed English.
        dropped: Number of deleted numbers.
    """

    changes: Mapping[str, bytes]
    joined: int
    split: int
    english: int
    dropped: int


@dataclass
class _Import:
    """State of an import: files, counts, and the cell of each text."""

    files: dict[str, DataFile]
    joined: int = 0
    split: int = 0
    english: int = 0
    dropped: int = 0
    moved: dict[str, str] = field(default_factory=dict)
    #: Identity of the tree of a text → sheet, row, headings of its Chinese and its English.
    cells: dict[int, tuple[_Sheet, int, str, str]] = field(default_factory=dict)

    def give(self, words: dict[str, Any], english: str) -> None:
        """Set the English of ``words``; an empty cell changes nothing."""
        if english and english != words.get("en"):
            words["en"] = QuotedText(english)
            self.english += 1


def read_sheet(path: Path, folder: Path, name: str) -> SheetImport:
    """Plan the import of the workbook ``path`` into the data ``folder``.

    Args:
        path: The filled-in workbook.
        folder: The data folder.
        name: Name of the folder in messages, such as ``data``.

    Raises:
        DataError: with all findings, each at its cell.
    """
    grids = {grid.title: grid for grid in open_workbook(path)}
    if missing := [title for title in _COLUMNS if title not in grids]:
        raise refusal(
            path,
            f"缺少“{missing[0]}”表,请用 haopin sheet export 写出的表",
            f"there is no sheet “{missing[0]}”; use a workbook of haopin sheet export",
        )
    sheets = {title: _sheet(grids[title], path) for title in _COLUMNS}
    work = _Import(data_files(folder))
    before = {file: one.written() for file, one in work.files.items()}
    clauses = _clauses(work.files)
    _take_measures(work, sheets[MEASURES], clauses)
    _take_texts(work, sheets[TEXTS])
    _take_numbers(work, sheets[NUMBERS])
    findings = [sheet.found for sheet in sheets.values()]
    if not any(found.problems for found in findings):
        changed = {file: one for file, one in work.files.items() if one.written() != before[file]}
        lost = [
            f"{name}/{file}:{one.comment}:1: " + _COMMENT for file, one in changed.items() if one.comment is not None
        ]
        if lost:
            raise DataError(lost)
        changes = {file: one.written().encode() for file, one in changed.items()}
        if others := _check(work, folder, changes):
            raise DataError(report(folder, others, name))
        if not any(found.problems for found in findings):
            return SheetImport(changes, work.joined, work.split, work.english, work.dropped)
    raise DataError([line for found in findings for line in found.lines()])


_COMMENT = (
    "这里的注释会丢失,请先移到文件最上面".replace(",", "\uff0c")
    + " / this comment would be lost; move it to the top of the file first"
)


def _sheet(grid: Grid, path: Path) -> _Sheet:
    heads = dict(grid.rows).get(_HEAD, {})
    places = {text(cell).partition(" / ")[0]: at for at, cell in heads.items()}
    if lost := [zh for zh, *_ in _COLUMNS[grid.title] if zh not in places]:
        raise refusal(
            path,
            f"“{grid.title}”表缺少“{lost[0]}”一列,请不要改表头",
            f"the sheet “{grid.title}” has no column “{lost[0]}”; leave the headings as they are",
        )
    names = {at: zh for zh, at in places.items()}
    rows = [
        _Row(number, {names[at]: cell for at, cell in cells.items() if at in names})
        for number, cells in grid.rows
        if number > _HEAD
    ]
    return _Sheet(rows, places, Findings(grid.title))


def _clauses(files: Mapping[str, DataFile]) -> dict[tuple[str, str], str]:
    return {
        (str(file.tree["id"]), str(clause["id"])): str(clause["zh"])
        for name, file in files.items()
        if name.startswith(f"{DOCUMENT.path}/")
        for clause in file.tree.get("clauses", ())
    }


_ALL_ROWS = ("缺少“{id}”这一行,请补上", "the row of “{id}” is missing; put it back")


def _take_measures(work: _Import, sheet: _Sheet, clauses: Mapping[tuple[str, str], str]) -> None:
    rows: dict[str, dict[str, _Row]] = {}
    for row in sheet.rows:
        rows.setdefault(row.text("记录"), {})[row.text("举措")] = row
    known = {str(record["id"]): (record, kept) for record, kept in _committed(work.files)}
    for name, own in rows.items():
        ids = {str(one["id"]) for one in known[name][0][known[name][1]]} if name in known else set()
        for measure, given in own.items():
            if measure not in ids:
                sheet.say(
                    given.number,
                    "举措" if name in known else "记录",
                    "资料里没有举措“{id}”,请不要改这一格",
                    "there is no measure “{id}” in the data; leave this cell as it is",
                    id=f"{name}/{measure}",
                )
    for name, (record, kept) in known.items():
        clause = clauses.get((str(record["clause"]["document"]), str(record["clause"]["id"])), "")
        made: list[dict[str, Any]] = []
        for one in record[kept]:
            its = rows.get(name, {}).get(str(one["id"]))
            if its is None:
                sheet.say(0, "", *_ALL_ROWS, id=f"{name}/{one['id']}")
                continue
            made = _one_measure(work, sheet, its, (name, one), made, clause)
        record[kept] = made


def _one_measure(
    work: _Import, sheet: _Sheet, row: _Row, own: tuple[str, dict[str, Any]], made: list[dict[str, Any]], clause: str
) -> list[dict[str, Any]]:
    """Add the measure of ``row`` to ``made``, joined to the previous one or split according to the row."""
    name, one = own
    action, quote = row.text("处理") or KEEP, row.text("原文")
    title, english, quoted = row.text("短标题"), row.text("英文短标题"), row.text("英文引文")
    if action not in (KEEP, JOIN, SPLIT):
        zh, en = "“{value}”不认识,请选 {words}", "“{value}” is not known; choose one of {words}"
        sheet.say(row.number, "处理", zh, en, value=action, words="、".join((KEEP, JOIN, SPLIT)))
        return [*made, one]
    if squeeze(quote.replace(CUT, "")) != squeeze(one["quote"]["zh"]) or (CUT in quote and action != SPLIT):
        sheet.say(
            row.number,
            "原文",
            "原文不能改;要拆开,请在“处理”选“拆开”,并只加“|”",
            "the words of the document cannot be changed; to split them, choose “拆开” and add “|” only",
        )
        return [*made, one]
    if action == SPLIT:
        return [*made, *_split(work, sheet, row, one)]
    if action == JOIN:
        if not made:
            sheet.say(row.number, "处理", "前面没有举措,不能并入", "there is no measure before it to join")
            return [*made, one]
        before = made[-1]
        whole = _between(clause, str(before["quote"]["zh"]), str(one["quote"]["zh"]))
        if whole is None:
            zh, en = "与上一条在原文里不相连,不能合并", "it does not follow the one before in the document"
            sheet.say(row.number, "处理", zh, en)
            return [*made, one]
        before["quote"]["zh"] = QuotedText(whole)
        if title and title != one["title"]["zh"]:
            sheet.say(
                row.number,
                "短标题",
                "并入的举措没有自己的标题,标题写在上一条",
                "a measure that joins another has no title of its own; give it in the row before",
            )
        work.moved[f"{name}/{one['id']}"] = f"{name}/{before['id']}"
        work.joined += 1
        return made
    if not title:
        sheet.say(row.number, "短标题", "短标题不能空", "the short title is missing")
    one["title"]["zh"] = QuotedText(title or one["title"]["zh"])
    work.give(one["title"], english)
    work.give(one["quote"], quoted)
    work.cells[id(one["title"])] = sheet, row.number, "短标题", "英文短标题"
    work.cells[id(one["quote"])] = sheet, row.number, "原文", "英文引文"
    return [*made, one]


def _between(clause: str, first: str, second: str) -> str | None:
    """Return the part of ``clause`` from ``first`` to the end of ``second``, if only punctuation is between them."""
    start = clause.find(first)
    at = clause.find(second, start + len(first)) if start >= 0 else -1
    if at < 0 or any(char.isalnum() for char in clause[start + len(first) : at]):
        return None
    return clause[start : at + len(second)]


def _split(work: _Import, sheet: _Sheet, row: _Row, one: dict[str, Any]) -> list[dict[str, Any]]:
    pieces = [piece.strip(" ，,；;。") for piece in row.text("原文").split(CUT)]
    if len(pieces) < 2 or not all(pieces):
        zh, en = "拆开要在原文里用“|”标出,两边都要有字", "mark with “|” where to split, with words on both sides"
        sheet.say(row.number, "原文", zh, en)
        return [one]
    columns = {"短标题": "title", "英文短标题": "title", "英文引文": "quote"}
    given: dict[str, list[str]] = {}
    for name in columns:
        words = [part.strip() for part in row.text(name).split(CUT)]
        whole = len(words) == len(pieces) and all(words)
        if CUT in row.text(name) and not whole:
            sheet.say(
                row.number,
                name,
                "拆成 {count} 条,这里也要用“|”分成 {count} 段",
                "it is split into {count}; divide this into {count} by “|”, too",
                count=len(pieces),
            )
        given[name] = words if whole else [""] * len(pieces)
    work.split += 1
    made = []
    for at, piece in enumerate(pieces):
        measure = {**one, "id": one["id"] if at == 0 else f"{one['id']}-{at + 1}"}
        measure["title"] = {"zh": QuotedText(given["短标题"][at] or title_of(piece))}
        measure["quote"] = {"zh": QuotedText(piece)}
        work.give(measure["title"], given["英文短标题"][at])
        work.give(measure["quote"], given["英文引文"][at])
        work.cells[id(measure["title"])] = sheet, row.number, "短标题", "英文短标题"
        work.cells[id(measure["quote"])] = sheet, row.number, "原文", "英文引文"
        made.append(measure)
    return made


def _take_texts(work: _Import, sheet: _Sheet) -> None:
    known = {
        (name, place): words
        for name, file in work.files.items()
        for place, words in _texts(file.tree, target=name == TARGET.path)
    }
    for row in sheet.rows:
        words = known.get((row.text("文件"), row.text("位置")))
        if words is None:
            sheet.say(
                row.number,
                "位置",
                "资料里没有这段文字,请不要改“文件”和“位置”",
                "there is no such text in the data; leave file and place as they are",
            )
        elif squeeze(row.text("中文")) != squeeze(words["zh"]):
            sheet.say(
                row.number,
                "中文",
                "中文与资料不同:资料写的是“{words}”;中文请在资料里改",
                "the Chinese differs from the data, which has “{words}”; change Chinese in the data",
                words=words["zh"][:60],
            )
        else:
            work.give(words, row.text("英文"))
            work.cells[id(words)] = sheet, row.number, "中文", "英文"


def _take_numbers(work: _Import, sheet: _Sheet) -> None:
    file = work.files.get(TARGET.path)
    known = {str(one["id"]): one for one in file.records()} if file is not None else {}
    dropped: set[str] = set()
    for row in sheet.rows:
        one = known.get(row.text("编号"))
        if one is None:
            zh, en = "资料里没有这个编号,请不要改", "there is no such id in the data; leave it as it is"
            sheet.say(row.number, "编号", zh, en)
            continue
        action = row.text("处理") or KEEP
        if action == DROP:
            dropped.add(row.text("编号"))
            continue
        if action != KEEP:
            zh, en = "“{value}”不认识,请选 {words}", "“{value}” is not known; choose one of {words}"
            sheet.say(row.number, "处理", zh, en, value=action, words=f"{KEEP}、{DROP}")
        if row.text("性质") not in _NATURES:
            zh, en = "“{value}”不认识,请选 明确要求、力争", "“{value}” is not known; choose 明确要求 or 力争"
            sheet.say(row.number, "性质", zh, en, value=row.text("性质"))
        else:
            one["nature"] = _NATURES[row.text("性质")]
        for name, english, key in (("是什么", "英文名称", "title"), ("范围", "英文范围", "scope")):
            if not row.text(name):
                sheet.say(row.number, name, "不能空", "this is missing")
                continue
            one[key]["zh"] = QuotedText(row.text(name))
            work.give(one[key], row.text(english))
            work.cells[id(one[key])] = sheet, row.number, name, english
        work.give(one["quote"], row.text("英文引文"))
        work.cells[id(one["quote"])] = sheet, row.number, "原文", "英文引文"
        _take_due(sheet, row, one)
    if file is not None:
        for one in file.records():
            one["measure"] = work.moved.get(str(one["measure"]), one["measure"])
        work.dropped = len(dropped)
        if dropped:
            file.tree = [one for one in file.records() if str(one["id"]) not in dropped]


def _take_due(sheet: _Sheet, row: _Row, one: dict[str, Any]) -> None:
    cell = row.cells.get("期限")
    if not row.text("期限") or cell is None:
        one.pop("due", None)
        return
    try:
        one["due"] = day(cell).isoformat()
    except CellError as error:
        sheet.say(row.number, "期限", error.zh, error.en, **error.values)


def _check(work: _Import, folder: Path, changes: Mapping[str, bytes]) -> list[Problem]:
    """Check the data after the import; report new errors at their cells, and return those without a cell."""
    before = {(problem.place.file, problem.zh) for problem in check(read(folder))}
    with changed_copy(folder, changes) as trial:
        new = [one for one in check(read(trial)) if one.severity == "error"]
    others = []
    for problem in new:
        if (problem.place.file, problem.zh) in before:
            continue
        words, language = _words_at(work.files, problem)
        cell = work.cells.get(id(words))
        if cell is None:
            others.append(problem)
            continue
        sheet, row, chinese, english = cell
        # The message is complete; braces in it come from the data.
        name = english if language == "en" else chinese
        sheet.say(row, name, "{told}", "{other}", told=problem.zh, other=problem.en)
    return others


def _words_at(files: Mapping[str, DataFile], problem: Problem) -> tuple[Tree, str]:
    """Return the bilingual text at the position of a problem, and the language."""
    file = files.get(problem.place.file)
    node: Tree = file.tree if file is not None else None
    for step in problem.place.path:
        if isinstance(node, dict) and "zh" in node:
            return node, str(step)
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return None, ""
    return node, "zh"
