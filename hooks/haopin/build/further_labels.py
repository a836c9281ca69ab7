"""Labels of further languages: ``labels/LANGUAGE.yml`` in the data folder, with the keys of ``labels.yml``."""

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from haopin.html.i18n import LOCAL_WORDS, Forms, Label, Plural
from haopin.load import yamlfile
from haopin.load.dataset import Dataset
from haopin.load.folder import languages_of
from haopin.model import KINDS
from haopin.model.site import PLACES
from haopin.problem import Place, Problem, problem
from haopin.text import LANGUAGES, Language, direction_of, is_language, letters_run, locale_of

#: Maximum number of missing labels that the warning lists.
_NAMED = 20
_VALUE = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")


def optional_labels() -> Mapping[str, Label]:
    """Return the labels that only further languages have: titles of kinds, and words for places."""
    found = {f"title.{kind.name}": Label(zh=kind.title.zh, en=kind.title.get("en")) for kind in KINDS}
    for kind, (word, above) in PLACES.items():
        found[f"place.{kind}"] = Label(zh=word.zh, en=word.get("en"))
        found[f"above.{kind}"] = Label(zh=above.zh, en=above.get("en"))
    return found


def with_further(labels: Mapping[str, Label], dataset: Dataset) -> tuple[Mapping[str, Label], list[Problem]]:
    """Return ``labels`` with those of the further languages of ``dataset``, and the problems of these."""
    files = languages_of(dataset)
    if not files:
        return labels, []
    known = {**optional_labels(), **labels}
    given: dict[Language, Mapping[str, Forms]] = {}
    problems: list[Problem] = []
    for language, file in files.items():
        reader = _LabelReader(language, file, known)
        if not is_language(language) or language in LANGUAGES:
            problems.append(_no_language(language, file))
            continue
        given[language] = reader.read(dataset.companions[file])
        problems += reader.problems
        problems += _lacking(labels.keys() - given[language].keys() - reader.wrong, file)
    own = {
        key: label.model_copy(update={"further": {each: its[key] for each, its in given.items() if key in its}})
        for key, label in known.items()
        if key in labels or any(key in its for its in given.values())
    }
    return own, problems


def _no_language(code: str, file: str) -> Problem:
    if code in LANGUAGES:
        return problem(
            Place(file, mark=(1, 1)),
            "中文和英文的界面文字在程序里,请删去这个文件",
            "the labels in Chinese and English come with the program; delete this file",
        )
    return problem(
        Place(file, mark=(1, 1)),
        "没有语言代码“{code}”,文件名应为 labels/语言代码.yml,如 labels/ar.yml",
        "there is no language with the code “{code}”; the file is called labels/CODE.yml, such as labels/ar.yml",
        code=code,
    )


def _lacking(keys: set[str], file: str) -> Iterator[Problem]:
    if keys:
        named = ", ".join(sorted(keys)[:_NAMED]) + (" …" if len(keys) > _NAMED else "")
        yield problem(
            Place(file, mark=(1, 1)),
            "缺 {n} 条界面文字,网页上用英文并注明:{named}",
            "{n} labels are missing; pages show them in English, marked: {named}",
            severity="warning",
            n=len(keys),
            named=named,
        )


class _LabelReader:
    """Reads the labels of one language."""

    def __init__(self, language: Language, file: str, known: Mapping[str, Label]) -> None:
        self._language, self._file, self._known = language, file, known
        self.problems: list[Problem] = []
        #: Keys of invalid labels.
        self.wrong: set[str] = set()

    def read(self, text: str) -> Mapping[str, Forms]:
        """Return the valid labels in ``text``, by key."""
        root = yamlfile.compose(text, self._file)
        if isinstance(root, Problem):
            self.problems.append(root)
            return {}
        value, problems = yamlfile.plain(root, text, self._file) if root is not None else ({}, [])
        self.problems += problems
        if not self._is_mapping(value, ()):
            return {}
        found: dict[str, Forms] = {}
        for group, labels in value.items():
            for name, words in labels.items() if self._is_mapping(labels, (group,)) else ():
                key, place = f"{group}.{name}", Place(self._file, (group, name))
                wrong = list(self._label(key, words, place))
                self.problems += wrong
                if wrong:
                    self.wrong.add(key)
                else:
                    found[key] = words
        self._look_at_direction(found)
        return found

    def _is_mapping(self, value: Any, path: tuple[str, ...]) -> bool:
        if not isinstance(value, dict):
            self.problems.append(
                problem(
                    Place(self._file, path),
                    "应为若干“名称{colon} 文字”,分组与程序的 labels.yml 相同",
                    "this must have lines “name: words”, in the groups of the program’s labels.yml",
                )
            )
        return isinstance(value, dict)

    def _label(self, key: str, words: Any, place: Place) -> Iterator[Problem]:
        if key not in self._known:
            guess = next(iter(difflib.get_close_matches(key, self._known, n=1, cutoff=0.6)), None)
            zh, en = "程序里没有界面文字“{key}”", "the program has no label “{key}”"
            if guess:
                zh, en = zh + ";是否想写“{guess}”?", en + "; did you mean “{guess}”?"
            yield problem(place.at(key=True), zh, en, key=key, guess=guess)
            return
        label = self._known[key]
        forms = words if isinstance(words, dict) else {"other": words}
        usual = {*locale_of(self._language).plural_form.tags, "other"}
        if "other" not in forms or forms.keys() - usual or not all(isinstance(w, str) and w for w in forms.values()):
            yield problem(
                place,
                "“{key}”应为一行文字,或每种复数形式一行:{forms}(必须有 other)",
                "“{key}” must be one text, or a text for each plural form: {forms} (“other” is needed)",
                key=key,
                forms=", ".join(sorted(usual)),
            )
            return
        theirs = [label.en.one, label.en.other] if isinstance(label.en, Plural) else [label.en]
        values = [{*_VALUE.findall(text)} - LOCAL_WORDS for text in (label.zh, *theirs)]
        for form, text in forms.items():
            own = {*_VALUE.findall(text)} - LOCAL_WORDS
            at = place.at(form) if isinstance(words, dict) else place
            if unknown := own - set().union(*values):
                yield problem(
                    at,
                    "“{key}”里的 {names} 没有内容可填;可用:{possible}",
                    "“{key}” has no value for {names}; possible: {possible}",
                    key=key,
                    names=_braced(unknown),
                    possible=_braced(set().union(*values)) or "-",
                )
            # A singular form may leave out the number.
            if missing := set.intersection(*values) - own - ({"n"} if form != "other" else set()):
                yield problem(
                    at,
                    "“{key}”缺 {names}:数值填在那里",
                    "“{key}” lacks {names}, where a value is inserted",
                    key=key,
                    names=_braced(missing),
                )
            if "{" in (rest := re.sub(r"\{\{|\}\}|\{\w+\}", "", text)) or "}" in rest:
                yield problem(
                    at,
                    "“{key}”里的大括号不成对;要显示大括号,写两个",
                    "a brace in “{key}” is unpaired; write a brace that is to be shown twice",
                    key=key,
                )

    def _look_at_direction(self, found: Mapping[str, Forms]) -> None:
        """Report labels whose script runs against the direction of the language: wrong file, or not translated."""
        texts = [text for words in found.values() for text in ([words] if isinstance(words, str) else words.values())]
        expected, seen = direction_of(self._language), letters_run("".join(_VALUE.sub("", text) for text in texts))
        if seen not in (expected, ""):
            self.problems.append(
                problem(
                    Place(self._file, mark=(1, 1)),
                    "“{language}”的文字方向是 {expected},这个文件里的却是 {seen}:请核对语言代码和文字",
                    "“{language}” is written {expected}, but this file {seen}: check the language code and the words",
                    language=self._language,
                    expected=expected,
                    seen=seen,
                )
            )


def _braced(names: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))
