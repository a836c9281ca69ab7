"""What a review found wrong is searched for in every text that the site of the first county publishes."""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path

import pytest
from county.yishui_wording import OLD, OLD_PROGRAM, OLD_UNTIL_PUBLISHED
from support import ROOT, BuiltSite, files_of

pytestmark = pytest.mark.usefixtures("first_county")

#: Tags that do not part a sentence.
_INLINE = re.compile("</?(?:a|abbr|b|code|em|i|mark|q|small|span|strong|sup|sub|time|wbr)\\b[^>]*>")
_SAID = re.compile(r'(?:content|title|alt|aria-label|placeholder|label|data-[\w-]+)="([^"]*)"')
_PARTED = re.compile("(?<=[\u3001-\uffe5]) (?=[\u3001-\uffe5])")
#: Files without text; words on pictures are those of `haopin.exports.pictures`, also in descriptions, and those
#: of publicity materials are the records', which tests of the materials read back from their files.
_MUTE = (".png", ".webp", ".pdf", ".ico", ".css")


def folded(text: str) -> Iterator[str]:
    """Yield the lines of a text, white space folded; and without it, where it parts Chinese."""
    for line in text.split("\n"):
        yield (one := " ".join(line.split()))
        if (joined := _PARTED.sub("", one)) != one:
            yield joined


def marked_up(source: str) -> Iterator[str]:
    """Yield the runs of text of HTML or XML, and what attributes say."""
    yield from (unescape(found) for found in _SAID.findall(source))
    runs = re.sub("<[^>]*>", "\n", _INLINE.sub("", " ".join(source.split())))
    yield from folded(unescape(runs))


def strings(value: object) -> Iterator[str]:
    """Yield every text in JSON."""
    if isinstance(value, str):
        yield from marked_up(value)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield key
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def lines(name: str, content: bytes) -> Iterator[str]:
    """Yield what a file says, in runs without markup, escapes, and folds of lines."""
    if name.endswith((".xlsx", ".zip")):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from lines(member, archive.read(member))
        return
    text = content.decode("utf-8-sig", "ignore")
    if name.endswith((".json", ".jsonld")):
        yield from strings(json.loads(text))
    elif name.endswith((".html", ".svg", ".xml", ".rels", ".vml")):
        # Feeds carry HTML as text.
        yield from marked_up(unescape(text) if "feeds/" in name else text)
    elif name.endswith(".ics"):
        unfolded = re.sub(r"\r?\n[ \t]", "", text)
        yield from folded(unfolded.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";"))
    else:
        yield from folded(text)


def said(folder: Path) -> dict[str, str]:
    """Return everything that a site says, in runs, with a file that says it."""
    return {
        line: name
        for name, content in files_of(folder).items()
        if not name.endswith(_MUTE)
        for line in lines(name, content)
        if line
    }


def old_texts(table: Mapping[str, tuple[str, ...]], found: Mapping[str, str]) -> list[str]:
    """Return ``finding: text (file)`` for every old text that is there."""
    return [
        f"{finding}: {old} ({name})"
        for finding, texts in table.items()
        for old in texts
        for line, name in found.items()
        if old in line
    ]


def test_no_old_text_is_on_the_site(own: BuiltSite) -> None:
    found = said(own.folder)
    assert old_texts(OLD, found) == []
    assert old_texts(OLD_UNTIL_PUBLISHED, found) == []


@pytest.mark.sweep
def test_no_old_text_is_on_the_site_with_samples(own_demo: BuiltSite) -> None:
    assert old_texts(OLD, said(own_demo.folder)) == []


def test_no_old_text_is_in_the_notice(own: BuiltSite) -> None:
    """So that no text has to be passed over where the notice is quoted."""
    notice = (own.data / "documents/notice-2023-13.zh.txt").read_text("utf-8")
    assert old_texts(OLD, dict.fromkeys(folded(notice), "notice")) == []


def test_no_old_text_is_in_the_program_and_the_handbooks() -> None:
    files = [
        file
        for pattern in ("*.md", "data/README.md", "deploy/*.md", "hooks/haopin/**/*.py", "hooks/haopin/labels.yml")
        for file in ROOT.glob(pattern)
        if file.name != "CHANGELOG.md"
    ]
    found = {line: file.name for file in files for line in folded(file.read_text("utf-8"))}
    assert len(files) > 100
    assert old_texts(OLD_PROGRAM, found) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("index.html", "<p>一条<b>不多</b>，\n一条<a class='hp-term' href='#a'>不少</a></p>"),
        ("index.html", '<meta name="description" content="目标：一条不多&#xff0c;一条不少。">'),
        ("feeds/all.xml", "<content>&lt;p&gt;一条&lt;strong&gt;不多&lt;/strong&gt;，一条不少&lt;/p&gt;</content>"),
        ("all.ics", "DESCRIPTION:目标：一条不\r\n 多，一条\r\n 不少\\n以上\r\n"),
        ("index.json", json.dumps({"items": [{"lead": "目标：一条不多，一条不少"}]})),
        ("catalog.jsonld", json.dumps({"一条不多，一条不少": 1})),
        ("target.csv", "\ufeffid,lead\r\na,一条不多，一条不少\r\n"),
        ("hero.svg", "<svg><title>一条不多，一条不少</title></svg>"),
        ("worker.js", 'say("一条不多，一条不少")'),
    ],
)
def test_an_old_text_is_found_through_markup_escapes_and_folds(name: str, content: str) -> None:
    found = dict.fromkeys(lines(name, content.encode()), name)
    assert old_texts(OLD, found) == [f"A7: 一条不多，一条不少 ({name})"]


def test_what_the_site_says_is_found_in_files_of_every_form(own: BuiltSite) -> None:
    forms = {Path(name).suffix for name in own.files} - {".js", ".svg", ".txt", *_MUTE}
    saying = {
        Path(name).suffix
        for name, content in files_of(own.folder).items()
        if not name.endswith(_MUTE)
        if any("沂水" in line or "Yishui" in line for line in lines(name, content))
    }
    assert saying >= forms >= {".html", ".xml", ".ics", ".json", ".jsonld", ".csv", ".xlsx"}
