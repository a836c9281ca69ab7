"""A county with a third language that is written from right to left: what such a county adds to its data, and no code.

The words are the English ones in Uyghur letters, one for one: tests need no other language, and no letter of
English can hide among them.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from haopin.build.further_labels import optional_labels
from haopin.html.i18n import site_labels
from support import ROOT, copy_full_county

LANGUAGE = "ug"
#: Records that are not translated yet: their pages show English, marked.
WAITING = ("tasks/02.yml", "phases.yml", "plans.yml")
#: A label that the county has not translated yet.
UNTRANSLATED_LABEL = ("share", "copy")

_LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyz,;?",
    "ئبچدېفگھىجكلمنوپقرستۇۋغخيز،؛؟",
)
# What stays as it is: values, addresses, anchors, code, short codes.
_KEPT = re.compile(r"(\{\{?\w+\}?\}|\]\([^)]*\)|\[\[\w+\]\]|`[^`]*`|https?://\S+|\{[#.][^}]*\}|<[^>]*>)")


def transliterated(words: str) -> str:
    """Return English ``words`` in Uyghur letters."""
    return "".join(
        part if number % 2 else part.lower().translate(_LETTERS) for number, part in enumerate(_KEPT.split(words))
    )


def labels() -> dict[str, dict[str, Any]]:
    """Return the labels of the third language, all but one."""
    found: dict[str, dict[str, Any]] = {}
    for key, label in {**site_labels(ROOT / "hooks/haopin/labels.yml"), **optional_labels()}.items():
        group, _, name = key.partition(".")
        words = label.en if isinstance(label.en, str) else label.en.model_dump()
        found.setdefault(group, {}).setdefault(name, _forms(words))
    group, name = UNTRANSLATED_LABEL
    del found[group][name]
    return found


def _forms(words: Any) -> Any:
    if isinstance(words, dict):
        return {form: transliterated(text) for form, text in words.items()}
    return transliterated(words)


def _translated(value: Any) -> Any:
    """Return a piece of a data file with the third language beside each English text."""
    if isinstance(value, dict):
        found = {name: _translated(item) for name, item in value.items()}
        if isinstance(value.get("zh"), str) and isinstance(value.get("en"), str):
            found[LANGUAGE] = transliterated(value["en"])
        return found
    if isinstance(value, list):
        return [_translated(item) for item in value]
    # The loader leaves all values strings; written back, this one would be a word.
    return None if value == "null" else value


def third_county(target: Path, copy: Callable[[Path], Path] = copy_full_county) -> Path:
    """Make a ``copy`` of an invented county in ``target``, with a third language in its data."""
    project = copy(target)
    for file in (project / "data").rglob("*.yml"):
        if file.relative_to(project / "data").as_posix() not in WAITING:
            value = _translated(yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader))
            _write(file, value)
    for file in (project / "data").rglob("*.en.md"):
        _, head, text = file.read_text(encoding="utf-8").split("---\n", 2)
        fields = {name: transliterated(words) for name, words in yaml.safe_load(head).items() if name == "title"}
        words = f"---\n{yaml.dump(fields, allow_unicode=True)}---\n{transliterated(text)}"
        file.with_name(file.name.replace(".en.md", f".{LANGUAGE}.md")).write_text(words, encoding="utf-8")
    (project / "data/labels").mkdir()
    _write(project / f"data/labels/{LANGUAGE}.yml", labels())
    for file in (project / "docs/en").glob("*.md"):
        title = file.read_text(encoding="utf-8").split("\n# ", 1)[1].partition("\n")[0]
        page = project / f"docs/{LANGUAGE}/{file.name}"
        page.parent.mkdir(exist_ok=True)
        page.write_text(f"# {transliterated(title)}\n\n[[stored_settings]]\n\n[[upcoming]]\n", encoding="utf-8")
    editions = [
        {"language": language, "path": path, "config": file, "docs": f"docs/{language}"}
        for language, path, file in (
            ("zh", "", "mkdocs.yml"),
            ("en", "en/", "mkdocs.en.yml"),
            (LANGUAGE, f"{LANGUAGE}/", f"mkdocs.{LANGUAGE}.yml"),
        )
    ]
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as config:
        yaml.dump({"extra": {"haopin": {"editions": editions}}}, config)
    (project / f"mkdocs.{LANGUAGE}.yml").write_text(
        f"INHERIT: mkdocs.yml\ndocs_dir: docs/{LANGUAGE}\nsite_dir: site/{LANGUAGE}\n"
        f"extra:\n  haopin:\n    language: {LANGUAGE}\n",
        encoding="utf-8",
    )
    return project


def _write(file: Path, value: Any) -> None:
    file.write_text(yaml.dump(value, allow_unicode=True, sort_keys=False, width=1000), encoding="utf-8")
