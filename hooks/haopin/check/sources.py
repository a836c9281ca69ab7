"""Rules on sources of facts about activities, bodies and honors: a reader can follow them and knows their certainty."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from haopin.check.entries import RecordIndex
from haopin.model.activity import Activity
from haopin.model.base import FactSource
from haopin.model.body import Body
from haopin.model.provision import Honour
from haopin.problem import Place, Problem, problem
from haopin.text import Text

#: Words for a secondary source.
_SECOND_HAND = re.compile(
    r"转载|转引|待[^\u3002\uff0c\uff1b]{0,6}核实|未见原文|reprint|second-hand|to be confirmed|not seen", re.I
)
#: A document number, by which a reader can look up a document.
_NUMBER = re.compile(r"[〔\[]\s*\d{4}\s*[〕\]]")
_HOST = re.compile(r"(?<![\w/.@-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?![\w./-])", re.I)


@dataclass(frozen=True)
class _NamedSource:
    """A source as a record names it.

    Attributes:
        text: Its words.
        address: Its page, if one is given.
        certainty: How sure what it says is.
        text_place: Where its words stand.
        certainty_place: Where its certainty stands.
        field: Field for its address.
    """

    text: Text
    address: str | None
    certainty: str
    text_place: Place
    certainty_place: Place
    field: str


def facts_have_sources(entries: RecordIndex) -> Iterator[Problem]:
    """Facts about dates and bodies, and honors that are held, have a source."""
    for activity, place in entries.of(Activity):
        given = [name for name in ("origin", "since", "organizers", "standing_theme") if getattr(activity, name)]
        if given and not activity.sources:
            yield _unsourced(place.at(given[0], key=True), given[0])
    for body, place in entries.of(Body):
        contacts = [name for name in ("phone", "address", "hours") if getattr(body, name)]
        if contacts and not body.website and not body.sources:
            yield _unsourced(place.at(contacts[0], key=True), contacts[0])
    for honour, place in entries.of(Honour):
        if honour.standing == "held" and not honour.sources:
            yield problem(
                place.at("standing"),
                "写 held 要有来源:请加“sources”,写明哪个文件(发文字号)或网页(完整网址)说已经获得;没有的,写 mentioned",
                "held needs a source: add “sources” with the document (its number) or the page (its full address) that "
                "says so; if there is none, write mentioned",
            )


def _unsourced(place: Place, field: str) -> Problem:
    return problem(
        place,
        "“{field}”没有来源,请加“sources”,写明出自哪个文件(发文字号)或网页(完整网址)",
        "“{field}” has no source; add “sources” with the document (its number) or the page (its full address)",
        severity="warning",
        field=field,
    )


def sources_can_be_followed(entries: RecordIndex) -> Iterator[Problem]:
    """A source is a page or a numbered document; a secondary source does not have high certainty."""
    for source in _sources(entries):
        text, address = source.text, source.address
        page = address is not None and not _is_host_only(address)
        number = any(_NUMBER.search(words) for words in (text.zh, text.en or ""))
        bare = not page and not number and (address is not None or _HOST.search(text.zh) is not None)
        reported = any(_SECOND_HAND.search(words) for words in (text.zh, text.en or ""))
        if source.certainty == "high" and (reported or bare):
            yield problem(
                source.certainty_place,
                "来源“{source}”{why},可靠程度不能写 high;请改为 medium,或换成原始来源的完整网址或发文字号",
                "the source “{source}” {reason}, so the certainty cannot be high; make it medium, or name the "
                "original by its full address or its document number",
                source=text.zh,
                why="不是原始来源" if reported else "只是一个网站",
                reason="is second-hand" if reported else "is a site, not a page of it",
            )
        elif not page and not number:
            yield problem(
                source.text_place,
                "来源“{source}”读者无法查找,请在“{field}”写网页的完整网址,或写明文件的发文字号",
                "a reader cannot look up the source “{source}”; give the full address of the page in “{field}”, or "
                "the number of the document",
                severity="warning",
                source=text.zh,
                field=source.field,
            )


def _is_host_only(address: str) -> bool:
    """Return whether ``address`` is that of a home page, whose content changes."""
    return re.fullmatch(r"https?://[^/?#]*/?", address) is not None


def _sources(entries: RecordIndex) -> Iterator[_NamedSource]:
    """Yield each source of a theme, an activity and a body."""
    for activity, place in entries.of(Activity):
        for index, edition in enumerate(activity.editions):
            for number, theme in enumerate(edition.themes):
                at = place.at("editions", index, "themes", number)
                address = str(theme.source_address) if theme.source_address else None
                yield _NamedSource(
                    theme.source, address, theme.certainty, at.at("source"), at.at("certainty"), "source_address"
                )
        yield from _listed(activity.sources, place)
    for body, place in entries.of(Body):
        yield from _listed(body.sources, place)
    for honour, place in entries.of(Honour):
        yield from _listed(honour.sources, place)


def _listed(sources: tuple[FactSource, ...], place: Place) -> Iterator[_NamedSource]:
    for index, source in enumerate(sources):
        at = place.at("sources", index)
        address = str(source.address) if source.address else None
        yield _NamedSource(source.text, address, source.certainty, at.at("text"), at.at("certainty"), "address")
