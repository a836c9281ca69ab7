"""The desk where there is no site yet: read a notice, look at what was found, and create the site."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any, cast, get_args

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from haopin.desk.desk import PageRenderer, posted, redirect
from haopin.desk.pages import overview
from haopin.installation import CLONE
from haopin.model.site import PLACES, PlaceKind
from haopin.problem import ConfigurationError, DataError
from haopin.start.folder import start
from haopin.start.notice import read_notice
from haopin.start.place import NoticePlace
from haopin.start.plan import NoticePlan, read_plan
from haopin.start.source import LARGEST, READABLE, read_source
from haopin.text import Text

#: Longest names of a place and of a folder, in characters.
_LONGEST = 30
_FOLDER = re.compile(r"\w[\w .-]{0,60}")
_CONFIG = "mkdocs.yml"
#: Names of kinds of places in a choice; those of `PLACES` are how a page calls them.
_KINDS: Mapping[PlaceKind, Text] = {
    "county": Text(zh="县", en="County"),
    "county-level-city": Text(zh="县级市", en="County-level city"),
    "district": Text(zh="区", en="District"),
    "prefecture-level-city": Text(zh="地级市", en="Prefecture-level city"),
    "province": Text(zh="省", en="Province"),
    "other": Text(zh="其他（旗、州、开发区……）", en="Other"),
}
assert set(_KINDS) == set(PLACES) == set(get_args(PlaceKind))


class StartDesk(PageRenderer):
    """The desk of a folder without a site.

    Attributes:
        folder: The folder.
        plan: What was read from the notice; None if none was read.
        source: Name of the file of the notice.
        lock: Held while a notice is read, or the site is created.
    """

    def __init__(self, folder: Path, then: Callable[[Path], None]) -> None:
        """Begin in ``folder``; ``then`` opens the desk of the configuration that was created."""
        super().__init__()
        self.folder, self.then = folder, then
        self.plan: NoticePlan | None = None
        self.source = ""
        self.lock = Lock()

    @property
    def is_empty(self) -> bool:
        """Whether the folder is empty, so that the site is created in it; otherwise in a new folder there."""
        return not any(self.folder.iterdir())


def _desk(request: Request) -> StartDesk:
    return cast(StartDesk, request.app.state.desk)


def begin(request: Request) -> Response:
    """Ask for the notice, or show what was read from it, and ask for the rest."""
    return _shown(request, {})


def _shown(
    request: Request, problems: Mapping[str, Text | list[str]], sent: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    desk = _desk(request)
    say, plan = desk.say(request), desk.plan
    place = plan.place if plan is not None else None
    answers = {
        "place": place.name if place is not None else "",
        "kind": place.kind if place is not None else "county",
        "word": (place.word if place is not None else None) or "",
        "region": (place.region if place is not None else None) or "",
        "english": "1",
        "name": "site",
        **(sent or {}),
    }
    return desk.page(
        request,
        "start.html",
        status=status,
        folder=str(desk.folder),
        empty=desk.is_empty,
        plan=plan,
        source=desk.source,
        measures=sum(len(task.measures) for task in plan.tasks) if plan is not None else 0,
        kinds=_KINDS,
        answers=answers,
        problems={
            name: [say.of(words)] if isinstance(words, Text) else [say.side(line) for line in words]
            for name, words in problems.items()
        },
        readable=READABLE,
        clone=CLONE is not None,
        longest=_LONGEST,
    )


def send(request: Request, form: FormData) -> Response:
    """Read the notice, forget it, or create the site."""
    desk, do = _desk(request), form.get("do")
    with desk.lock:
        if (desk.folder / _CONFIG).is_file():
            return redirect("/")
        if do == "read":
            return _read(request, desk, form.get("notice"))
        if do == "forget":
            desk.plan, desk.source = None, ""
            return redirect("/")
        return _create(request, desk, form)


def _read(request: Request, desk: StartDesk, notice: Any) -> Response:
    if not isinstance(notice, UploadFile) or not notice.filename:
        return _shown(
            request, {"notice": Text(zh="请先选通知的文件", en="choose the file of the notice first")}, None, 422
        )
    # Only the name, whatever folders a browser adds; messages show it.
    bare = PureWindowsPath(PurePosixPath(notice.filename).name).name
    name = re.sub(r"[^\w.()（）〔〕 -]", "-", bare)[-80:].lstrip(". ") or "notice"
    with TemporaryDirectory(prefix="haopin-") as place:
        file = Path(place) / name
        file.write_bytes(notice.file.read(LARGEST + 1))
        try:
            desk.plan = read_plan(read_notice(read_source(file)))
        except DataError as error:
            return _shown(request, {"notice": list(error.lines)}, None, 422)
    desk.source = bare
    return redirect("/")


def _create(request: Request, desk: StartDesk, form: FormData) -> Response:
    names = ("place", "kind", "word", "region", "name")
    sent = {name: " ".join(str(form.get(name, "")).split()) for name in names if name in form}
    sent["english"] = str(form.get("english", ""))
    problems: dict[str, Text | list[str]] = {}
    if not sent.get("place"):
        problems["place"] = Text(zh="请写地方的名称，如“甲乙县”", en="give the name of the place")
    for name in ("place", "word", "region"):
        if len(sent.get(name, "")) > _LONGEST:
            problems[name] = Text(zh=f"请不超过 {_LONGEST} 字", en=f"at most {_LONGEST} characters")
    if sent.get("kind") not in _KINDS:
        problems["kind"] = Text(zh="请选一种", en="choose one")
    elif sent["kind"] == "other" and not sent.get("word"):
        problems["word"] = Text(zh="请写这类地方怎么称呼，如“旗”", en="give the word for such a place")
    folder = desk.folder
    if not desk.is_empty:
        folder = desk.folder / sent.get("name", "")
        if _FOLDER.fullmatch(sent.get("name", "")) is None or sent["name"].endswith((".", " ")):
            problems["name"] = Text(
                zh="文件夹名称请用汉字、字母、数字和短横线",
                en="use letters, digits and hyphens for the name of the folder",
            )
        elif folder.exists():
            problems["name"] = Text(zh="已有这个文件夹，请换一个名称", en="there is such a folder; choose another name")
    if problems:
        return _shown(request, problems, sent, 422)
    kind = cast(PlaceKind, sent["kind"])
    word = sent["word"] if kind == "other" else None
    place = NoticePlace(sent["place"], kind, word, sent.get("region") or None)
    try:
        start(folder, desk.plan, place, english=bool(sent["english"]))
        desk.then(folder / _CONFIG)
    except (ConfigurationError, OSError) as error:
        return _shown(request, {"": str(error).splitlines()}, sent, 422)
    return redirect("/")


ROUTES = (
    Route("/", begin),
    Route("/", posted(send), methods=["POST"]),
    *(route for route in overview.ROUTES if route.path in ("/language", "/who")),
)
