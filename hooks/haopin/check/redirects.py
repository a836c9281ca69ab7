"""Rules on old addresses: each leads to a page in one step, and hides none."""

from collections.abc import Collection, Iterator

from haopin.check.entries import RecordIndex, no_such
from haopin.model.redirect import Redirect
from haopin.problem import Problem, problem


def redirects_are_single(entries: RecordIndex) -> Iterator[Problem]:
    """An old address stands once, and does not lead to itself or to another old address."""
    seen: dict[str, Redirect] = {}
    for redirect, place in entries.of(Redirect):
        first = seen.setdefault(key(redirect.old), redirect)
        if first is not redirect:
            yield problem(
                place.at("old"),
                "旧地址“{old}”已写过(编号“{first}”),请删去一条",
                "the old address “{old}” stands already in “{first}”; delete one",
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
                "“{page}” leads to itself; write the address of the page today",
                page=redirect.page,
            )
        else:
            yield problem(
                place.at("page"),
                "“{page}”本身也是旧地址(编号“{id}”),请直接写最后的页面地址",
                "“{page}” is an old address itself (“{id}”); write the page at the end of the way",
                page=redirect.page,
                id=onward.id,
            )


def key(address: str) -> str:
    """Return what two addresses have in common that are one to a web server: it does not look at their case."""
    return address.rstrip("/").lower()


def redirects_lead_to_pages(
    entries: RecordIndex, pages: Collection[str], possible: Collection[str], *, samples: bool
) -> Iterator[Problem]:
    """Every old address leads to one of ``pages``, and is none itself: that page could not be reached any more.

    A page that is not public today is no error: a notice that ends must not stop tomorrow's site.

    Args:
        entries: What was read.
        pages: Addresses of all pages of the site, in every language.
        possible: Addresses of pages that another day may have.
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
                    "“{page}” is not public today; this entry waits for it",
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
