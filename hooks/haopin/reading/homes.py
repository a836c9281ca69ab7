"""Which file belongs where in a data folder, and where one that is out of place may have been meant to lie."""

import difflib
import re
from collections.abc import Iterable
from pathlib import Path as FilePath

from haopin.problem import Place, Problem, problem
from haopin.reading import article
from haopin.records import Kind
from haopin.records.publishable import EVIDENCE_PATTERN

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
            return kind if article.parse_name(name) else None
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
    kinds = list(kinds)
    homes = [kind.path + _ENDINGS.get(kind.layout, "").replace("….", "…") for kind in kinds]
    stem = FilePath(inner).name.partition(".")[0]
    # A file in some folder was meant for a folder of ours, another for a list.
    likely = [
        kind.path + _ENDINGS.get(kind.layout, "").replace("…", stem)
        for kind in kinds
        if (kind.layout in _ENDINGS) == ("/" in inner)
    ]
    guess = next(iter(difflib.get_close_matches(inner, likely, n=1, cutoff=0.6)), None)
    zh, en = "此处不应有文件“{file}”", "no file “{file}” belongs here"
    zh, en = (zh + ";是否应为“{guess}”?", en + "; should it be “{guess}”?") if guess else (zh + "。", en + ".")
    return problem(
        place,
        zh + "可用的位置:{homes}",
        en + " Possible places: {homes}",
        file=file,
        guess=guess and file[: len(file) - len(inner)] + guess,
        homes=", ".join([*homes, f"{_EVIDENCE}/…pdf"]),
    )
