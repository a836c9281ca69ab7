"""DCAT 3 catalog as self-contained JSON-LD; also robots.txt and security.txt."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from haopin.exports.schema_org import XLSX
from haopin.exports.source import ExportSource, Outfile
from haopin.model import KINDS, Kind
from haopin.model.publishable import Publishable
from haopin.site.paths import API, CATALOG, SECURITY
from haopin.text import LANGUAGE_TAGS, LANGUAGES, Text

_CONTEXT: dict[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_MEDIA = "https://www.iana.org/assignments/media-types/"


_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}")
_PHONE = re.compile(r"\+[0-9][0-9-]{4,20}")


def make_catalog(source: ExportSource) -> Iterator[Outfile]:
    """Yield the DCAT catalog, ``robots.txt`` and ``security.txt``."""
    yield Outfile(CATALOG, lambda: (json.dumps(catalog(source), ensure_ascii=False, indent=1) + "\n").encode())
    yield Outfile("robots.txt", lambda: robots(source).encode())
    if text := security(source):
        yield Outfile(SECURITY, text.encode)


def robots(source: ExportSource) -> str:
    """Return robots.txt: everything may be crawled, except demonstration and staging sites."""
    if not source.indexed:
        return "User-agent: *\nDisallow: /\n"
    maps = [f"Sitemap: {source.url('sitemap.xml', language)}" for language in source.languages]
    return "\n".join(["User-agent: *", "Allow: /", "", *maps]) + "\n"


def security(source: ExportSource) -> str:
    """Return security.txt (RFC 9116) with the contacts for vulnerability reports; "" without a contact.

    The RFC allows e-mail addresses, and telephone numbers with country code. The file expires 30 days after the date of
    the build, so that an abandoned site does not announce contacts.
    """
    if not source.indexed or urlsplit(source.base).path != "/":
        return ""
    found = [quote(f"mailto:{c.email}", safe=":@+") for c in source.catalogue.site.contacts if _is(_EMAIL, c.email)]
    found += [f"tel:{c.phone}" for c in source.catalogue.site.contacts if _is(_PHONE, c.phone)]
    if not found:
        return ""
    expires = source.as_of + timedelta(days=30)
    return "\n".join(
        [
            *(f"Contact: {address}" for address in found),
            f"Expires: {expires}T00:00:00Z",
            f"Preferred-Languages: {', '.join(source.languages)}",
            f"Canonical: {source.shared(SECURITY)}",
            "",
        ]
    )


def _is(pattern: re.Pattern[str], text: str | None) -> bool:
    return text is not None and pattern.fullmatch(text) is not None


def _literals(text: Text) -> list[dict[str, str]]:
    return [
        {"@value": text.show(language), "@language": LANGUAGE_TAGS[language]}
        for language in LANGUAGES
        if text.language(language) == language
    ]


def _label(source: ExportSource, key: str, kind: Kind | None = None) -> list[dict[str, str]]:
    values = {language: {"kind": source.kind_title(kind).show(language)} if kind else {} for language in LANGUAGES}
    return [
        {"@value": source.labels(language)(key, **values[language]), "@language": LANGUAGE_TAGS[language]}
        for language in LANGUAGES
    ]


def _day(value: str) -> dict[str, str]:
    return {"@value": value, "@type": "xsd:date"}


def catalog(source: ExportSource) -> dict[str, Any]:
    """Return the catalog: one data set per kind with records, each as CSV, XLSX and JSON."""
    kinds = [kind for kind in KINDS if source.catalogue.all(kind.model)]
    return {
        "@context": _CONTEXT,
        "@id": source.shared(f"{CATALOG}#catalog"),
        "@type": "dcat:Catalog",
        "dct:title": _label(source, "data.catalog_title"),
        "dct:description": _literals(source.renderer.site_description),
        **_published(source, named=True),
        "dct:language": [LANGUAGE_TAGS[language] for language in source.languages],
        "dcat:landingPage": {"@id": source.url("data/", source.languages[0])},
        "dcat:service": {
            "@id": source.shared(f"{CATALOG}#api"),
            "@type": "dcat:DataService",
            "dct:title": _label(source, "page.api"),
            "dcat:endpointURL": {"@id": source.shared(API)},
            "dcat:endpointDescription": {"@id": source.shared(f"{API}openapi.json")},
        },
        "dcat:dataset": [_dataset(source, kind) for kind in kinds],
    }


def _published(source: ExportSource, *, named: bool = False) -> dict[str, Any]:
    """Return the publisher of the catalog or of a data set, if the data names one."""
    if (owner := source.catalogue.site.owner) is None:
        return {}
    name = {"@type": "foaf:Organization", "foaf:name": _literals(owner)} if named else {}
    return {"dct:publisher": {"@id": source.shared("#owner"), **name}}


def _dataset(source: ExportSource, kind: Kind) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@id": source.shared(f"{CATALOG}#{kind.name}"),
        "@type": "dcat:Dataset",
        "dct:identifier": kind.name,
        "dct:title": _literals(source.kind_title(kind)),
        "dct:description": _label(source, "data.set", kind),
        **_published(source),
        "dcat:landingPage": {"@id": source.url(f"data/#{kind.name}", source.languages[0])},
    }
    days = [r.last_word for r in source.catalogue.all(kind.model) if isinstance(r, Publishable)]
    if days:
        found["dct:modified"] = _day(max(days).isoformat())
    schema = {"@id": source.shared(f"{API}schema/{kind.name}.json")}
    found["dcat:distribution"] = [
        _distribution(source, f"downloads/{kind.name}.csv", "text/csv"),
        _distribution(source, f"downloads/{kind.name}.xlsx", XLSX),
        {**_distribution(source, f"{API}{kind.name}.json", "application/json"), "dct:conformsTo": schema},
    ]
    return found


def _distribution(source: ExportSource, path: str, media: str) -> dict[str, Any]:
    return {
        "@type": "dcat:Distribution",
        "dcat:accessURL": {"@id": source.shared(path)},
        "dcat:downloadURL": {"@id": source.shared(path)},
        "dcat:mediaType": {"@id": _MEDIA + media},
    }
