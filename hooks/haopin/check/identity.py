"""Rules on ids, anchors and the address of the site."""

import re
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import resvg_py

from haopin.check.entries import RecordIndex, clauses_of, nearest, no_such
from haopin.check.svg import svg_problems
from haopin.colour import GROUNDS, contrast
from haopin.model.disclosure import Sampled
from haopin.model.document import Document
from haopin.model.look import SCENES, Meaning
from haopin.model.material_format import OWN_TEMPLATES
from haopin.model.plan import Plan
from haopin.model.provision import PilotField
from haopin.model.site import Site
from haopin.model.task import Committed, Group, Task
from haopin.problem import Path, Place, Problem, mark_at, problem
from haopin.text import shown_address

#: The name of a package in a template of Typst, not in a comment.
_PACKAGE = re.compile(r'^(?:(?!//).)*?"(@[\w-]+/[^"\n]*)"', re.MULTILINE)


def ids_are_unique(entries: RecordIndex) -> Iterator[Problem]:
    """Ids are unique: among records of a kind, measures and requirements of a record, clauses of a document."""
    seen: dict[tuple[str, str], Place] = {}
    for entry in entries.all:
        key = entry.kind.name, entry.record.id
        if key in seen and isinstance(entry.record, Committed | Group) and len(list(entries.of(Plan))) > 1:
            yield problem(
                entry.place.at("id"),
                "编号“{id}”已用过(见 {first});各方案之间编号也不能重复,请在前面加方案的代号,如“{other}-{id}”",
                "the id “{id}” is already used (in {first}), and plans share their ids; put the plan in front, such as "
                "“{other}-{id}”",
                id=entry.record.id,
                first=seen[key].file,
                other=entry.record.plan or "p2",
            )
        elif key in seen:
            yield _twice(entry.record.id, entry.place.at("id"), seen[key].file)
        seen.setdefault(key, entry.place)
    for record, place in entries.of(Committed):
        yield from _unique((((record.divided_into, n, "id"), s.id) for n, s in enumerate(record.statements)), place)
    for document, place in entries.of(Document):
        yield from _unique(_parts(document), place)


def _parts(document: Document) -> Iterator[tuple[Path, str]]:
    """Yield the id of each clause and annex of ``document``, which are anchors on its page, with its path."""
    yield from (((*path, "id"), clause.id) for path, clause in clauses_of(document))
    yield from ((("annexes", number, "id"), annex.id) for number, annex in enumerate(document.annexes))


def _unique(ids: Iterable[tuple[Path, str]], place: Place) -> Iterator[Problem]:
    seen = set()
    for path, record_id in ids:
        if record_id in seen:
            yield _twice(record_id, place.at(*path), place.file)
        seen.add(record_id)


def _twice(record_id: str, place: Place, first: str) -> Problem:
    return problem(
        place,
        "编号“{id}”已用过(见 {first}),请换一个",
        "the id “{id}” is already used (in {first}); choose another",
        id=record_id,
        first=first,
    )


# Device names reserved by Windows, with any suffix: such a file cannot be checked out there.
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
#: Longest file name in bytes: the limit of file systems is 255, and temporary and compressed copies add a suffix.
_LONGEST = 200
#: Longest id in characters: it is part of file names and addresses.
_LONGEST_ID = 100


def ids_can_be_files(entries: RecordIndex) -> Iterator[Problem]:
    """Every id, sample number and evidence file has a name that all file systems accept."""
    for entry in entries.all:
        yield from name_is_possible(entry.record.id, entry.place.at("id"), _LONGEST_ID)
    for sheet in entries.dataset.sheets.values():
        for index, row in enumerate(sheet.rows):
            if isinstance(row, Sampled):
                yield from name_is_possible(row.slug, sheet.place(index, "sample_number"), _LONGEST_ID)
    for file in sorted(entries.dataset.files):
        yield from name_is_possible(file.rpartition("/")[2], Place(file, mark=(1, 1)), _LONGEST)


def name_is_possible(name: str, place: Place, longest: int = _LONGEST) -> Iterator[Problem]:
    """Yield the problem of a ``name`` that some file systems do not accept.

    Args:
        name: The name.
        place: Its position.
        longest: Its largest length in bytes.
    """
    if name.partition(".")[0].lower() in _DEVICES:
        yield problem(
            place,
            "“{name}”是 Windows 保留的名称,不能用作文件名,请换一个",
            "Windows keeps the name “{name}” for a device, and no file can have it; choose another",
            name=name,
        )
    elif len(name.encode()) > longest:
        yield problem(
            place,
            "“{start}…”太长({count} 个字节),文件名和网址里最多 {longest} 个,请改短",
            "“{start}…” is too long ({count} bytes); names of files and addresses have {longest} at most; shorten it",
            start=name[:20],
            count=len(name.encode()),
            longest=longest,
        )


# Anchors in templates: sections of a task or document page, and the page frame.
_OWN_ANCHORS = frozenset(
    {
        "beside",
        "changed",
        "changes",
        "citations",
        "cited",
        "full-text",
        "main",
        "measures",
        "needs",
        "related",
        "responsible",
        "targets",
    }
)


def anchors_are_free(entries: RecordIndex) -> Iterator[Problem]:
    """No id of a measure, clause or record equals an anchor in the template of its page."""
    for entry in entries.all:
        if "#" in entry.kind.anchor(entry.record.id) and entry.record.id in _OWN_ANCHORS:
            yield _is_taken(entry.record.id, entry.place.at("id"))
    for record, place in entries.of(Committed):
        yield from _taken((((record.divided_into, n, "id"), s.id) for n, s in enumerate(record.statements)), place)
    for document, place in entries.of(Document):
        yield from _taken(_parts(document), place)


def _taken(ids: Iterable[tuple[Path, str]], place: Place) -> Iterator[Problem]:
    for path, record_id in ids:
        if record_id in _OWN_ANCHORS:
            yield _is_taken(record_id, place.at(*path))


def _is_taken(record_id: str, place: Place) -> Problem:
    return problem(
        place,
        "编号“{id}”是页面自己的锚点,请换一个",
        "the id “{id}” is an anchor of the page itself; choose another",
        id=record_id,
    )


def anchors_are_unique(entries: RecordIndex) -> Iterator[Problem]:
    """Records of different kinds that share a page have different anchors."""
    seen: dict[str, str] = {}
    for entry in entries.all:
        anchor = entry.kind.anchor(entry.record.id)
        if "#" in anchor and seen.setdefault(anchor, entry.kind.name) != entry.kind.name:
            yield problem(
                entry.place.at("id"),
                "编号“{id}”在同一页面上已被“{other}”使用,请换一个",
                "the id “{id}” is already used by a {other} on the same page; choose another",
                id=entry.record.id,
                other=seen[anchor],
            )


def time_zone_exists(entries: RecordIndex) -> Iterator[Problem]:
    """The time zone exists in the tz database."""
    for site, place in entries.of(Site):
        try:
            ZoneInfo(site.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            yield no_such(site.time_zone, available_timezones(), place.at("time_zone"), "时区", "time zone")


# RFC 2606 and 6761: names for documentation and names that never exist are placeholders. ".test" and "localhost" are
# for trials within a local network, where a release to them may be intended; they only cause a warning.
_PLACEHOLDER = re.compile(r"(?:.+\.)?(?:example|example\.(?:com|net|org)|invalid)\.?", re.IGNORECASE)
_TRIAL = re.compile(r"(?:.+\.)?(?:test|localhost)\.?|127\.\d+\.\d+\.\d+|\[?::1\]?", re.IGNORECASE)


def is_placeholder(host: str) -> bool:
    """Return whether ``host`` can never be the host of a public site."""
    return _PLACEHOLDER.fullmatch(host) is not None


def site_address_is_real(entries: RecordIndex) -> Iterator[Problem]:
    """Reserved addresses cause a warning: a preview may have one, a release rejects a placeholder."""
    for site, place in entries.of(Site):
        host, address = site.address.host or "", shown_address(str(site.address))
        if is_placeholder(host):
            yield problem(
                place.at("address"),
                "“{address}”是占位网址,不能发布,发布前请换成真实网址",
                "“{address}” is a placeholder and is not released; put in the real address before a release",
                severity="warning",
                address=address,
            )
        elif _TRIAL.fullmatch(host):
            yield problem(
                place.at("address"),
                "“{address}”只用于试验,公众打不开,正式发布前请换成真实网址",
                "“{address}” is for trials, and the public cannot open it; put in the real address before a release",
                severity="warning",
                address=address,
            )


def colours_are_readable(entries: RecordIndex) -> Iterator[Problem]:
    """Each color is legible on its background (WCAG 2.2 AA: 4.5 to 1)."""
    for site, place in entries.of(Site):
        identity = site.identity
        yield from _is_readable(identity.main, "light", place.at("identity", "main"))
        yield from _is_readable(identity.main_dark, "dark", place.at("identity", "main_dark"))
        for name in ("good", "warn", "late"):
            yield from _are_readable(getattr(identity, name), place.at("identity", name))
    for record, place in _looks(entries):
        if record.colour:
            yield from _are_readable(record.colour, place.at("colour"))


def _looks(entries: RecordIndex) -> Iterator[tuple[Group | Task | PilotField, Place]]:
    yield from entries.of(Group)
    yield from entries.of(Task)
    yield from entries.of(PilotField)


def _are_readable(meaning: Meaning, place: Place) -> Iterator[Problem]:
    yield from _is_readable(meaning.light, "light", place.at("light"))
    yield from _is_readable(meaning.dark, "dark", place.at("dark"))


def _is_readable(colour: str, scheme: str, place: Place) -> Iterator[Problem]:
    found = contrast(colour, GROUNDS[scheme])
    if found < 4.5:
        yield problem(
            place,
            "颜色“{colour}”在{ground_zh}底色“{ground}”上看不清(对比度{found},至少要4.5),请换一个{way_zh}的颜色",
            "the color “{colour}” is not legible on the {scheme} background “{ground}” "
            "(contrast {found}, at least 4.5 is needed); choose a {way} one",
            colour=colour,
            ground=GROUNDS[scheme],
            ground_zh="浅色" if scheme == "light" else "深色",
            way_zh="更深" if scheme == "light" else "更浅",
            way="darker" if scheme == "light" else "lighter",
            scheme=scheme,
            found=f"{found:.1f}",
        )


def drawings_exist(entries: RecordIndex) -> Iterator[Problem]:
    """The drawing that a record names is in the folder of drawings."""
    files = [file.removeprefix(SCENES) for file in entries.dataset.companions if file.startswith(SCENES)]
    known = {file.removesuffix(".svg"): file for file in files}
    for record, place in _looks(entries):
        if record.picture and record.picture not in files:
            near = nearest(record.picture.removesuffix(".svg"), known)
            guess = known[near] if near else None
            zh, en = "没有图形“{folder}{file}”", "there is no picture “{folder}{file}”"
            if guess:
                zh, en = zh + ";是否想写“{guess}”?", en + "; did you mean “{guess}”?"
            else:
                zh, en = zh + ",请把它放进去,或删去这一行", en + "; put it there, or delete this line"
            yield problem(place.at("picture"), zh, en, folder=SCENES, file=record.picture, guess=guess)


def pictures_are_safe(entries: RecordIndex) -> Iterator[Problem]:
    """The county's mark and pictures are SVG files without scripts and external resources."""
    for file, text in entries.dataset.companions.items():
        if not file.endswith(".svg"):
            continue
        wrong = list(svg_problems(text, file))
        yield from wrong
        if not wrong and file == "mark.svg":
            yield from _cannot_be_drawn(text, file)


def templates_take_no_packages(entries: RecordIndex) -> Iterator[Problem]:
    """Templates of materials use no package, which Typst would fetch from the network while the site is built."""
    for file, text in entries.dataset.companions.items():
        for found in _PACKAGE.finditer(text if file.endswith(".typ") else ""):
            yield problem(
                Place(file, mark=mark_at(text, found.start(1))),
                "版式不能从网上取程序包“{package}”,请把要用的内容写进 {folder} 里的 .typ 文件",
                "a template takes no package from the network (“{package}”); put what it needs into a .typ file of "
                "{folder}",
                package=found[1],
                folder=OWN_TEMPLATES,
            )


def _cannot_be_drawn(mark: str, file: str) -> Iterator[Problem]:
    try:
        resvg_py.svg_to_bytes(svg_string=mark, width=32, height=32)
    except ValueError as error:
        yield problem(
            Place(file),
            "这个图形画不出图标({error}),请在作图软件里另存为“纯 SVG”(plain SVG)",
            "no icon can be drawn from this picture ({error}); save it again as “plain SVG”",
            error=error,
        )
