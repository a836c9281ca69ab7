"""Withdrawn names are removed in every spelling and every type of file, and reported before a release is rejected."""

import html
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from evidence import docx, locked_pdf, ofd, package, pdf, picture, xlsx
from haopin.build.settings import settings_of
from haopin.load.characters import unseen
from haopin.load.folder import read
from haopin.model.disclosure import Violation
from haopin.model.publishable import Withdrawal
from haopin.office import cells
from haopin.office.new.answers import Answers
from haopin.office.new.fields import fields_of
from haopin.office.workbook import Cell
from haopin.ops.gate.examine import examine
from haopin.ops.gate.site_reader import Expected, GateFinding
from haopin.ops.prepare import expected_of
from haopin.privacy.file_text import text_in
from haopin.privacy.metadata import stripped
from haopin.privacy.redaction import REDACTED, Names
from haopin.site.publish import publish
from living import LIVING, copy_living
from opencc import OpenCC
from PIL import Image
from support import build, copy_county, edit, errors_of, run, warnings_of

FIRM, PERSON, ENGLISH = "山东绿源食品有限公司", "李山明", "Green Spring Foods"
GONE = (FIRM, PERSON, ENGLISH)
KANGXI = str.maketrans("山食厂水文青马", "\u2f2d\u2fb7\u2f1a\u2f54\u2f42\u2ed8\u2ee2")
#: Ways to write the names that a reader, or a program for readers, takes for the names.
SPELLINGS = (
    # Of the reviews.
    FIRM,
    "山东 绿源 食品 有限公司",
    "山东\u3000绿源\u00a0食品有限公司",
    "山东绿源\n食品有限公司",
    "山东**绿源**食品有限公司",
    "山东*绿源*食品有限公司",
    "山东`绿源`食品有限公司",
    "[山东绿源](https://bureau.example/a)食品有限公司",
    "[山东绿源食品有限公司](https://bureau.example/a)",
    "**山东绿源**食品有限公司",
    "山东\u200b绿源食品有限公司",
    "山东\u200d绿源食品有限公司",
    "山东\ufeff绿源食品有限公司",
    "山东\u00ad绿源食品有限公司",
    "山东\u200c绿\u200f源\u2060食品有限公司",
    "山\ufe00东绿\U000e0100源食品有限公司",
    FIRM.translate(KANGXI),
    "\uf9e1山明",
    "李·山·明",
    "李-山-明",
    "李**山**明",
    "山東綠源食品有限公司",
    "李山\u30fb明",
    "山东绿源食品\uff08有限公司\uff09",
    "“山东绿源”食品有限公司",
    "green  spring FOODS",
    "\uff27\uff52\uff45\uff45\uff4e Spring Foods",
    f"https://bureau.example/{quote(FIRM)}.pdf",
    f"[公告](https://bureau.example/{quote(PERSON)})",
    f"见 https://bureau.example/{FIRM}/1。",
    # More.
    f"[公告](https://bureau.example/{quote(quote(FIRM))})",
    f"[公告](https://bureau.example/?q={quote(FIRM, encoding='gb18030')})",
    f"![{FIRM}](https://bureau.example/a.png)",
    f"<https://bureau.example/{quote(PERSON)}>",
    "山&#x4E1C;绿源食品有限公司",
    "山&#19996;绿源食品有限公司",
    "山东&nbsp;绿源&shy;食品有限公司",
    "山东&ZeroWidthSpace;绿源食品有限公司",
    "「山东绿源」食品有限公司",
    "山东【绿源】食品有限公司",
    "《山东绿源食品》有限公司",
    '"山东绿源"食品有限公司',
    "山东(绿源)食品有限公司",
    "山东~~绿源~~食品有限公司",
    "***山东绿源***食品有限公司",
    "山东_绿源_食品有限公司",
    "山东—绿源—食品有限公司",
    "李\u2022山\u2027明",
    "李.山.明",
    "李\u0332山\u0332明",
    "李\u034f山\u17b4明",
    "李\ue000山明",
    "李\\山明",
    "李山\u180e明",
    "李\u202e山\u202c明",
    "李\U000e0041山明",
    "山东緑源食品有限公司".replace("緑", "綠"),
    "山东绿源食品有限公司".replace("公司", "公\u53f8"),
    "Gr\u00e9\u00e9n Spring Foods",
    "Green-Spring Foods",
    "Green **Spring** Foods",
    "Gre**en** Spring Foods",
    "Gr\u0435\u0435n Sprin\u200bg F\u043e\u043eds",
    "GREEN\u2003SPRING\u2009FOODS",
    "Green\nSpring Foods",
    "“Green Spring” Foods",
    "Ｇreen Spring Ｆoods",
)
NOT_THEM = (
    "山东绿源、食品有限公司",
    "山东绿源和食品有限公司",
    "绿源食品有限公司",
    "李山、明",
    "Green Springs Foods",
    "Evergreen Spring Foods",
    "Green Spring Foodstuffs",
)
NAMES = Names(GONE)


# An independent reader: it shares no line with the engine.

_TO_SIMPLE = OpenCC("t2s")


def letters(text: str) -> str:
    """Return the letters and digits of ``text``, all else left out."""
    for _ in range(3):
        text = html.unescape(unquote(text))
    text = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)
    text = unicodedata.normalize("NFKD", text).translate({0x2ED8: "青", 0x2EE2: "马", 0x435: "e", 0x43E: "o"})
    return str(_TO_SIMPLE.convert("".join(c for c in text if unicodedata.category(c)[0] in "LN").casefold()))


def names_in(text: str) -> list[str]:
    """Return the withdrawn names in ``text``, and in it without tags and without addresses of links."""
    plain = re.sub(r"\]\([^()]*\)", "", re.sub(r"<[^>]*>", "", html.unescape(text)))
    both = letters(text), letters(plain)
    return [name for name in GONE if any(letters(name) in found for found in both)]


def pieces(name: str, raw: bytes) -> Iterator[str]:
    """Yield what may be words in a file."""
    yield name
    if raw.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(raw)) as inner:
            for part in inner.namelist():
                yield from pieces(part, inner.read(part))
    elif raw.startswith(b"%PDF"):
        yield text_in("x.pdf", raw).text
        yield raw.decode("latin-1")
    else:
        yield raw.decode("utf-8", "ignore")
        yield raw.decode("utf-16-le", "ignore")


# Finding and striking


def test_there_are_sixty_spellings() -> None:
    assert len(set(SPELLINGS)) >= 60
    assert all(names_in(text) for text in SPELLINGS if quote(FIRM, encoding="gb18030") not in text)


def test_each_spelling_is_found_and_struck() -> None:
    for text in SPELLINGS:
        whole = f"甲厂、{text}、乙厂"
        struck = NAMES.struck_from(whole, "zh")
        assert NAMES.in_text(whole), text
        assert struck.startswith("甲厂、") and struck.endswith("、乙厂"), (text, struck)
        assert NAMES.in_text(struck) == names_in(struck) == [], (text, struck)
    for text in NOT_THEM:
        assert NAMES.in_text(text) == [] and NAMES.struck_from(text, "zh") is text


def test_signs_stay_in_pairs() -> None:
    mark = REDACTED.zh
    for text, struck in {
        "山东**绿源**食品有限公司": mark,
        "**山东绿源食品有限公司**": f"**{mark}**",
        "甲**乙山东绿源**食品有限公司": f"甲**乙{mark}**",
        "山东绿源**食品有限公司乙**": f"**{mark}乙**",
        "[山东绿源](https://bureau.example/)食品有限公司": f"[{mark}](https://bureau.example/)",
        "见[山东绿源食品有限公司](https://bureau.example/)。": f"见[{mark}](https://bureau.example/)。",
        f'见[公告](https://bureau.example/{quote(PERSON)} "题")。': "见公告。",
        f"见![照片](/evidence/{PERSON}.png)。": "见。",
        "\uff08山东绿源食品有限公司\uff09": f"\uff08{mark}\uff09",
        "\uff08山东\uff09绿源食品有限公司": mark,
        "山东绿源食品\uff08有限公司\uff09等": f"{mark}等",
        "(另有山东)绿源食品有限公司": f"(另有{mark})",
        "- 甲\n- **李**山明\n- 乙": f"- 甲\n- {mark}\n- 乙",
        "| 李山明 | **李** |\n| 山明 | 乙 |": f"| {mark} | **李** |\n| 山明 | 乙 |",
    }.items():
        assert NAMES.struck_from(text, "zh") == struck


# Parties


def test_a_longer_name_is_another_until_somebody_decides(tmp_path: Path) -> None:
    """The firm goes; another whose name contains its name stays, and the check asks which it is."""
    longer = "新东山果脯厂"
    violations = LIVING["violations.yml"] + LIVING["violations.yml"].replace("v1", "v2").replace("1号", "2号").replace(
        "{zh: 东山果脯厂, en: Dongshan Works}", longer
    )
    asked = (
        "data/withdrawals.yml:1:52: 提醒 / warning: “新东山果脯厂”含有要撤下的“东山果脯厂”，按另一家处理，没有撤下。"
        "是同一家，就把“新东山果脯厂”加进 names；不是，就加进 keep / “新东山果脯厂” contains the withdrawn "
        "“东山果脯厂”; it counts as another party and stays. If it is the same, add “新东山果脯厂” to names; "
        "if not, to keep"
    )
    for number, (more, lines) in enumerate(
        {"": [asked], ", keep: [新东山果脯厂]": [], ", keep: [新 东山果脯厂]": []}.items()
    ):
        named = f"- {{id: w, date: 2030-02-01, reason: error, names: [东山果脯厂]{more}}}\n"
        data = copy_living(tmp_path / str(number), {"violations.yml": violations, "withdrawals.yml": named})
        assert errors_of(data) == []
        assert [line for line in warnings_of(data) if "withdrawals.yml" in line] == lines
        assert parties_of(data) == [longer]
    edit(data / "withdrawals.yml", "names: [东山果脯厂], keep: [新 东山果脯厂]", "names: [东山果脯厂, 新东山果脯厂]")
    assert parties_of(data) == []


def parties_of(data: Path) -> list[str]:
    """Return the parties of the violations that are public."""
    return [r.party.zh or "" for r in publish(read(data), date(2030, 2, 1)).records if isinstance(r, Violation)]


def test_a_listed_party_is_the_party(tmp_path: Path) -> None:
    named = "- {id: w, date: 2030-02-01, reason: error, names: [东山果脯厂]}\n"
    data = copy_living(tmp_path, {"withdrawals.yml": named})
    edit(data / "violations.yml", "{zh: 东山果脯厂, en: Dongshan Works}", "西河厂、东山\u200b果脯厂")
    assert parties_of(data) == []


def test_names_of_others_stay_in_texts() -> None:
    names = Names(["华联超市", "超市张三"], ["新华联超市"])
    assert names.struck_from("新华联超市、华联超市", "zh") == f"新华联超市、{REDACTED.zh}"
    # What is kept hides no other name that goes over its end.
    assert names.in_text("新华联超市张三") == ["超市张三"]
    assert Names(["华联超市"]).in_text("新华联超市") == ["华联超市"]


# Evidence


def evidence_lines(tmp_path: Path, name: str, raw: bytes, more: str = "", names: str = PERSON) -> list[str]:
    """Return what the check says of an evidence file while ``names`` are withdrawn."""
    named = f"- {{id: w, date: 2030-02-01, reason: law, names: [{names}]}}\n" if names else ""
    data = copy_living(tmp_path, {"withdrawals.yml": named} if named else {})
    (data / "evidence" / name).write_bytes(raw)
    edit(data / "ledger/2030.yml", "file: letter.pdf", f"file: {name}{more}")
    lines = [*errors_of(data), *warnings_of(data)]
    return [line.partition(" / warning: ")[2] or line for line in lines if "ledger/2030.yml" in line]


def test_the_data_check_reports_evidence_before_the_pre_release_checks_do(tmp_path: Path) -> None:
    scan = pdf("")
    own = sha256(scan).hexdigest()[:12]
    seen = f"\n      looked_at: {{date: 2030-02-01, file: {own}}}"
    for number, (name, raw, more, names, words) in enumerate(
        [
            ("a.pdf", pdf("公示 李 山明"), "", PERSON, "has the withdrawn name “李山明” and is not published"),
            ("a.pdf", pdf("公示", author=PERSON), "", PERSON, "has the withdrawn name"),
            ("a.docx", docx("公示李", "山明"), "", PERSON, "has the withdrawn name"),
            ("a.docx", docx("公示", author=PERSON), "", PERSON, "has the withdrawn name"),
            ("a.docx", docx("公示", deleted="李山明"), "", PERSON, "has the withdrawn name"),
            ("a.xlsx", xlsx("李", "甲", "李·山明"), "", PERSON, "has the withdrawn name"),
            ("a.ofd", ofd("公示李山明"), "", PERSON, "has the withdrawn name"),
            ("a.jpg", picture("JPEG", artist=PERSON), "", PERSON, "has the withdrawn name"),
            ("a.txt", "公示李山明".encode("gb18030"), "", PERSON, "has the withdrawn name"),
            ("a.docx", docx("附", pictures={"b.png": picture("PNG", artist=PERSON)}), "", PERSON, "has the withdrawn"),
            ("a.docx", docx("附", pictures={"b.xlsx": xlsx(PERSON)}), "", PERSON, "has the withdrawn name"),
            ("a.pdf", scan, "", PERSON, "it is a scan without text. Names are withdrawn, so it is not published"),
            ("a.pdf", scan, "", PERSON, f"file: {own}}}"),
            ("a.pdf", scan, "", "", "it is a scan without text. Check it for"),
            ("a.pdf", scan, seen, PERSON, ""),
            (
                "a.pdf",
                scan,
                seen.replace("02-01", "01-31"),
                PERSON,
                "a name was withdrawn (2030-02-01) after this file",
            ),
            ("a.pdf", scan, seen.replace(own, "0" * 12), PERSON, "has changed since it was checked"),
            ("a.pdf", locked_pdf("甲"), "", PERSON, "it has a password"),
            ("a.pdf", b"%PDF-1.7\nspoiled", "", PERSON, "it cannot be opened and may be damaged"),
            ("a.docx", docx("", pictures={"b.png": picture("PNG")}), "", PERSON, "it is a scan without text"),
            ("a.jpg", picture("JPEG"), "", PERSON, "it is a picture"),
            ("a.jpg", picture("JPEG"), "", "", ""),
            ("a.docx", docx("甲", deleted="乙"), "", "", "has comments or tracked changes"),
            ("a.pdf", pdf("甲", author="x", note="see"), "", "", "has comments or tracked changes"),
            ("a.pdf", pdf("11010519491231002X"), "", "", "seems to hold an identity card number"),
            ("a.xlsx", xlsx("138.0053.1234"), "", "", "seems to hold a mobile telephone number"),
            ("a.docx", docx("公示"), "", PERSON, ""),
        ]
    ):
        lines = evidence_lines(tmp_path / str(number), name, raw, more, names)
        assert (words in " ".join(lines)) if words else lines == [], (number, name, words, lines)


def test_files_are_published_without_what_they_say_of_persons() -> None:
    for kind, ending in (("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")):
        for turned in (1, 6):
            raw = picture(kind, turned=turned, artist=PERSON) + b"film after the picture" * (kind != "WEBP")
            public = stripped(f"a.{ending}", raw)
            assert public == stripped(f"a.{ending}", raw) == stripped(f"a.{ending}", public)
            words = text_in(f"a.{ending}", public)
            assert not words.located and not NAMES.in_text(words.text) and b"film" not in public
            with Image.open(io.BytesIO(public)) as shown:
                assert shown.size == ((40, 20) if turned == 1 else (20, 40))
                assert not shown.getexif()
                # Turned clockwise, the left half is above.
                red, _, blue = shown.convert("RGB").crop((2, 2, 3, 3)).tobytes()
                assert blue > 240 and red < 15
    # Without turning, the points are the same ones.
    raw = picture("JPEG")
    with Image.open(io.BytesIO(raw)) as before, Image.open(io.BytesIO(stripped("a.jpg", raw))) as after:
        assert before.tobytes() == after.tobytes()
    for name, raw in {
        "a.docx": docx("公示", author=PERSON, deleted="甲", pictures={"b.jpg": picture("JPEG", artist=PERSON)}),
        "a.pdf": pdf("公示", author="Li Shanming", note="see"),
        "a.ofd": package({"OFD.xml": f"<ofd:OFD><ofd:Author>{PERSON}</ofd:Author></ofd:OFD>", "a.xml": "<t>公示</t>"}),
    }.items():
        public = stripped(name, raw)
        words = text_in(name, public)
        assert public == stripped(name, raw) != raw
        assert "公示" in words.text and "Shanming" not in words.text
        assert not NAMES.in_text(words.text) and not words.located, name
    signed = docx("公示", author=PERSON)[:0] + package({"_xmlsignatures/sig1.xml": "<Signature/>", "a.xml": PERSON})
    assert stripped("a.docx", signed) == signed and stripped("a.pdf", b"spoiled") == b"spoiled"


# A whole site


NEWS = "news/2030-01-16-list.zh.md"


#: Spellings that data may have: characters that nobody sees are refused there.
TYPED = tuple(text for text in SPELLINGS if not any(unseen(text)))


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county in which the names stand in every spelling, in every kind of place; they are withdrawn."""
    folder = copy_county(tmp_path_factory.mktemp("withdrawn"))
    data = folder / "data"
    lines = [text.replace("\n", " ") for text in TYPED]
    head = (
        "---\ndate: 2030-01-15\ntitle: {}\nbody: quality\nsource: 县质量局\n"
        "approved: {{role: head, date: 2030-01-15}}\n"
    )
    violation = (
        "- id: v{}\n  date: 2030-01-16\n  party: {}\n  number: 甲质罚〔2030〕{}号\n  body: quality\n  breach: 标签\n"
        "  penalty: 警告\n  source: 县质量局\n  approved: {{role: head, date: 2030-01-18}}\n"
    )
    files: dict[str, str | bytes] = {
        **LIVING,
        NEWS: head.format(f"{FIRM}等")
        + "evidence:\n"
        + "".join(f"  - file: e{n}{ending}\n" for n, (ending, _) in enumerate(EVIDENCE))
        + "---\n"
        + "\n\n".join(f"甲厂、{text}。" for text in TYPED)
        + "\n",
        "violations.yml": "".join(
            violation.format(n, json.dumps(line), n) for n, line in enumerate(lines) if "/" not in line
        )
        + violation.format("other", "西河食品厂", "西"),
        "batches/b1.csv": "产品名称,生产单位,抽样编号,检验依据,检验结果,不合格项目,后续处理\n"
        + "".join(f'"甲","{line.replace(chr(34), chr(34) * 2)}",S-{n},乙,合格,,\n' for n, line in enumerate(lines))
        + "梨汁,西河食品厂,T-1,乙,合格,,\n",
        "withdrawals.yml": f"- {{id: w, date: 2030-02-01, reason: law, names: [{', '.join(GONE)}]}}\n",
        **{f"evidence/e{n}{ending}": raw for n, (ending, raw) in enumerate(EVIDENCE)},
    }
    for name, content in files.items():
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with (folder / "docs/zh/about.md").open("a", encoding="utf-8") as page:
        # A picture of another host is refused for itself.
        typed_there = [text for text in TYPED if not text.startswith("![")]
        page.write("\n\n" + "\n\n".join(f"甲厂、{text}。" for text in typed_there) + f"\n\n## {FIRM}\n")
    (folder / "docs/zh/photo.jpg").write_bytes(picture("JPEG", turned=6, artist=PERSON))
    return folder


#: Evidence by its ending; which of it may be published, the names aside, says `PUBLIC`.
EVIDENCE = (
    (".pdf", pdf(f"公示{FIRM}")),
    (".pdf", pdf("公示甲厂", author="Li")),
    (".docx", docx("山东", "绿源", "食品有限公司")),
    (".xlsx", xlsx("甲", PERSON)),
    (".xlsx", xlsx("甲", "乙")),
    (".jpg", picture("JPEG", artist=PERSON)),
    (".png", picture("PNG")),
    (".csv", f"甲,{ENGLISH}\n".encode()),
    (".ofd", ofd(FIRM)),
    (".pdf", pdf("")),
    (".pdf", locked_pdf(FIRM)),
)
PUBLIC = {"e1.pdf", "e4.xlsx", "letter.pdf"}


@pytest.fixture(scope="module")
def site(county: Path) -> Path:
    return build(county / "site", config=county / "mkdocs.yml")


def test_no_file_of_the_site_has_a_withdrawn_name(site: Path) -> None:
    found = {}
    for path in sorted(site.rglob("*")):
        if path.is_file() and path.suffix not in (".js", ".woff2", ".css"):
            name = path.relative_to(site).as_posix()
            for piece in pieces(name, path.read_bytes()):
                if names := names_in(piece):
                    found[name] = names
    assert found == {}


def test_content_about_others_is_kept(site: Path) -> None:
    news = (site / "news/2030-01-16-list/index.html").read_text("utf-8")
    assert news.count("甲厂") >= 40 and news.count(REDACTED.zh) >= 40
    about = (site / "about/index.html").read_text("utf-8")
    assert about.count("甲厂") >= len(TYPED) - 1 and about.count(REDACTED.zh) >= len(TYPED) - 6
    table = (site / "disclosures/batches/b1/b1.csv").read_text("utf-8-sig")
    assert [line.split(",")[0] for line in table.splitlines()[1:]] == ["梨汁"]
    assert "西河食品厂" in (site / "disclosures/violations/index.html").read_text("utf-8")
    assert [path.stem for path in (site / "api/v1/violation").iterdir()] == ["vother"]
    assert {path.name for path in (site / "evidence").iterdir()} == PUBLIC


@pytest.mark.sweep
def test_the_gate_agrees_with_the_build(county: Path, site: Path) -> None:
    expected = expected_of(county, settings_of(county / "mkdocs.yml"), site)[0]
    assert list(examine(site, expected)) == []
    # They would report each spelling, in a page, in its attributes, and in each type of evidence.
    page = site / "about/index.html"
    source = page.read_text("utf-8")
    for text in (
        *SPELLINGS[:3],
        FIRM.translate(KANGXI),
        "山东<b>绿源</b>食品有限公司",
        '<i title="李&#x200b;山明"></i>',
    ):
        page.write_text(source.replace("<main", f"<p>{text}</p><main", 1), encoding="utf-8")
        told = [f.en for f in named(expected, site)]
        assert told == [told[0]] and "a withdrawn name" in told[0], text
    page.write_text(source, encoding="utf-8")
    for number, (ending, raw) in enumerate(EVIDENCE):
        name = f"e{number}{ending}"
        if name not in PUBLIC:
            (site / "evidence" / name).write_bytes(raw)
            told = [f.en for f in named(expected, site)]
            (site / "evidence" / name).unlink()
            assert told and all("withdrawn name" in en or "where it was taken" in en for en in told), (name, told)


def named(expected: Expected, site: Path) -> list[GateFinding]:
    from haopin.ops.gate.content_rules import evidence_was_looked_at, no_name_is_withdrawn, pictures_say_no_place
    from haopin.ops.gate.site_reader import FinishedSite, page_of

    files = frozenset(p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file())
    files = frozenset(f for f in files if f.startswith(("evidence/", "about/")))
    pages = {"about/index.html": page_of("about/index.html", (site / "about/index.html").read_text("utf-8"))}
    read = FinishedSite(site, files, pages)
    rules = (no_name_is_withdrawn, evidence_was_looked_at, pictures_say_no_place)
    return [finding for rule in rules for finding in rule(read, expected)]


def test_the_check_reports_withdrawn_names_on_written_pages(county: Path) -> None:
    done = run("-m", "haopin", "check", "-f", county / "mkdocs.yml")
    lines = [line for line in done.stdout.splitlines() if line.startswith("docs/zh/about.md:")]
    assert done.returncode == 0 and len(lines) >= len(TYPED) - 3
    assert "which the page shows as “[name withdrawn]”; change it" in lines[0]


def test_pictures_of_written_pages_are_stripped(site: Path) -> None:
    with Image.open(site / "photo.jpg") as shown:
        assert shown.size == (20, 40) and not shown.getexif()


# Characters that nobody sees


def test_invisible_characters_are_refused_at_their_position(tmp_path: Path) -> None:
    """In values however they got there: typed, as an escape of YAML, as a reference; in articles and tables, too."""
    warnings, article, table = "warnings.yml", ARTICLE, "batches/b1.csv"
    title = "冬季用电暖器要当心"
    cases = (
        (warnings, title, "冬季\u200b用电", "3:12", "“冬季”与“用电”之间有看不见的字符\uff08U+200B\uff09"),
        (warnings, title, "冬\u00ad季", "3:11", "看不见的字符\uff08U+00AD\uff09"),
        (warnings, title, "冬\ufe00季", "3:11", "看不见的字符\uff08U+FE00\uff09"),
        (warnings, title, "冬\u2060季", "3:11", "看不见的字符\uff08U+2060\uff09"),
        (warnings, title, ">-\n    冬\n    夏\ufeff季", "5:6", "看不见的字符\uff08U+FEFF\uff09"),
        (warnings, title, '"冬\\u200b季"', "3:10", "看不见的字符\uff08U+200B\uff09"),
        (warnings, title, '"冬\\x08季"', "3:10", "控制字符\uff08U+0008\uff09"),
        (warnings, title, '"冬\\x7f季"', "3:10", "控制字符\uff08U+007F\uff09"),
        (warnings, title, '"冬\\u0085季"', "3:10", "控制字符\uff08U+0085\uff09"),
        (warnings, title, '"冬\\ufffe季"', "3:10", "控制字符\uff08U+FFFE\uff09"),
        (warnings, title, '"冬\\ufdd0季"', "3:10", "看不见的字符\uff08U+FDD0\uff09"),
        (warnings, title, '"冬\\U0010FFFF季"', "3:10", "看不见的字符\uff08U+10FFFF\uff09"),
        (warnings, title, "冬&#x1F;季", "3:11", "控制字符\uff08U+001F\uff09"),
        (warnings, title, "冬&#150;季", "3:11", "控制字符\uff08U+0096\uff09"),
        (warnings, title, "冬&#8203;季", "3:11", "看不见的字符\uff08U+200B\uff09"),
        (warnings, title, "冬&shy;季", "3:11", "看不见的字符\uff08U+00AD\uff09"),
        (article, "开幕了", "开\u200b幕了", "8:4", "“展会开”与“幕了。”之间"),
        (article, "开幕了", "开&ZeroWidthSpace;幕了", "8:4", "看不见的字符\uff08U+200B\uff09"),
        (article, "title: 展会", "title: 展\u200d会", "3:9", "看不见的字符\uff08U+200D\uff09"),
        (table, "枣片", "枣\u200b片", "4:1", "“枣”与“片”之间"),
    )
    for number, (file, old, new, mark, words) in enumerate(cases):
        data = copy_living(tmp_path / str(number))
        edit(data / file, old, new)
        lines = errors_of(data)
        assert len(lines) == 1 and lines[0].startswith(f"data/{file}:{mark}: ") and words in lines[0], (number, lines)
    data = copy_living(tmp_path / "seen")
    edit(data / warnings, title, '"☎\ufe0f 电话 👨\u200d👩\u200d👧、1\ufe0f\u20e3，A&B、&amp;、&nbsp;\\u4e00"')
    assert errors_of(data) == []


ARTICLE = "news/2030-01-15-fair.zh.md"


def test_imports_and_answers_lose_them_alike() -> None:
    assert cells.text(Cell("text", "甲\u200b乙\u00ad丙\ufe00丁\u2060")) == "甲乙丙丁"
    answers = Answers(None, date(2030, 2, 1))  # type: ignore[arg-type]
    field = next(field for field in fields_of(Withdrawal) if field.name == "names")
    assert answers.value(field, "甲\u200b乙\u00ad厂", {}) == "甲乙厂"
