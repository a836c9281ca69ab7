"""Old addresses: read and checked like all data, and made into paths for the web server."""

import re
from datetime import date
from pathlib import Path

import pytest
from haopin.model import INTERNAL, KINDS
from haopin.model.redirect import REDIRECT, Redirect
from haopin.ops.nginx import moved
from haopin.problem import ConfigurationError
from pydantic import ValidationError
from support import catalogue_of, copy_county, copy_data, errors_of, run

ROOTS = ("", "en/")


def write_redirects(data: Path, *lines: str) -> None:
    text = "".join(f"- {{{line}}}\n" for line in lines)
    (data / "redirects.yml").write_text(text, encoding="utf-8", newline="\n")


BROKEN = {
    "twice": (
        ["id: a, old: tasks/old/, page: tasks/01/", "id: b, old: Tasks/OLD, page: tasks/02/"],
        "data/redirects.yml:2:16: 旧地址“Tasks/OLD”已写过（编号“a”），请删去一条 / "
        "the old address “Tasks/OLD” is already in “a”; delete one",
    ),
    "itself": (
        ["id: a, old: q/, page: q/"],
        "data/redirects.yml:1:26: “q/”跳转到它自己，请写现在的页面地址 / "
        "“q/” redirects to itself; write the present address of the page",
    ),
    "onward": (
        ["id: a, old: p/, page: q/", "id: b, old: q, page: tasks/01/"],
        "data/redirects.yml:1:26: “q/”本身也是旧地址（编号“b”），请直接写最后的页面地址 / "
        "“q/” is itself an old address (“b”); write the final address",
    ),
    "elsewhere": (
        ['id: a, old: q/, page: "https://x.example/"'],
        "data/redirects.yml:1:26: “https://x.example/”不合“page”的格式；写本站内的页面地址，如 tasks/03/，以“/”结尾，"
        "不带 https:// / “https://x.example/” does not fit “page”; write a page of this site such as tasks/03/, "
        "ending in “/”, without https://",
    ),
    "query": (
        ['id: a, old: "a.asp?id=1", page: tasks/01/'],
        "data/redirects.yml:1:16: “a.asp?id=1”不合“old”的格式；写本站内的地址，如 tasks/old-name/，"
        "不带 https://、问号和开头的“/” / "
        "“a.asp?id=1” does not fit “old”; write an address of this site such as tasks/old-name/, without https://, "
        "“?” or a leading “/”",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_wrong_redirect_is_reported(tmp_path: Path, name: str) -> None:
    lines, expected = BROKEN[name]
    data = copy_data(tmp_path)
    write_redirects(data, *lines)
    assert errors_of(data) == [expected]


def test_a_loop_is_reported_at_each_of_its_ends(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    write_redirects(data, "id: a, old: p/, page: q/", "id: b, old: q/, page: p/")
    assert [line[:25] for line in errors_of(data)] == ["data/redirects.yml:1:26: ", "data/redirects.yml:2:26: "]


def test_an_address_that_is_too_long_is_reported(tmp_path: Path) -> None:
    data = copy_data(tmp_path)
    write_redirects(data, f"id: a, old: {'a' * 201}, page: tasks/01/")
    (line,) = errors_of(data)
    assert line.startswith("data/redirects.yml:1:16: ") and "too long; 200 characters at most" in line


UP_AND_OUT = ["", "/", "/a", "//evil/", "a//b", "..", "../a", "a/../b", "./a", ".git/", "a/.env"]
OTHER_SIGNS = ["a b", "a\nb", "a$b", 'a"b', "a;b", "a{b", "a\\b", "a%2fb", "a?b", "a#b", "a\0b", "a\u2028b"]


@pytest.mark.parametrize("wrong", [*UP_AND_OUT, *OTHER_SIGNS, "http://a.example/", "javascript:a"])
def test_no_other_address_is_taken(wrong: str) -> None:
    with pytest.raises(ValidationError):
        Redirect.model_validate({"id": "a", "old": wrong, "page": "tasks/"})
    with pytest.raises(ValidationError):
        Redirect.model_validate({"id": "a", "old": "a", "page": wrong})


@pytest.mark.parametrize("right", ["a", "a/", "a.html", "旧/页.html", "a-b/c_d/~e", "A/b.c.d/"])
def test_old_addresses_of_other_systems_are_taken(right: str) -> None:
    assert Redirect.model_validate({"id": "a", "old": right, "page": "./"}).target == ""


def test_it_serves_the_web_server_alone() -> None:
    assert REDIRECT in INTERNAL and REDIRECT not in KINDS


def test_the_check_knows_which_pages_there_are(tmp_path: Path) -> None:
    county = copy_county(tmp_path / "county")
    write_redirects(
        county / "data",
        "id: a, old: q/, page: tasks/3/",
        "id: b, old: tasks/01, page: en/tasks/02/",
        "id: c, old: r/, page: changes/",
        "id: d, old: s/, page: about/",
        "id: e, old: en/t/, page: en/",
    )
    told = run("-m", "haopin", "check", "-f", county / "mkdocs.yml")
    lines = [line for line in told.stdout.splitlines() if "redirects.yml" in line]
    assert told.returncode == 1
    assert [line.partition(": ")[0] for line in lines] == [
        "data/redirects.yml:1:26",
        "data/redirects.yml:2:16",
        "data/redirects.yml:3:26",
    ]
    assert "did you mean “tasks/" in lines[0]
    assert lines[1].endswith("“tasks/01” is a page today and cannot be an old address; delete this entry")
    assert "warning: " in lines[2]
    built = run("-m", "haopin", "build", "-f", county / "mkdocs.yml", "--site-dir", tmp_path / "site")
    assert built.returncode == 1 and lines[0] in built.stderr and lines[1] in built.stderr
    assert not (tmp_path / "site").exists()


@pytest.mark.sweep
def test_a_page_that_is_not_public_today_stops_nothing(tmp_path: Path) -> None:
    """Nor does a redirect appear in any file of the site."""
    county = copy_county(tmp_path / "county")
    write_redirects(county / "data", "id: a, old: once-here/, page: changes/", "id: b, old: once-too/, page: tasks/01/")
    site = tmp_path / "site"
    built = run("-m", "haopin", "build", "-f", county / "mkdocs.yml", "--as-of", "2030-02-01", "--site-dir", site)
    assert (built.returncode, built.stderr) == (0, "")
    for file in site.rglob("*"):
        assert not file.is_file() or b"once-" not in file.read_bytes(), file
    assert not list(site.glob("api/v1/redirect*"))
    made = run(
        "-m",
        "haopin",
        "nginx",
        "-f",
        county / "mkdocs.yml",
        site,
        "--out",
        tmp_path / "made",
        "--server-name",
        "quality.test",
    )
    assert made.returncode == 0, made.stderr
    text = (tmp_path / "made/haopin/redirects.conf").read_text("utf-8")
    assert '"/en/once-too" "/en/tasks/01/";' in text and "once-here" not in text
    assert "“a”" in made.stdout and "not public today" in made.stdout
    (record, _) = catalogue_of(county / "data", as_of=date(2030, 2, 1)).all(Redirect)
    assert record.old == "once-here/"


# Paths


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name in ("", "tasks/01/", "en/", "en/tasks/01/"):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / name / "index.html").write_text("", encoding="utf-8")
    return tmp_path


def redirect(old: str, page: str) -> Redirect:
    return Redirect.model_validate({"id": re.sub(r"\W", "-", old.strip("/")), "old": old, "page": page})


def test_each_language_leads_to_its_own(site: Path) -> None:
    assert moved([redirect("a/", "tasks/01/"), redirect("b.html", "./")], ROOTS, site) == (
        {
            "/a/": "/tasks/01/",
            "/a": "/tasks/01/",
            "/en/a/": "/en/tasks/01/",
            "/en/a": "/en/tasks/01/",
            "/b.html": "/",
            "/en/b.html": "/en/",
        },
        [],
    )


def test_an_address_that_names_a_language_counts_for_it_alone(site: Path) -> None:
    found, _ = moved(
        [redirect("en/a/", "tasks/01/"), redirect("a/", "./"), redirect("c/", "en/tasks/01/")], ROOTS, site
    )
    assert found["/en/a/"] == "/tasks/01/" and found["/a/"] == "/"
    assert found["/c/"] == "/en/tasks/01/" and "/en/c/" not in found


def test_a_page_that_the_site_has_not_is_left_out(site: Path) -> None:
    assert moved([redirect("a/", "news/")], ROOTS, site) == ({}, ["a"])


def test_a_file_of_the_site_is_no_old_address(site: Path) -> None:
    (site / "robots.txt").write_text("", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"“/robots\.txt” is a file of the site"):
        moved([redirect("robots.txt", "./")], ROOTS, site)
