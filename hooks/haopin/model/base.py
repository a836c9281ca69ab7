"""Basis of all kinds of record: field types, field documentation, and the description of a kind."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, HttpUrl, PlainSerializer
from pydantic_core import PydanticCustomError

from haopin.text import WORD, Text, Wording
from haopin.trace import portable

SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
#: One number that can be dialled: digits in groups, optionally with a country code.
PHONE_PATTERN = r"^(?=(?:.?[0-9]){3,16}$)\+?[0-9]+(?:-[0-9]+)*$"

#: Permitted years of dates; others are typing errors, or mean “for ever”, for which the field is left empty.
FIRST_YEAR, LAST_YEAR = 1949, 2100

Layout = Literal["folder", "list", "lists", "articles", "single"]
#: Entries of the menu.
Section = Literal["commitments", "progress", "answerable", "activities", "involvement", "documents"]
#: Feeds of several kinds.
FeedGroup = Literal["news", "activities", "disclosures", "ledger"]
#: Groups of search results.
SearchGroup = Literal["tasks", "activities", "bodies", "documents", "published", "others"]

#: Visibility of a field: public; office only; or public if the site shows who reported what.
Audience = Literal["public", "office", "reporting"]


def doc(zh: str, en: str, audience: Audience = "public", **limits: Any) -> Any:
    """Document a field in both languages, next to its declaration; ``limits`` are pydantic's (``ge``, ``le`` …)."""
    return Field(description=en, json_schema_extra={"x-zh": zh, "x-audience": audience}, **limits)


def _parse_day(value: Any) -> Any:
    # Pydantic would parse "20230627" as seconds since 1970; only the unambiguous form is a date here.
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            found = date.fromisoformat(value)
        except ValueError as error:
            raise PydanticCustomError("day_impossible", "no such day: {value}", {"value": value}) from error
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            limits = {"value": value, "first": FIRST_YEAR, "last": LAST_YEAR}
            raise PydanticCustomError("day_year", "the year of {value} cannot be right", limits)
        return found
    raise PydanticCustomError("day_form", "not a date: {value}", {"value": str(value)})


def _parse_whole(value: Any) -> Any:
    # Python would accept "1_0" and digits of other scripts.
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,9}", value):
        raise PydanticCustomError("int_parsing", "not a whole number: {value}", {"value": value})
    return value


def _parse_number(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,9})?", value):
        raise PydanticCustomError("decimal_parsing", "not a number: {value}", {"value": value})
    return value


def _parse_flag(value: Any) -> Any:
    if value in (True, "true"):
        return True
    if value in (False, "false"):
        return False
    raise PydanticCustomError("flag_form", "not true or false: {value}", {"value": str(value)})


def _parse_phone(value: Any) -> Any:
    # A number that can be dialled, as displayed; links are derived from it.
    if isinstance(value, str) and not re.fullmatch(PHONE_PATTERN, value.strip()):
        raise PydanticCustomError("phone_form", "not a telephone number: {value}", {"value": value})
    return value


def renamed(choices: Any, **codes: str) -> BeforeValidator:
    """Convert former codes of a choice, with ``_`` for ``-``, to the present ones.

    Args:
        choices: All accepted codes, including former ones.
        codes: Former code → present code.
    """
    return BeforeValidator(
        lambda value: codes.get(value.replace("-", "_"), value) if isinstance(value, str) else value,
        json_schema_input_type=choices,
    )


def _https_only(url: HttpUrl) -> HttpUrl:
    if url.scheme != "https":
        raise PydanticCustomError("not_https", "not an https address: {value}", {"value": str(url)})
    return url


Slug = Annotated[str, Field(pattern=SLUG_PATTERN)]
Day = Annotated[date, BeforeValidator(_parse_day)]
Flag = Annotated[bool, BeforeValidator(_parse_flag)]
Line = WORD
Phone = Annotated[WORD, BeforeValidator(_parse_phone)]
Whole = Annotated[int, BeforeValidator(_parse_whole)]
Number = Annotated[Decimal, BeforeValidator(_parse_number)]
Year = Annotated[Whole, Field(ge=1800, le=2200)]
#: Key of a measure: ``record id/measure id``.
MeasureId = Annotated[str, Field(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")]
HttpsAddress = Annotated[HttpUrl, AfterValidator(_https_only), PlainSerializer(str, return_type=str)]
#: Page of another site, which may support http only.
PageAddress = Annotated[HttpUrl, PlainSerializer(str, return_type=str)]
Certainty = Literal["high", "medium"]


class Nested(BaseModel):
    """A part of a record: frozen, without undeclared fields."""

    # Build validators at their first use: a county has no records of some kinds.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @property
    def parties(self) -> tuple[str, ...]:
        """Names of the firms or persons that it is about; it is withdrawn when one of them is."""
        return ()


class FactSource(Nested):
    """来源 | Where facts of a record come from, so that a reader can look them up."""

    text: Annotated[Text, doc("来源:谁、什么时候写的,证明了什么", "source: who wrote it and when, and what it shows")]
    address: Annotated[
        PageAddress | None, doc("网页的完整网址", "full address of the page; empty if the text gives a document number")
    ] = None
    certainty: Annotated[Certainty, doc("可靠程度", "certainty: high or medium")] = "high"


class ClauseRef(Nested):
    """条款出处 | A place in a document."""

    document: Annotated[Slug, doc("文件的 id", "id of the document")]
    id: Annotated[Slug, doc("条款的 id", "id of the clause in it")]


#: Field beside a title or name that may be too long for a small format of materials.
ShortField = Annotated[
    Wording | None,
    doc(
        "宣传物料用的短标题(编者所拟),只在横幅、道旗、LED 屏等放不下全文时用",
        "short form by the editors, for materials such as banners that lack the room for the full text",
    ),
]


class Record(Nested):
    """What all kinds share: a stable id, an editor's note, and the mark of invented sample data."""

    id: Annotated[Slug, doc("编号,不可更改,出现在网址里", "stable id, part of the address; never changed")]
    note: Annotated[Text | None, doc("编者说明,与引文分开显示", "editor’s note, shown apart from quotations")] = None
    sample: Annotated[Flag, doc("是否示例数据", "true for invented sample data")] = False

    @property
    def label(self) -> Wording:
        """Name of the record in lists: its title, name or term, or else its id."""
        found = (getattr(self, name, None) for name in ("title", "name", "term"))
        return next((words for words in found if isinstance(words, Wording)), Wording(zh=self.id))


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of record: its name, its place in the data folder, and the definition from which all else is derived.

    Attributes:
        name: Singular name in schemas, the API and UIDs, which must never change: ``task``, ``pilot-field``.
        layout: ``folder`` (a file per record, named by its id), ``list`` (one file, a list), ``lists`` (a folder of
            files, each a list), ``articles`` (a folder of Markdown files, ``ID.zh.md`` and ``ID.en.md``) or ``single``.
        path: Folder or file below the data folder, e.g. ``tasks`` or ``bodies.yml``.
        model: The frozen, documented pydantic model.
        title: Displayed name of the kind.
        anchor: Site-relative address of a record, e.g. ``tasks/03/``, derived from its id.
        table: Model of a row, if each record has a table ``ID.csv`` beside its file.
        row_name: With a table, the fields that name a row in words; the first one identifies it.
        section: Menu entry of its pages, one of `Section`; empty for none.
        lists: Folders of the list pages that exist if there is a record; by default that of its address and those
            above it.
        page: Template of the page of each record, e.g. ``task``; empty if records share a page.
        labels: Labels of its templates in both languages, by key, in addition to ``labels.yml``. ``FOLDER.lead`` is
            displayed below the heading of its list; ``description.PAGE`` describes a record's page to search engines.
        feed: Group feed of its records, one of `FeedGroup`, besides the feed of the kind; empty for none.
        calendar: Field with the days of a record in the calendars: a `Span`, or a day.
        search: Group of its records in search results, one of `SearchGroup`.
        schema_org: schema.org type of a record, e.g. ``Event``.
        unique: Fields that identify a record: two records with equal values are an error.
        alike: Fields that are rarely all equal: two records with equal values cause a warning.
    """

    name: str
    layout: Layout
    path: str
    model: type[Record]
    title: Text
    anchor: Callable[[str], str]
    table: type[Nested] | None = None
    row_name: tuple[str, ...] = ()
    section: Section | Literal[""] = ""
    lists: tuple[str, ...] | None = None
    page: str = ""
    labels: Mapping[str, Text] = field(default_factory=dict)
    feed: FeedGroup | Literal[""] = ""
    calendar: str = ""
    search: SearchGroup = "others"
    schema_org: str = ""
    unique: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Reject unknown values, of which type checking would find only some.

        Raises:
            ValueError: with the kind, the attribute and the permitted values.
        """
        lead = f"{self.folder.rpartition('/')[2]}.lead"
        fields = tuple(self.model.model_fields)
        leads = [key for key in self.labels if key.endswith(".lead")]
        for attribute, words, allowed in (
            ("section", (self.section,), ("", *get_args(Section))),
            ("feed", (self.feed,), ("", *get_args(FeedGroup))),
            ("search", (self.search,), get_args(SearchGroup)),
            ("calendar", (self.calendar,), ("", *fields)),
            ("unique", self.unique, fields),
            ("alike", self.alike, fields),
            ("row_name", self.row_name or ("",), tuple(self.table.model_fields) if self.table else ("",)),
            ("labels", leads, (lead,)),
        ):
            for word in words:
                if word not in allowed:
                    choice = ", ".join(filter(None, allowed))
                    raise ValueError(f"Kind {self.name!r}: {attribute} cannot be {word!r}; choose from: {choice}")
        if self.calendar and "approved" not in fields:
            raise ValueError(f"Kind {self.name!r}: calendar needs a Publishable model; {self.model.__name__} is none")
        if re.fullmatch(SLUG_PATTERN, self.name) is None:
            raise ValueError(f"Kind {self.name!r}: name has lower-case letters, digits and hyphens, like pilot-field")

    @property
    def folder(self) -> str:
        """Folder of the list page, e.g. ``tasks``; "" for the home page."""
        # Ids contain no dots.
        return self.anchor(".").partition("#")[0].removesuffix("./").rstrip("/")

    @property
    def listed_in(self) -> tuple[str, ...]:
        """Folders of the list pages that exist if there is a record."""
        if self.lists is not None:
            return self.lists
        steps = self.folder.split("/")
        return tuple("/".join(steps[: number + 1]) for number in range(len(steps)))


@portable.register
def _(kind: Kind, names: Mapping[int, Sequence[str]]) -> Any:
    return ["kind", kind.name]


def page_each(folder: str) -> Callable[[str], str]:
    """Records of this kind have a page each: ``FOLDER/ID/``."""
    return lambda record_id: f"{folder}/{record_id}/"


def on_page(address: str) -> Callable[[str], str]:
    """Records of this kind share the page at ``address``, each with an anchor of its own."""
    return lambda record_id: f"{address}#{record_id}"
