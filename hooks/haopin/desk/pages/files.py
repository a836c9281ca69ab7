"""Files as text: for what no form can show, such as a file that cannot be parsed."""

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from haopin.desk.desk import Changes, Desk, desk_of, posted, redirect, url, write_files
from haopin.desk.forms import KEPT
from haopin.desk.uploads import stored
from haopin.load.folder import home, is_evidence
from haopin.load.yamlfile import decode
from haopin.model import READ
from haopin.model.publishable import Publishable
from haopin.office.approval import as_saved
from haopin.office.edit import saved
from haopin.office.raw import RawFolder, RawRecord
from haopin.office.record_lookup import InvalidAnswerError
from haopin.problem import DataError, Problem
from haopin.text import Text


def show(request: Request) -> Response:
    """Show a file with records as text."""
    desk, file = desk_of(request), request.path_params["file"]
    raw = _content(desk, file)
    return desk.missing(request) if raw is None else _page(request, file, _decoded(raw, file), raw)


def save(request: Request, form: FormData) -> Response:
    """Save a file as it was typed, unless it causes a new error."""
    desk, file = desk_of(request), request.path_params["file"]
    with desk.lock:
        desk.raw.refresh()
        raw = _content(desk, file)
        if raw is None:
            return desk.missing(request)
        typed = str(form.get("text", "")).replace("\r\n", "\n")
        if form.get("base") != hashlib.sha256(raw).hexdigest():
            say = desk.say(request)
            words = say(
                "您编辑的时候,别人改了这个文件。下面是您写的,请先复制出来,再重新打开本页。",
                "Somebody else changed this file meanwhile. Below is what you wrote: copy it and open the page again.",
            )
            return _page(request, file, typed, raw, lines=[words], status=409)
        mark = b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b""
        new = mark + (typed.replace("\n", "\r\n") if b"\r\n" in raw else typed).encode()
        if new != raw:
            try:
                changes = _as_saved(desk, file, new, desk.clerk(request))
                desk.save(request, changes, Text(zh=f"修改文件 {file}", en=f"File {file} changed"))
            except DataError as error:
                return _page(request, file, typed, raw, lines=list(error.lines), status=422)
    return redirect(url("files", file, saved="1"))


def _as_saved(desk: Desk, file: str, new: bytes, clerk: str) -> Changes:
    """Return the change of ``file``, with ``clerk`` as a drafter of the published records that it changes."""
    kind, found = home(file, READ), desk.examined()
    changes: dict[str, bytes | None] = {file: new}
    if kind is None or not issubclass(kind.model, Publishable) or not clerk:
        return changes
    before = {record.id: record for record in desk.raw.records(kind)}
    files = {file, *(each for record in before.values() if file in record.files for each in record.files)}
    with TemporaryDirectory(prefix="haopin-") as place:
        folder = Path(place)
        write_files(folder, {each: new if each == file else (desk.folder / each).read_bytes() for each in files})
        for record in RawFolder(folder, (kind,)).records(kind):
            if _content_of(record) != _content_of(before.get(record.id)):
                values = as_saved(found.dataset, kind, record.values, clerk, desk.day(found))
                written = saved(folder, record, values)
                write_files(folder, written)
                changes |= written
    return changes


def _content_of(record: RawRecord | None) -> object:
    """Return what is approved of a record."""
    return record and ({name: value for name, value in record.values.items() if name not in KEPT}, record.rows)


def _content(desk: Desk, file: str) -> bytes | None:
    """Return a file with records, and no other; None if there is none."""
    path = desk.folder / file
    if home(file, READ) is None or ".." in file.split("/") or path.is_symlink() or not path.is_file():
        return None
    return path.read_bytes()


def _decoded(raw: bytes, file: str) -> str:
    text = decode(raw, file)
    return raw.decode("gb18030", "replace") if isinstance(text, Problem) else text


def _page(
    request: Request, file: str, text: str, raw: bytes, *, lines: list[str] | None = None, status: int = 200
) -> Response:
    desk = desk_of(request)
    wrong = [line for line in desk.lines(desk.examined().problems) if line.startswith(f"{desk.name}/{file}:")]
    return desk.page(
        request,
        "file.html",
        status=status,
        file=file,
        text=text,
        base=hashlib.sha256(raw).hexdigest(),
        lines=lines if lines is not None else wrong,
        saved=request.query_params.get("saved"),
    )


def evidence(request: Request) -> Response:
    """Answer with a file of evidence, to be saved: the browser shows nothing of it here."""
    desk, name = desk_of(request), request.path_params["name"]
    path = desk.folder / "evidence" / name
    if not is_evidence(f"evidence/{name}") or path.is_symlink() or not path.is_file():
        return desk.missing(request)
    return FileResponse(path, media_type="application/octet-stream", filename=name)


def picture_name(request: Request, form: FormData) -> Response:
    """Answer with the name that a picture will have among the evidence; it is kept when the record is saved."""
    desk, upload = desk_of(request), form.get("file")
    try:
        assert isinstance(upload, UploadFile), "the script of the page sends it"
        return JSONResponse({"name": stored(desk.folder, upload)[0]})
    except InvalidAnswerError as error:
        return JSONResponse({"said": desk.say(request).of(error.words)}, 422)


ROUTES = (
    Route("/evidence-name", posted(picture_name), methods=["POST"]),
    Route("/evidence/{name}", evidence),
    Route("/files/{file:path}", show),
    Route("/files/{file:path}", posted(save), methods=["POST"]),
)
