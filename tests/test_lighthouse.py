"""Lighthouse, as a phone: 100 for accessibility, best practices and search engines, and 98 or more for speed."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from haopin.text import LANGUAGES, Language
from lighthouse import compressing, scores
from support import AS_OF, build, copy_full_county, edit

pytestmark = [pytest.mark.sweep, pytest.mark.browser]

ROWS = 5_000
#: The score for performance that each page must reach.
FAST = 98
BATCH = "disclosures/batches/fruit-2030-1/"
PAGES = ("", "tasks/01/", "progress/", BATCH)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the county with every kind of record, one batch of which has 5,000 rows."""
    project = copy_full_county(tmp_path_factory.mktemp("project"))
    table = next((project / "data/batches").glob("fruit-2030-1.csv"))
    text = table.read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    heading, first = rows[0], rows[1]
    sample = next(index for index, name in enumerate(heading) if "编号" in name)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows(rows)
    for number in range(ROWS - len(rows) + 1):
        writer.writerow([f"X-{number:05d}" if index == sample else cell for index, cell in enumerate(first)])
    table.write_text(out.getvalue(), "utf-8", newline="")
    # Lighthouse takes a link that is called so for one that says nothing; here it is the name of a phase.
    edit(project / "data/phases.yml", "en: Start}", "en: Beginning}")
    folder: Path = build(project / "site", config=project / "mkdocs.yml", as_of=AS_OF)
    with compressing(folder) as address:
        yield f"{address}/"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", PAGES)
def test_a_phone_is_served_well(home: str, address: str, language: Language) -> None:
    found, failed = scores(f"{home}{'en/' if language == 'en' else ''}{address}", FAST)
    assert found["accessibility"] == found["best-practices"] == found["seo"] == 100, failed
    assert found["performance"] >= FAST, failed
