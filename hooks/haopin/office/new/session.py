"""Creation of one record from options: kind and id, validation, files; and which fields a kind has."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from yaml.nodes import SequenceNode

from haopin.load import yamlfile
from haopin.load.messages import translate
from haopin.load.tables import headings
from haopin.model import KINDS, Kind
from haopin.model.body import Body
from haopin.model.choices import CHOICES
from haopin.model.disclosure import ANALYSIS, BATCH, INSPECTION, VIOLATION
from haopin.model.ledger import ENTRY
from haopin.model.news import EVENT, NEWS
from haopin.model.publishable import WITHDRAWAL, Publishable
from haopin.model.recognition import AWARD, DEMONSTRATION
from haopin.office.new.answers import Answers, CliAnswers
from haopin.office.new.fields import NEVER, Field, completed, field_requirement, fields_of, missing
from haopin.office.project import Project
from haopin.office.record_lookup import RecordLookup, fold
from haopin.office.terminal import CommandLanguage
from haopin.office.writing import block, item, write
from haopin.problem import ConfigurationError, DataError, Place, Problem
from haopin.site.catalogue import examine
from haopin.text import fullwidth

# --- Kinds, ids and validation

#: Kinds that can be created: all records published over time, and withdrawals.
NEW: tuple[Kind, ...] = tuple(k for k in KINDS if issubclass(k.model, Publishable) or k is WITHDRAWAL)
# Other names of a kind, and the field values that they imply.
_ALIASES: Mapping[str, tuple[Kind, Mapping[str, str]]] = {
    "news": (NEWS, {"kind": "news"}),
    "动态": (NEWS, {"kind": "news"}),
    "notice": (NEWS, {"kind": "notice"}),
    "通知": (NEWS, {"kind": "notice"}),
    "activity": (EVENT, {}),
    "活动": (EVENT, {}),
    "质量活动": (EVENT, {}),
    "质量违法信息": (VIOLATION, {}),
    "质量状况分析": (ANALYSIS, {}),
    "示范县": (DEMONSTRATION, {}),
    "honour": (AWARD, {}),
    "honor": (AWARD, {}),
    "荣誉": (AWARD, {}),
    "新闻": (NEWS, {"kind": "news"}),
    "公告": (NEWS, {"kind": "notice"}),
    "通告": (NEWS, {"kind": "notice"}),
    "台账记录": (ENTRY, {}),
    "进展": (ENTRY, {}),
    "报送": (ENTRY, {}),
    "更正": (ENTRY, {}),
    "抽查结果": (INSPECTION, {}),
    "抽查": (INSPECTION, {}),
    "抽检": (BATCH, {}),
    "抽检结果": (BATCH, {}),
}
_LONGEST = 40
# Names of firms and persons must not appear in ids, because an id cannot be withdrawn.
_NAMING = ("title", "product")


def kind_named(word: str) -> tuple[Kind, dict[str, str]]:
    """Return the kind that ``word`` names, and the field values that it implies.

    Raises:
        ConfigurationError: if there is none; lists all kinds.
    """
    wanted = fold(word)
    if wanted in _ALIASES:
        kind, preset = _ALIASES[wanted]
        return kind, dict(preset)
    for kind in NEW:
        called = (kind.title.zh, kind.title.get("en"), (kind.model.__doc__ or "").split(" | ")[0])
        names = {kind.name, *map(fold, called)}
        if wanted in names:
            return kind, {}
    words = [*_ALIASES, *(name for kind in NEW for name in (kind.name, kind.title.zh))]
    guess = next(iter(difflib.get_close_matches(wanted, words, n=1, cutoff=0.5)), None)
    likely = (f"是否想写“{guess}”\uff1f", f"did you mean “{guess}”? ") if guess else ("", "")
    if not wanted:
        raise ConfigurationError(
            f"请写明要新建哪一类\uff0c如 haopin new 通知。可选\uff1a{kinds_listed()} / say which kind, such as "
            f"haopin new notice; choose one of: {', '.join(kind.name for kind in NEW)}"
        )
    raise ConfigurationError(
        f"没有“{word}”这一类\uff1b{likely[0]}可选\uff1a{kinds_listed()} / there is no kind “{word}”; {likely[1]}"
        f"choose one of: {', '.join(kind.name for kind in NEW)}"
    )


def kinds_listed() -> str:
    """Return a list of all kinds with their Chinese names."""
    return "、".join(f"{kind.name}\uff08{kind.title.zh}\uff09" for kind in NEW)


def suggested_id(kind: Kind, record: Mapping[str, Any], taken: frozenset[str]) -> str:
    """Suggest an id that is not ``taken``: the date, and English title, subject or a number."""
    day = str(record.get("date", ""))
    words = next((w["en"] for name in _NAMING if isinstance(w := record.get(name), dict) and "en" in w), "")
    about = str(record.get("measure") or record.get("target") or "")
    name = _slug(about or words)
    if name:
        base = "-".join(filter(None, (day, name)))
        if base not in taken:
            return base
    else:
        base = "-".join(filter(None, (day, kind.name)))
    return next(found for n in range(2 if name else 1, 10**6) if (found := f"{base}-{n}") not in taken)


def _slug(words: str) -> str:
    """Convert ``words`` to part of an id, shortened at a word boundary."""
    parts = re.findall(r"[a-z0-9]+", words.lower().replace("’", "").replace("'", ""))
    slug = ""
    for part in parts:
        if len(slug) + len(part) >= _LONGEST:
            break
        slug = f"{slug}-{part}" if slug else part
    return slug


def ordered(kind: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plain ``values`` of a record in the order of its fields, without empty ones."""
    return {f.name: values[f.name] for f in fields_of(kind.model) if values.get(f.name) is not None}


def problems_of(kind: Kind, record: Mapping[str, Any]) -> list[Problem]:
    """Validate the plain values of a ``record``."""
    try:
        kind.model.model_validate(dict(record))
    except ValidationError as error:
        return list(translate(error, kind.model, Place("")))
    return []


# --- Files of a new record: appended to a list, or files of its own; with a comment above each field


def files_of(kind: Kind, record: Mapping[str, Any], folder: Path, bodies: Mapping[str, Body]) -> dict[str, bytes]:
    """Return the new content of the files that ``record`` changes, by path below the data ``folder``.

    Args:
        kind: Its kind.
        record: Its plain values, in order.
        folder: The data folder.
        bodies: Bodies by id; the ledger has a file per body.

    Raises:
        ConfigurationError: if a list is in a form that nothing can be appended to.
    """
    comments = {field.name: f"{field.label.show('zh')} / {field.label.en}" for field in fields_of(kind.model)}
    name = record["id"]
    if kind.layout == "articles":
        return {f"{kind.path}/{name}.{side}.md": text.encode() for side, text in _article(record, comments).items()}
    if kind.layout == "folder":
        file = f"{kind.path}/{name}.yml"
        files = {file: (header(kind, file) + block(record, comments)).encode()}
        if kind.table is not None:
            # With BOM, as spreadsheet programs would read the table as GBK without it.
            files[f"{kind.path}/{name}.csv"] = (",".join(headings(kind.table).values()) + "\n").encode("utf-8-sig")
        return files
    body = bodies[record["body"]] if kind is ENTRY else None
    file = f"{kind.path}/{body.id}.yml" if body else kind.path
    return {file: added(folder / file, header(kind, file, body), item(record, comments))}


def header(kind: Kind, file: str, body: Body | None = None) -> str:
    """Return the first lines of a new ``file``: JSON Schema for editors, and a description."""
    up = "../" * file.count("/")
    zh, en = kind.title.zh, f"{kind.title.en}."
    if kind.table is not None:
        zh, en = f"{zh}。产品写在同名的 csv 里", f"{en} The products are in the csv of the same name."
    if body is not None:
        zh = f"{body.name.zh}台账。只增不改,更正另写一条"
        en = f"Ledger of {body.name.get('en')}. Entries are only added; a correction is a new entry."
    if issubclass(kind.model, Publishable):
        zh, en = f"{zh};审核(approved)后才公布", f"{en} Public once approved."
    return f"# yaml-language-server: $schema={up}schema/{kind.name}.json\n# {fullwidth(zh)}。\n# {en}\n"


def added(path: Path, head: str, text: str) -> bytes:
    """Append an item to the list file ``path``, or create the file; existing text is unchanged to the byte."""
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
    # The new item has the same indentation as the others.
    margin = " " * (root.start_mark.column if root is not None else 0)
    lines = "".join(margin + line if line.strip() else line for line in text.splitlines(keepends=True))
    gap = "" if not old or old.endswith((b"\n", b"\r")) else "\n"
    new = (gap + lines).encode()
    return old + (new.replace(b"\n", b"\r\n") if b"\r\n" in old else new)


def _article(record: Mapping[str, Any], comments: Mapping[str, str]) -> dict[str, str]:
    """Return the text of an article in each language; fields other than title and text are in one file only."""
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


# --- Fields of a kind, and a new record from options


def guide(project: Project, word: str, say: CommandLanguage) -> list[str]:
    """Return the fields of the kind named ``word``, as options of `haopin new`, and which of them are required.

    Raises:
        ConfigurationError: if there is no such kind.
    """
    kind, _ = kind_named(word)
    lookup = RecordLookup(project.dataset)
    lines = [
        say(
            "{title}({name})的字段。* 必填,+ 是否要填看其他字段:",
            "Fields of “{title}” ({name}). * is required; + depends on other fields:",
            title=say.of(kind.title),
            name=kind.name,
        )
    ]
    for field in fields_of(kind.model):
        mark = " "
        if field.name not in NEVER:
            need = field_requirement(kind, field, {}, lookup)
            mark = "*" if field.required else " " if need == "may" else "+"
        lines += (f"{mark} {line}" for line in _options(field, "", say))
    return [
        *lines,
        say(
            "写法:haopin new {name} --set 字段=内容 --set 字段=内容。编号可不写;单位、举措写编号或名称里的几个字。",
            "Usage: haopin new {name} --set FIELD=VALUE --set FIELD=VALUE. The id may be left out; for a body or a "
            "measure write its id or words of its name.",
            name=kind.name,
        ),
        say("填表更方便:haopin desk", "A form for this is in: haopin desk"),
    ]


def _options(field: Field, above: str, say: CommandLanguage) -> Iterator[str]:
    """Yield a line for each option that sets ``field``, or a part of it; ``above`` is the path of its record part."""
    name = f"{above}{field.name}"
    words = say.of(field.label)
    if field.shape == "part":
        yield f"{name}: {words}"
        for part in field.parts:
            yield from (f"  {line}" for line in _options(part, f"{name}.0." if field.many else f"{name}.", say))
        return
    if field.choices:
        names = CHOICES[field.model, field.name]
        words = f"{words} [{' | '.join(f'{choice} {say.of(names[choice])}' for choice in field.choices)}]"
    if field.many:
        words = say("{words}(可重复)", "{words} (repeatable)", words=words)
    if field.shape in ("words", "texts"):
        path = f"{name}.0" if field.many else name
        name = f"{path}.zh, {path}.en"
    yield f"{name}: {words}"


def create(project: Project, word: str, options: Sequence[str], say: CommandLanguage) -> list[str]:
    """Write a new record of the kind named ``word`` with the values of ``options``; return the messages.

    Raises:
        ConfigurationError: if there is no such kind.
        DataError: with every missing or invalid value; nothing is written.
    """
    kind, preset = kind_named(word)
    fields, lookup = fields_of(kind.model), RecordLookup(project.dataset)
    given = CliAnswers(fields, Answers(lookup, project.day))
    given.read(options)
    given.refuse_id(lookup.ids)
    known = {name: value for name, value in {**preset, **given.values}.items() if value is not None}
    wrong = [f"--set {option}: {words.zh} / {words.en}" for option, words in given.problems]
    spoiled = {option.partition(".")[0] for option, _ in given.problems}
    for field in missing(kind, fields, known, lookup):
        if field.name not in spoiled:
            wrong.append(f"--set {field.name}: 缺少“{field.label.show('zh')}” / missing: {field.label.en}")
    values = completed(kind, known, lookup)
    values.setdefault("id", suggested_id(kind, values, lookup.ids))
    record = ordered(kind, values)
    if not wrong:
        found = problems_of(kind, record)
        wrong = [f"--set {'.'.join(map(str, p.place.path))}: {p.zh} / {p.en}" for p in found]
    if wrong:
        raise DataError(wrong)
    files = files_of(kind, record, project.folder, lookup.bodies)
    write(project.folder, project.name, files)
    warned = [line for line in examine(project.folder, project.name)[2] if line not in project.warnings]
    return [*_written(kind, record, files, project.name, say), *warned]


def _written(
    kind: Kind, record: Mapping[str, Any], files: Mapping[str, bytes], name: str, say: CommandLanguage
) -> list[str]:
    """Return the messages after writing ``record``: its files, and the next steps."""
    lines = [say("已写入:{file}", "Written: {file}", file=f"{name}/{file}") for file in files]
    steps = []
    if kind is BATCH:
        steps.append(
            say(
                "把抽检结果填进 {id}.csv,或运行 haopin batch import 表格文件 --id {id}",
                "fill in {id}.csv, or run haopin batch import FILE --id {id}",
                id=record["id"],
            )
        )
    if issubclass(kind.model, Publishable) and "approved" not in record:
        steps.append(
            say(
                "审核:运行 haopin approve {name},审核以后才公布",
                "approval: run haopin approve {name}; it is published once approved",
                name=f"{kind.name}/{record['id']}",
            )
        )
    steps.append(say("运行 haopin check,再生成网站", "run haopin check, then build the site"))
    if kind is ENTRY:
        steps.append(
            say(
                "审核以后这条记录不可改动,更正请另写一条;审核以前写错了可以直接改",
                "an approved entry must not be changed, only corrected by another; before approval, edit it",
            )
        )
    head = say("接下来:", "Next steps:")
    return [*lines, head, *(f"  {number}. {step}" for number, step in enumerate(steps, start=1))]
