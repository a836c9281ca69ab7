"""The files of a new record: at the end of a list, or files of its own, with what each field means above it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yaml.nodes import SequenceNode

from haopin.desk.new_fields import fields_of
from haopin.desk.yamltext import block, item
from haopin.problem import ConfigurationError, Problem
from haopin.reading import yamlfile
from haopin.reading.table import headings
from haopin.records import Kind
from haopin.records.body import Body
from haopin.records.ledger import ENTRY
from haopin.records.publishable import Publishable
from haopin.text import fullwidth


def files_of(kind: Kind, record: Mapping[str, Any], folder: Path, bodies: Mapping[str, Body]) -> dict[str, bytes]:
    """Return the new content of each file that ``record`` changes, by path below the data ``folder``.

    Args:
        kind: Its kind.
        record: Its plain values, in order.
        folder: The data folder.
        bodies: The bodies by id: the ledger has a file for each.

    Raises:
        ConfigurationError: if a list is written in a way to which nothing can be added.
    """
    comments = {field.name: f"{field.label.show('zh')} / {field.label.en}" for field in fields_of(kind.model)}
    name = record["id"]
    if kind.layout == "articles":
        return {f"{kind.path}/{name}.{side}.md": text.encode() for side, text in _article(record, comments).items()}
    if kind.layout == "folder":
        file = f"{kind.path}/{name}.yml"
        files = {file: (header(kind, file) + block(record, comments)).encode()}
        if kind.table is not None:
            # Spreadsheet programs take a table without the mark at its beginning for GBK.
            files[f"{kind.path}/{name}.csv"] = (",".join(headings(kind.table).values()) + "\n").encode("utf-8-sig")
        return files
    body = bodies[record["body"]] if kind is ENTRY else None
    file = f"{kind.path}/{body.id}.yml" if body else kind.path
    return {file: added(folder / file, header(kind, file, body), item(record, comments))}


def header(kind: Kind, file: str, body: Body | None = None) -> str:
    """Return the lines at the top of a new ``file``: its schema for editors, and what it holds."""
    up = "../" * file.count("/")
    zh, en = kind.title.zh, f"{kind.title.en}."
    if kind.table is not None:
        zh, en = f"{zh}。产品写在同名的 csv 里", f"{en} The products stand in the csv of the same name."
    if body is not None:
        zh = f"{body.name.zh}台账。只增不改,更正另写一条"
        en = f"Ledger of {body.name.en}. Only ever added to; a correction is a new entry."
    if issubclass(kind.model, Publishable):
        zh, en = f"{zh};审核(approved)后才公布", f"{en} Public once approved."
    return f"# yaml-language-server: $schema={up}schema/{kind.name}.json\n# {fullwidth(zh)}。\n# {en}\n"


def added(path: Path, head: str, text: str) -> bytes:
    """Return the list file ``path`` with an item at its end, or a new one; what is there stays to the byte."""
    if not path.exists():
        return (head + text).encode()
    old = path.read_bytes()
    written = yamlfile.decode(old, path.name)
    root = written if isinstance(written, Problem) else yamlfile.compose(written, path.name)
    if isinstance(root, Problem) or (root is not None and (not isinstance(root, SequenceNode) or root.flow_style)):
        raise ConfigurationError(
            f"“{path.name}”里的列表不是每条以“- ”开头\uff0c无法在后面添加\uff0c请先改好 / records cannot be added to "
            f"“{path.name}”: write each record of the list with “- ” in front"
        )
    # A list may be indented; its new item must stand where the others do.
    margin = " " * (root.start_mark.column if root is not None else 0)
    lines = "".join(margin + line if line.strip() else line for line in text.splitlines(keepends=True))
    gap = "" if not old or old.endswith((b"\n", b"\r")) else "\n"
    new = (gap + lines).encode()
    return old + (new.replace(b"\n", b"\r\n") if b"\r\n" in old else new)


def _article(record: Mapping[str, Any], comments: Mapping[str, str]) -> dict[str, str]:
    """Return the text of an article in each of its languages; all but title and text is said once."""
    titles, texts = _sides(record["title"]), _sides(record["text"])
    main = "zh" if "zh" in titles or "zh" in texts else "en"
    sides = {}
    for side in ("zh", "en"):
        if side not in titles and side not in texts:
            continue
        head = {name: value for name, value in record.items() if name not in ("id", "text")} if side == main else {}
        if side in titles:
            head["title"] = titles[side]
        elif "title" in head:
            del head["title"]
        lines = block(head, comments if side == main else None) if head else ""
        sides[side] = f"---\n{lines}---\n{texts.get(side, '')}\n"
    return sides


def _sides(words: Any) -> Mapping[str, Any]:
    return words if isinstance(words, dict) else {"zh": words}
