"""The invented sample data of the first county: something of every kind, marked as such, and in demo builds only."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from haopin.html.i18n import read_labels
from haopin.load.dataset import Dataset, LoadedRecord
from haopin.load.folder import SAMPLES
from haopin.model import KINDS
from haopin.model.disclosure import Sampled
from haopin.model.ledger import Assignment
from haopin.model.ledger import Entry as LedgerEntry
from haopin.model.publishable import Publishable, Withdrawal
from haopin.site.catalogue import checked
from haopin.site.publish import publish
from haopin.text import Wording, ascii_punctuation
from support import ROOT, BuiltSite, files_of, warnings_of

# Sample data change seldom, and their site is built for this file alone.
pytestmark = [pytest.mark.usefixtures("first_county"), pytest.mark.sweep]
DATA = ROOT / "data"
#: A record that lacks its approval on purpose.
UNAPPROVED = "sample-award-unapproved"
#: Part of every invented name, so that it is recognizable as such.
INVENTED = re.compile(r"示例|样本县|虚构|\b[Ss]ample\b|Fictional|imaginary")


@cache
def dataset() -> Dataset:
    return checked(DATA, "data")[0]


def samples() -> list[LoadedRecord]:
    return [entry for entry in dataset().entries if entry.place.file.startswith(SAMPLES)]


def rows() -> list[Sampled]:
    """Every row of the sample tables."""
    found = [
        row
        for key, table in dataset().tables.items()
        if dataset().table_files[key].startswith(SAMPLES)
        for row in table
        if isinstance(row, Sampled)
    ]
    assert found
    return found


def both(wording: Wording) -> list[str]:
    return [text for text in (wording.zh, wording.en) if text]


def names() -> set[str]:
    """Parties, holders, producers and titles of all samples; those withdrawn, too."""
    found: set[str] = set()
    for entry in samples():
        record = entry.record
        if isinstance(record, Publishable):
            found.update(record.parties)
            # The name of an assignment, and of a report without text, is its subject.
            nameless = isinstance(record, Assignment) or (isinstance(record, LedgerEntry) and record.text is None)
            if not nameless:
                found.update(both(record.label))
        elif isinstance(record, Withdrawal):
            found.update(record.names)
    for row in rows():
        found.update({row.producer, row.product, row.sample_number} | ({row.product_en} if row.product_en else set()))
    return found


def plain(text: str) -> str:
    """Return ``text`` as it is compared: without white space, ASCII punctuation, entities and escapes resolved."""
    return "".join(ascii_punctuation(unescape(text)).split())


def texts(file: str, content: bytes) -> Iterator[str]:
    """Yield the text of ``file``, with and without its markup."""
    if file.endswith((".xlsx", ".docx", ".zip")):
        path = ROOT / file
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield plain(archive.read(name).decode("utf-8", "ignore"))
        return
    text = content.decode("utf-8", "ignore")
    if "\\u" in text and file.endswith((".json", ".js", ".geojson")):
        text = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)
    # The lines of a calendar are folded.
    text = re.sub(r"\r?\n[ \t]", "", text) if file.endswith(".ics") else text
    yield plain(text)
    if file.endswith((".html", ".xml", ".svg")):
        yield plain(re.sub(r"<[^>]*>", "", text))


def said(folder: Path) -> dict[str, str]:
    """Return the text of each file of a site."""
    return {file: "\n".join(texts((folder / file).as_posix(), content)) for file, content in files_of(folder).items()}


def where(words: Iterable[str], site: dict[str, str]) -> dict[str, str]:
    """Return those of ``words`` that occur on a site, each with a file."""
    whole = "\n".join(site.values())
    found = [word for word in words if plain(word) in whole]
    return {word: next(file for file, text in site.items() if plain(word) in text) for word in found}


@pytest.fixture(scope="module")
def production(own: BuiltSite) -> dict[str, str]:
    """The real site."""
    return said(own.folder)


@pytest.fixture(scope="module")
def demo_folder(own_demo: BuiltSite) -> Path:
    """The folder of the real site with its samples."""
    return own_demo.folder


@pytest.fixture(scope="module")
def shown(demo_folder: Path) -> dict[str, str]:
    """The real site with its samples."""
    return said(demo_folder)


def test_every_kind_that_is_published_has_a_sample() -> None:
    wanted = {kind.name for kind in KINDS if issubclass(kind.model, Publishable | Withdrawal)}
    assert {entry.kind.name for entry in samples()} == wanted


def test_samples_are_marked_and_approved_but_for_one() -> None:
    assert [entry.record.id for entry in samples() if not entry.record.sample] == []
    published = [entry.record for entry in samples() if isinstance(entry.record, Publishable)]
    assert [record.id for record in published if record.approved is None] == [UNAPPROVED]
    # Nothing else in the data folder is a sample.
    assert [e.record.id for e in dataset().entries if e.record.sample] == [entry.record.id for entry in samples()]


def test_sample_data_is_evidently_invented() -> None:
    assert sorted(name for name in names() if not INVENTED.search(name) and not name.startswith("SAMPLE-")) == []
    assert [entry.record.id for entry in samples() if "sample" not in entry.record.id] == []
    for entry in samples():
        record = entry.record
        if isinstance(record, Publishable):
            links = [str(item.link) for item in record.evidence if item.link]
            assert all(link.startswith("https://sample.example/") for link in links), record.id
            numbers = [item.number for item in record.evidence if item.number]
            assert all(number.startswith("示例") for number in numbers), record.id
            assert all(INVENTED.search(text) for text in both(record.source)), record.id


def test_samples_raise_no_warning() -> None:
    assert [line for line in warnings_of(DATA) if "/samples/" in line] == []


def test_the_real_site_has_no_sample(production: dict[str, str]) -> None:
    assert where(names(), production) == {}
    assert where((entry.record.id for entry in samples()), production) == {}
    assert where(("sample.example",), production) == {}


def test_the_real_site_has_no_file_of_a_sample(production: dict[str, str]) -> None:
    evidence = {Path(file).name for file in dataset().files if file.startswith(SAMPLES)}
    assert len(evidence) == 3
    assert {file for file in production if Path(file).name in evidence} == set()


def test_a_demo_has_every_public_sample(shown: dict[str, str], own_day: date) -> None:
    published = publish(dataset(), own_day, samples=True)
    records = [record for record in published.records if record.sample and isinstance(record, Publishable)]
    assert len(records) > 150
    ids = {record.id for record in records}
    assert ids - where(ids, shown).keys() == set()
    nameless = [r for r in records if isinstance(r, Assignment) or (isinstance(r, LedgerEntry) and r.text is None)]
    worded = [r.label for r in records if r not in nameless]
    labels = {text for label in worded for text in both(label)}
    # Text of the ledger may be Markdown; here it is plain.
    assert labels - where(labels, shown).keys() == set()
    public = {row.producer for table in published.tables.values() for row in table if isinstance(row, Sampled)}
    assert public - where(public, shown).keys() == set()


def test_a_demo_hides_what_is_not_public(shown: dict[str, str], own_day: date) -> None:
    published = publish(dataset(), own_day, samples=True)
    withheld = {item.entry.record.id: item.reason for item in published.withheld}
    assert withheld[UNAPPROVED] == "unapproved"
    assert {"expired", "future"} <= set(withheld.values())
    assert where(withheld, shown) == {}
    hidden = [item.entry.record for item in published.withheld]
    assert where((t for r in hidden if isinstance(r, Publishable) for t in both(r.label)), shown) == {}


def test_a_demo_does_not_say_a_withdrawn_name(shown: dict[str, str]) -> None:
    withdrawn = [name for entry in samples() if isinstance(entry.record, Withdrawal) for name in entry.record.names]
    assert len(withdrawn) == 2
    assert where(withdrawn, shown) == {}
    # It stood in a table and in a text; each is still there, without the name.
    assert any(name in row.producer for row in rows() for name in withdrawn)
    assert where(("〔名称已撤下〕", "[name withdrawn]"), shown).keys() == {"〔名称已撤下〕", "[name withdrawn]"}


def test_a_demo_publishes_evidence_of_public_records_only(demo_folder: Path) -> None:
    found = {path.name for path in demo_folder.rglob("sample-*") if path.is_file()}
    assert {"sample-quarterly-return.pdf", "sample-acceptance-note.txt"} <= found
    assert "sample-unapproved.txt" not in found


def test_a_page_with_a_sample_says_so(shown: dict[str, str], own_day: date) -> None:
    published = publish(dataset(), own_day, samples=True)
    records = [record for record in published.records if record.sample and isinstance(record, Publishable)]
    labels = [plain(text) for r in records if not isinstance(r, LedgerEntry) for text in both(r.label)]
    badge = read_labels(ROOT / "hooks/haopin/labels.yml")["state.sample"]
    badges = [plain(badge.zh), plain(str(badge.en))]
    pages = {file: text for file, text in shown.items() if file.endswith(".html")}
    showing = [file for file, text in pages.items() if any(label in text for label in labels)]
    assert len(showing) > 30
    assert [file for file in showing if not any(words in pages[file] for words in badges)] == []
