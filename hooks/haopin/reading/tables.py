"""Tables beside records: which record each belongs to, and their rows."""

from pathlib import Path as FilePath

from haopin.problem import Place, problem
from haopin.reading.reading import Reading
from haopin.reading.table import read_table
from haopin.records import Kind


def read_table_file(reading: Reading, kind: Kind, file: str) -> None:
    """Read the rows of ``file``, the table of the record of the same name."""
    assert kind.table is not None
    key = kind.name, FilePath(file).stem
    other = reading.table_files.setdefault(key, file)
    if other != file:
        reading.problems.append(
            problem(
                Place(file),
                "已有同名的表“{other}”,请换一个名称",
                "there is already a table of this name, “{other}”; choose another name",
                other=other,
            )
        )
        return
    text = reading.text_of(file)
    if text is None:
        return
    sheet, problems = read_table(text, kind.table, file)
    reading.problems += problems
    reading.sheets[key] = sheet
    reading.tables[key] = sheet.rows


def match_tables(reading: Reading, kind: Kind) -> None:
    """Report a table without its record beside it, and a record without its table."""
    for (name, record_id), file in reading.table_files.items():
        if name == kind.name and not (reading.folder / file).with_suffix(".yml").is_file():
            reading.problems.append(
                problem(
                    Place(file),
                    "这个表缺少同名的说明文件“{name}.yml”,请放在这个表旁边",
                    "this table lacks the file “{name}.yml” that describes it; put it beside this table",
                    name=record_id,
                )
            )
    for entry in reading.entries:
        if entry.kind is not kind:
            continue
        name = FilePath(entry.place.file).stem
        if FilePath(reading.table_files.get((kind.name, name), "")).parent != FilePath(entry.place.file).parent:
            reading.problems.append(
                problem(
                    entry.place,
                    "缺少同名的表“{name}.csv”,请放在这个文件旁边",
                    "the table “{name}.csv” is missing; put it beside this file",
                    name=name,
                )
            )
