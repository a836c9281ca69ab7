"""Modules as plain scripts: each file becomes a function that the helper of the copy (``offline.js``) runs.

Nothing is known here of what the modules do. A module's ``import`` becomes a question to the helper, its ``export`` an
entry of an object; ``fetch``, ``Worker`` and the like are arguments of the function, so that the helper can answer.
"""

import json
import posixpath
import re

from haopin.problem import ConfigurationError

_IMPORT = re.compile(r'^import\s+(?:([^"\'();]*?)\s+from\s+)?["\']([^"\']+)["\'];?[ \t]*$', re.MULTILINE)
_EXPORT_FROM = re.compile(r"^export\s+(?:\*|\{[^}]*\})\s+from\b", re.MULTILINE)
_DECLARED = re.compile(r"^export\s+((?:async\s+)?function\*?|class|const|let|var)\s+([\w$]+)", re.MULTILINE)
_LISTED = re.compile(r"^export\s*\{([^}]*)\};?[ \t]*$", re.MULTILINE)
_DEFAULT = re.compile(r"^export\s+default\s+", re.MULTILINE)
_LEFT = re.compile(r"^\s*(?:import|export)\b(?!\s*\()", re.MULTILINE)
_DYNAMIC = re.compile(r"\bimport\s*\(")
_META = re.compile(r"\bimport\.meta\b")
_RENAMED = re.compile(r"([\w$]+) as ([\w$]+)")
_NEEDS_HELP = re.compile(r"\b(?:import|export|fetch|Worker|importScripts)\b")
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)

#: Names that every function gets from the helper, in their order there.
_GIVEN = ("$import", "$export", "$use", "$meta", "self", "fetch", "Worker", "addEventListener", "postMessage")


def needs_help(source: str) -> bool:
    """Tell whether a script does what a browser refuses in a folder."""
    return bool(_NEEDS_HELP.search(_COMMENT.sub("", source)))


def wrapped(source: str, path: str, *, entry: bool = False) -> str:
    """Return the script at ``path`` as a plain script for the helper; one that pages name (``entry``) runs at once.

    Raises:
        ConfigurationError: if it says something that this cannot say otherwise.
    """
    uses: list[str] = []

    def imported(match: re.Match[str]) -> str:
        names, address = match.groups()
        file = posixpath.normpath(posixpath.join(posixpath.dirname(path), address))
        uses.append(file)
        return f"{_bound(names, path)}$use({json.dumps(file)})" if names else ""

    exports: list[tuple[str, str]] = []

    def declared(match: re.Match[str]) -> str:
        exports.append((match[2], match[2]))
        return f"{match[1]} {match[2]}"

    def listed(match: re.Match[str]) -> str:
        for part in filter(None, map(str.strip, match[1].split(","))):
            name, _, other = part.partition(" as ")
            exports.append((other.strip() or name, name.strip()))
        return ""

    if _EXPORT_FROM.search(source):
        raise _refused(path)
    body = _IMPORT.sub(imported, source)
    body = _DECLARED.sub(declared, body)
    body = _LISTED.sub(listed, body)
    body = _DEFAULT.sub("$export.default = ", body)
    if _LEFT.search(_COMMENT.sub("", body)):
        raise _refused(path)
    body = _META.sub("$meta", _DYNAMIC.sub("$import(", body))
    # Exports are looked up when they are asked for: a `let` may change.
    given = "".join(
        f"Object.defineProperty($export, {json.dumps(name)}, {{ enumerable: true, get: () => {local} }})\n"
        for name, local in exports
    )
    run = f"haopinOffline.run({json.dumps(path)})\n" if entry else ""
    return (
        f"haopinOffline.define({json.dumps(path)}, {json.dumps(uses)}, function ({', '.join(_GIVEN)}) {{\n"
        f'"use strict"\n{{\n{given}{body}\n}}\n}})\n{run}'
    )


def _bound(names: str, path: str) -> str:
    """Return the left side of an import as that of a declaration."""
    names = " ".join(names.split())
    if names.startswith("{") and names.endswith("}"):
        return "const " + _RENAMED.sub(r"\1: \2", names) + " = "
    if names.startswith("* as "):
        return f"const {names.removeprefix('* as ')} = "
    if re.fullmatch(r"[\w$]+", names):
        return f"const {{ default: {names} }} = "
    raise _refused(path)


def data_script(path: str, text: str) -> str:
    """Return the text of the file at ``path`` as a script that gives it to the helper."""
    return f"haopinOffline.data({json.dumps(path)}, {json.dumps(text, ensure_ascii=False)})\n"


def _refused(path: str) -> ConfigurationError:
    return ConfigurationError(
        f"{path}：这种 import/export 写法离线副本还不支持 / the offline copy does not know this import or export"
    )
