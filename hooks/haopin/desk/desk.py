"""The state behind the pages: the data as it is now, and the ways to change it."""

import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from getpass import getuser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from haopin.build.settings import Settings, display_name, resolve_day, settings_of
from haopin.cache import Readings
from haopin.check.rules import check
from haopin.desk.previewer import Previewer
from haopin.desk.runs import Runner
from haopin.load.dataset import Dataset
from haopin.load.folder import open_readings, read, report
from haopin.model import READ, Kind
from haopin.model.site import SITE, Approver, Site
from haopin.office.drafts import Drafts
from haopin.office.opened import Presence
from haopin.office.project import Project
from haopin.office.raw import RawFolder, RawRecord
from haopin.office.steps import ChangedMeanwhileError, Note, Steps, contents_of, digest
from haopin.office.terminal import CommandLanguage
from haopin.office.writing import changed_copy, recover, save
from haopin.problem import DataError, Problem
from haopin.site.catalogue import time_zone
from haopin.text import Language, Text, Wording

Changes = Mapping[str, bytes | None]
#: Cookies with the choices of a clerk: language of the desk, and name.
LANGUAGE, CLERK = "haopin-language", "haopin-clerk"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Main menu: path, Chinese and English words.
MENU = (
    ("/", "今天要办的", "To do"),
    ("/records", "全部记录", "Records"),
    ("/ledger", "台账", "Ledger"),
    ("/translation", "翻译", "Translation"),
    ("/approval", "审核", "Approval"),
    ("/materials", "宣传物料", "Materials"),
    ("/publish", "发布", "Publish"),
    ("/history", "修改记录", "History"),
)


#: The kinds of record, by name.
NAMED_KINDS: Mapping[str, Kind] = {kind.name: kind for kind in READ}


@dataclass(frozen=True)
class Examined:
    """A data folder that has been read and checked.

    Attributes:
        dataset: The records.
        problems: Errors and warnings, with positions.
    """

    dataset: Dataset
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The errors."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The warnings."""
        return tuple(problem for problem in self.problems if problem.severity == "warning")


class PageRenderer:
    """Renders pages in the language of the clerk, with or without a site."""

    def __init__(self) -> None:
        """Load templates when they are needed."""
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def language(self, request: Request) -> Language:
        """Return the language of the desk, ``zh`` or ``en``."""
        return "en" if request.cookies.get(LANGUAGE) == "en" else "zh"

    def say(self, request: Request) -> CommandLanguage:
        """Return a function that chooses one of two texts by the language of the desk."""
        return CommandLanguage(self.language(request))

    def clerk(self, request: Request) -> str:
        """Return the name of the clerk; "" if not given yet."""
        return unquote(request.cookies.get(CLERK, ""))

    def page(self, request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Render ``template``, which extends ``desk.html``, with ``values``."""
        say = self.say(request)
        given: dict[str, Any] = {
            "say": say,
            "show": lambda words: shown(words, say.language),
            "language": say.language,
            "clerk": self.clerk(request),
            "path": request.url.path,
            "site_name": "",
            "url": url,
            "other": None,
            "menu": [],
        }
        return HTMLResponse(self._templates.get_template(template).render(given | values), status)

    def missing(self, request: Request) -> HTMLResponse:
        """Answer that there is nothing at this address."""
        say = self.say(request)
        lines = [say("没有这一页,或这条记录已经删去。", "There is no such page, or the record is gone.")]
        return self.page(request, "problem.html", lines=lines, status=404)


class Desk(PageRenderer):
    """The desk of one site.

    Attributes:
        config: The configuration file.
        base: Its folder.
        folder: The data folder.
        name: Name of the data folder in messages.
        raw: The records as they stand in the files.
        previewer: The preview of what is being written.
        steps: What was done.
        runner: Runs commands in the background.
        lock: Held while data is read or written.
        preview_root: Path of previews, which nobody can guess.
    """

    def __init__(self, config: Path, as_of: date | None = None) -> None:
        """Open the desk of ``config``; the data is read when it is asked for.

        Args:
            config: The configuration file.
            as_of: Date to use as today; by default that of the settings, or today.

        Raises:
            ConfigurationError: if the configuration is invalid.
        """
        super().__init__()
        self.config = config.resolve()
        self.base = self.config.parent
        self.settings: Settings = settings_of(config)
        if as_of is not None:
            self.settings = self.settings.model_copy(update={"as_of": as_of})
        self.folder = (self.base / self.settings.data).resolve()
        self.name = display_name(self.folder, self.base)
        self.raw = RawFolder(self.folder)
        self.lock = threading.RLock()
        self.preview_root = "/preview/"
        self._readings: Readings | None = None
        self._examined: tuple[Mapping[str, tuple[int, int]], Examined] | None = None
        self.previewer = Previewer(self.config, as_of)
        self.steps = Steps(self.folder)
        self.runner = Runner(self.base)
        self.drafts = Drafts(self.folder)
        #: What was found at the start: a step that had been interrupted, say.
        self.messages = recover(self.folder)
        self.presence = Presence(self.folder, _user())
        #: Another desk that is open on the same data; this one then does not save.
        self.other = self.presence.open()

    def close(self) -> None:
        """Remove what the desk holds open."""
        self.presence.close()
        self.runner.stop()
        self.previewer.close()

    # --- Reading

    def examined(self) -> Examined:
        """Return the data as it is now, as `raw` has it from then on; read again only if a file has changed."""
        with self.lock:
            stamps = self.raw.refresh()
            if self._examined is None or self._examined[0] != stamps:
                self._examined = stamps, self.examine(self.folder)
            return self._examined[1]

    def examine(self, folder: Path) -> Examined:
        """Read and check ``folder``: the data, or a copy of it with changes."""
        with self.lock:
            if self._readings is None:
                self._readings = open_readings(self.base / self.settings.cache, lasting=True)
            dataset = read(folder, readings=self._readings)
            return Examined(dataset, tuple(check(dataset)))

    def project(self) -> Project:
        """Return the project for functions that need data without errors.

        Raises:
            DataError: with all errors of the data.
        """
        found = self.examined()
        if found.errors:
            raise DataError(self.lines(found.errors))
        return self.project_of(found)

    def project_of(self, found: Examined) -> Project:
        """Return the project of ``found``, which has no errors."""
        languages = tuple(edition.language for edition in self.settings.editions)
        warnings = tuple(self.lines(found.warnings))
        return Project(
            self.folder, self.name, found.dataset, warnings, self.settings.samples, self.day(found), languages
        )

    def day(self, found: Examined | None = None) -> date:
        """Return today, as the site understands it."""
        return resolve_day(self.settings.as_of, time_zone((found or self.examined()).dataset))

    def zone(self) -> ZoneInfo:
        """Return the time zone of the site."""
        return ZoneInfo(time_zone(self.examined().dataset))

    def approvers(self) -> Sequence[Approver]:
        """Return the persons who may approve; empty if the site names none."""
        return next((site.approvers for site in self.examined().dataset.records(Site)), ())

    def records_of(self, contents: Changes, kind: Kind) -> Sequence[RawRecord]:
        """Return the records of ``kind`` in ``contents`` of files, by path below a data folder."""
        with TemporaryDirectory(prefix="haopin-") as place:
            write_files(Path(place), contents)
            return RawFolder(Path(place), (kind,)).records(kind)

    def lines(self, problems: Sequence[Problem], folder: Path | None = None) -> list[str]:
        """Return ``problems`` as lines with file, line and column."""
        return report(folder or self.folder, problems, self.name)

    def trial(self, changes: Changes) -> "Trial":
        """Return a copy of the data with ``changes``, which its context removes."""
        return Trial(self.folder, changes)

    def previewed(self, trial: "Trial", found: Examined) -> str:
        """Let the preview be that of ``trial``, which it then holds; return the path of its root, "" if it fails."""
        self.previewer.show(trial.folder, (found.dataset, ()), trial.keep())
        return self.preview_root if not self.previewer.problems else ""

    # --- Writing

    def save(self, request: Request, changes: Changes, sentence: Text) -> list[str]:
        """Write ``changes`` completely or not at all, and keep a step that can be undone.

        The changes are made from the files as the desk has read them for this request.

        Args:
            request: The request of the clerk who saves.
            changes: New content by path below the data folder; None deletes the file.
            sentence: What was done, in plain words.

        Returns:
            Warnings.

        Raises:
            DataError: with all errors that the changes would cause; nothing is written.
            ChangedMeanwhileError: if one of the files was changed by someone else since; nothing is written.
            ConfigurationError: if a file cannot be written.
        """
        with self.lock:
            self.presence.require()
            now = contents_of(self.folder, changes)
            if changed := self.raw.changed(changes):
                raise ChangedMeanwhileError({file: (now[file], changes[file]) for file in changed})
            expected = {file: digest(content) for file, content in now.items()}
            note = Note(self.clerk(request), sentence, datetime.now(self.zone()))
            _, warnings = save(self.folder, self.name, changes, note, expected, self._readings)
            self.raw.refresh()
            return warnings

    # --- Answers

    def page(self, request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """Render ``template``, which extends ``desk.html``, with ``values``."""
        say = self.say(request)
        sites = self.raw.records(SITE)
        return super().page(
            request,
            template,
            status=status,
            site_name=shown(sites[0].values.get("name") if sites else None, say.language),
            in_words=lambda problem: say.of(text_of(problem)),
            other=self.other,
            local=lambda time: time.astimezone(self.zone()).strftime("%Y-%m-%d %H:%M"),
            menu=[(path, say(zh, en)) for path, zh, en in MENU],
            **values,
        )


def write_files(folder: Path, contents: Changes) -> None:
    """Write ``contents`` of files, by path, into a temporary ``folder``; those that are None are left out."""
    for file, content in contents.items():
        if content is not None:
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _user() -> str:
    """Return the name of the user of this computer; "" if it has none."""
    try:
        return getuser()
    except (OSError, KeyError, ImportError):
        return ""


class Trial:
    """A copy of the data with changes, removed at the end of its context unless somebody keeps it.

    Attributes:
        folder: The copy.
    """

    def __init__(self, folder: Path, changes: Changes) -> None:
        """Copy the data ``folder``, and apply ``changes``."""
        self._held = ExitStack()
        self.folder = self._held.enter_context(changed_copy(folder, changes))

    def __enter__(self) -> "Trial":
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the copy."""
        self._held.close()

    def keep(self) -> ExitStack:
        """Return what removes the copy; the end of the context does not any more."""
        return self._held.pop_all()


def shown(words: Any, language: Language) -> str:
    """Return plain or validated ``words`` (text, mapping of languages, `Text`) in ``language``, else in the other."""
    if isinstance(words, Wording):
        return words.show(language)
    if isinstance(words, Mapping):
        return str(words.get(language) or words.get("zh") or words.get("en") or "")
    return "" if words is None else str(words)


def text_of(wrong: Problem) -> Text:
    """Return the message of a problem at the desk in both languages, as it is: a `Text` would be checked again."""
    zh, en = wrong.desk or (wrong.zh, wrong.en)
    return Text.model_construct(zh=zh, en=en)


def url(*parts: str, **query: str) -> str:
    """Return the path of ``parts`` below the root, with ``query``."""
    asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items() if value)
    return "/" + "/".join(quote(part, safe="") for part in parts) + (f"?{asked}" if asked else "")


def posted(view: Callable[[Request, FormData], Response]) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that reads the form and runs ``view`` in a thread."""

    async def endpoint(request: Request) -> Response:
        async with request.form(max_files=50, max_fields=20_000, max_part_size=5_000_000) as form:
            return await run_in_threadpool(view, request, form)

    return endpoint


def desk_of(request: Request) -> Desk:
    """Return the desk of ``request``."""
    return cast(Desk, request.app.state.desk)


def download(content: bytes, name: str, media_type: str) -> Response:
    """Answer with a file to be saved under ``name``."""
    quoted = quote(name)
    named = f'filename="{name}"' if quoted == name else f"filename*=UTF-8''{quoted}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": f"attachment; {named}"})


def redirect(path: str) -> RedirectResponse:
    """Lead to ``path`` after a form was sent."""
    return RedirectResponse(path, 303)
