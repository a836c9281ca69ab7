"""An invented county of any size, as a project of its own: the second county of the tests with more tasks."""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COUNTY, MORE = ROOT / "tests/fixtures/county", ROOT / "tests/fixtures/county-more"
#: Measures a task: real tasks have 12 on average and up to 22.
MEASURES = 16
#: Clauses of a document, whose file may have 10 MB.
CLAUSES = 2500


def copy_engine(folder: Path) -> Path:
    """Copy the engine without compiled files to ``folder``, and return it."""
    shutil.copytree(ROOT / "hooks", folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def make_county(records: int, folder: Path, engine: Path | None = None, *, every_kind: bool = False) -> None:
    """Write a project with ``records`` more tasks to ``folder``: configuration, engine and data.

    Args:
        records: Number of tasks.
        folder: Where.
        engine: The engine to use; None for a copy without compiled files.
        every_kind: Whether there are records of the other kinds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if engine:
        (folder / "hooks").symlink_to(engine)
    else:
        copy_engine(folder / "hooks")
    shutil.copytree(COUNTY / "docs", folder / "docs")
    shutil.copytree(COUNTY / "data", folder / "data")
    if every_kind:
        shutil.copytree(MORE / "data", folder / "data", dirs_exist_ok=True)
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        shutil.copy(ROOT / name, folder / name)
    documents = folder / "data/documents"
    first = (documents / "plan-2030-1.yml").read_text("utf-8")
    # The source text knows nothing of the added clauses.
    texts = [first.replace("source_file: plan-2030-1.zh.txt\n", "")]
    head = texts[0][: texts[0].index("  - {id: slogan")]
    for number in range(records):
        if number and number % CLAUSES == 0:
            texts.append(head.replace("plan-2030-1", _document(number)).replace("1号", f"{len(texts) + 1}号"))
        texts[-1] += _clause(number)
        (folder / f"data/tasks/x{number:05d}.yml").write_text(_task(number), encoding="utf-8", newline="\n")
    for number, text in enumerate(texts):
        (documents / f"{_document(number * CLAUSES)}.yml").write_text(text, encoding="utf-8", newline="\n")


def _document(number: int) -> str:
    return f"plan-2030-{number // CLAUSES + 1}"


def copy_own(folder: Path, engine: Path) -> None:
    """Write a project with the county of this repository to ``folder``, with a link to ``engine``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "hooks").symlink_to(engine)
    for name in ("data", "docs"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        shutil.copy(ROOT / name, folder / name)


def _words(number: int, measure: int) -> tuple[str, str]:
    return (
        f"落实第{number}项质量工作的第{measure}个方面,开展重点产品检查与整治",
        f"Carry out aspect {measure} of quality task {number}, and inspect and rectify key products in the county",
    )


def _clause(number: int) -> str:
    pairs = [_words(number, measure) for measure in range(MEASURES)]
    zh, en = "".join(f"{zh}。" for zh, _ in pairs), " ".join(f"{en}." for _, en in pairs)
    return (
        f"  - id: x{number:05d}\n    level: item\n"
        f"    zh: {number}.任务{number:05d}。{zh}(县质量局、县商务局按职责分工负责)\n"
        f'    en: "{number}. Task {number:05d}. {en} '
        '(County Quality Bureau; County Commerce Bureau: each within its remit)"\n'
    )


def _task(number: int) -> str:
    measures = []
    for measure in range(MEASURES):
        zh, en = _words(number, measure)
        measures.append(
            f"  - id: aspect-{measure:02d}\n"
            f"    title: {{zh: 第{measure}个方面的检查整治, en: Inspect and rectify aspect {measure}}}\n"
            f'    quote: {{zh: "{zh}", en: "{en}"}}\n'
        )
    return (
        f"id: x{number:05d}\ngroup: line\nclause: {{document: {_document(number)}, id: x{number:05d}}}\n"
        f"title: {{zh: 任务{number:05d}, en: Task {number:05d}}}\n"
        "summary: {zh: 这项任务让买东西的人更放心。, en: This task gives buyers more confidence.}\n"
        "responsible:\n"
        "  quote:\n    zh: 县质量局、县商务局按职责分工负责\n"
        "    en: 'County Quality Bureau; County Commerce Bureau: each within its remit'\n"
        "  bodies: [quality, commerce]\nmeasures:\n" + "".join(measures)
    )
