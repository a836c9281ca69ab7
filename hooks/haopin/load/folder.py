"""The data folder: assign files to kinds, read records and tables, format problems as lines."""

import difflib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path as FilePath

from yaml.nodes import Node

from haopin.cache import Readings
from haopin.files import file_digest
from haopin.installation import PACKAGE, packages
from haopin.load import articles, yamlfile
from haopin.load.articles import read_articles
from haopin.load.dataset import Dataset, read_file
from haopin.load.pictures import read_picture
from haopin.load.tables import read_table
from haopin.model import READ, Kind
from haopin.model.look import SCENES
from haopin.model.photograph import PHOTOGRAPH_PATTERN, PHOTOGRAPHS
from haopin.model.publishable import EVIDENCE_PATTERN
from haopin.problem import Place, Problem, problem
from haopin.text import Language

# --- Files: which kind a file belongs to, and suggestions for misplaced ones

#: Fingerprints of the Chinese texts that were translated.
TRANSLATIONS = "translations.json"
#: Folder of sample records, a data folder within the data folder.
SAMPLES = "samples/"
# Other files of a data folder: README, the county's mark and pictures, JSON Schemas, source texts, labels of further
# languages, templates of materials with their pictures, fingerprints of translations.
_COMPANIONS = (
    "README.md",
    "mark.svg",
    "hero.svg",
    "hero-dark.svg",
    f"{SCENES}*.svg",
    "schema/*.json",
    "documents/*.txt",
    "labels/*.yml",
    "materials/*.typ",
    "materials/*.svg",
    TRANSLATIONS,
)
_EVIDENCE = "evidence"
#: Files that systems and office programs create: thumbnails, locks, copies of open files.
_LITTER = re.compile(
    r"thumbs\.db(:encryptable)?|ehthumbs(_vista)?\.db|desktop\.ini|\$recycle\.bin|system volume information|"
    r"\.ds_store|\._.*|__macosx|\.spotlight-v100|\.trashes|\.fseventsd|\.directory|"
    r"~\$.*|~.*\.tmp|\.~.*|.+~|\.#.*|#.+#|\..+\.sw[a-p]",
    re.IGNORECASE,
)
_OFFICE = frozenset({".doc", ".docx", ".wps", ".xls", ".xlsx", ".et", ".ods", ".odt", ".ppt", ".pptx", ".pdf", ".ofd"})
# Names of copies by file managers: “03 - 副本.yml”, “03 - 副本 (2).yml”, “03 (1).yml”, “03 copy.yml”, “03(副本).yml”.
_COPY = re.compile(
    "(?P<stem>.+?)(?: ?- ?(?:副本|复制|[Cc]opy)| ?[(\uff08]副本[)\uff09]|副本| copy)?"
    "(?: ?[(\uff08][0-9]+[)\uff09]| [0-9]+)?(?P<ending>(?:\\.[a-z]{2,3}(?:-[A-Za-z]+)?)?\\.[a-z]+)"
)
# Names of the files of a kind, by layout; a list or single record has a fixed path.
_ENDINGS = {"folder": "/….yml", "lists": "/….yml", "articles": "/….zh.md"}


#: Windows takes what is around these characters for folders, drives and streams; no system allows NUL.
_ELSEWHERE = frozenset("\\:\0")


def home(file: str, kinds: Iterable[Kind]) -> Kind | None:
    """Return the kind of the records in ``file``; None if it has none, or if a system takes it for another path."""
    if not _ELSEWHERE.isdisjoint(file):
        return None
    inner = file.removeprefix(SAMPLES)
    folder, _, name = inner.partition("/")
    for kind in kinds:
        if "/" in name or kind.path != (folder if name else inner):
            continue
        if kind.layout in ("list", "single"):
            return kind if not (kind.layout == "single" and inner != file) else None
        if kind.layout == "articles":
            return kind if articles.parse_name(name) else None
        if name.endswith(".yml") or (kind.table is not None and name.endswith(".csv")):
            return kind
    return None


def is_litter(file: str) -> bool:
    """Return whether ``file`` (a path with ``/``), or a folder in its path, was created by a system or office program.

    Used for the data folder and for written pages: such files are ignored, never published.
    """
    return any(_LITTER.fullmatch(part) for part in file.split("/"))


def is_evidence(file: str) -> bool:
    """Return whether ``file`` is an evidence file."""
    folder, _, name = file.removeprefix(SAMPLES).partition("/")
    return folder == _EVIDENCE and re.fullmatch(EVIDENCE_PATTERN, name) is not None


def is_photograph(file: str) -> bool:
    """Return whether ``file`` is the file of a photograph."""
    folder, _, name = file.removeprefix(SAMPLES).partition("/")
    return folder == PHOTOGRAPHS and re.fullmatch(PHOTOGRAPH_PATTERN, name) is not None


def photograph_file(name: str, *, sample: bool) -> str:
    """Return the path in the data folder of the photograph file ``name``."""
    return f"{SAMPLES if sample else ''}{PHOTOGRAPHS}/{name}"


def is_companion(file: str) -> bool:
    """Return whether ``file`` is another permitted file."""
    path = FilePath(file)
    return any(path.match(pattern) for pattern in _COMPANIONS)


def is_read_along(file: str) -> bool:
    """Return whether the text of a companion file is kept in the dataset."""
    return file.endswith((".txt", ".svg", ".typ")) or file == TRANSLATIONS or FilePath(file).match("labels/*.yml")


def languages_of(dataset: Dataset) -> Mapping[Language, str]:
    """Return the labels file of each language other than Chinese and English."""
    return {FilePath(file).stem: file for file in dataset.companions if FilePath(file).match("labels/*.yml")}


def misplaced(file: str, kinds: Iterable[Kind]) -> Problem:
    """Return the problem of a ``file`` that belongs nowhere, with a suggestion."""
    inner = file.removeprefix(SAMPLES)
    # The problem is the file itself, not its content.
    place = Place(file, mark=(1, 1))
    if inner.startswith(f"{_EVIDENCE}/"):
        return problem(
            place,
            "依据文件“{file}”的名称或类型不可用:名称只用汉字、字母、数字和 . _ -,类型为小写的 "
            "pdf、ofd、jpg、png、xlsx、docx、csv、txt,不放在下一级文件夹",
            "the evidence file “{file}” has a name or type that cannot be used: a name has letters, digits and . _ - "
            "only; the type is pdf, ofd, jpg, png, xlsx, docx, csv or txt in lower case; there is no folder below",
            file=file,
        )
    if inner.startswith(f"{PHOTOGRAPHS}/"):
        return problem(
            place,
            "照片文件“{file}”的名称或类型不可用:名称只用汉字、字母、数字和 . _ -,类型为小写的 jpg、jpeg、png、webp,"
            "不放在下一级文件夹",
            "the photograph “{file}” has a name or type that cannot be used: a name has letters, digits and . _ - "
            "only; the type is jpg, jpeg, png or webp in lower case; there is no folder below",
            file=file,
        )
    if FilePath(inner).suffix.lower() in _OFFICE:
        return problem(
            place,
            "“{file}”是办公文件,资料里不放。证明用的放进 evidence 文件夹,表格用 haopin ledger import 或 "
            "batch import 导入,要公布的文字用 haopin new 写成记录",
            "“{file}” is an office file, not a record. Put evidence into the folder evidence, import "
            "spreadsheets with haopin ledger import or batch import, write texts with haopin new",
            file=file,
        )
    kinds = list(kinds)
    stem = FilePath(inner).name.partition(".")[0]
    # Suggest a folder for a file in a folder, and a list for a file at the top.
    likely = [
        kind.path + _ENDINGS.get(kind.layout, "").replace("…", stem)
        for kind in kinds
        if (kind.layout in _ENDINGS) == ("/" in inner)
    ]
    guess = next(iter(difflib.get_close_matches(inner, likely, n=1, cutoff=0.6)), None)
    zh, en = "此处不应有文件“{file}”", "no file “{file}” belongs here"
    zh, en = (
        (zh + ";是否应为“{guess}”?", en + "; should it be “{guess}”?")
        if guess
        else (
            zh + ",请移走;文件位置见 README.md",
            en + "; move it away. README.md says where each file belongs",
        )
    )
    return problem(place, zh, en, file=file, guess=guess and file[: len(file) - len(inner)] + guess)


def copies(files: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield (copy, original) for each of ``files`` that file managers would name as a copy of another one."""
    every = set(files)
    for file in files:
        folder, _, name = file.rpartition("/")
        match = _COPY.fullmatch(name) if folder.removeprefix(SAMPLES) != _EVIDENCE else None
        original = f"{folder}/".lstrip("/") + f"{match['stem']}{match['ending']}" if match else ""
        if original != file and original in every:
            yield file, original


def copied(file: str, original: str) -> Problem:
    """Return the problem of a ``file`` that is a copy of ``original``."""
    return problem(
        Place(file, mark=(1, 1)),
        "多了一个副本“{file}”(原件是“{original}”),请删去;要照着写一条新的,用 haopin new",
        "“{file}” is a copy of “{original}”; delete it. To write another record, use haopin new",
        file=file,
        original=original,
    )


# --- CSV tables of records


def read_table_file(dataset: Dataset, kind: Kind, file: str) -> None:
    """Read the rows of ``file``, the table of the record with the same name."""
    assert kind.table is not None
    key = kind.name, FilePath(file).stem
    other = dataset.table_files.setdefault(key, file)
    if other != file:
        dataset.problems.append(
            problem(
                Place(file),
                "已有同名的表“{other}”,请换一个名称",
                "a table of this name already exists, “{other}”; choose another name",
                other=other,
            )
        )
        return
    text = dataset.text_of(file)
    if text is None:
        return
    sheet, problems = read_table(text, kind.table, file)
    dataset.problems += problems
    dataset.sheets[key] = sheet
    dataset.tables[key] = sheet.rows


def match_tables(dataset: Dataset, kind: Kind) -> None:
    """Report tables without a record, and records without their table."""
    for (name, record_id), file in dataset.table_files.items():
        if name == kind.name and not (dataset.folder / file).with_suffix(".yml").is_file():
            dataset.problems.append(
                problem(
                    Place(file),
                    "这个表缺少同名的说明文件“{name}.yml”,请放在这个表旁边",
                    "this table lacks the file “{name}.yml” that describes it; put it beside this table",
                    name=record_id,
                )
            )
    for entry in dataset.entries:
        if entry.kind is not kind:
            continue
        name = FilePath(entry.place.file).stem
        if FilePath(dataset.table_files.get((kind.name, name), "")).parent != FilePath(entry.place.file).parent:
            dataset.problems.append(
                problem(
                    entry.place,
                    "缺少同名的表“{name}.csv”,请放在这个文件旁边",
                    "the table “{name}.csv” is missing; put it beside this file",
                    name=name,
                )
            )


# --- Reading

#: Rooms whose code the results of slow reads depend on; "." are the modules beside the rooms.
_ROOMS = (".", "load", "check", "privacy", "build")


def open_readings(cache: FilePath, *, lasting: bool = False) -> Readings:
    """Return the results of slow reads that the last run kept in the folder ``cache``.

    After a change of the program or of an installed package everything is read again.

    Args:
        cache: The folder.
        lasting: Whether this process reads the data again and again.
    """
    version = blake2b("\n".join((sys.version, *packages())).encode(), digest_size=16)
    for file in sorted(file for room in _ROOMS for file in (PACKAGE / room).glob("*.py")):
        version.update(file_digest(file))
    return Readings(cache, version.hexdigest(), lasting=lasting)


def read(folder: FilePath, kinds: Sequence[Kind] = READ, readings: Readings | None = None) -> Dataset:
    """Read all files below ``folder``; the problems of all files are collected."""
    dataset = Dataset(folder, readings=readings)
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    visible = [
        file for file in files if not any(part.startswith(".") for part in file.split("/")) and not is_litter(file)
    ]
    homes = {file: kind for file in visible if (kind := home(file, kinds)) is not None}
    for file, original in copies(visible):
        # Reading it would report its ids as duplicates in the original.
        homes.pop(file, None)
        visible.remove(file)
        dataset.problems.append(copied(file, original))
    for kind in kinds:
        _read_kind(dataset, kind, [file for file, own in homes.items() if own is kind])
    for file in visible:
        if file not in homes:
            _read_other(dataset, file, kinds)
    return dataset


def _read_kind(dataset: Dataset, kind: Kind, files: Sequence[str]) -> None:
    """Read the ``files`` with records of ``kind``."""
    count = len(dataset.problems)
    if kind.layout == "single" and not files:
        dataset.problems.append(
            problem(Place(kind.path), "缺少文件“{path}”", "the file “{path}” is missing", path=kind.path)
        )
    if kind.layout == "articles":
        read_articles(dataset, kind, files)
    else:
        for file in files:
            if file.endswith(".csv"):
                read_table_file(dataset, kind, file)
            else:
                read_file(dataset, kind, file)
    if kind.table is not None:
        match_tables(dataset, kind)
    if len(dataset.problems) > count:
        dataset.incomplete.add(kind.model)


def _read_other(dataset: Dataset, file: str, kinds: Sequence[Kind]) -> None:
    """Record or reject a ``file`` without records."""
    if is_companion(file):
        if is_read_along(file) and (text := dataset.text_of(file)) is not None:
            dataset.companions[file] = text
    elif (is_evidence(file) or is_photograph(file)) and (dataset.folder / file).is_symlink():
        # A symlink would publish a file from elsewhere on the machine.
        dataset.problems.append(
            problem(
                Place(file, mark=(1, 1)),
                "这是链接,不是文件,请放入文件本身",
                "this is a link, not a file; put the file itself here",
            )
        )
    elif is_evidence(file):
        dataset.files.add(file)
    elif is_photograph(file):
        dataset.pictures[file] = read_picture(dataset.folder / file, dataset.readings)
    else:
        dataset.problems.append(misplaced(file, kinds))


# --- Positions as line and column; each file is parsed once


class Places:
    """Resolves positions in one data folder to lines and columns.

    It parses files again, so that positions cost nothing if there is no problem.
    """

    def __init__(self, folder: FilePath) -> None:
        """Prepare for the data ``folder``; nothing is read yet."""
        self._folder = folder
        self._roots: dict[str, Node | None] = {}

    def mark(self, place: Place) -> tuple[int, int]:
        """Return the 1-based line and column of ``place``; (1, 1) if it does not exist."""
        if place.mark is not None:
            return place.mark
        if place.file not in self._roots:
            self._roots[place.file] = _root(self._folder / place.file)
        return yamlfile.locate(self._roots[place.file], place.path, place.at_key)

    def line(self, place: Place) -> int:
        """Return the line of ``place``; 1 if it does not exist."""
        return self.mark(place)[0]


def _root(path: FilePath) -> Node | None:
    if path.suffix not in (".yml", ".md") or not path.is_file():
        return None
    text = yamlfile.decode(path.read_bytes(), path.name)
    if isinstance(text, str) and path.suffix == ".md":
        text = articles.head_of(text)
    root = None if isinstance(text, Problem) else yamlfile.compose(text, path.name)
    return None if isinstance(root, Problem) else root


# --- Problems as lines


def report(folder: FilePath, problems: Iterable[Problem], prefix: str) -> list[str]:
    """Format ``problems`` as sorted lines ``prefix/file.yml:LINE:COLUMN: Chinese / English``."""
    places = Places(folder)
    rows = [(item.place.file, places.mark(item.place), item) for item in problems]
    rows.sort(key=lambda row: (row[0], row[1], row[2].en))
    lines = []
    for file, (line, column), item in rows:
        tag = "" if item.severity == "error" else "提醒 / warning: "
        # A value or file name in the message may have line breaks or undecodable bytes: make it one printable line.
        words = " ".join(f"{prefix}/{file}:{line}:{column}: {tag}{item.zh} / {item.en}".splitlines())
        lines.append(words.encode("utf-8", "backslashreplace").decode())
    return list(dict.fromkeys(lines))
