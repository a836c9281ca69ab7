"""Publishing: what is public, what would be, and the way there; rollback, archives for others, and git."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from haopin.build import manifest
from haopin.build.settings import read_yaml
from haopin.desk.desk import Desk, desk_of, posted, redirect
from haopin.desk.runs import BackgroundRun, RunCommand, RunPhase, own_command, without_secrets
from haopin.installation import incomplete
from haopin.model.publishable import Publishable
from haopin.office.approval import waiting
from haopin.office.desk_folder import locked
from haopin.office.remote import remote_state
from haopin.office.steps import Note
from haopin.problem import ConfigurationError
from haopin.site.publish import publish
from haopin.text import Text

#: Archives that are made for others: name of the action, file in the folder `_place`.
ARCHIVES = {"portal": "site.zip", "offline": "offline.zip"}
#: Variable with the place of releases; set by the administrator of the server.
TARGET = "HAOPIN_TARGET"
#: Lines of output shown while a command runs, and of one that failed.
_FEW, _MANY = 6, 200
_LONGEST_REASON = 200
#: Seconds by which the clock of file systems may be behind: it ticks up to every 16 ms.
_TICK = 0.02

_CHECK = RunPhase(Text(zh="检查资料", en="Check the data"))
_BUILD = RunPhase(Text(zh="生成网站", en="Build the site"))
_GATE = RunPhase(Text(zh="发布前检查", en="Pre-release checks"))
_UPLOAD = RunPhase(Text(zh="上传并切换", en="Upload and switch"))


# --- What can be done


def _gated(*rest: RunPhase) -> tuple[RunPhase, ...]:
    """Return the phases of a command that builds and examines the site, and then does the ``rest``."""
    from haopin.ops.prepare import BUILT, PASSED

    return RunPhase(_BUILD.words, BUILT), RunPhase(_GATE.words, PASSED if rest else ""), *rest


def _command(desk: Desk, name: str, *arguments: str, phases: tuple[RunPhase, ...]) -> RunCommand:
    return RunCommand(own_command(name, "-f", str(desk.config), *arguments), phases)


def _run(desk: Desk, name: str, clerk: str, typed: Mapping[str, str]) -> BackgroundRun | None:
    """Return what the action ``name`` does; None if there is no such action."""
    dated: tuple[str, ...] = ("--as-of", desk.settings.as_of.isoformat()) if desk.settings.as_of is not None else ()
    check = _command(desk, "check", *dated, phases=(_CHECK,))
    if name == "rehearse":
        build = _command(
            desk, "build", *dated, phases=(RunPhase(Text(zh="换上本机的网站", en="Replace the local site")),)
        )
        rehearsal = _command(desk, "release", "--dry-run", *dated, phases=_gated())
        return BackgroundRun(name, Text(zh="检查并生成", en="Check and build"), (check, rehearsal, build))
    if name in ("release", "withdraw"):
        words = Text(zh="发布", en="Publish")
        options: tuple[str, ...] = dated
        if name == "withdraw":
            words = Text(zh="只发布撤下", en="Publish withdrawals only")
            options = ("--withdrawals-only",)
        release = _command(desk, "release", *options, phases=_gated(_UPLOAD))
        commands = (release,) if name == "withdraw" else (check, release)
        return BackgroundRun(name, words, commands, publishes=True, finish=_noted(desk, clerk, words))
    if name == "rollback":
        phases = (RunPhase(Text(zh="切换版本", en="Switch the release")),)
        words = Text(
            zh=f"退回版本 {typed['release']}：{typed['reason']}",
            en=f"Rolled back to release {typed['release']}: {typed['reason']}",
        )
        command = RunCommand(own_command("rollback", typed["release"]), phases)
        return BackgroundRun(name, words, (command,), publishes=True, finish=_noted(desk, clerk, words))
    if name in ARCHIVES:
        return _archive(desk, name, check, dated)
    return _git_run(desk, name, check)


def _archive(desk: Desk, name: str, check: RunCommand, dated: Sequence[str]) -> BackgroundRun:
    place = _place(desk)
    part, ready = place / f"{name}.part.zip", place / ARCHIVES[name]

    def finish() -> None:
        part.replace(ready)

    pack = RunPhase(Text(zh="打包", en="Pack"))
    place.mkdir(parents=True, exist_ok=True)
    if name == "portal":
        command = _command(desk, "zip", *dated, str(part), phases=_gated(pack))
        return BackgroundRun(
            name, Text(zh="给门户的压缩包", en="Archive for the portal"), (check, command), finish=finish
        )
    folder = place / "offline"
    copy = RunCommand(
        own_command("offline", str(_site(desk)), str(folder)),
        (RunPhase(Text(zh="改成离线副本", en="Copy for offline use")),),
    )
    archive = RunCommand((own_command()[0], "-m", "zipfile", "-c", str(part), str(folder)), (pack,))
    build = _command(desk, "build", *dated, phases=(_BUILD,))
    return BackgroundRun(name, Text(zh="离线副本", en="Offline copy"), (check, build, copy, archive), finish=finish)


def _git_run(desk: Desk, name: str, check: RunCommand) -> BackgroundRun | None:
    state = remote_state(desk.base)
    if state is None:
        return None
    git = ("git", "-C", str(desk.base))
    ask = RunCommand((*git, "fetch", state.remote), (RunPhase(Text(zh="问远端", en="Ask the remote")),))
    if name == "fetch":
        return BackgroundRun(name, Text(zh="问远端有没有更新", en="Ask the remote for news"), (ask,))
    if name == "pull":
        take = RunPhase(Text(zh="取回", en="Take over"))
        command = RunCommand((*git, "merge", "--ff-only", f"{state.remote}/{state.branch}"), (take,))
        return BackgroundRun(name, Text(zh="取回远端的更新", en="Take over what is new there"), (ask, command))
    if name == "push":
        arguments = (*git, "push", "-u", state.remote, f"HEAD:refs/heads/{state.branch}")
        command = RunCommand(arguments, (RunPhase(Text(zh="推送", en="Push")),))
        return BackgroundRun(name, Text(zh="推送到远端", en="Push to the remote"), (check, command))
    return None


def _noted(desk: Desk, clerk: str, words: Text) -> Callable[[], None]:
    """Return what appends a release or a rollback to the history."""

    def finish() -> None:
        with locked(desk.folder):
            desk.steps.record({}, {}, Note(clerk, words, datetime.now(UTC)))

    return finish


def _place(desk: Desk) -> Path:
    """Return the folder of archives that were made."""
    return desk.base / desk.settings.cache / "desk"


def _site(desk: Desk) -> Path:
    return desk.base / str(read_yaml(desk.config).get("site_dir") or "site")


# --- What is public


@dataclass(frozen=True)
class PublicSite:
    """A site that is public, or the last one built here.

    Attributes:
        as_of: Date of its pages.
        made: When it was built or released; None if unknown.
        name: Name of its release; "" for the build on this machine.
    """

    as_of: str
    made: datetime | None
    name: str = ""


def _built(desk: Desk) -> PublicSite | None:
    """Return the last build on this machine, by its manifest; None if there is none."""
    file = _site(desk) / manifest.NAME
    try:
        value = json.loads(file.read_text("utf-8"))
        return PublicSite(str(value["as_of"]), datetime.fromtimestamp(file.stat().st_mtime, UTC))
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _releases(target: str) -> tuple[Any, str]:
    """Return the releases at ``target``, and why they are not known."""
    if target.startswith("s3://"):
        return None, "对象存储没有可以退回的版本 / an object store has no releases to roll back to"
    from haopin.ops.release_manifest import read_list
    from haopin.ops.target import lines_of, target_of

    try:
        return read_list(lines_of(target_of(target).script("list"))), ""
    except (ConfigurationError, OSError) as error:
        return None, without_secrets(str(error), os.environ)


def _age(made: datetime | None) -> int | None:
    """Return the age in days."""
    return None if made is None else max(0, (datetime.now(UTC) - made).days)


# --- Pages


def overview(request: Request) -> Response:
    """Show what is public, what would be, what is under way, and what can be done."""
    return _shown(request)


def _shown(request: Request, problems: Mapping[str, Text] | None = None, status: int = 200) -> Response:
    desk = desk_of(request)
    say = desk.say(request)
    found = desk.examined()
    counts = dict.fromkeys(("public", "waiting", "future"), 0)
    if not found.errors:
        project = desk.project_of(found)
        published = publish(project.dataset, project.day, samples=project.samples)
        counts = {
            "public": sum(isinstance(record, Publishable) for record in published.records),
            "waiting": len(waiting(project.dataset, project.day, samples=project.samples)),
            "future": sum(held.reason == "future" for held in published.withheld),
        }
    target = os.environ.get(TARGET, "")
    # A server is asked only when somebody wants to know: it may not answer.
    asks = bool(target) and (_is_local(target) or "releases" in request.query_params or bool(problems))
    releases, unknown = _releases(target) if asks else (None, "")
    live = releases.live if releases is not None else None
    run = desk.runner.last
    answer = desk.page(
        request,
        "publish.html",
        status=status,
        errors=len(found.errors),
        counts=counts,
        target=without_secrets(target, {}),
        live=PublicSite(live.as_of, datetime.fromisoformat(live.made), live.name) if live is not None else None,
        releases=[] if releases is None else [(each, datetime.fromisoformat(each.made)) for each in releases.all[::-1]],
        asked=asks,
        unknown=[say.side(line) for line in unknown.splitlines()],
        built=_built(desk),
        age=_age,
        run=run,
        lines=_lines(desk, run, say.side),
        findings=_findings(desk, run),
        archives={
            name: datetime.fromtimestamp(file.stat().st_mtime, UTC)
            for name, archive in ARCHIVES.items()
            if (file := _place(desk) / archive).is_file()
        },
        remote=remote_state(desk.base),
        problems=problems or {},
        most=_LONGEST_REASON,
    )
    return answer


def _is_local(target: str) -> bool:
    return ":" not in target


def _lines(desk: Desk, run: BackgroundRun | None, side: Callable[[str], str]) -> Sequence[str]:
    if run is None:
        return []
    shown = run.lines[-_FEW:] if run.state in ("running", "done") else run.lines[-_MANY:]
    return [side(line) for line in shown]


def _findings(desk: Desk, run: BackgroundRun | None) -> Sequence[tuple[str, Text]]:
    """Return the findings of the pre-release checks that stopped ``run``: file, and words."""
    if run is None or run.state != "failed":
        return []
    from haopin.ops.prepare import FINDINGS, WORK

    file = desk.base / WORK / FINDINGS
    try:
        if file.stat().st_mtime < run.started.timestamp() - _TICK:
            return []
        found = json.loads(file.read_text("utf-8"))
        return [(each["file"], Text.model_construct(zh=each["zh"], en=each["en"])) for each in found]
    except (OSError, ValueError, LookupError, TypeError):
        return []


def start(request: Request, form: FormData) -> Response:
    """Begin an action, unless another one is under way."""
    desk, name = desk_of(request), str(form.get("do", ""))
    typed = {key: " ".join(str(form.get(key, "")).split()) for key in ("release", "reason")}
    problems: dict[str, Text] = {}
    if name == "rollback":
        if not typed["release"] or typed["release"].startswith("-"):
            problems["release"] = Text(zh="请选一个版本", en="choose a release")
        if not typed["reason"]:
            problems["reason"] = Text(zh="请写原因，会记在修改记录里", en="give the reason; it is kept in the history")
        elif len(typed["reason"]) > _LONGEST_REASON:
            problems["reason"] = Text(zh=f"请不超过 {_LONGEST_REASON} 字", en=f"at most {_LONGEST_REASON} characters")
    if problems:
        return _shown(request, problems, 422)
    try:
        run = _run(desk, name, desk.clerk(request), typed)
    except ModuleNotFoundError as error:
        # The packages for releases are an extra of their own.
        said = incomplete(error)
        return _shown(request, {"": Text.model_construct(zh=said, en=said)}, 422)
    if run is None:
        return desk.missing(request)
    if not desk.runner.start(run):
        busy = Text(
            zh="上一件还没有做完，请等它做完，或先停止它", en="something is still under way: wait for it, or stop it"
        )
        return _shown(request, {"": busy}, 409)
    return redirect("/publish")


def stop(request: Request, form: FormData) -> Response:
    """Stop what is under way."""
    desk_of(request).runner.stop()
    return redirect("/publish")


def download(request: Request) -> Response:
    """Answer with an archive that was made, as a file to save."""
    desk, name = desk_of(request), request.path_params["name"]
    file = _place(desk) / name
    if name not in ARCHIVES.values() or not file.is_file():
        return desk.missing(request)
    return FileResponse(file, media_type="application/zip", filename=name)


ROUTES = (
    Route("/publish", overview),
    Route("/publish", posted(start), methods=["POST"]),
    Route("/publish/stop", posted(stop), methods=["POST"]),
    Route("/publish/{name}", download),
)
