"""Rules on links and pictures in texts of records, and on redirects: each target exists, at least on some days."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from haopin.check.entries import RecordIndex, nearest, no_such
from haopin.load.dataset import LoadedRecord
from haopin.model.document import Clause, Document
from haopin.model.news import Event, News
from haopin.model.publishable import Publishable
from haopin.model.redirect import Redirect
from haopin.problem import Path, Place, Problem, mark_at, problem
from haopin.text import Language, Wording

# A text without these characters has no link, picture or short code.
_LIKELY = re.compile(r"\]\(|\]\[|\]:|\[\[|<[a-zA-Z][\w+.-]*[:@]")
#: Fields that may contain headings and tables.
_ARTICLES = {News: "text", Event: "text"}


@dataclass(frozen=True)
class TextLink:
    """A link or picture in a text of a record.

    Attributes:
        entry: The record.
        path: Path of the text in the record.
        tag: ``a`` or ``img``.
        address: Address as written.
        languages: Languages of the pages with the text.
        here: Address of the page of the record, for links within it.
    """

    entry: LoadedRecord
    path: Path
    tag: str
    address: str
    languages: tuple[Language, ...]
    here: str


#: Tag and address of each link in a text, given the text, its language, and whether it is an article.
Finder = Callable[[str, Language, bool], list[tuple[str, str]]]


def links_of_records(entries: RecordIndex, find: Finder, languages: tuple[Language, ...]) -> Iterator[TextLink]:
    """Yield each link and picture in the texts of all records, for a site in ``languages``."""
    for entry in entries.all:
        article = next((name for model, name in _ARTICLES.items() if isinstance(entry.record, model)), None)
        here = entry.kind.anchor(entry.record.id).partition("#")[0]
        for path, words in entries.texts(entry):
            if isinstance(words, Clause):
                # Shown verbatim.
                continue
            assert isinstance(words, Wording)
            for language, text in words.each():
                if _LIKELY.search(text):
                    shown = tuple(each for each in languages if words.language(each) == language)
                    for tag, address in find(text, language, path[0] == article):
                        yield TextLink(entry, (*path, language), tag, address, shown, here)
        if isinstance(entry.record, Publishable):
            for index, item in enumerate(entry.record.evidence):
                if item.link is not None:
                    yield TextLink(entry, ("evidence", index, "link"), "a", str(item.link), languages, here)


def place_of(text: str, words: str, line: int = 1, column: int = 1) -> tuple[int, int] | None:
    """Return the 1-based line and column of ``words`` in ``text``; None if they do not occur.

    Args:
        text: The text of a whole file.
        words: An address, which does not match within a longer one, or a short code.
        line: Line at which the search begins.
        column: Column at which the search begins.
    """
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    start += column - 1
    whole = re.compile(rf"(?<![^\s(<\"'\[=]){re.escape(words)}(?![^\s)>\"'\]])")
    found = whole.search(text, start)
    at = found.start() if found else text.find(words, start)
    return mark_at(text, at) if at >= 0 else None


def short_codes_in_records(entries: RecordIndex) -> Iterator[tuple[LoadedRecord, Path, str]]:
    """Yield each text of a record with a short code, and the short code."""
    for entry in entries.all:
        if isinstance(entry.record, Document):
            continue
        for path, words in entries.texts(entry):
            for language, text in words.each():
                if "[[" in text:
                    for found in re.findall(r"^[ \t]*(\[\[[^\[\]\n]*\]\])[ \t]*$", text, re.M):
                        yield entry, (*path, language), found


def is_no_view(place: Place, code: str) -> Problem:
    """Return the problem of a short code in a record."""
    return problem(
        place,
        "“{code}”在记录里不起作用,会原样显示;短代码只用于 docs 里的页面",
        "“{code}” has no effect in a record and is shown as text; short codes are for the pages in docs",
        severity="warning",
        code=code,
    )


def becomes_words(place: Place, tag: str, address: str) -> Problem:
    """Return the problem of a link or picture with an address of a type that is not allowed."""
    if tag == "img":
        return problem(
            place,
            "图片“{address}”不会显示,只显示其说明:图片放进 evidence 文件夹,在记录的“evidence”里列出,"
            "写成 /evidence/文件名",
            "the picture “{address}” is not shown, only its text: put it into the folder evidence, name it in "
            "“evidence” of the record, and write /evidence/NAME",
            severity="warning",
            address=address,
        )
    return problem(
        place,
        "“{address}”不会成为链接,只显示文字:链接写以 https:// 开头的网址,或以“/”开头的本站地址,如 /tasks/03/",
        "“{address}” does not become a link, only its text is shown: write an address that begins with https://, or "
        "one of this site that begins with “/”, such as /tasks/03/",
        severity="warning",
        address=address,
    )


def leads_nowhere(place: Place, address: str, known: Iterable[str], *, is_file: bool = False) -> Problem:
    """Return the problem that ``address`` does not exist on any day.

    Args:
        place: Its position.
        address: The address.
        known: Existing addresses, for a suggestion.
        is_file: Whether the evidence folder has a file of this name that no record refers to.
    """
    if is_file:
        return problem(
            place,
            "没有记录列出“{address}”这个文件,它不会公开;请写进这条记录的“evidence”",
            "no record names the file “{address}”, so it is not published; name it in “evidence” of this record",
            address=address,
        )
    guess = nearest(address, known)
    zh, en = "本站没有“{address}”这个页面或文件", "there is no page or file “{address}” on this site"
    if guess is not None:
        zh, en = zh + ";是否想写“{guess}”?", en + "; did you mean “{guess}”?"
    return problem(place, zh, en, address=address, guess=guess)


def is_not_public(place: Place, address: str, day: date, *, today: bool) -> Problem:
    """Return the problem that the target at ``address`` is not public on ``day``."""
    when, then = (("今天", "today"), ("", "")) if today else ((f"在 {day} ", f"on {day}"), ("那时", " then"))
    return problem(
        place,
        "“{address}”{zh_when}没有公开,{zh_then}网页上只显示文字,不成为链接",
        "“{address}” is not public {en_when}: pages{en_then} show the text without the link",
        severity="warning",
        address=address,
        zh_when=when[0],
        en_when=when[1],
        zh_then=then[0],
        en_then=then[1],
    )


def is_no_source(place: Place, address: str, root: str) -> Problem:
    """Return the problem of a link on a written page that begins with ``/``.

    Args:
        place: Its position.
        address: The address.
        root: Relative path from the file to the folder of its language.
    """
    return problem(
        place,
        "“{address}”不能以“/”开头;在 docs 里写源文件的相对路径,如 {root}tasks/03.md",
        "“{address}” must not begin with “/”; in docs, write the relative path of a source file, such as "
        "{root}tasks/03.md",
        address=address,
        root=root,
    )


def no_such_view(place: Place, code: str, views: Sequence[str]) -> Problem:
    """Return the problem of a short code on a written page without a view of that name."""
    return problem(
        place,
        "没有视图“{code}”,可用:{views}",
        "there is no view “{code}”; there are: {views}",
        code=code,
        views=", ".join(views),
    )


# --- Redirects: each leads directly to a page, and hides none


def redirects_are_single(entries: RecordIndex) -> Iterator[Problem]:
    """An old address occurs once, and does not redirect to itself or to another old address."""
    seen: dict[str, Redirect] = {}
    for redirect, place in entries.of(Redirect):
        first = seen.setdefault(key(redirect.old), redirect)
        if first is not redirect:
            yield problem(
                place.at("old"),
                "旧地址“{old}”已写过(编号“{first}”),请删去一条",
                "the old address “{old}” is already in “{first}”; delete one",
                old=redirect.old,
                first=first.id,
            )
    for redirect, place in entries.of(Redirect):
        onward = seen.get(key(redirect.target))
        if onward is None:
            continue
        if key(redirect.old) == key(redirect.target):
            yield problem(
                place.at("page"),
                "“{page}”跳转到它自己,请写现在的页面地址",
                "“{page}” redirects to itself; write the present address of the page",
                page=redirect.page,
            )
        else:
            yield problem(
                place.at("page"),
                "“{page}”本身也是旧地址(编号“{id}”),请直接写最后的页面地址",
                "“{page}” is itself an old address (“{id}”); write the final address",
                page=redirect.page,
                id=onward.id,
            )


def key(address: str) -> str:
    """Normalize an address for comparison: the redirects of the web server ignore case."""
    return address.rstrip("/").lower()


def redirects_lead_to_pages(
    entries: RecordIndex, pages: Collection[str], possible: Collection[str], *, samples: bool
) -> Iterator[Problem]:
    """Every redirect leads to one of ``pages``, and no old address is one of them, as that page would be unreachable.

    A page that is not public today is not an error: an expired notice must not stop the next build.

    Args:
        entries: The entries.
        pages: Addresses of all pages of the site, in every language.
        possible: Addresses of pages that may exist on other days.
        samples: Whether sample records count.
    """
    known = {key(page): page for page in pages}
    for redirect, place in entries.of(Redirect):
        if redirect.sample and not samples:
            continue
        if redirect.target not in pages:
            if redirect.target in possible:
                yield problem(
                    place.at("page"),
                    "“{page}”今天没有公开,这一条暂不跳转",
                    "“{page}” is not public today; this redirect takes effect when it is",
                    severity="warning",
                    page=redirect.page,
                )
            else:
                yield no_such(redirect.page, [page or "./" for page in pages], place.at("page"), "页面", "page")
        if key(redirect.old) in known:
            yield problem(
                place.at("old"),
                "“{old}”现在就是页面,不能再当旧地址,请删去这一条",
                "“{old}” is a page today and cannot be an old address; delete this entry",
                old=redirect.old,
            )
