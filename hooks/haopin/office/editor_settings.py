"""Settings of the editor VS Code: JSON Schemas of the data files, and indentation of YAML."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from haopin.load.folder import SAMPLES
from haopin.model import READ, Kind

_TYPING = {
    "editor.insertSpaces": True,
    "editor.tabSize": 2,
    # Do not guess from the file: a single tab would lead to more of them.
    "editor.detectIndentation": False,
}


def globs(kind: Kind) -> tuple[str, ...]:
    """Return the glob patterns, relative to the data folder, of the YAML files with records of ``kind``."""
    if kind.layout == "articles":
        return ()
    if kind.layout == "single":
        return (kind.path,)
    path = f"{kind.path}/*.yml" if kind.layout in ("folder", "lists") else kind.path
    return path, f"{SAMPLES}{path}"


def settings(data: str = "data", schemas: str = "schema") -> Mapping[str, Any]:
    """Return the settings.

    Args:
        data: The data folder, as seen from the folder that the editor opens.
        schemas: The folder of the schemas in it.
    """
    return {
        "files.encoding": "utf8",
        "files.autoGuessEncoding": False,
        "files.eol": "\n",
        "files.insertFinalNewline": True,
        "[yaml]": _TYPING,
        # No foreign schemas for files of the same name, and no formatter that changes quotation marks.
        "yaml.schemaStore.enable": False,
        "yaml.format.enable": False,
        "yaml.schemas": {
            f"./{data}/{schemas}/{kind.name}.json": [f"{data}/{glob}" for glob in globs(kind)]
            for kind in READ
            if globs(kind)
        },
    }


def vscode_settings(data: str = "data", schemas: str = "schema") -> str:
    """Return the text of ``.vscode/settings.json``; see `settings`."""
    return json.dumps(settings(data, schemas), ensure_ascii=False, indent=2) + "\n"


def write_settings(schemas: Path, *, always: bool) -> Path | None:
    """Write the settings for the data folder of ``schemas``, if the editor is in use, or ``always``.

    Other settings in the file are kept.

    Returns:
        Path of the file; None if nothing was written.
    """
    schemas = schemas.resolve()
    target = schemas.parent.parent / ".vscode/settings.json"
    if not (always or target.parent.is_dir()):
        return None
    text = vscode_settings(schemas.parent.name, schemas.name)
    if target.is_file():
        try:
            known = json.loads(target.read_text(encoding="utf-8-sig"))
        except ValueError:
            known = None
        if not isinstance(known, dict):
            # A file with comments, written by the user: leave it alone.
            return None
        text = json.dumps({**known, **json.loads(text)}, ensure_ascii=False, indent=2) + "\n"
    target.parent.mkdir(exist_ok=True)
    target.write_text(text, encoding="utf-8", newline="\n")
    return target
