"""What has not been reported: of the site, of the bodies, of measures and targets."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from haopin.desk.ledger_rows import Item
from haopin.desk.office import Office
from haopin.problem import Place
from haopin.records.body import BODY, Body
from haopin.records.site import SITE, Identifiers, Site
from haopin.text import Text


@dataclass(frozen=True)
class Line:
    """Something to do.

    Attributes:
        place: Where in the data.
        name: What it is about: an id.
        words: What a clerk reads.
    """

    place: Place
    name: str
    words: Text


def _site(office: Office) -> Iterator[Line]:
    if office.body is not None:
        return
    site = office.catalogue.site
    for name in ("owner", "operator", "contacts"):
        if not getattr(site, name):
            yield Line(Place(SITE.path, (name,)), name, _doc(Site, name))
    for name in Identifiers.model_fields:
        if getattr(site.identifiers, name) is None:
            yield Line(Place(SITE.path, ("identifiers", name)), f"identifiers.{name}", _doc(Identifiers, name))


def _doc(model: type[Site | Identifiers], name: str) -> Text:
    info = model.model_fields[name]
    assert isinstance(info.json_schema_extra, dict) and info.description
    zh, en = str(info.json_schema_extra["x-zh"]), info.description
    return Text(zh=f"{zh.split(',')[0]}({name})", en=f"{en.split(';')[0]} ({name})")


def _telephones(office: Office) -> Iterator[Line]:
    for entry in office.found:
        if isinstance(entry.record, Body) and office.concerns(entry) and entry.record.phone is None:
            yield Line(entry.place, entry.record.id, entry.record.name)


def _without(name: str) -> Callable[[Office], Iterator[Line]]:
    def find(office: Office) -> Iterator[Line]:
        for about, item in office.items.items():
            if item.target is None and getattr(office.catalogue.measures[about][1], name) is None:
                yield Line(office.places[about], about, item.title)

    return find


def unreported(office: Office) -> Sequence[Item]:
    """Return the measures and targets without an entry; a target’s entry speaks for its measure too."""
    bare = [item for about, item in office.items.items() if not office.catalogue.entries_about.get(about)]
    return [i for i in bare if i.target is not None or office.progress.measure(i.about).state == "not-reported"]


def _unreported(office: Office) -> Iterator[Line]:
    """Yield the measures and targets without an entry: each of one body, or how many each body has."""
    bare = unreported(office)
    if office.body is not None:
        for item in bare:
            yield Line(office.places[item.about], item.about, item.title)
        return
    places = {entry.record.id: entry.place for entry in office.found if entry.kind is BODY}
    for body in office.bodies:
        own = [item for item in bare if body.id in item.bodies]
        if own:
            yield _counted(places[body.id], body.id, body.name, own)
    if nobody := [item for item in bare if not item.bodies]:
        name = Text(zh="没有明确责任单位的", en="no body named")
        yield _counted(office.places[nobody[0].about], "", name, nobody)


def _counted(place: Place, name: str, words: Text, items: Sequence[Item]) -> Line:
    targets = sum(item.target is not None for item in items)
    measures = len(items) - targets
    zh = f"{words.zh}\uff1a{measures} 条举措,{targets} 个目标"
    return Line(place, name, Text(zh=zh, en=f"{words.en}: measures {measures}, targets {targets}"))


#: Each group: its name in JSON, its title, and how its lines are found.
GROUPS: Sequence[tuple[str, Text, Callable[[Office], Iterator[Line]]]] = (
    ("site", Text(zh="网站还缺", en="the site lacks"), _site),
    ("telephones", Text(zh="没有电话的单位", en="bodies without telephone"), _telephones),
    ("owners", Text(zh="没有责任单位(owner)的举措", en="measures without owner"), _without("owner")),
    ("dues", Text(zh="没有完成时限(due)的举措", en="measures without due date"), _without("due")),
    (
        "unreported",
        Text(
            zh="没有台账记录的举措和目标(共同负责的,各单位都列)",
            en="measures and targets without ledger entry (joint ones with each body)",
        ),
        _unreported,
    ),
)
