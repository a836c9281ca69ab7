"""A file that was sent to be checked, kept until the clerk confirms what becomes of it."""

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import PurePosixPath

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from haopin.desk.security import new_token
from haopin.office.workbook import LARGEST

#: Files kept at a time; the oldest goes first, and must then be chosen again.
_MOST = 4


@dataclass(frozen=True)
class SentFile:
    """A file from the browser, in memory only: its name without folders, content, and token in the form."""

    name: str
    content: bytes
    token: str


def chosen_file(request: Request, form: FormData) -> SentFile | None:
    """Return the file that is chosen in ``form`` (field ``file``), or that was before (``token``); None if none is."""
    state = request.app.state
    if not hasattr(state, "sent_files"):
        state.sent_files = OrderedDict()
    files: OrderedDict[str, SentFile] = state.sent_files
    upload = form.get("file")
    if isinstance(upload, UploadFile) and upload.filename:
        name = PurePosixPath(upload.filename.replace("\\", "/")).name
        # One byte more than allowed, so that a larger file is refused with its message.
        sent = SentFile(name, upload.file.read(LARGEST + 1), new_token())
        files[sent.token] = sent
        while len(files) > _MOST:
            files.popitem(last=False)
        return sent
    return files.get(str(form.get("token", "")))
