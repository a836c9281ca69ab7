"""Search queries for the invented county: the first result, required results, and excluded ones.

Addresses are relative to the root of the language; one that ends in ``/`` matches the page and any anchor on it.
"""

from typing import NamedTuple

from haopin.text import Language


class Query(NamedTuple):
    """A query with the address of the first result (``""``: no results), required addresses, and excluded ones."""

    language: Language
    text: str
    first: str
    also: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


MONTH, PLAN, TASK = "activities/quality-month/", "documents/plan-2030-1/", "tasks/01/"

CHINESE = (
    # Words of two characters, and words within longer ones
    ("抽查", TASK, ("glossary/#check",), (MONTH,)),
    ("质量月", MONTH, (PLAN,)),
    ("责任矩阵", "matrix/", (), ("tasks/",)),
    # Numbers, also of documents
    ("95%", "targets/#pass-rate", ("tasks/01/#pass-rate",), (MONTH,)),
    ("〔2030〕1号", PLAN, ("documents/",), (MONTH,)),
    # Full width, traditional characters, pinyin
    ("９５%", "targets/#pass-rate", ("tasks/01/#pass-rate",), (MONTH,)),
    ("質量月", MONTH, (PLAN,)),
    ("zhiliangyue", MONTH, (), (TASK,)),
    ("zly", MONTH, (), (TASK,)),
    # Tasks by their numbers
    ("任务1", TASK, (), ("tasks/02/",)),
    # The second try: not all words, the same sounds, a letter too few
    ("质量月 不存在的词", MONTH),
    ("质量约", MONTH, (), (TASK,)),
    ("zhilang yue", MONTH, (), (TASK,)),
    ("不存在的词", ""),
)
ENGLISH = (
    ("quality month", MONTH, (PLAN,)),
    ("QUALITY Month", MONTH, (PLAN,)),
    # Stems, and no word within a word
    ("checked", TASK, ("glossary/#check",)),
    # Words of a question; a letter too many; British spelling
    ("what is the quality month", MONTH, (PLAN,)),
    ("qualityy month", MONTH, (PLAN,)),
    ("colours", "accessibility/", ("privacy/",)),
    ("onth", ""),
    # Of the pages that have the words, that of the task is the first.
    ("task 1", TASK, ("tasks/02/",)),
    ("site map", "sitemap/"),
    # Chinese names that are shown; no pinyin
    ("质量月", MONTH, ("tasks/04/", PLAN), (TASK,)),
    ("zhiliangyue", ""),
)

QUERIES: tuple[Query, ...] = (
    *(Query("zh", *given) for given in CHINESE),
    *(Query("en", *given) for given in ENGLISH),
)
