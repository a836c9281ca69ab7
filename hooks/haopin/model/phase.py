"""Phases of the campaign, and its safeguards."""

from typing import Annotated

from haopin.model.base import Kind, doc, on_page
from haopin.model.fields import Quote, Span
from haopin.model.task import Measure, Responsible, Work
from haopin.text import Text


class Period(Span):
    """起止 | A span of days, both ends included."""

    quote: Annotated[Text, Quote(), doc("原文", "words of the document")]


class Phase(Work):
    """阶段 | One step of the campaign."""

    measures: Annotated[tuple[Measure, ...], doc("阶段工作", "work of the phase, in the order of the clause")] = ()
    period: Annotated[Period, doc("起止时间", "period in which it runs")]

    counted_as = "phase_work"

    def stated_phrases(self) -> tuple[Text, ...]:
        """The months in parentheses."""
        return (self.period.quote, *super().stated_phrases())


class Safeguard(Work):
    """保障措施 | A safeguard: organization, funding, joint effort."""

    measures: Annotated[tuple[Measure, ...], doc("具体保障措施", "safeguards, in the order of the clause")] = ()
    responsible: Annotated[Responsible | None, doc("责任分工", "who is responsible")] = None

    counted_as = "safeguards"

    @property
    def roles(self) -> Responsible | None:
        """Responsible bodies of the safeguard."""
        return self.responsible


PHASE = Kind(
    name="phase",
    layout="list",
    path="phases.yml",
    model=Phase,
    title=Text(zh="实施步骤", en="Phases"),
    anchor=on_page("timeline/"),
    section="progress",
)
SAFEGUARD = Kind(
    name="safeguard",
    layout="list",
    path="safeguards.yml",
    model=Safeguard,
    title=Text(zh="保障措施", en="Safeguards"),
    anchor=on_page("safeguards/"),
    section="progress",
)
