"""Rules on withdrawn names: they stand in no file, however they are written and whatever kind of file it is."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from haopin.deploy.gate.finding import Expected, Finding, finding
from haopin.deploy.gate.reading import TEXTS, Site
from haopin.filetext import READABLE
from haopin.folding import BARRIER
from haopin.redaction import Names

#: The engine's own: not made of records, but for their names.
_ENGINE = (".js", ".css", ".woff2", ".wasm")


def no_name_is_withdrawn(site: Site, expected: Expected) -> Iterator[Finding]:
    """No withdrawn name stands in the name, the words, the addresses or the metadata of a file."""
    names = Names(expected.names, expected.kept)
    if not names:
        return
    # Addresses, and code of the engine, are English words: a short Latin name would be found there by chance. Of
    # records, the check looks after their ids.
    chinese = Names([name for name in expected.names if not name.isascii()], expected.kept)
    for name in sorted(site.files):
        in_evidence = "evidence" in PurePosixPath(name).parts[:-1]
        found = (names if in_evidence else chinese).in_text(name)
        if name.endswith(_ENGINE):
            found += chinese.in_text(_said(site, name))
        else:
            found += names.in_text(_said(site, name))
        if name in site.pages:
            for value in site.pages[name].attributes:
                found += (chinese if _is_own(value, expected) else names).in_text(value)
        if found:
            yield finding(name, "有已撤下的名称:{found}", "a withdrawn name: {found}", found=found[0])


def _said(site: Site, name: str) -> str:
    if name in site.pages or name.lower().endswith((*TEXTS, *READABLE)):
        return site.said(name).text
    # Nothing is known of such a file: names are looked for as they would stand in it.
    raw = (site.folder / name).read_bytes()
    return BARRIER.join((raw.decode("utf-8", "ignore"), raw.decode("utf-16-le", "ignore")))


def _is_own(value: str, expected: Expected) -> bool:
    """Tell whether an attribute has no words: one piece, such as an anchor, or an address of this site."""
    return value.isascii() and " " not in value and (":" not in value or value.startswith(expected.address))


def evidence_was_looked_at(site: Site, expected: Expected) -> Iterator[Finding]:
    """Evidence that no program can read is not published while names are withdrawn, unless somebody looked at it."""
    if not expected.names:
        return
    for name in sorted(site.files - expected.seen):
        if "evidence" in PurePosixPath(name).parts[:-1] and (why := site.said(name).unread) is not None:
            yield finding(
                name,
                "程序读不出里面有没有已撤下的名称({why}),请人看过",
                "no program can read whether a withdrawn name is in it ({why}); somebody has to look",
                why=why,
            )


def pictures_say_no_place(site: Site, expected: Expected) -> Iterator[Finding]:
    """No picture says where it was taken."""
    del expected
    for name in sorted(site.files):
        if name.lower().endswith(READABLE) and site.said(name).located:
            yield finding(name, "图片里有拍摄地点", "the picture says where it was taken")
