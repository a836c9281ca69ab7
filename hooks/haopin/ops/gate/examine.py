"""All pre-release checks, most serious first."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from haopin.ops.gate.content_rules import (
    evidence_agrees,
    evidence_was_looked_at,
    no_name_is_withdrawn,
    nothing_is_withheld,
    personal_data,
    pictures_say_no_place,
    policy_agrees,
    site_is_public,
)
from haopin.ops.gate.page_rules import (
    addresses_lead_somewhere,
    both_languages_are_whole,
    nothing_is_loaded_from_others,
    nothing_is_run_but_own_files,
    pages_are_html,
)
from haopin.ops.gate.site_reader import Expected, FinishedSite, GateFinding, read

_RULES = (
    site_is_public,
    evidence_agrees,
    nothing_is_withheld,
    no_name_is_withdrawn,
    evidence_was_looked_at,
    pictures_say_no_place,
    personal_data,
    policy_agrees,
    nothing_is_run_but_own_files,
    pages_are_html,
    both_languages_are_whole,
    addresses_lead_somewhere,
    nothing_is_loaded_from_others,
)


def examine(folder: Path, expected: Expected) -> Sequence[GateFinding]:
    """Run all pre-release checks on the built site in ``folder``; return the findings, most serious first.

    Raises:
        OSError: if a file cannot be read.
    """
    site = read(folder)
    return tuple(_found(site, expected))


def _found(site: FinishedSite, expected: Expected) -> Iterator[GateFinding]:
    for rule in _RULES:
        yield from rule(site, expected)
