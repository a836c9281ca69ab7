"""Run the office's commands on copies of the invented county, with the input that a clerk types."""

from pathlib import Path

from click.testing import CliRunner
from haopin.cli.main import main
from support import files_of

#: Date of the commands.
TODAY = "2030-02-01"


class CommandResult:
    """Output and exit code of a command."""

    def __init__(self, code: int, output: str) -> None:
        self.code, self.output = code, output

    @property
    def lines(self) -> list[str]:
        """The lines printed."""
        return self.output.splitlines()


def office_command(project: Path, *arguments: str, typed: str | bytes = "", day: str | None = TODAY) -> CommandResult:
    """Run a command on the county in ``project``; ``typed`` is what the clerk types, a line an answer."""
    dated = ["--as-of", day] if day else []
    with CliRunner().isolation(input=typed) as streams:
        code = main([*arguments, "-f", str(project / "mkdocs.yml"), *dated])
        raw = streams[2].getvalue()
    return CommandResult(code, raw.decode("utf-8"))


def data_of(project: Path) -> dict[str, bytes]:
    """Return every data file of ``project``."""
    return files_of(project / "data")
