"""Which file belongs where in a data folder, and where one that is out of place may have been meant to lie."""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path as FilePath

from haopin.load import articles
from haopin.model import Kind
from haopin.model.publishable import EVIDENCE_PATTERN
from haopin.problem import Place, Problem, problem

#: Fingerprints of the Chinese that the English translates.
TRANSLATIONS = "translations.json"
#: Sample records lie in a data folder of their own within the data folder.
SAMPLES = "samples/"
# Beside records a data folder holds the handbook, the county's mark, schemas for editors, source texts, and which
# Chinese the English translates.
_COMPANIONS = ("README.md", "mark.svg", "hero.svg", "schema/*.json", "documents/*.txt", TRANSLATIONS)
_EVIDENCE = "evidence"
#: What systems and office programs leave in a folder by themselves: thumbnails, locks, copies of a file that is open.
_LITTER = re.compile(
    r"thumbs\.db(:encryptable)?|ehthumbs(_vista)?\.db|desktop\.ini|\$recycle\.bin|system volume information|"
    r"\.ds_store|\._.*|__macosx|\.spotlight-v100|\.trashes|\.fseventsd|\.directory|"
    r"~\$.*|~.*\.tmp|\.~.*|.+~|\.#.*|#.+#|\..+\.sw[a-p]",
    re.IGNORECASE,
)
_OFFICE = frozenset({".doc", ".docx", ".wps", ".xls", ".xlsx", ".et", ".ods", ".odt", ".ppt", ".pptx", ".pdf", ".ofd"})
# How file managers call a copy: “03 - 副本.yml”, “03 - 副本 (2).yml”, “03 (1).yml”, “03 copy.yml”, “03(副本).yml”.
_COPY = re.compile(
    "(?P<stem>.+?)(?: ?- ?(?:副本|复制|[Cc]opy)| ?[(\uff08]副本[)\uff09]|副本| copy)?"
    "(?: ?[(\uff08][0-9]+[)\uff09]| [0-9]+)?(?P<ending>(?:\\.zh|\\.en)?\\.[a-z]+)"
)
# What a file of a kind is called, by the layout of the kind; a list or a single record is named by its path.
_ENDINGS = {"folder": "/….yml", "lists": "/….yml", "articles": "/….zh.md"}


def home(file: str, kinds: Iterable[Kind]) -> Kind | None:
    """Return the kind whose records ``file`` holds."""
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
    """Tell whether ``file`` (a path with ``/``), or a folder that it is in, was left by a system or an office program.

    The one list of the data folder and of the folders of written pages: such files are passed over, never published.
    """
    return any(_LITTER.fullmatch(part) for part in file.split("/"))


def is_evidence(file: str) -> bool:
    """Tell whether ``file`` is one that proves something."""
    folder, _, name = file.removeprefix(SAMPLES).partition("/")
    return folder == _EVIDENCE and re.fullmatch(EVIDENCE_PATTERN, name) is not None


def is_companion(file: str) -> bool:
    """Tell whether ``file`` lies beside records by right."""
    return any(FilePath(file).match(pattern) for pattern in _COMPANIONS)


def is_read_along(file: str) -> bool:
    """Tell whether the text of a companion is kept."""
    return file.endswith((".txt", ".svg")) or file == TRANSLATIONS


def misplaced(file: str, kinds: Iterable[Kind]) -> Problem:
    """Return the problem that ``file`` belongs nowhere, with the nearest place that it may have been meant for."""
    inner = file.removeprefix(SAMPLES)
    # It is the file itself that is out of place, whatever stands in it.
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
    if FilePath(inner).suffix.lower() in _OFFICE:
        return problem(
            place,
            "“{file}”是办公文件,资料里不放。证明用的放进 evidence 文件夹,表格用 haopin ledger import 或 "
            "batch import 导入,要公布的文字用 haopin new 写成记录",
            "“{file}” is an office file, which is no record. Put what proves something into the folder evidence, take "
            "in spreadsheets with haopin ledger import or batch import, write texts with haopin new",
            file=file,
        )
    kinds = list(kinds)
    stem = FilePath(inner).name.partition(".")[0]
    # A file in some folder was meant for a folder of ours, another for a list.
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
    """Yield each of ``files`` that is a copy beside its original, as file managers name them, and the original."""
    every = set(files)
    for file in files:
        folder, _, name = file.rpartition("/")
        match = _COPY.fullmatch(name) if folder.removeprefix(SAMPLES) != _EVIDENCE else None
        original = f"{folder}/".lstrip("/") + f"{match['stem']}{match['ending']}" if match else ""
        if original != file and original in every:
            yield file, original


def copied(file: str, original: str) -> Problem:
    """Return the problem that ``file`` is a copy of ``original``."""
    return problem(
        Place(file, mark=(1, 1)),
        "多了一个副本“{file}”(原件是“{original}”),请删去;要照着写一条新的,用 haopin new",
        "“{file}” is a copy of “{original}”; delete it. To write another record, use haopin new",
        file=file,
        original=original,
    )
