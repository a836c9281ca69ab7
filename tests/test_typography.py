"""Marks, spaces, dates, and capitals as each language writes them: docs/dev/wording.md, on the invented county."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest
from haopin.html.i18n import Plural, site_labels
from haopin.model import READ
from haopin.model.schema import fields_of
from haopin.text import Language
from support import ROOT, BuiltSite, HtmlPage

LABELS = site_labels(ROOT / "hooks/haopin/labels.yml")
#: Elements whose text is one run: a paragraph, a cell, an item.
RUNS = (
    "p",
    "li",
    "dd",
    "dt",
    "td",
    "th",
    "h1",
    "h2",
    "h3",
    "h4",
    "figcaption",
    "summary",
    "option",
    "button",
    "label",
    "text",
)
#: What is quoted, code, or a list of other runs.
APART = ("code", "pre", "blockquote", "ul", "ol", "dl", "table", "script", "style", "svg", "select")

HAN = "[\u4e00-\u9fff]"
#: A mark that Chinese does not have, and why.
CHINESE_FAULTS = {
    "blank after a full-width mark": re.compile(
        f"[\uff0c\u3002\uff1b\uff1a\u3001\uff08](?:\\s)(?={HAN}|\u201c|\u300a|\\d)"
    ),
    "blank before a full-width mark": re.compile("\\s[\uff0c\u3002\uff1b\uff1a\u3001\uff08\uff09]"),
    "mark between quotations": re.compile("\u201d\u3001\u201c|\u300b\u3001\u300a"),
    "half-width mark": re.compile(f"{HAN}\\s?[,;:!?()]|[,;:!?()]\\s?{HAN}"),
    "dash in a span": re.compile("[\u65e5\u6708\u5e74]\\s*[\u2013\u2014-]\\s*\\d"),
    "month in words": re.compile("[\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]\u6708"),
    "measure word": re.compile("\u6761\u4e3e\u63aa|\u7ec4\u3001\\d"),
    "number of a task": re.compile("\u4efb\u52a10\\d"),
    "blank behind a sign": re.compile("[\u2265\u2264] \\d"),
    "word that an office does not write": re.compile("点名(?!单)|尚未报送|期间已过|一图看清|一如原文"),
}
ENGLISH_FAULTS = {
    "full-width mark": re.compile("[\u3001\u3002\uff01-\uff5e]"),
    "British punctuation": re.compile("\u201d[.,]"),
    "British spelling": re.compile(
        r"\b(?:\w*colour\w*|honours?|licences?|centres?|programmes?|cancelled|behaviours?|favour\w*|labour"
        r"|(?:organ|recogn|standard|util|author|real|summar)is(?:e[ds]?|ing|ation))\b"
    ),
    "dash in a span": re.compile("\\d(?: \\w+)*\\s?\u2013\\s?\\d"),
    "four letters for September": re.compile(r"\bSept\b"),
    "number of a task": re.compile(r"\b[Tt]ask 0\d"),
    "blank behind a sign": re.compile("[\u2265\u2264] \\d"),
    "list without its last mark": re.compile(
        r"; [^;.]+[^;] and other (?:departments|bodies)\b(?<!; and other departments)"
    ),
    "semicolon in a list of one": re.compile(r"^[^;]+; and other (?:departments|bodies)\b"),
}


def text_of(element: Element, page_language: str) -> str:
    """Return the text of a run in the language of the page: other languages and what is apart leave a mark."""
    parts = [element.text or ""]
    for child in element:
        if child.tag in (*APART, *RUNS) or child.get("lang", page_language) != page_language:
            parts.append("\u00a6")
        else:
            parts.append(text_of(child, page_language))
        parts.append(child.tail or "")
    return "".join(parts)


def runs(page: HtmlPage) -> Iterator[str]:
    language = page.one("html").get("lang", "")
    below = {id(inner) for e in page.elements if e.get("lang", language) != language for inner in e.iter()}
    quoted = {id(inner) for e in page.elements if e.tag in ("blockquote", "code", "pre") for inner in e.iter()}
    # Texts of documents and articles are as their authors wrote them.
    texts = ("hp-clause-text", "hp-clause-other", "hp-translation", "hp-prose")
    written = {id(inner) for cls in texts for e in page.all(cls=cls) for inner in e.iter()}
    for element in page.elements:
        if element.tag in RUNS and id(element) not in below | quoted | written:
            yield re.sub(r"https?://\S+", "", " ".join(text_of(element, language).split()))


@pytest.mark.parametrize(("language", "faults"), [("zh", CHINESE_FAULTS), ("en", ENGLISH_FAULTS)])
def test_no_page_breaks_a_rule(full_county: BuiltSite, language: Language, faults: dict[str, re.Pattern[str]]) -> None:
    # The reference of the data is for those who write it, with examples of code.
    found = {
        (fault, found.group(), run[:80])
        for address, page in full_county.edition(language).items()
        if not address.startswith(("reference/", "api/", "authoring/"))
        for run in runs(page)
        for fault, rule in faults.items()
        if (found := rule.search(run))
    }
    assert found == set()


def english(label: str) -> list[str]:
    form = LABELS[label].en
    return [form.one, form.other] if isinstance(form, Plural) else [form]


#: Words that have a capital letter wherever they stand.
PROPER = {
    *("A4", "API", "Atom", "CSV", "ICP", "ID", "ID.en.md", "JSON", "OpenAPI", "QR", "RSS", "URL", "UTF-8", "XLSX"),
    *("BleedBox", "CMYK", "KB", "PDF", "RGB", "TrimBox", "SIL", "Open", "Font", "License"),
    *("Noto", "Sans", "Serif", "SC"),
    *("Android", "Chinese", "English", "Excel", "WPS", "WeChat", "About", "{Subject}", "{Here}"),
}


def test_labels_have_sentence_capitals() -> None:
    found = {}
    for key in LABELS:
        for form in english(key):
            for sentence in re.split(r"[.:;?!]\W+|^\W*|\s·\s|\u201c|\[", form):
                words = [word.strip("\u201c\u201d(),.\u2019") for word in sentence.split()[1:]]
                if capital := [word for word in words if word[:1].isupper() and word not in PROPER]:
                    found[key] = capital
    assert found == {}


#: A list of three that lacks its serial comma.
LISTED = re.compile(r"(?:[\w\u2019-]+ ){0,2}[\w\u2019-]+, (?:[\w\u2019-]+ ){0,3}[\w\u2019-]+ (?:and|or) [\w\u2019-]+")


def test_labels_have_the_serial_comma_and_american_punctuation() -> None:
    found = [(key, m.group()) for key in LABELS for form in english(key) if (m := LISTED.search(form))]
    assert [each for each in found if each[0] not in NOT_A_LIST] == []
    assert [
        key for key in LABELS for form in english(key) if re.search("\u201d[.,]|\\b\\w+ising\\b|colour|honour", form)
    ] == []


#: Sentences in which “and” joins no last item of a list.
NOT_A_LIST = {"description.wall", "figure.mark_responsible", "document.unofficial", "notice.sample", "mark.to_come"}


def test_a_sentence_begins_with_a_word() -> None:
    # Not with a number; descriptions of figures are no sentences.
    begins = re.compile(r"(?:^|[.:] )\{n\} [^.;]+ (?:is|are|has|have|names?)\b")
    assert [key for key in LABELS if any(map(begins.search, english(key)))] == []


def test_words_of_the_fields_keep_the_rules_of_english() -> None:
    faults = {**ENGLISH_FAULTS, "e-mail": re.compile(r"\be-mail\b"), "serial comma": LISTED}
    faults.pop("dash in a span")  # 1\u201312, a range of numbers
    found = {
        (fault, field.description)
        for kind in READ
        for field in fields_of(kind.model, "en")
        for fault, rule in faults.items()
        if rule.search(field.description)
    }
    assert found == set()


#: Half-width marks beside Chinese, outside what a message quotes from the data, and names of columns.
QUOTED = re.compile(r"\u201c[^\u201d]*\u201d|\([a-z_]+\)(?:, )?")


def test_messages_have_full_width_marks() -> None:
    wrong = [
        line
        for file in sorted((ROOT / "tests/messages").glob("*.txt"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if CHINESE_FAULTS["half-width mark"].search(QUOTED.sub("", line.partition(" / ")[0].partition(": ")[2]))
    ]
    assert wrong == []


def test_feeds_and_calendars_keep_the_rules(full_county: BuiltSite) -> None:
    wrong = []
    for name in sorted(full_county.files):
        if name.endswith((".xml", ".ics")) and name.startswith(("feeds/", "calendar/", "en/feeds/", "en/calendar/")):
            text = re.sub(r"\r\n[ \t]", "", (full_county.folder / name).read_bytes().decode())
            # Tags part runs, as line ends do; what is Chinese in an English file is a quotation or not translated.
            text = re.sub(r"&lt;.*?&gt;|<[^>]*>|https?:\S+", "\n", text)
            faults = dict(ENGLISH_FAULTS if name.startswith("en/") else CHINESE_FAULTS)
            # Articles are in the feeds as their authors wrote them.
            faults.pop("British punctuation", None)
            for line in text.splitlines():
                if name.startswith("en/") and re.search(HAN, line):
                    continue
                said = re.sub(r"^[A-Z-]+(?:;[^:]*)?:", "", line)
                wrong += [(name, fault, line) for fault, rule in faults.items() if rule.search(said)]
    assert wrong == []
