"""The data folder: which file belongs to which kind, and every record in it."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from haopin.problem import Place, Problem, problem
from haopin.reading import yamlfile
from haopin.reading.messages import translate
from haopin.reading.plain import plain
from haopin.records import KINDS, Kind, Record

# Beside records a data folder holds the handbook, the county's mark, schemas for editors, and source texts.
_COMPANIONS = ("README.md", "mark.svg", "hero.svg", "schema/*.json", "documents/*.txt")


@dataclass(frozen=True)
class Entry:
    """A record and the place where it begins."""

    kind: Kind
    record: Record
    place: Place


@dataclass
class Reading:
    """What was read: entries in the order of kinds and files, problems, and the texts that lie beside records.

    ``incomplete`` names the models of which a record could not be read: an id missing there may well exist.
    """

    folder: FilePath
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    companions: dict[str, str] = field(default_factory=dict)
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
        for file in own:
            count = len(reading.problems)
            _read_file(reading, kind, file)
            if len(reading.problems) > count:
                reading.incomplete.add(kind.model)
    for file in visible:
        if file in homes:
            continue
        if any(FilePath(file).match(pattern) for pattern in _COMPANIONS):
            if file.endswith((".txt", ".svg")):
                _read_companion(reading, file)
        else:
            reading.problems.append(_misplaced(file, kinds))
    return reading


def _home(file: str, kinds: Iterable[Kind]) -> Kind | None:
    """Return the kind whose records ``file`` holds."""
    folder, _, name = file.partition("/")
    for kind in kinds:
        in_folder = kind.layout == "folder" and kind.path == folder and name.endswith(".yml") and "/" not in name
        if in_folder or (kind.layout != "folder" and kind.path == file):
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
    if kind.layout == "list":
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
    name = FilePath(place.file).stem
    if kind.layout == "folder" and record.id != name:
        reading.problems.append(
            problem(
                place.at("id"),
                "编号“{id}”与文件名“{name}.yml”不一致,请改为一致",
                "the id “{id}” differs from the file name “{name}.yml”; make them the same",
                id=record.id,
                name=name,
            )
        )


def _read_companion(reading: Reading, file: str) -> None:
    text = yamlfile.decode((reading.folder / file).read_bytes(), file)
    if isinstance(text, Problem):
        reading.problems.append(text)
    else:
        reading.companions[file] = text


def _misplaced(file: str, kinds: Iterable[Kind]) -> Problem:
    homes = [f"{kind.path}/…yml" if kind.layout == "folder" else kind.path for kind in kinds]
    stem = FilePath(file).stem
    # A file in some folder was meant for a folder of ours, another for a list.
    likely = [
        f"{kind.path}/{stem}.yml" if kind.layout == "folder" else kind.path
        for kind in kinds
        if (kind.layout == "folder") == ("/" in file)
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
    if path.suffix != ".yml" or not path.is_file():
        return None
    text = yamlfile.decode(path.read_bytes(), path.name)
    root = None if isinstance(text, Problem) else yamlfile.compose(text, path.name)
    return None if isinstance(root, Problem) else root
