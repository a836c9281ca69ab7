"""Findings of a health check of the live site, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class HealthFinding:
    """One thing that is not well: what, where, and what to do, in Chinese and English."""

    zh: str
    en: str

    def __str__(self) -> str:
        """Return the line that a clerk reads."""
        return f"{self.zh} / {self.en}"


class NoAnswerError(Exception):
    """An address gave no answer that can be used; ``finding`` says why."""

    def __init__(self, finding: HealthFinding, *, unreachable: bool = False) -> None:
        """Keep the reason.

        Args:
            finding: The reason.
            unreachable: Whether nobody answered at all, so that nothing is known of the site.
        """
        self.finding, self.unreachable = finding, unreachable
        super().__init__(str(finding))
