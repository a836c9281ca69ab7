"""Sheet for signature of records that wait for approval."""

from collections.abc import Mapping, Sequence
from typing import Any

from haopin.load.dataset import LoadedRecord
from haopin.office.project import Project


def sheet(
    project: Project, entries: Sequence[LoadedRecord], before: Mapping[tuple[str, str], Mapping[str, Any]]
) -> str:
    """Return the sheet as an HTML page."""
    raise NotImplementedError
