"""What is noted while something is made: everything that it depends on, and the days on which it stays the same."""

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from haopin.build.graph import names_of
from haopin.exports.registry import PER_LANGUAGE, SHARED
from haopin.exports.source import ExportSource
from haopin.html.i18n import site_labels
from haopin.html.renderer import Renderer, environment
from haopin.installation import PACKAGE
from haopin.model.base import Nested
from haopin.model.task import Task
from haopin.site.catalogue import Catalogue
from haopin.text import LANGUAGES, Language
from haopin.trace import Day, Frame, Lazy, UntraceableError, derived, kept, noting, portable, question, start, stop
from hypothesis import given
from hypothesis import strategies as st
from support import catalogue_of, copy_full_county

DAYS = st.integers(0, 900).map(lambda n: date(2029, 6, 1) + timedelta(n))
#: What a page may do with the date.
USES: dict[str, Callable[[Any, date], Any]] = {
    **{name: getattr(operator, name) for name in ("lt", "le", "gt", "ge", "eq", "ne", "sub")},
    "reflected lt": lambda day, other: other < day,
    "reflected ge": lambda day, other: other >= day,
    "reflected sub": lambda day, other: other - day,
    "plus": lambda day, _: day + timedelta(2),
    "minus": lambda day, _: day - timedelta(2),
    "year": lambda day, _: day.year,
    "month": lambda day, _: day.month,
    "day": lambda day, _: day.day,
    "text": lambda day, _: str(day),
    "format": lambda day, _: f"{day:%d}",
    "iso": lambda day, _: day.isoformat(),
    "largest": lambda day, other: max(day, other) == other,
    "key": lambda day, other: {other: 1}.get(day),
    "in": lambda day, other: day in (other, other + timedelta(1)),
    "first of month": lambda day, _: day.replace(day=1),
    "sorted": lambda day, other: [each == other for each in sorted([day, other, other + timedelta(3)])],
}


def of(day: date) -> Day:
    """Return ``day`` as the date of the pages."""
    return Day.fromordinal(day.toordinal())


@pytest.mark.parametrize("use", USES)
@given(day=DAYS, other=DAYS, later=st.integers(-400, 400))
def test_a_result_is_the_same_on_all_days_noted(use: str, day: date, other: date, later: int) -> None:
    frame = Frame()
    with noting(frame):
        found = USES[use](of(day), other)
    assert found == USES[use](day, other)
    assert frame.first <= day.toordinal() <= frame.last
    then = day + timedelta(later)
    if frame.first <= then.toordinal() <= frame.last:
        assert USES[use](then, other) == found


def test_everything_that_a_date_can_do_is_noted() -> None:
    silent = {"__new__", "__doc__", "__getattribute__", "__class__", "min", "max", "resolution", "strptime", "today"}
    silent |= {name for name in vars(date) if name.startswith("from")}
    assert vars(date).keys() - silent <= vars(Day).keys()


@pytest.fixture
def noted() -> Iterator[Frame]:
    """A frame in which reads of records are noted."""
    frame = Frame()
    start(Nested, Catalogue)
    try:
        with noting(frame):
            yield frame
    finally:
        stop()


def test_fields_of_records_are_noted_however_they_are_read(noted: Frame) -> None:
    catalogue = catalogue_of()
    task = catalogue.get(Task, "01")
    noted.reads.clear()
    assert task.title
    assert (id(task), "title") in noted.reads
    for read in (lambda: task.model_dump_json(), lambda: vars(task), lambda: hash(task), lambda: task == task):
        noted.reads.clear()
        read()
        assert (id(task), "__dict__") in noted.reads
    noted.reads.clear()
    task.model_dump()
    # Parts are noted too.
    assert (id(task.measures[0]), "__dict__") in noted.reads


def test_nothing_is_noted_without_a_frame() -> None:
    start(Nested)
    try:
        assert catalogue_of().get(Task, "01").title
    finally:
        stop()
    assert "__getattribute__" not in vars(Nested)


class Service:
    """A service with values of each sort."""

    def __init__(self, trace_name: str = "service") -> None:
        self.trace_name, self.made, self.values = trace_name, 0, dict[str, Any]()

    @derived
    def shared(self) -> int:
        """A shared value."""
        return self._more()

    @question
    def answer(self, name: str) -> str:
        """An answer."""
        return f"{name}{self.shared}"

    def _more(self) -> int:
        self.made += 1
        return self.made


def test_who_reads_a_shared_value_depends_on_what_it_was_made_from() -> None:
    service, first, second = Service(), Frame(), Frame()
    for frame in (first, second):
        with noting(frame):
            assert service.shared == 1
            assert kept(service.values, "x", service._more) == 2
    assert first.nodes == second.nodes
    assert len(first.nodes) == 2


def test_a_value_that_was_made_unnoted_is_made_again() -> None:
    service = Service()
    assert service.shared == 1
    with noting(Frame()):
        assert (service.shared, service.shared) == (2, 2)
    assert service.shared == 2


def test_who_asks_depends_on_the_answer_alone() -> None:
    service, frame = Service(), Frame()
    with noting(frame):
        assert service.answer("a") == service.answer("a") == "a1"
    assert frame.reads == {("service", ("answer", "a"))}
    assert not frame.nodes
    with noting(nameless := Frame()):
        Service("").answer("a")
    assert nameless.nodes


def test_a_shared_value_cannot_be_replaced() -> None:
    with pytest.raises(AttributeError):
        Service().shared = 3


def test_a_lazy_sequence_is_made_at_its_first_use() -> None:
    made: list[int] = []

    def make() -> list[int]:
        made.append(1)
        return [3, 4]

    lazy = Lazy(make)
    assert not made
    assert (len(lazy), lazy[1], list(lazy), bool(lazy)) == (2, 4, [3, 4], True)
    assert made == [1]


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(UntraceableError):
        portable(object(), {})
    assert portable({1, 2}, {}) == portable({2, 1}, {})
    assert portable(True, {}) != portable(1, {})


# --- Nothing that is kept hides what it was made from


def flat(frame: Frame, seen: set[int] | None = None) -> tuple[set[Any], int, int]:
    """Return everything that ``frame`` depends on, and the first and last day."""
    seen = set() if seen is None else seen
    seen.add(id(frame))
    reads, first, last = set(frame.reads), frame.first, frame.last
    for node in frame.nodes:
        if id(node) not in seen:
            more, begin, end = flat(node, seen)
            reads, first, last = reads | more, max(first, begin), min(last, end)
    return reads, first, last


class Site:
    """A renderer and its exports that share nothing with others, for one set of records."""

    def __init__(self, catalogue: Catalogue, language: Language) -> None:
        self.base = Frame()
        with noting(self.base):
            own = replace(catalogue)
            self.renderer = Renderer(own, language, DAY, LABELS, TEMPLATES, named=True)
            paths: dict[Language, str] = {"zh": "", "en": "en/"}
            self.source = ExportSource(self.renderer, "https://quality.example/", paths)
        self._names = names_of(own)

    def page(self, address: str) -> set[Any]:
        """Render a page; return what it depends on."""
        with noting(frame := Frame()):
            page = self.renderer.page_at(address)
            assert page is not None
            self.renderer.render(page)
        return self._known(frame)

    def files(self) -> Iterator[tuple[str, Callable[[], set[Any]]]]:
        """Yield each file of the exports, and what makes it and returns what it depends on."""
        for export in (*PER_LANGUAGE, *SHARED):
            with noting(listing := Frame()):
                found = list(export(self.source))
            for made in found:

                def make(made: Any = made, listing: Frame = listing) -> set[Any]:
                    with noting(frame := Frame()):
                        made.make()
                    frame.nodes.add(listing)
                    return self._known(frame)

                yield made.path, make

    def _known(self, frame: Frame) -> set[Any]:
        frame.nodes.add(self.base)
        reads, first, last = flat(frame)
        whole = Frame()
        whole.reads = reads
        self._names.close(whole)
        named: set[Any] = set()
        for name, item in whole.reads:
            named |= {(name, each) for each in item} if isinstance(item, frozenset) else {(name, item)}
        return named | {("first", first), ("last", last)}


DAY = date(2030, 2, 1)
LABELS = site_labels(PACKAGE / "labels.yml")
TEMPLATES = environment(PACKAGE / "templates")


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_noted_does_not_depend_on_what_was_made_before(tmp_path: Path, language: Language) -> None:
    catalogue = catalogue_of(copy_full_county(tmp_path / "county") / "data")
    start(Nested, Catalogue)
    try:
        shared = Site(catalogue, language)
        for page in shared.renderer.pages:
            together, alone = shared.page(page.address), Site(catalogue, language).page(page.address)
            days = ("first", "last")
            assert {read for read in alone - together if read[0] not in days} == set(), page.address
            # The interval of days may only be narrower.
            for name, narrower in (("first", max), ("last", min)):
                pair = [next(value for key, value in found if key == name) for found in (together, alone)]
                assert narrower(pair) == pair[0], page.address
    finally:
        stop()


@pytest.mark.sweep
def test_what_is_noted_of_exports_does_not_depend_on_what_was_made_before(tmp_path: Path) -> None:
    catalogue = catalogue_of(copy_full_county(tmp_path / "county") / "data")
    start(Nested, Catalogue)
    try:
        together = {path: make() for path, make in Site(catalogue, "zh").files() if not path.endswith(".png")}
        for path in list(together)[:: max(1, len(together) // 60)]:
            alone = dict(Site(catalogue, "zh").files())[path]()
            assert {read for read in alone - together[path] if read[0] not in ("first", "last")} == set(), path
    finally:
        stop()


ROOMS = ("exports", "html", "mkdocs_plugin", "site")
KEEPS = re.compile(r"from functools import .*\b(?:cache|lru_cache|cached_property)\b|@functools\.\w*cache")


def test_no_value_is_kept_in_another_way() -> None:
    """Who reads such a value would not depend on what it was made from."""
    lines = [
        (file.name, line)
        for room in ROOMS
        for file in sorted((PACKAGE / room).rglob("*.py"))
        for line in file.read_text("utf-8").splitlines()
        if KEEPS.search(line)
    ]
    assert len(lines) > 5
    assert [pair for pair in lines if not pair[1].endswith("# nothing of records is kept")] == []
