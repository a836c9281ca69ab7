"""What the poster of a page says beside what the page shows: the browser draws it, so there is no file."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from haopin.exports.pictures.card import CardFacts, counted, own_words, target_facts
from haopin.exports.pictures.images import begun
from haopin.html import formats
from haopin.html.charts.ledger import filled
from haopin.html.outline import plain
from haopin.html.renderer import Renderer
from haopin.model.activity import Activity
from haopin.model.body import Body
from haopin.model.target import Target
from haopin.model.task import Measure, Responsible, Task
from haopin.site.pages import Page
from haopin.text import Text


def poster(page: Page | None, kind: str, facts: Callable[[Page], CardFacts], renderer: Renderer) -> str:
    """Return as JSON what the poster of ``page``, or of a written page of the given ``kind``, says.

    ``facts`` returns those of a page, which its preview image also shows.

    Fields: those of `CardFacts`, as far as they have a value; ``marks`` (important marks), ``words`` and ``forms`` (of
    the states that occur, and of their squares), ``quote``, ``who`` (the responsible bodies), and ``parts``: the same
    by anchor, for what can be passed on from the page by itself.
    """
    found: dict[str, Any] = {"kind": kind}
    if page is not None:
        own, t = facts(page), renderer.t
        found = _said(own)
        marks = (("event.cancelled", own.cancelled), ("state.sample", own.sample))
        found["marks"] = [begun(t(key)) for key, holds in marks if holds]
        found["words"] = {state: t(f"ledger.{state}") for state in dict.fromkeys(own.states)}
        found["forms"] = {state: filled(state) for state in found["words"]}
        record = page.record
        if isinstance(record, Task) and page.template == "task":
            found |= _task(record, own, renderer)
        elif isinstance(record, Activity):
            quote = own_words(record.as_written.quote, renderer)
            # The name alone, as many documents have it, would be said twice.
            quote = quote if quote.strip("\u201c\u201d") not in renderer.title(page) else ""
            found["quote"] = _summary(record.about, renderer) if record.about else quote
        elif page.template == "targets":
            targets = [target for part in renderer.plans for target in part.c.all(Target)]
            found["parts"] = {target.id: _target(target, renderer) for target in targets}
    text = json.dumps({key: value for key, value in found.items() if value}, ensure_ascii=False, separators=(",", ":"))
    # "</" in a text must not end the script element.
    return text.replace("<", "\\u003c")


def _said(facts: CardFacts) -> dict[str, Any]:
    """Return what ``facts`` says."""
    words = {"kind": facts.kind, "figure": facts.figure, "fact": facts.fact, "note": begun(facts.note)}
    found: dict[str, Any] = {key: value for key, value in words.items() if value}
    if facts.promised:
        found["promised"] = True
    if facts.states:
        found["states"] = " ".join(facts.states)
    return found


def _task(task: Task, facts: CardFacts, renderer: Renderer) -> dict[str, Any]:
    """Return what a task says: its summary, who is responsible, and its measures and targets by anchor."""
    found: dict[str, Any] = {}
    if facts.states and counted(facts.states, renderer, total=False) not in facts.note:
        # The note is of the target: the squares have their own.
        found["count"] = counted(facts.states, renderer)
    if task.summary:
        found["quote"] = _summary(task.summary, renderer)
    if task.roles:
        found["who"] = _who(task.roles, renderer)
    parts = {measure.id: _measure(task, measure, place, renderer) for place, measure in enumerate(task.measures)}
    for target in renderer.catalogue.targets_of_record.get(task.id, ()):
        # A measure and its target often have the same id.
        parts[f"targets/#{target.id}"] = _target(target, renderer)
    return found | {"parts": parts}


def _summary(text: Text, renderer: Renderer) -> str:
    """Return words of the editors, and that they are theirs."""
    return f"{plain(renderer.rich(text, ''))}{renderer.gap}{renderer.t('quote.editors_summary')}"


def _target(target: Target, renderer: Renderer) -> dict[str, Any]:
    """Return what a target says, whose title stands above."""
    facts = target_facts(target, renderer)
    if facts.promised:
        facts = replace(facts, fact=renderer.t("target.mark") if facts.figure else "")
    else:
        facts = replace(facts, fact=facts.fact.replace(renderer.show(target.title), "", 1).strip(" \u00b7"))
    return _said(facts) | ({"marks": [begun(renderer.t("state.sample"))]} if facts.sample else {})


def _measure(task: Task, measure: Measure, place: int, renderer: Renderer) -> dict[str, Any]:
    found: dict[str, Any] = {"at": place}
    if measure.roles:
        found["who"] = _who(measure.roles, renderer)
    entry = renderer.view.progress.measure(f"{task.id}/{measure.id}").entry
    if entry is not None:
        said = renderer.t("outcome.on", day=formats.day(entry.date, renderer.language))
        found["note"] = begun(said)
    return found


def _who(roles: Responsible, renderer: Renderer) -> str:
    """Return who is responsible, in words, with the label."""
    return renderer.t("task.owner") + renderer.gap + who(roles, renderer)


def who(roles: Responsible, renderer: Renderer) -> str:
    """Return who is responsible, in words."""
    bodies = [renderer.catalogue.get(Body, body).name for body in roles.answerable]
    names, others = renderer.listed([*bodies, *roles.general]), renderer.show(roles.others) if roles.others else ""
    if names and others and renderer.language != "zh":
        # As on the pages: what is not named ends the list that separators divide.
        others = (renderer.between if len(bodies) + len(roles.general) > 1 else renderer.gap) + others
    return names + others
