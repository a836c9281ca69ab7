"""The data folder: which file belongs to which kind, and every record in it."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from haopin.problem import Place, Problem, problem
from haopin.reading import article, yamlfile
from haopin.reading.messages import translate
from haopin.reading.plain import plain
from haopin.reading.table import read_table
from haopin.records import KINDS, Kind, Record
from haopin.records.base import Part
from haopin.records.publishable import EVIDENCE_PATTERN

#: Fingerprints of the Chinese that the English translates.
TRANSLATIONS = "translations.json"
# Beside records a data folder holds the handbook, the county's mark, schemas for editors, source texts, and which
# Chinese the English translates.
_COMPANIONS = ("README.md", "mark.svg", "hero.svg", "schema/*.json", "documents/*.txt", TRANSLATIONS)
#: Sample records lie in a data folder of their own within the data folder.
SAMPLES = "samples/"


@dataclass(frozen=True)
class Entry:
    """A record and the place where it begins."""

    kind: Kind
    record: Record
    place: Place


@dataclass
class Reading:
    """What was read: entries in the order of kinds and files, problems, and what lies beside records.

    Attributes:
        folder: The data folder.
        entries: Records with their places.
        problems: What could not be read.
        companions: Texts beside records, by path.
        tables: Rows of the tables beside records, by kind name and record id.
        table_files: Path of each of these tables.
        files: Paths of evidence files.
        incomplete: Models of which a record could not be read: an id missing there may well exist.
    """

    folder: FilePath
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    companions: dict[str, str] = field(default_factory=dict)
    tables: dict[tuple[str, str], tuple[Part, ...]] = field(default_factory=dict)
    table_files: dict[tuple[str, str], str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    incomplete: set[type[Record]] = field(default_factory=set)


def read(folder: FilePath, kinds: Sequence[Kind] = KINDS) -> Reading:
    """Read every file below ``folder``; problems of all files are collected, none stops the rest."""
    reading = Reading(folder)
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    visible = [file for file in files if not any(part.startswith((".", "~$")) for part in file.split("/"))]
    homes = {file: home for file in visible if (home := _home(file, kinds)) is not None}
    for kind in kinds:
        own = [file for file, home in homes.items() if home is kind]
        if kind.layout == "single" and not own:
            reading.problems.append(
                problem(
                    Place(kind.path),
                    "缺少文件“{path}”",
                    "the file “{path}” is missing",
                    path=kind.path,
                )
            )
        count = len(reading.problems)
        if kind.layout == "articles":
            _read_articles(reading, kind, own)
        else:
            for file in own:
                if file.endswith(".csv"):
                    _read_table(reading, kind, file)
                else:
                    _read_file(reading, kind, file)
        if kind.table is not None:
            _match_tables(reading, kind)
        if len(reading.problems) > count:
            reading.incomplete.add(kind.model)
    for file in visible:
        if file in homes:
            continue
        if any(FilePath(file).match(pattern) for pattern in _COMPANIONS):
            if file.endswith((".txt", ".svg")) or file == TRANSLATIONS:
                _read_companion(reading, file)
        elif is_evidence(file):
            reading.files.add(file)
        else:
            reading.problems.append(_misplaced(file, kinds))
    return reading


def is_evidence(file: str) -> bool:
    """Tell whether ``file`` is one that proves something."""
    folder, _, name = file.removeprefix(SAMPLES).partition("/")
    return folder == "evidence" and re.match(EVIDENCE_PATTERN, name) is not None


def _home(file: str, kinds: Iterable[Kind]) -> Kind | None:
    """Return the kind whose records ``file`` holds."""
    inner = file.removeprefix(SAMPLES)
    folder, _, name = inner.partition("/")
    for kind in kinds:
        if "/" in name or kind.path != (folder if name else inner):
            continue
        if kind.layout in ("list", "single"):
            return kind if not (kind.layout == "single" and inner != file) else None
        if kind.layout == "articles":
            return kind if article.parse_name(name) else None
        if name.endswith(".yml") or (kind.table is not None and name.endswith(".csv")):
            return kind
    return None


def _read_file(reading: Reading, kind: Kind, file: str) -> None:
    text = yamlfile.decode((reading.folder / file).read_bytes(), file)
    if isinstance(text, Problem):
        reading.problems.append(text)
        return
    root = yamlfile.compose(text, file)
    if isinstance(root, Problem):
        reading.problems.append(root)
        return
    value, problems = plain(root, text, file) if root is not None else (None, [])
    reading.problems += problems
    if kind.layout in ("list", "lists"):
        if value is None:
            return
        if not isinstance(value, list):
            reading.problems.append(_not_a_list(Place(file)))
            return
        for index, item in enumerate(value):
            _read_record(reading, kind, item, Place(file, (index,)))
        return
    if value is None:
        reading.problems.append(problem(Place(file), "文件是空的", "the file is empty"))
        return
    _read_record(reading, kind, value, Place(file))


def _read_table(reading: Reading, kind: Kind, file: str) -> None:
    text = yamlfile.decode((reading.folder / file).read_bytes(), file)
    if isinstance(text, Problem):
        reading.problems.append(text)
        return
    assert kind.table is not None
    rows, problems = read_table(text, kind.table, file)
    reading.problems += problems
    key = kind.name, FilePath(file).stem
    reading.tables[key] = tuple(rows)
    reading.table_files[key] = file


def _match_tables(reading: Reading, kind: Kind) -> None:
    """Report a table without its record, and a record without its table."""
    ids = {entry.record.id: entry for entry in reading.entries if entry.kind is kind}
    for (name, record_id), file in reading.table_files.items():
        if name == kind.name and record_id not in ids and not (reading.folder / file).with_suffix(".yml").is_file():
            reading.problems.append(
                problem(
                    Place(file),
                    "这个表缺少同名的说明文件“{name}.yml”",
                    "this table lacks the file “{name}.yml” that describes it",
                    name=record_id,
                )
            )
    for record_id, entry in ids.items():
        if (kind.name, record_id) not in reading.tables:
            reading.problems.append(
                problem(
                    entry.place,
                    "缺少同名的表“{name}.csv”,请放在这个文件旁边",
                    "the table “{name}.csv” is missing; put it beside this file",
                    name=record_id,
                )
            )


def _read_articles(reading: Reading, kind: Kind, files: Sequence[str]) -> None:
    """Read the articles of ``files``, of which one or two belong to each."""
    groups: dict[str, dict[str, str]] = {}
    for file in files:
        record_id, language = article.parse_name(file.rpartition("/")[2]) or ("", "")
        groups.setdefault(f"{file.rpartition('/')[0]}/{record_id}", {})[language] = file
    for name, by_language in groups.items():
        parts: dict[str, tuple[dict[str, Any], str]] = {}
        count = len(reading.problems)
        for language, file in by_language.items():
            if (found := _read_article(reading, file)) is not None:
                parts[language] = found
        if len(reading.problems) > count:
            continue
        record_id = name.rpartition("/")[2]
        first = Place(by_language.get("zh") or by_language["en"])
        count = len(reading.problems)
        _read_record(reading, kind, article.merge(parts, record_id), first)
        # What is wrong with the English title stands in the English file.
        for index in range(count, len(reading.problems)):
            reading.problems[index] = _in_its_file(reading.problems[index], by_language)


def _read_article(reading: Reading, file: str) -> tuple[dict[str, Any], str] | None:
    text = yamlfile.decode((reading.folder / file).read_bytes(), file)
    found = text if isinstance(text, Problem) else article.split(text, file)
    if isinstance(found, Problem):
        reading.problems.append(found)
        return None
    head, body = found
    root = yamlfile.compose(head, file)
    if isinstance(root, Problem):
        reading.problems.append(root)
        return None
    value, problems = plain(root, head, file) if root is not None else ({}, [])
    reading.problems += problems
    if not isinstance(value, dict):
        reading.problems.append(
            problem(Place(file), "文件头应为若干“字段{colon} 值”", "the head must hold fields, each “name: value”")
        )
        return None
    return value, body


def _in_its_file(found: Problem, by_language: dict[str, str]) -> Problem:
    path = found.place.path
    if len(path) == 2 and path[0] in ("title", "text") and path[1] in by_language:
        place = Place(by_language[str(path[1])], path[:1], found.place.at_key)
        return Problem(place, found.zh, found.en, found.severity)
    return found


def _not_a_list(place: Place) -> Problem:
    return problem(
        place,
        "此文件应为列表,每条记录以“- ”开头",
        "this file must be a list, each record with “- ” in front",
    )


def _read_record(reading: Reading, kind: Kind, value: Any, place: Place) -> None:
    try:
        record = kind.model.model_validate(value)
    except ValidationError as error:
        reading.problems += translate(error, kind.model, place)
        return
    reading.entries.append(Entry(kind, record, place))
    name = FilePath(place.file).name.partition(".")[0]
    if kind.layout in ("folder", "articles") and record.id != name:
        reading.problems.append(
            problem(
                place.at("id"),
                "编号“{id}”与文件名“{name}”不一致,请改为一致",
                "the id “{id}” differs from the file name “{name}”; make them the same",
                id=record.id,
                name=name + (".yml" if kind.layout == "folder" else ".zh.md"),
            )
        )


def _read_companion(reading: Reading, file: str) -> None:
    text = yamlfile.decode((reading.folder / file).read_bytes(), file)
    if isinstance(text, Problem):
        reading.problems.append(text)
    else:
        reading.companions[file] = text


def _misplaced(file: str, kinds: Iterable[Kind]) -> Problem:
    endings = {"folder": "/…yml", "lists": "/…yml", "articles": "/…zh.md"}
    homes = [kind.path + endings.get(kind.layout, "") for kind in kinds]
    stem = FilePath(file).stem
    # A file in some folder was meant for a folder of ours, another for a list.
    likely = [
        kind.path + endings.get(kind.layout, "").replace("…", f"{stem}.")
        for kind in kinds
        if (kind.layout in endings) == ("/" in file)
    ]
    guess = next(iter(difflib.get_close_matches(file, likely, n=1, cutoff=0.6)), None)
    zh, en = "此处不应有文件“{file}”", "no file “{file}” belongs here"
    zh, en = (zh + ";是否应为“{guess}”?", en + "; should it be “{guess}”?") if guess else (zh + "。", en + ".")
    return problem(
        Place(file),
        zh + "可用的位置:{homes}",
        en + " Possible places: {homes}",
        file=file,
        guess=guess,
        homes=", ".join(homes),
    )


def report(reading_folder: FilePath, problems: Iterable[Problem], prefix: str) -> list[str]:
    """Return ``problems`` as sorted lines ``prefix/file.yml:LINE:COLUMN: Chinese / English``.

    Files are read again for their positions: problems are rare, so positions cost nothing when all is well.
    """
    roots: dict[str, Any] = {}
    rows = []
    for item in problems:
        place = item.place
        if place.mark is not None:
            mark = place.mark
        else:
            if place.file not in roots:
                roots[place.file] = _root(reading_folder / place.file)
            mark = yamlfile.locate(roots[place.file], place.path, place.at_key)
        rows.append((place.file, mark, item))
    rows.sort(key=lambda row: (row[0], row[1], row[2].en))
    lines = []
    for file, (line, column), item in rows:
        tag = "" if item.severity == "error" else "提醒 / warning: "
        # The offending text may have several lines; a problem is always one.
        words = " ".join(f"{item.zh} / {item.en}".splitlines())
        lines.append(f"{prefix}/{file}:{line}:{column}: {tag}{words}")
    return list(dict.fromkeys(lines))


def _root(path: FilePath) -> Any:
    if path.suffix not in (".yml", ".md") or not path.is_file():
        return None
    text = yamlfile.decode(path.read_bytes(), path.name)
    if isinstance(text, str) and path.suffix == ".md":
        text = article.head_of(text)
    root = None if isinstance(text, Problem) else yamlfile.compose(text, path.name)
    return None if isinstance(root, Problem) else root
