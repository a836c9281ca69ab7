"""The catalog of data sets in the words of DCAT 3, as JSON-LD that needs nothing from elsewhere; and robots.txt."""

import json
from collections.abc import Iterator
from typing import Any

from haopin.interface import API, CATALOG
from haopin.outlets.dated import record_date
from haopin.outlets.linked import XLSX
from haopin.outlets.source import Outfile, Source
from haopin.records import KINDS, Kind
from haopin.records.publishable import Publishable
from haopin.text import LANGUAGE_TAGS, LANGUAGES, Text

_CONTEXT: dict[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_MEDIA = "https://www.iana.org/assignments/media-types/"


def make_catalog(source: Source) -> Iterator[Outfile]:
    """Yield the catalog, and what robots are told."""
    yield Outfile(CATALOG, lambda: (json.dumps(catalog(source), ensure_ascii=False, indent=1) + "\n").encode())
    yield Outfile("robots.txt", lambda: robots(source).encode())


def robots(source: Source) -> str:
    """Return robots.txt: all are welcome, but to a demonstration or a trial."""
    if not source.indexed:
        return "User-agent: *\nDisallow: /\n"
    maps = [f"Sitemap: {source.url('sitemap.xml', language)}" for language in LANGUAGES]
    return "\n".join(["User-agent: *", "Allow: /", "", *maps]) + "\n"


def _said(text: Text) -> list[dict[str, str]]:
    return [{"@value": text.show(language), "@language": LANGUAGE_TAGS[language]} for language in LANGUAGES]


def _label(source: Source, key: str, kind: Kind | None = None) -> list[dict[str, str]]:
    values = {language: {"kind": kind.title.show(language)} if kind else {} for language in LANGUAGES}
    return [
        {"@value": source.labels(language)(key, **values[language]), "@language": LANGUAGE_TAGS[language]}
        for language in LANGUAGES
    ]


def _day(value: str) -> dict[str, str]:
    return {"@value": value, "@type": "xsd:date"}


def catalog(source: Source) -> dict[str, Any]:
    """Return the catalog: a data set a kind that has records, each as CSV, XLSX and JSON."""
    site = source.catalogue.site
    kinds = [kind for kind in KINDS if source.catalogue.all(kind.model)]
    return {
        "@context": _CONTEXT,
        "@id": source.shared(f"{CATALOG}#catalog"),
        "@type": "dcat:Catalog",
        "dct:title": _label(source, "data.catalog_title"),
        "dct:description": _said(site.description),
        "dct:publisher": {
            "@id": source.shared("#owner"),
            "@type": "foaf:Organization",
            "foaf:name": _said(site.owner or site.issuing_body),
        },
        "dct:language": list(LANGUAGE_TAGS.values()),
        "dcat:landingPage": {"@id": source.url("data/", LANGUAGES[0])},
        "dcat:service": {
            "@id": source.shared(f"{CATALOG}#api"),
            "@type": "dcat:DataService",
            "dct:title": _label(source, "page.api"),
            "dcat:endpointURL": {"@id": source.shared(API)},
            "dcat:endpointDescription": {"@id": source.shared(f"{API}openapi.json")},
        },
        "dcat:dataset": [_dataset(source, kind) for kind in kinds],
    }


def _dataset(source: Source, kind: Kind) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@id": source.shared(f"{CATALOG}#{kind.name}"),
        "@type": "dcat:Dataset",
        "dct:identifier": kind.name,
        "dct:title": _said(kind.title),
        "dct:description": _label(source, "data.set", kind),
        "dct:publisher": {"@id": source.shared("#owner")},
        "dcat:landingPage": {"@id": source.url(f"data/#{kind.name}", LANGUAGES[0])},
    }
    days = [record_date(r) for r in source.catalogue.all(kind.model) if isinstance(r, Publishable)]
    if days:
        found["dct:modified"] = _day(max(days).isoformat())
    schema = {"@id": source.shared(f"{API}schema/{kind.name}.json")}
    found["dcat:distribution"] = [
        _distribution(source, f"downloads/{kind.name}.csv", "text/csv"),
        _distribution(source, f"downloads/{kind.name}.xlsx", XLSX),
        {**_distribution(source, f"{API}{kind.name}.json", "application/json"), "dct:conformsTo": schema},
    ]
    return found


def _distribution(source: Source, path: str, media: str) -> dict[str, Any]:
    return {
        "@type": "dcat:Distribution",
        "dcat:accessURL": {"@id": source.shared(path)},
        "dcat:downloadURL": {"@id": source.shared(path)},
        "dcat:mediaType": {"@id": _MEDIA + media},
    }
