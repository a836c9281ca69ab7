"""News and disclosures, read back: every number on their pages is one of the records, in the place where it belongs."""

import random
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from haopin.html import formats
from haopin.html.context import FIRST_ROWS
from haopin.model.disclosure import Analysis, Batch, Inspection, Recall, RiskWarning, Sampled, Violation
from haopin.model.news import News
from haopin.model.photograph import Photograph
from haopin.model.publishable import Publishable, Withdrawal
from haopin.text import LANGUAGES
from reader import Reading
from support import BuiltSite

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
#: What Markdown has beside the words: addresses of links, and numbers that only begin an item.
_MARKUP = re.compile(r"\][(\uff08][^)\uff09]*[)\uff09]|^\s*\d+[.)] ", re.MULTILINE)
#: Parts of a page that are not about its records.
_APART = {"nav", "form", "template", "script", "svg", "dialog"}
#: A part of what a page should say: a text in words, a number, a day, or a span of days.
Part = Any


class Records:
    """What the pages on news and disclosures of a site should say in one language, in the order of their templates."""

    def __init__(self, site: BuiltSite, language: str) -> None:
        """Keep the site."""
        self.reading = Reading(site, language)
        self.c, self.language = self.reading.c, language

    def numbers(self, *parts: Part) -> list[str]:
        """Return the numbers in ``parts``, as pages have them."""
        return [number for part in parts for number in _NUMBER.findall(self._shown(part))]

    def _shown(self, part: Part) -> str:
        if part is None or isinstance(part, str):
            return part or ""
        if isinstance(part, date):
            return formats.day(part, self.language)
        if isinstance(part, int | Decimal):
            return formats.number(part, self.language)
        if isinstance(part, list | tuple):
            return "\n".join(map(self._shown, part))
        if hasattr(part, "start"):
            return formats.span(part.start, part.end, self.language)
        return _MARKUP.sub("", part.show(self.language))

    def newest(self, model: type[Publishable]) -> list[Any]:
        """Return the records of ``model``, newest first."""
        return sorted(self.c.all(model), key=lambda record: (record.date, record.id), reverse=True)

    def meta(self, item: Any) -> list[Part]:
        """Return date, body, source and evidence."""
        body = getattr(item, "body", None)
        evidence = [part for e in item.evidence for part in ((e.number if not e.link and not e.file else ""), e.title)]
        return [item.date, body and self.reading.body(body), item.source, evidence]

    def withdrawn(self, kind: str) -> list[Part]:
        """Return the days on which records of a kind were withdrawn, latest first."""
        gone = {t.withdrawal.id for t in self.c.tombstones if t.kind.name == kind}
        found = [w for w in self.c.all(Withdrawal) if w.id in gone]
        return [w.date for w in sorted(found, key=lambda w: (w.date, w.id), reverse=True)]

    @property
    def hotlines(self) -> list[Part]:
        """Return what the buttons to call say."""
        return [[line.number, line.name] for line in self.c.site.hotlines]

    def photographs(self, shown: str) -> list[Part]:
        """Return what is said of the photographs that show a record, newest first."""
        found = [item for item in self.newest(Photograph) if shown in item.shows]
        return [[item.caption, item.credit, item.taken] for item in found]

    def failing(self, batch: Batch) -> list[Sampled]:
        """Return the products that failed."""
        return [row for row in self.c.rows_of(batch) if row.result == "fail"]

    def of_rows(self, batch: Batch) -> list[Part]:
        """Return the days on which rows of a batch were withdrawn."""
        return [t.withdrawal.date for t in self.c.tombstones if t.table_of == batch.id]

    # --- Pages

    def pages(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each page by its address, with the numbers that it should have."""
        n = self.numbers
        yield "news/", n([[item.date, item.title] for item in self.newest(News)], self.withdrawn("news"))
        for item in self.c.all(News):
            pictures = self.photographs(f"news/{item.id}")
            yield f"news/{item.id}/", n(item.title, self.meta(item), item.text, item.note, item.expires, pictures)
        batches = self.newest(Batch)
        found = [
            [b.title, len(self.c.rows_of(b)), len(self.failing(b)), self.of_rows(b), self.meta(b)] for b in batches
        ]
        yield "disclosures/batches/", n(found, self.withdrawn("batch"))
        for batch in batches:
            yield f"disclosures/batches/{batch.id}/", self.batch(batch)
            for row in self.failing(batch):
                cells = [self.cells(row)[1:], batch.title, self.meta(batch), self.hotlines]
                yield f"disclosures/batches/{batch.id}/{row.slug}/", n(self.cells(row)[0], cells)
        for model, kind, folder, facts, after in self.lists():
            items = [[item.label, facts(item), item.note, self.meta(item)] for item in self.newest(model)]
            yield f"disclosures/{folder}/", n(items, self.withdrawn(kind), after)
        yield "disclosures/", n(list(self.overview()))

    def batch(self, batch: Batch) -> list[str]:
        """Return the numbers on the page of a batch."""
        rows, failing = self.c.rows_of(batch), self.failing(batch)
        assert len(failing) <= 100
        head = [batch.title, self.meta(batch), len(rows), len(rows) - len(failing), len(failing), self.of_rows(batch)]
        short = [[(cells := self.cells(row))[0], cells[5], cells[1]] for row in failing]
        first = rows[:FIRST_ROWS]
        table = [batch.title, [self.cells(row) for row in first], min(len(rows), len(first)), len(rows)]
        return self.numbers(head, batch.sampled, batch.text, batch.note, len(failing) or None, short, table)

    def cells(self, row: Sampled) -> list[str]:
        """Return the cells of a row in their order."""
        names = [name for name in Sampled.model_fields if not name.endswith("_en")]
        other = [getattr(row, f"{name}_en", None) if self.language == "en" else None for name in names]
        return [str(en or getattr(row, name) or "") for name, en in zip(names, other, strict=True)]

    def lists(self) -> Iterator[tuple[type[Publishable], str, str, Callable[[Any], list[Part]], list[Part]]]:
        """Yield the lists of disclosures: model, kind, folder, facts of a record, and what follows."""
        yield Inspection, "inspection", "inspections", self._inspection, []
        yield Violation, "violation", "violations", lambda v: [v.number, v.breach, v.basis, v.penalty], self.hotlines
        yield (
            *(Recall, "recall", "recalls"),
            lambda r: [r.maker, r.affected, r.defect, r.remedy, r.contact],
            self.hotlines,
        )
        yield RiskWarning, "warning", "warnings", lambda w: [w.text, w.advice], self.hotlines
        yield Analysis, "analysis", "analyses", self._analysis, []

    def _analysis(self, item: Analysis) -> list[Part]:
        return [item.period, item.text, list(item.findings), [[f.label, f.value, f.unit] for f in item.figures]]

    def _inspection(self, item: Inspection) -> list[Part]:
        rate = [] if item.rate is None else [item.rate, item.handled, item.problems]
        bodies = [self.reading.body(body) for body in item.bodies]
        return [item.text, item.period, bodies, item.inspected, item.problems, item.handled, rate]

    def overview(self) -> Iterator[Part]:
        """Yield what the page of all disclosures says of each kind."""
        models: list[type[Publishable]] = [Batch, *(model for model, *_ in self.lists())]
        for model in models:
            items = self.newest(model)
            yield len(items) if items else None
            for item in items[:4]:
                yield [item.date, item.label]
                if isinstance(item, Batch):
                    yield [len(self.c.rows_of(item)), len(self.failing(item))]
                elif isinstance(item, Inspection):
                    yield [item.inspected, item.problems]
            yield len(items) if len(items) > 4 else None

    # --- What is there

    def texts(self, address: str) -> Iterator[tuple[Element, str, str]]:
        """Yield each text on a page that is about its records: the element, ``text`` or ``tail``, and the words."""
        page = self.reading.pages[address]
        for part in (page.one("header", cls="hp-page-head"), page.one(cls="hp-body")):
            yield from self._below(part)

    def _below(self, element: Element) -> Iterator[tuple[Element, str, str]]:
        if isinstance(element.tag, str) and element.tag.rpartition("}")[2] not in _APART:
            if element.text:
                yield element, "text", element.text
            for child in element:
                yield from self._below(child)
                if child.tail:
                    yield child, "tail", child.tail

    def shown(self, address: str) -> list[str]:
        """Return the numbers on a page, in their order."""
        return [number for _, _, words in self.texts(address) for number in _NUMBER.findall(words)]


@pytest.fixture(scope="module", params=LANGUAGES)
def records(request: pytest.FixtureRequest, full_county: BuiltSite) -> Records:
    """The invented county with records of every kind, in each language."""
    return Records(full_county, request.param)


def test_every_number_is_one_of_the_records(records: Records) -> None:
    expected = dict(records.pages())
    addresses = {a for a in records.reading.pages if a.startswith(("news/", "disclosures/"))}
    assert addresses == expected.keys()
    assert {address: records.shown(address) for address in addresses} == expected
    assert sum(map(len, expected.values())) > 200


def test_a_changed_digit_is_found(records: Records) -> None:
    expected, chance = dict(records.pages()), random.Random(17)
    for address, numbers in expected.items():
        places = [(e, name, m.start()) for e, name, text in records.texts(address) for m in re.finditer(r"\d", text)]
        for element, name, place in chance.sample(places, min(5, len(places))):
            text = getattr(element, name)
            other = str((int(text[place]) + chance.randint(1, 9)) % 10)
            setattr(element, name, text[:place] + other + text[place + 1 :])
            assert records.shown(address) != numbers, (address, text)
            setattr(element, name, text)
        assert records.shown(address) == numbers
