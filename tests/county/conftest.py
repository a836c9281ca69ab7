"""Tests that are valid for any county, run on the county in this repository.

The tests of the invented counties are imported; the fixtures here replace their site by this one.
"""

from datetime import date
from pathlib import Path

import pytest
from haopin.build.settings import settings_of
from haopin.site.catalogue import Catalogue
from support import ROOT, BuiltSite, catalogue_of

#: The county whose content the tests named ``test_yishui…`` check.
FIRST_COUNTY = "沂水县"


@pytest.fixture(scope="session")
def data() -> Path:
    """The records."""
    return ROOT / "data"


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder with the configuration."""
    return ROOT


@pytest.fixture(scope="session")
def catalogue(data: Path, own_day: date) -> Catalogue:
    """The records that are public on the day."""
    return catalogue_of(data, as_of=own_day)


@pytest.fixture(scope="session")
def site(own: BuiltSite) -> BuiltSite:
    """The site, of which the tests compare the languages."""
    languages = [edition.language for edition in settings_of(ROOT / "mkdocs.yml").editions]
    if languages != ["zh", "en"]:
        pytest.skip(f"these tests compare Chinese and English; the site has {languages}")
    return own


@pytest.fixture(scope="session")
def any_site(site: BuiltSite) -> BuiltSite:
    """The site."""
    return site


@pytest.fixture(scope="session")
def built(site: BuiltSite) -> BuiltSite:
    """The site."""
    return site


@pytest.fixture(scope="session")
def first_county(data: Path) -> None:
    """Skip a test of the content of the first county if the data is that of another."""
    if FIRST_COUNTY not in (data / "site.yml").read_text("utf-8"):
        pytest.skip(f"knows the content of {FIRST_COUNTY}; data/ is another county's")
