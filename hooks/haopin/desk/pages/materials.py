"""Publicity materials: which there are, drawing them in the background, and their files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from haopin.desk.desk import NAMED_KINDS, Desk, desk_of, download, posted, redirect, url
from haopin.desk.pages.overview import link, placed_records
from haopin.desk.runs import BackgroundRun, RunCommand, RunPhase, own_command
from haopin.installation import installs
from haopin.model.base import FIRST_YEAR, LAST_YEAR
from haopin.model.choices import CHOICES
from haopin.model.material_format import MaterialFormat
from haopin.text import LANGUAGES, Language, Text

if TYPE_CHECKING:
    from haopin.exports.source import ExportSource
    from haopin.materials.content import Content
    from haopin.materials.handover import Loop
    from haopin.materials.sets import Made, MaterialSet, Piece

#: Kinds of records that have materials: their forms lead here.
DRAWN = frozenset({"activity", "event", "group", "task", "target", "need", "honour"})
#: Most pieces that are listed and drawn at once: their zip is made in memory.
MOST = 500
LONGEST_SENDER = 60
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
#: Choices whose pieces are kept for the requests of their page.
_KEPT = 4
_LINES = 20
_TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "png": "image/png",
}


@dataclass(frozen=True)
class MaterialChoice:
    """What a clerk has chosen.

    Attributes:
        of: Kind of content, or ``kind/id`` of a record; "" for all.
        format: Id of a format, or a channel; "" for all.
        language: ``zh`` or ``en``; "" for both.
        sender: Line that names who puts the pieces up; "" for none.
        year: Year of the editions of activities; "" for the next of each.
        png: "on" if printed pieces become pictures; or else "".
    """

    of: str = ""
    format: str = ""
    language: str = ""
    sender: str = ""
    year: str = ""
    png: str = ""

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "MaterialChoice":
        """Return the choice in a query or a form."""
        printable = ("".join(filter(str.isprintable, str(given.get(name, "")))) for name in asdict(cls()))
        return cls(*(" ".join(each.split())[:200] for each in printable))

    @property
    def problem(self) -> Text | None:
        """What is wrong with it; None if nothing is."""
        if len(self.sender) > LONGEST_SENDER:
            return Text(zh=f"落款请不超过 {LONGEST_SENDER} 字", en=f"sender: at most {LONGEST_SENDER} characters")
        if self.year and not (self.year.isdecimal() and int(self.year) in YEARS):
            first, last = YEARS[0], YEARS[-1]
            return Text(zh=f"年份请填 {first} 到 {last} 的数", en=f"year: a number from {first} to {last}")
        return None

    def at(self, *parts: str) -> str:
        """Return the path of its page, or of a file of it."""
        return url("materials", *parts, **asdict(self))

    def options(self, formats: Iterable[str]) -> Iterable[str]:
        """Yield the options of `haopin materials`, where ``formats`` are those of the choice."""
        chosen = {"content": self.of, "language": self.language, "for": self.sender, "year": self.year}
        yield from (f"--{option}={value}" for option, value in chosen.items() if value)
        if self.png:
            yield "--png"
        if self.format:
            yield from (f"--format={each}" for each in formats)


@dataclass(frozen=True)
class ChosenPieces:
    """The pieces of a choice: a set for each language."""

    sets: "Sequence[MaterialSet]" = ()

    @property
    def count(self) -> int:
        """Number of pieces."""
        return sum(len(each.pieces) for each in self.sets)

    @property
    def undrawn(self) -> int:
        """Number of files or thumbnails to draw; all if these are too many at once."""
        return sum(len(each.lacking(thumbnails=True)) for each in self.sets) if self.count <= MOST else self.count

    @property
    def unmade(self) -> int:
        """Number of films to make, where ffmpeg is; 0 if the pieces are too many at once."""
        from haopin.materials.television import ffmpeg

        return sum(not loop.is_made for loop in self.loops) if self.count <= MOST and ffmpeg() else 0

    @property
    def loops(self) -> "Sequence[Loop]":
        """The films of slides for television that are drawn."""
        from haopin.materials.handover import loops

        return tuple(loops(self.sets))

    def piece(self, name: str) -> "tuple[MaterialSet, Piece] | None":
        """Return the piece whose file has this ``name``, with its set; None if there is none."""
        return next(((each, piece) for each in self.sets for piece in each.pieces if piece.name == name), None)


class MaterialDesk:
    """The public records as inputs of drawing, kept until a file of the data changes, and what is being drawn.

    Attributes:
        run: The last run that drew; None if there was none.
        drawn: What it drew.
    """

    def __init__(self, desk: Desk) -> None:
        """Read nothing yet."""
        self._desk = desk
        self._read: tuple[Any, Mapping[Language, ExportSource]] | None = None
        self._chosen: dict[MaterialChoice, ChosenPieces] = {}
        self.run: BackgroundRun | None = None
        self.drawn = MaterialChoice()

    def sources(self) -> "Mapping[Language, ExportSource]":
        """Return the records as they are in the files now, by language, the primary one first.

        Raises:
            DataError: with all errors of the data and of the written pages.
        """
        # Not at the top: drawing takes most of a second to load, and the first page of the desk does not need it.
        from haopin.build.standalone import open_site

        with self._desk.lock:
            day = self._desk.day()
            stamp = self._desk.raw.refresh(), day
            if self._read is None or self._read[0] != stamp:
                sources = open_site(self._desk.config, as_of=day, is_cached=True).sources
                self._read = stamp, {each: source for each, source in sources.items() if each in LANGUAGES}
                self._chosen.clear()
            return self._read[1]

    def source(self, language: Language) -> "ExportSource":
        """Return the records in ``language``, or in the primary one."""
        sources = self.sources()
        return sources.get(language) or next(iter(sources.values()))

    def formats(self, choice: MaterialChoice) -> tuple[str, ...]:
        """Return the ids of the chosen formats: all if none is chosen, none if there is no such format."""
        from haopin.materials.sets import formats_of

        every = formats_of(self.source("zh"))
        return tuple(each.id for each in every if choice.format in ("", each.id, each.channel))

    def pieces(self, choice: MaterialChoice) -> ChosenPieces:
        """Return the pieces of ``choice``; none without a content or a format, or without the packages that draw."""
        from haopin.materials.engine import is_available
        from haopin.materials.sets import PieceFilter, set_of

        with self._desk.lock:
            if not (choice.of or choice.format) or choice.problem or not is_available():
                return ChosenPieces()
            sources, formats = self.sources(), self.formats(choice)
            if choice not in self._chosen:
                year = int(choice.year) if choice.year else None
                wanted = PieceFilter(choice.of, year, formats, choice.sender, bool(choice.png))
                chosen = [sources[each] for each in sources if choice.language in ("", each) and formats]
                while len(self._chosen) >= _KEPT:
                    del self._chosen[next(iter(self._chosen))]
                self._chosen[choice] = ChosenPieces(tuple(set_of(source, wanted) for source in chosen))
            return self._chosen[choice]

    def start(self, choice: MaterialChoice) -> bool:
        """Draw what is lacking by the command; return False if something else is under way."""
        day = self._desk.settings.as_of
        dated = () if day is None else ("--as-of", day.isoformat())
        options = choice.options(self.formats(choice))
        command = own_command("materials", "-f", str(self._desk.config), *dated, "--prepare", *options)
        phases = (RunPhase(Text(zh="绘制", en="Draw")),)
        run = BackgroundRun("materials", Text(zh="宣传物料", en="Materials"), (RunCommand(command, phases),))
        if not self._desk.runner.start(run):
            return False
        self.run, self.drawn = run, choice
        return True


def _of(request: Request) -> MaterialDesk:
    state = request.app.state
    if not hasattr(state, "materials"):
        state.materials = MaterialDesk(desk_of(request))
    found: MaterialDesk = state.materials
    return found


# --- The page


@dataclass(frozen=True)
class ListedContent:
    """A content in the list of those to choose from.

    Attributes:
        content: The content.
        address: Path of the page with its pieces.
    """

    content: "Content"
    address: str


@dataclass(frozen=True)
class ListedPieces:
    """The pieces of a content.

    Attributes:
        content: The content, in the language of the desk if possible.
        language: Its language.
        record: Path of the form of its record; "" if it has none.
        drawn: Pieces that are drawn, or could not be.
        waiting: Pieces that are not drawn yet.
    """

    content: "Content"
    language: Language
    record: str
    drawn: "Sequence[Made]"
    waiting: "Sequence[Piece]"


def overview(request: Request) -> Response:
    """Show what can be chosen, and the pieces of the choice in the address."""
    return _shown(request, MaterialChoice.read(request.query_params))


def _shown(request: Request, choice: MaterialChoice, problem: Text | None = None, status: int = 200) -> Response:
    from haopin.materials.engine import is_available
    from haopin.materials.failures import problem_of
    from haopin.materials.sets import formats_of

    desk, state, say = desk_of(request), _of(request), desk_of(request).say(request)
    found = desk.examined()
    errors = len(found.errors)
    if errors or not is_available():
        fix = "" if is_available() else installs("[materials]")
        return desk.page(request, "materials_unavailable.html", status=status, fix=fix, errors=errors)
    source = state.source(say.language)
    if not state.formats(choice) or choice.language not in ("", *state.sources()):
        return desk.missing(request)
    run = state.run if desk.runner.last is state.run else None
    own = run if state.drawn == choice else None
    problem = problem or choice.problem
    chosen = state.pieces(choice)
    undrawn, unmade = chosen.undrawn, chosen.unmade
    films = [loop.name for loop in chosen.loops if loop.is_made]
    count, is_running = chosen.count, own is not None and desk.runner.busy
    pieces = _pieces(chosen, say.language) if 0 < count <= MOST and not is_running else ()
    return desk.page(
        request,
        "materials.html",
        status=status,
        choice=choice,
        contents=_contents(source, choice, every=count <= MOST) if not (pieces or is_running) else {},
        records=_records(source, choice.of),
        kinds=CHOICES[MaterialFormat, "on_site"],
        channels=_channels(formats_of(source)),
        channel_names=CHOICES[MaterialFormat, "channel"],
        languages=tuple(state.sources()),
        count=count,
        lacking=undrawn + unmade,
        is_drawn=not undrawn,
        most=MOST,
        longest=LONGEST_SENDER,
        years=YEARS,
        pieces=pieces,
        size=_size(sum(made.size for each in pieces for made in each.drawn)),
        size_of=_size,
        problem=problem,
        problems=sum(made.failure is not None for each in pieces for made in each.drawn),
        films=films,
        lacks_ffmpeg=bool(chosen.loops) and not films and not unmade,
        why=lambda made: problem_of(found.dataset, made),
        fix=lambda wrong: link(placed_records(desk.raw), wrong.place),
        run=own,
        lines=[say.side(line) for line in own.lines[-_LINES:]] if own is not None else [],
        busy=desk.runner.last if desk.runner.busy and own is None else None,
        busy_at="/publish" if run is None else state.drawn.at(),
    )


def _channels(formats: Iterable[MaterialFormat]) -> Mapping[str, Sequence[MaterialFormat]]:
    found: dict[str, list[MaterialFormat]] = {}
    for each in formats:
        found.setdefault(each.channel, []).append(each)
    return found


def _contents(source: "ExportSource", choice: MaterialChoice, *, every: bool) -> Mapping[str, Sequence[ListedContent]]:
    """Return what to choose from, by kind: every content, or those of ``choice``, which are too many at once."""
    from haopin.materials.contents import contents
    from haopin.materials.sets import is_of

    found: dict[str, list[ListedContent]] = {}
    for content in contents(source):
        if every or not choice.of or is_of(content, source, choice.of):
            address = replace(choice, of=content.record or content.kind).at()
            found.setdefault(content.kind, []).append(ListedContent(content, address))
    return found


def _records(source: "ExportSource", chosen: str) -> Mapping[str, str]:
    """Return the titles of activities, and of the ``chosen`` record, by ``kind/id``."""
    from haopin.materials.contents import contents

    every = (each for each in contents(source) if each.record and (each.kind == "edition" or each.record == chosen))
    found = {each.record: each.title for each in every}
    # A record that is not public has no content, but the page must say of what there is none.
    return found | ({chosen: chosen} if "/" in chosen and chosen not in found else {})


def _pieces(chosen: ChosenPieces, language: Language) -> Sequence[ListedPieces]:
    """Return the ``chosen`` pieces by content, the languages of a format beside each other."""
    every = [(piece, each) for each in chosen.sets for piece in each.pieces]
    order = {piece.format.id: number for number, (piece, _) in reversed(list(enumerate(every)))}
    by_content: dict[str, list[tuple[Piece, MaterialSet]]] = {}
    for piece, each in every:
        by_content.setdefault(piece.content.name, []).append((piece, each))
    found = []
    for rows in by_content.values():
        rows.sort(key=lambda row: order[row[0].format.id])
        first = next((piece for piece, _ in rows if piece.language == language), rows[0][0])
        made = [(piece, each.found(piece)) for piece, each in rows]
        found.append(
            ListedPieces(
                first.content,
                first.language,
                _form(first.content),
                [each for _, each in made if each is not None],
                [piece for piece, each in made if each is None],
            )
        )
    return found


def _form(content: "Content") -> str:
    kind, _, id_ = content.record.partition("/")
    return url("records", kind, id_) if kind in NAMED_KINDS else ""


def _size(size: int) -> str:
    """Return ``size`` in bytes as words."""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1000))} KB"


def start(request: Request, form: FormData) -> Response:
    """Draw what is lacking of the choice, unless something else is under way; or stop what is drawn."""
    desk, state, choice = desk_of(request), _of(request), MaterialChoice.read(form)
    if form.get("do") == "stop":
        if desk.runner.last is state.run:
            desk.runner.stop()
        return redirect(choice.at())
    if choice.problem:
        return _shown(request, choice, status=422)
    chosen = state.pieces(choice)
    # Where nothing can be drawn, the page says why.
    if chosen.count <= MOST and (chosen.undrawn or chosen.unmade) and not state.start(choice):
        busy = Text(
            zh="上一件还没有做完，请等它做完，或先停止它", en="something is still under way: wait for it, or stop it"
        )
        return _shown(request, choice, busy, 409)
    return redirect(choice.at())


# --- Files


def _named(request: Request) -> "tuple[MaterialSet, Piece] | None":
    """Return the piece with the name in the path, which is compared with those there are, and opens no file."""
    chosen = _of(request).pieces(MaterialChoice.read(request.query_params))
    return chosen.piece(request.path_params["name"])


def file(request: Request) -> Response:
    """Answer with the file of a piece, to save."""
    found = _named(request)
    if found is None or (made := found[0].found(found[1])) is None or made.failure:
        return desk_of(request).missing(request)
    return download(found[0].file(made.piece), made.piece.name, _TYPES[made.piece.output])


def thumbnail(request: Request) -> Response:
    """Answer with the thumbnail of a piece."""
    found = _named(request)
    content = found[0].thumbnail(found[1]) if found is not None else b""
    return Response(content, media_type="image/webp") if content else desk_of(request).missing(request)


def archive(request: Request) -> Response:
    """Answer with all pieces of the choice as a zip, with a contact sheet; there is none before all are drawn."""
    from haopin.materials.handover import collected, handed, packed

    desk, state = desk_of(request), _of(request)
    chosen = state.pieces(MaterialChoice.read(request.query_params))
    files = {} if chosen.undrawn else collected(tuple(handed(chosen.sets)), state.source(desk.language(request)))
    files |= {loop.name: loop.file() for loop in chosen.loops if files and loop.is_made}
    return download(packed(files.items()), "materials.zip", "application/zip") if files else desk.missing(request)


ROUTES = (
    Route("/materials", overview),
    Route("/materials", posted(start), methods=["POST"]),
    Route("/materials/materials.zip", archive),
    Route("/materials/files/{name}", file),
    Route("/materials/thumbnails/{name}", thumbnail),
)
