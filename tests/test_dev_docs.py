"""Developer documents: referenced paths and links exist, README and glossary are short, and their English is plain."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from haopin.cli.main import cli
from support import ROOT

DOCUMENTS = (
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *(ROOT / folder / "README.md" for folder in ("hooks", "deploy", "data")),
    ROOT / "deploy/README.zh.md",
    *sorted((ROOT / "docs/dev").glob("*.md")),
)
PACKAGE = ROOT / "hooks/haopin"
#: First folder of a path of the repository, as far as it is not made by a command.
FOLDERS = frozenset(("hooks", "tests", "docs", "deploy", ".github", ".ci"))
#: Files that a document names as those to be written, with the reason.
TO_BE_WRITTEN = re.compile(r"hooks/haopin/(?:model|templates)/training\.(?:py|html)|data/.*")
#: Endings of files, as in `build.json`.
SUFFIXES = frozenset(("json", "yml", "md", "html", "css"))
README_LINES = 80
GLOSSARY_TERMS = 15


#: Turns of phrase that are not plain technical English, in comments, messages, handbooks and names of tests.
ODD = re.compile(
    r"\b(?:(?:is|are|be|been)[ _]told|told[ _](?:of|apart)|look(?:s|ed)?[ _]whether|Tell whether|see if|so many|anew|"
    r"by and by|for want of|lest|whence|whoever|that which|and the like|goes with|(?:is|are) well|mends?|mended|"
    r"what[ _](?:waits|lacks|goes|stands|lies|holds|fails))\b",
    re.IGNORECASE,
)


def text_of(document: Path) -> str:
    """The text without fenced blocks, which show files of a tutorial."""
    return re.sub(r"^```.*?^```$", "", document.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def spans(document: Path) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text_of(document))


@cache
def tracked() -> frozenset[str]:
    """Files and folders of the repository, those that are new included."""
    command = ("git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard")
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")
    existing = [name for name in names if (ROOT / name).is_file()]
    return frozenset({parent.as_posix() for name in existing for parent in (Path(name), *Path(name).parents)})


def is_missing(span: str) -> bool:
    """Return whether a code span is a path or a module of the repository that does not exist."""
    if re.search(r"[\s*<>{}…:]|[A-Z]{3,}\b(?!\.md)", span) or TO_BE_WRITTEN.fullmatch(span):
        return False
    path = span.strip("/").removeprefix("./")
    first = path.partition("/")[0]
    # Rooms and base modules of the package are named without its folder.
    rooms = {name.stem if name.is_file() else name.name for name in PACKAGE.iterdir()}
    if "/" in path and (first in FOLDERS or first in rooms):
        return not {path, f"hooks/{path}", f"hooks/haopin/{path}"} & tracked()
    if re.fullmatch(r"\w+\.py", path):
        return not {f"hooks/{path}", f"hooks/haopin/{path}", path} & tracked()
    module, dot, name = path.removeprefix("haopin.").partition(".")
    if dot and module in rooms and re.fullmatch(r"[a-z_]+", name) and name not in SUFFIXES:
        file = PACKAGE / f"{module}.py"
        in_file = file.is_file() and re.search(rf"^(?:def|class) {name}\b", file.read_text("utf-8"), re.MULTILINE)
        # An option of mkdocs.yml or a file of a built site may have such a name, too: only rooms have modules.
        return not in_file and (PACKAGE / module).is_dir() and not any((PACKAGE / module).glob(f"{name}*"))
    return False


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_paths_and_modules_exist(document: Path) -> None:
    assert [span for span in spans(document) if is_missing(span)] == []


def test_a_path_that_is_gone_would_be_found() -> None:
    gone = ("hooks/haopin/gone.py", "site/gone.py", "load/gone.py", "privacy.gone", "tests/test_gone.py", "gone.py")
    assert all(map(is_missing, gone))
    kept = ("hooks/haopin/text.py", "load/", "text.py", "privacy.folding", "text.fullwidth", "haopin", "data/gone.yml")
    assert not any(map(is_missing, kept))


def anchors(document: Path) -> set[str]:
    """The anchors that GitHub gives to headings."""
    titles = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_relative_links_lead_somewhere(document: Path) -> None:
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", text_of(document))):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (document.parent / file).resolve() if file else document
        known = target == ROOT or target.relative_to(ROOT).as_posix() in tracked()
        if not known or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_commands_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = [(d.name, span) for d in DOCUMENTS for span in spans(d)]
    missing = [
        (name, span)
        for name, span in named
        for kind, command in re.findall(r"^(?:\w+=\S+ )*(make|\./haopin|haopin) ([a-z][a-z-]*)", span)
        if command not in (targets if kind == "make" else cli.commands)
    ]
    assert len(named) > 100 and missing == []
    assert set(cli.commands) <= {
        command for span in spans(ROOT / "docs/dev/commands.md") for command in re.findall(r"haopin ([a-z-]+)", span)
    }


def test_readme_and_glossary_stay_short() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert len(readme.splitlines()) <= README_LINES
    assert re.search(r"^    make site\b", readme, re.MULTILINE) and re.search(r"^    make test\b", readme, re.MULTILINE)
    rows = re.findall(r"^\| (?!term|---)", (ROOT / "docs/dev/glossary.md").read_text("utf-8"), re.MULTILINE)
    assert 0 < len(rows) <= GLOSSARY_TERMS


def test_pictures_are_small_and_drawings_are_for_every_eye() -> None:
    assert (ROOT / "docs/dev/pictures/site.png").stat().st_size <= 250_000
    desk = {path.name: path.stat().st_size for path in (ROOT / "docs/dev/pictures").glob("desk-*.webp")}
    named = set(re.findall(r"docs/dev/pictures/(desk-\w+\.webp)", (ROOT / "data/README.md").read_text("utf-8")))
    assert desk and named == set(desk) and max(desk.values()) <= 60_000
    drawing = (ROOT / "docs/dev/pictures/architecture.svg").read_text("utf-8")
    assert "prefers-color-scheme: dark" in drawing and "<title" in drawing and "<desc" in drawing


def test_both_editions_for_administrators_have_the_same_commands() -> None:
    """The same sections, tables, and lines to type, apart from what is said beside them."""
    chinese, english = ((ROOT / "deploy" / name).read_text("utf-8") for name in ("README.zh.md", "README.md"))

    def outline(text: str) -> list[str]:
        return [line.split(" ")[1] for line in text.split("\n") if line.startswith("## ")]

    def commands(text: str) -> list[str]:
        typed = (line.strip() for line in text.split("\n") if line.startswith("    "))
        return [re.split(r"\s{3,}|\s+#\s", line)[0] for line in typed]

    def rows(text: str) -> list[int]:
        return [table.count("\n") for table in re.findall(r"(?:^\|.*\n)+", text, re.M)]

    assert outline(chinese) == outline(english)
    assert commands(chinese) == commands(english) != []
    assert rows(chinese) == rows(english)
    options = re.compile(r"--[a-z-]+|HAOPIN_[A-Z_]+")
    assert {*options.findall(chinese)} == {*options.findall(english)}


def test_english_is_plain() -> None:
    """Rows of tables are skipped, as CONTRIBUTING.md lists such phrases, and so are data and fields of the model."""
    suffixes = {".md", ".py", ".sh", ".conf", ".service", ".timer", ""}
    places = re.compile(r"(?:hooks|deploy|tests|\.ci|docs/dev)/|[^/]+$|data/README\.md")
    skipped = re.compile(
        r"hooks/haopin/model/|tests/(?:fixtures|messages|npm)/|tests/test_dev_docs\.py|tests/county/yishui_wording\.py|CHANGELOG|LICENSE"
    )
    found = [
        f"{name}:{number}: {match.group()}"
        for name in sorted(tracked())
        if (ROOT / name).is_file() and places.match(name) and not skipped.match(name) and Path(name).suffix in suffixes
        for number, line in enumerate((ROOT / name).read_text("utf-8").splitlines(), 1)
        if not line.startswith("|") and (match := ODD.search(line))
    ]
    assert found == []
