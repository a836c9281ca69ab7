"""Rules that compare the roles of bodies (leading, participating) with the words of the document."""

import re
from collections.abc import Iterator, Mapping

from haopin.check.entries import RecordIndex
from haopin.model.body import Body
from haopin.model.fields import marked
from haopin.model.task import Committed, Responsible, is_joint
from haopin.problem import Place, Problem, problem
from haopin.text import squeeze

_LEADS = "牵头"
#: Words for a leading body in a quotation.
_MAY_LEAD = re.compile(f"{_LEADS}|主办|主责|会同|为主")
#: Text between the names of leading bodies and the word, and separators of the names.
_BEFORE = re.compile(r"(?:等(?:部门|单位|有关部门)?)?(?:共同|联合|分别|总|负责)?$")
_AND = ("、", "和", "与", "及")
_LIST = re.compile(f"{_LEADS}(?:单位|部门)?[:\uff1a]")


def joint_flag_matches_bodies(entries: RecordIndex) -> Iterator[Problem]:
    """“joint”, if given, agrees with the bodies: several, none of which leads."""
    for roles, place in _responsibilities(entries):
        expected = is_joint(roles.__dict__)
        if roles.joint == expected:
            continue
        count, many = ("不止一个", "several bodies are") if expected else ("只有一个", "one body is")
        if roles.is_ranked:
            yield problem(
                place.at("joint"),
                "“joint”应为 false:写明了牵头或参与单位",
                "“joint” should be false: a body leads or takes part",
            )
        else:
            yield problem(
                place.at("joint"),
                "“joint”应为 {expected}:所列责任单位{count}",
                "“joint” should be {expected}: {many} listed",
                expected=str(expected).lower(),
                count=count,
                many=many,
            )


def _responsibilities(entries: RecordIndex) -> Iterator[tuple[Responsible, Place]]:
    for record, place in entries.of(Committed):
        yield from ((found.value, place.at(*found.path)) for _, found in marked(record, Responsible))


def responsibility_is_quoted(entries: RecordIndex) -> Iterator[Problem]:
    """Responsibility for a whole record, and groups of bodies, are quoted from the document."""
    for record, place in entries.of(Committed):
        if record.roles is not None and record.roles.quote is None:
            yield problem(
                place.at("responsible", key=True),
                "责任分工缺少原文,请在“quote”照抄条款里写明单位的那句话",
                "responsibility has no “quote”; copy the words of the clause that name the bodies",
            )
    for roles, place in _responsibilities(entries):
        if roles.quote is None:
            continue
        groups = [(words, place.at("general", index, "zh")) for index, words in enumerate(roles.general)]
        groups += [(roles.others, place.at("others", "zh"))] if roles.others is not None else []
        for words, where in groups:
            if squeeze(words.zh) not in squeeze(roles.quote.zh):
                yield problem(
                    where,
                    "“{words}”不在责任分工的原文“{quote}”里,请照原文写",
                    "“{words}” is not in the quotation “{quote}”; write it as the document does",
                    words=words.zh,
                    quote=roles.quote.zh,
                )


def leads_are_recorded(entries: RecordIndex) -> Iterator[Problem]:
    """The leading bodies are those that the quotation names as leading."""
    names = {squeeze(form): body.id for body, _ in entries.of(Body) for form in _forms(body)}
    for roles, place in _responsibilities(entries):
        if roles.quote is not None:
            yield from _wrong_leads(roles, squeeze(roles.quote.zh), names, place)
    for record, place in entries.of(Committed):
        for index, each in enumerate(record.statements):
            led = leading(squeeze(each.quote.zh), names) if _LEADS in each.quote.zh else {}
            known = {body for roles in (record.roles, each.roles) if roles is not None for body in roles.lead}
            for name, body in led.items():
                if body not in known:
                    yield problem(
                        place.at(record.divided_into, index, "quote", "zh"),
                        "引文写明“{name}”牵头,请在这项举措写“responsible”,其中“lead”列“{body}”",
                        "the quotation says that “{name}” leads; add “responsible” with “lead: [{body}]” to it",
                        name=name,
                        body=body,
                    )


def _forms(body: Body) -> Iterator[str]:
    yield body.name.zh
    yield from (variant.as_written for variant in body.variants)


def _wrong_leads(roles: Responsible, quote: str, names: Mapping[str, str], place: Place) -> Iterator[Problem]:
    groups = {squeeze(words.zh): "" for words in roles.general}
    led = leading(quote, {**names, **groups})
    missing = {name: body for name, body in led.items() if body and body not in roles.lead}
    for name, body in missing.items():
        yield problem(
            place.at("lead", key=True),
            "原文写明“{name}”牵头,请把“{body}”写进“lead”",
            "the quotation says that “{name}” leads; write “{body}” in “lead”",
            name=name,
            body=body,
        )
    if _LEADS in quote and not led and not roles.lead:
        yield problem(
            place.at("lead", key=True),
            "原文“{quote}”有牵头单位,请把它的 id 写进“lead”",
            "the quotation “{quote}” names a body that leads (牵头); write its id in “lead”",
            quote=quote,
        )
    for index, body in enumerate(roles.lead):
        # A name in an unknown form cannot be searched for.
        is_named = any(known == body and name in quote for name, known in names.items())
        if not _MAY_LEAD.search(quote) or (led and is_named and body not in led.values()):
            yield problem(
                place.at("lead", index),
                "原文“{quote}”没有说“{body}”牵头,请把它移到“bodies”或“participating”",
                "the quotation “{quote}” does not say that “{body}” leads; list it in “bodies” or “participating”",
                quote=quote,
                body=body,
            )


def leading(quote: str, names: Mapping[str, str]) -> dict[str, str]:
    """Return the bodies that a quotation names as leading, as in “甲、乙牵头” or “牵头单位：甲、乙”.

    Args:
        quote: Chinese words without white space.
        names: Ids of the bodies by every form of their names.

    Returns:
        Their ids by the names in the quotation.
    """
    found: dict[str, str] = {}
    longest = sorted(names, key=len, reverse=True)
    for match in re.finditer(_LEADS, quote):
        rest = _BEFORE.sub("", quote[: match.start()])
        while name := next((name for name in longest if rest.endswith(name)), None):
            found[name] = names[name]
            rest = rest.removesuffix(name)
            if not rest.endswith(_AND):
                break
            rest = rest[:-1]
    for match in _LIST.finditer(quote):
        rest = quote[match.end() :]
        while name := next((name for name in longest if rest.startswith(name)), None):
            found[name] = names[name]
            rest = rest.removeprefix(name)
            if not rest.startswith(_AND):
                break
            rest = rest[1:]
    return found
