"""Nothing that the check accepts stops a later build: data made at random, and the builds of days after it."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
import yaml
from haopin.build.addresses import links_of
from haopin.build.foresight import DAYS_AHEAD, foresee, read_words
from haopin.build.settings import read_config
from haopin.build.written_pages import read_docs
from haopin.exports.downloads import offers
from haopin.exports.registry import PER_LANGUAGE, SHARED, make_pictures
from haopin.exports.source import ExportSource
from haopin.html.renderer import Renderer
from haopin.load.dataset import Dataset
from haopin.load.translations import fingerprint, fingerprints_file, texts
from haopin.site.catalogue import catalogue, examine
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from living import LIVING
from support import build, copy_county

FIRST = date(2030, 1, 1)
#: The check is made on this day, and builds on days after it.
TODAY = date(2030, 2, 1)
Values = dict[str, Any]

DAYS = st.integers(0, 500).map(lambda n: FIRST + timedelta(days=n))
#: Where what is made stands, and what else a text may link to.
PLACES = (
    "/news/a/",
    "/news/b/",
    "/events/a/",
    "/disclosures/batches/a/",
    "/disclosures/recalls/#a",
    "/disclosures/recalls/",
    "/disclosures/warnings/#b",
    "/disclosures/violations/#a",
    "/honours/certifications/#a",
    "/progress/",
    "/tasks/01/",
    "/tasks/01/#check",
    "/",
    "/news/",
    "/changes/",
    "/feeds/news.xml",
    "/calendar/all.ics",
    "/calendar/events/a.ics",
    "/evidence/a.pdf",
    "/disclosures/batches/a/a.csv",
    "/disclosures/batches/a/s-2/",
    "/api/v1/news/a.json",
    "https://quality.example/news/b/",
    "https://quality.example/en/events/a/",
    "https://bureau.example/",
    "http://bureau.example/",
    "tel:12345",
)
#: What a withdrawal may take back whole.
KINDS = ("news/a", "news/b", "event/a", "batch/a", "recall/a", "warning/b", "violation/a", "entry/e-a", "entry/e-c")
ADDRESSES = st.sampled_from(PLACES)
#: The last day that a field may have.
LAST = "2100-12-31"
NAMES = ("东山果脯厂", "甲乙木器厂", "西河食品厂")


@st.composite
def words(draw: st.DrawFn, *, rich: bool = False) -> Any:
    """A text in one or both languages, perhaps with links."""

    def one(language: str) -> str:
        said = draw(
            st.sampled_from(["甲", "乙，丙：丁（戊）", *NAMES] if language == "zh" else ["A", "B & C <d>", "E"])
        )
        if rich:
            for address in draw(st.lists(ADDRESSES, max_size=3)):
                mark = "!" if address.endswith(".pdf") and draw(st.booleans()) else ""
                said += f" {mark}[{said}]({address})"
        return str(said)

    shape = draw(st.sampled_from(["plain", "both", "zh", "en"]))
    return one("zh") if shape == "plain" else {each: one(each) for each in ("zh", "en") if shape in ("both", each)}


@st.composite
def published(draw: st.DrawFn, record_id: str, evidence: bool = True) -> Values:
    """What all that is published has: approved or not, begun or not, ended or not."""
    day = draw(DAYS)
    found: Values = {"id": record_id, "date": day, "source": draw(words())}
    begin = day
    if draw(st.integers(0, 9)):
        begin = day + timedelta(days=draw(st.integers(0, 40)))
        found["approved"] = {"role": "head", "date": begin}
    if draw(st.booleans()):
        found["publish_from"] = draw(DAYS)
        begin = max(begin, found["publish_from"])
    if draw(st.booleans()):
        found["expires"] = begin + timedelta(days=draw(st.integers(1, 200)))
    if evidence and draw(st.booleans()):
        found["evidence"] = draw(
            st.lists(
                st.sampled_from(
                    [{"file": "a.pdf"}, {"number": "甲〔2030〕1号"}, {"link": "https://quality.example/news/a/"}]
                ),
                max_size=2,
            )
        )
    return found


@st.composite
def data(draw: st.DrawFn) -> dict[str, Any]:
    """Files of the data folder beside the plan: values of YAML, or text."""

    def make(record_id: str, **more: st.SearchStrategy[Any]) -> Values:
        return {**draw(published(record_id)), **{name: draw(strategy) for name, strategy in more.items()}}

    body = st.sampled_from(["quality", "commerce"])
    span = st.just({"start": date(2029, 1, 1), "end": date(2029, 12, 31)})
    files: dict[str, Any] = {"evidence/a.pdf": "%PDF-1.4\n"}
    ids = ("a", "b")
    for record_id in ids:
        head = draw(published(record_id))
        head["title"] = draw(st.sampled_from(["通知", "东山果脯厂的通知"]))
        head["kind"] = draw(st.sampled_from(["news", "notice"]))
        del head["id"]
        languages = draw(st.sampled_from([("zh",), ("zh", "en"), ("en",)]))
        for language in languages:
            text = draw(words(rich=True))
            text = text if isinstance(text, str) else "\n\n".join(text.values())
            own = head if language == languages[0] else {"title": "A title"}
            files[f"news/{record_id}.{language}.md"] = f"---\n{dumped(own)}---\n\n{text}\n\n- {text}\n"
    event = make("a", title=words(), start=DAYS, body=body, text=words(rich=True), venue=words())
    start: date = event["start"]
    event["end"] = start + timedelta(days=draw(st.integers(0, 3)))
    if draw(st.booleans()):
        event["activity"] = "quality-day"
    if draw(st.booleans()) and event["date"] <= event["end"]:
        event["cancelled"] = {"date": max(event["date"], event["start"]), "reason": draw(words())}
    files["events/a.yml"] = event
    batch = make("a", title=words(), body=body, sampled=span, text=words(rich=True))
    files["batches/a.yml"] = batch
    files["batches/a.csv"] = LIVING["batches/b1.csv"]
    files["recalls.yml"] = [
        make("a", product=words(), maker=words(), affected=words(rich=True), defect=words(), remedy=words(rich=True))
    ]
    files["warnings.yml"] = [make("b", title=words(), body=body, text=words(rich=True), advice=words(rich=True))]
    files["violations.yml"] = [
        make("a", party=words(), number=st.just("甲罚1号"), body=body, breach=words(rich=True), penalty=words())
    ]
    files["inspections.yml"] = [
        make(
            "a",
            title=words(),
            bodies=st.just(["quality"]),
            period=span,
            inspected=st.just(9),
            problems=st.integers(0, 4),
            handled=st.just(0),
            text=words(rich=True),
        )
    ]
    files["analyses.yml"] = [make("a", title=words(), body=body, period=span, text=words(rich=True))]
    # A county whose plan names no honour has certificates all the same.
    honours = draw(st.booleans())
    files["honours.yml"] = LIVING["honours.yml"] if honours else "[]\n"
    awards = [make("a", honour=st.just("prize"), year=st.just(2029), holder=words())] if honours else []
    files["awards.yml"] = awards
    files["standards.yml"] = [
        make(
            "a",
            number=st.just("JY/T 1"),
            title=words(),
            level=st.just("city"),
            role=st.just("lead"),
            holders=st.lists(words(), max_size=2),
        )
    ]
    files["certifications.yml"] = [make("a", holder=words(), scheme=words())]
    files["demonstrations.yml"] = [make("a", title=words(), state=st.just("building"))]
    files["policies.yml"] = [
        make("a", title=words(), body=body, audience=words(rich=True), benefit=words(), apply=words(rich=True))
    ]
    files["evaluation.yml"] = [make("a", title=words(), indicators=st.just([{"title": "率", "bodies": ["quality"]}]))]
    measures = st.sampled_from(["01/check", "01/publish", "start/meeting"])
    assignments = [make(record_id, measure=measures, body=body) for record_id in ids]
    for assignment in assignments:
        if draw(st.booleans()):
            assignment["due"] = draw(DAYS)
    files["assignments.yml"] = assignments
    state = st.sampled_from(["not-started", "under-way", "done", "routine", "suspended"])
    measure = st.just(draw(measures))
    first = make("e-a", measure=measure, body=body, state=state, text=words())
    later = make("e-b", measure=measure, body=body, state=state, corrects=st.just("e-a"), reason=words())
    first["date"], later["date"] = sorted([first["date"], later["date"]])
    number = make("e-c", target=st.just("pass-rate"), body=body, value=st.just("93.5"), unit=st.just("percent"))
    for entry in (first, later, number):
        if "approved" in entry:
            entry["approved"]["date"] = max(entry["approved"]["date"], entry["date"])
        if "expires" in entry:
            begin = max(entry["date"], entry.get("approved", entry)["date"], entry.get("publish_from", FIRST))
            entry["expires"] = max(entry["expires"], begin + timedelta(days=1))
    files["ledger/2030.yml"] = draw(st.permutations([first, later, number]))
    withdrawals = []
    taken = st.lists(st.sampled_from([*NAMES, *KINDS]), max_size=3, unique=True)
    for number_of, what in enumerate(draw(taken)):
        day = TODAY + timedelta(days=600)
        withdrawal: Values = {"id": f"w-{number_of}", "date": day, "reason": draw(st.sampled_from(["error", "law"]))}
        withdrawal |= {"names": [what]} if what in NAMES else {"record": what}
        if draw(st.booleans()):
            withdrawal["note"] = {"zh": "信用修复。", "en": "Restored."}
        withdrawals.append(withdrawal)
    files["withdrawals.yml"] = withdrawals
    if draw(st.booleans()):
        files["redirects.yml"] = [{"id": "r", "old": "old/news/", "page": draw(st.sampled_from(["news/a/", "news/"]))}]
    return files


class Plain(yaml.SafeDumper):
    """Writes everything out: the data has no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def dumped(values: Any) -> str:
    return str(yaml.dump(values, Dumper=Plain, allow_unicode=True, sort_keys=False))


def write(project: Path, files: dict[str, Any], link: str) -> None:
    for name, content in files.items():
        path = project / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else dumped(content), encoding="utf-8", newline="")
    for language in ("zh", "en"):
        (project / f"docs/{language}/more.md").write_text(f"# M\n\n[x]({link}) [y](tasks/01.md)\n\n[[news]]\n", "utf-8")


class Look:
    """The check of a project, and its builds without files."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.settings, self.extensions = read_config(project / "mkdocs.yml")
        self.dataset: Dataset = examine(project / "data", "data")[0]
        self.words = read_words(self.dataset, self.settings)
        self.written = read_docs(self.settings, project, self.extensions).pages

    def errors(self) -> list[str]:
        """What the check refuses."""
        dataset, errors, _ = examine(self.project / "data", "data")
        seen = self._seen(dataset, TODAY, DAYS_AHEAD) if not errors else None
        return errors if seen is None else seen.errors

    def _seen(self, dataset: Dataset, day: date, ahead: int = 0) -> Any:
        given = (self.settings, self.extensions, self.project, dataset, "data", self.written, day, self.words)
        return foresee(*given, ahead=ahead)

    def problems(self, day: date, *, whole: bool, pictures: bool) -> list[str]:
        """What keeps the build of ``day`` from being whole: errors, and links that lead nowhere.

        ``whole`` makes the files of all exports too, ``pictures`` also those that take long.
        """
        found: list[str] = list(self._seen(self.dataset, day).errors)
        public = catalogue(self.dataset, day)
        paths = {edition.language: edition.path for edition in self.settings.editions}
        for edition in self.settings.editions:
            language, base = edition.language, "https://quality.example/"
            written = self.written[language]
            titles = tuple((page.address, page.title) for page in written)
            renderer = Renderer(
                public, language, day, self.words.labels, self.words.templates, titles, edition.up, base + edition.path
            )
            source = ExportSource(renderer, base, paths)
            renderer.offer(partial(offers, source))
            own = self.settings.model_copy(update={"language": language})
            docs = self.project / edition.docs
            renderer.links = links_of(public, partial(same, source), own, docs, written, self.extensions)
            files = set()
            for export in (*PER_LANGUAGE, *SHARED):
                root = edition.path if export in PER_LANGUAGE else ""
                for made in export(source):
                    files.add(root + made.path)
                    if whole and (pictures or export is not make_pictures):
                        made.make()
            files |= {f"{edition.path}evidence/{e.file}" for _, r in public.publishable for e in r.evidence if e.file}
            files |= {f"{edition.path}disclosures/batches/{key[1]}/{key[1]}.csv" for key in public.tables}
            files |= {f"{edition.path}disclosures/batches/{key[1]}/rows.json" for key in public.tables}
            found += self._links(renderer, edition.path, files)
        return found

    def _links(self, renderer: Renderer, root: str, files: set[str]) -> Iterator[str]:
        rendered = {root + page.address: renderer.render(page) for page in renderer.pages}
        own = {root + address for address, _ in renderer.written_pages}
        for address, page in rendered.items():
            for link in page.outline.links:
                parts = urlsplit(urljoin(f"https://quality.example/{address}", link))
                if parts.netloc != "quality.example" or parts.scheme != "https":
                    continue
                path, fragment = unquote(parts.path).removeprefix("/"), unquote(parts.fragment)
                if path.removeprefix("en/").startswith("assets/") or path in files or path in own:
                    continue
                # An absolute address of the other language has the same pages.
                target = rendered.get(path) or rendered.get(root + path.removeprefix("en/"))
                if target is None or (fragment and fragment not in target.outline.anchors):
                    yield f"{address}: {link}"


def same(source: ExportSource) -> ExportSource:
    return source


def stale(project: Path, dataset: Dataset) -> None:
    """Say that every text with English was translated from other words: all of them are old."""
    marks = {str(text.key): fingerprint(text.zh + "旧") for text in texts(dataset) if text.en is not None}
    (project / "data/translations.json").write_text(fingerprints_file(marks), encoding="utf-8")


def holds(project: Path, files: dict[str, Any], offsets: list[int], link: str, *, pictures: bool = False) -> bool:
    """Check the project with ``files``, and build it on later days; return whether the check accepted it."""
    write(project, files, link)
    look = Look(project)
    stale(project, look.dataset)
    look = Look(project)
    if errors := look.errors():
        note("\n".join(errors))
        return False
    for number, offset in enumerate(offsets):
        day = TODAY + timedelta(days=offset)
        assert look.problems(day, whole=number % 5 == 0, pictures=pictures) == [], day
    return True


def cleared(project: Path) -> Path:
    """Take away what the last example wrote."""
    for name in ("redirects.yml", "translations.json"):
        (project / "data" / name).unlink(missing_ok=True)
    for path in (project / "data/news").glob("*"):
        path.unlink()
    return project


SOURCES = st.sampled_from(["news/a.md", "events/a.md", "disclosures/batches/a/index.md", "evidence/a.pdf", "about.md"])
QUICK = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_county(tmp_path_factory.mktemp("any") / "county")


def run_examples(project: Path, how: settings, days: int, *, pictures: bool, real: int = 0) -> Counter[bool]:
    told: Counter[bool] = Counter()

    @how
    @given(data(), st.lists(st.integers(0, DAYS_AHEAD), min_size=days, max_size=days), SOURCES)
    def example(files: dict[str, Any], offsets: list[int], link: str) -> None:
        accepted = holds(cleared(project), files, offsets, link, pictures=pictures)
        told[accepted] += 1
        if accepted and told[True] <= real:
            day = TODAY + timedelta(days=offsets[0])
            build(project / "site", config=project / "mkdocs.yml", as_of=day.isoformat())

    example()
    return told


@pytest.mark.sweep
def test_what_the_check_accepts_builds_on_later_days(project: Path) -> None:
    told = run_examples(project, settings(QUICK, max_examples=3), 1, pictures=False, real=1)
    # Most examples are good, or the test would look at nothing.
    assert told[True] > told[False], told


@pytest.mark.sweep
def test_what_the_check_accepts_builds_on_twenty_later_days(project: Path) -> None:
    how = settings(QUICK, max_examples=10, phases=[Phase.generate, Phase.shrink])
    told = run_examples(project, how, 20, pictures=True, real=5)
    assert told[True] > told[False], told


@pytest.mark.sweep
def test_days_at_their_limits_build(tmp_path: Path) -> None:
    """The first and the last day that the data may have, in fields and as the day of the build."""
    project = copy_county(tmp_path / "county")
    files: dict[str, Any] = dict(LIVING)
    files["events/fair.yml"] = files["events/fair.yml"].replace("2030-02-28", "2030-02-01").replace("2030-03-01", LAST)
    files["assignments.yml"] = files["assignments.yml"].replace("due: 2030-12-31", f"due: {LAST}") + (
        "- id: a1\n  date: 2030-01-05\n  measure: 01/publish\n  body: quality\n  due: 1949-01-01\n  source: 县质量局\n"
        "  approved: {role: head, date: 2030-01-06}\n"
    )
    phases = (project / "data/phases.yml").read_text("utf-8")
    files["phases.yml"] = phases.replace("start: 2030-01-01, end: 2030-03-31", f"start: 1949-01-01, end: {LAST}")
    write(project, files, "events/fair.md")
    look = Look(project)
    assert look.errors() == []
    for day in (date(1949, 1, 1), TODAY, date(2100, 12, 31)):
        assert look.problems(day, whole=True, pictures=False) == [], day
