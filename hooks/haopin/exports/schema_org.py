"""schema.org descriptions of pages, restricted to what the page itself shows."""

from collections.abc import Callable, Mapping
from typing import Any

from haopin.exports.last_modified import published
from haopin.exports.source import ExportSource
from haopin.model import KINDS, Kind, Record
from haopin.model.activity import Activity
from haopin.model.body import Body
from haopin.model.disclosure import Batch
from haopin.model.document import Document
from haopin.model.fields import Span
from haopin.model.news import Event, News
from haopin.model.photograph import Photograph
from haopin.model.provision import Service
from haopin.site.pages import Page
from haopin.site.paths import API
from haopin.text import LANGUAGE_TAGS, Wording

Thing = dict[str, Any]

CONTEXT = "https://schema.org"
#: Media type of spreadsheets.
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SchemaOrg:
    """Descriptions of the pages of one language."""

    def __init__(self, source: ExportSource) -> None:
        """Store the source."""
        self._source = source
        self._owner = {"@id": source.shared("#owner")}
        known = source.catalogue.site.owner is not None
        #: Publisher, only if the data names the owner of the site: the issuer of the plan is not its publisher.
        self._publisher: Thing = {"publisher": self._owner} if known else {}
        self._creator: Thing = {"creator": self._owner} if known else {}
        #: Kinds with a more detailed description than their declaration gives, by name.
        self._of_kind: Mapping[str, Callable[[Any, Page], list[Thing]]] = {
            "event": lambda event, _: [self._event(event)],
            "activity": lambda activity, _: self._occurrence(activity),
            "news": lambda news, page: [self._article(news, page)],
            "body": lambda body, _: [self._body(body)],
            "batch": lambda batch, page: [self._batch(batch, page)],
            "document": lambda document, page: [self._document(document, page)],
            "photograph": lambda photograph, page: self._photograph(photograph, page),
        }

    def _say(self, text: Wording) -> str:
        return text.show(self._source.language)

    def page(self, page: Page, title: str, description: str) -> list[Thing]:
        """Return the things that ``page`` describes: breadcrumbs, and its subject.

        Args:
            page: The page.
            title: Its title.
            description: Its description.
        """
        found: list[Thing] = []
        if page.address == "":
            return [self._site(), *self._organization()]
        found.append(self._trail(page, title))
        record = page.record
        if page.row is not None:
            return found
        if record is not None and page.kind is not None:
            found += self._of_kind.get(page.kind.name, self._record)(record, page)
        elif page.template == "services":
            found += [self._service(service) for service in self._source.catalogue.all(Service)]
        elif page.template == "data":
            found.append(self._catalog(title, description))
        return found

    def _trail(self, page: Page, title: str) -> Thing:
        source = self._source
        above = source.renderer.trail(page)
        names = [(source.url(each.address), source.renderer.title(each)) for each in above]
        names.append((source.url(page.address), title))
        return {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": number, "name": name, "item": address}
                for number, (address, name) in enumerate(names, 1)
            ],
        }

    def _site(self) -> Thing:
        source, site = self._source, self._source.catalogue.site
        return {
            "@type": "WebSite",
            "@id": source.shared("#site"),
            "name": self._say(site.name),
            "description": self._say(source.renderer.site_description),
            "url": source.url(""),
            "inLanguage": LANGUAGE_TAGS[source.language],
            **self._publisher,
        }

    def _organization(self) -> list[Thing]:
        site = self._source.catalogue.site
        owner = site.owner
        if owner is None:
            return []
        found: Thing = {"@type": "GovernmentOrganization", **self._owner}
        found["name"] = self._say(owner)
        found["areaServed"] = {"@type": "AdministrativeArea", "name": self._say(site.place)}
        lines = [
            {"@type": "ContactPoint", "telephone": line.number, "contactType": self._say(line.name)}
            for line in site.hotlines
        ]
        if lines:
            found["contactPoint"] = lines
        return [found]

    def _record(self, record: Record, page: Page) -> list[Thing]:
        """Return the description that a kind declares for its records: type and dates."""
        kind = page.kind
        if kind is None or not kind.schema_org:
            return []
        found: Thing = {
            "@type": kind.schema_org,
            "name": self._say(record.label),
            "url": self._source.url(page.address),
        }
        days = getattr(record, kind.calendar) if kind.calendar else None
        if days is not None:
            start, end = (days.start, days.end) if isinstance(days, Span) else (days, days)
            found["startDate"], found["endDate"] = start.isoformat(), end.isoformat()
        return [found]

    def _body(self, body: Body) -> Thing:
        found: Thing = {"@type": "GovernmentOrganization", "name": self._say(body.name)}
        found["url"] = self._source.page_of(body)
        if body.phone:
            found["telephone"] = body.phone
        if body.address:
            found["address"] = self._say(body.address)
        if body.website:
            found["sameAs"] = str(body.website)
        return found

    def _event(self, event: Event) -> Thing:
        source = self._source
        found: Thing = {"@type": "Event", "name": self._say(event.title), "url": source.page_of(event)}
        found["startDate"] = event.start.isoformat()
        found["endDate"] = event.last.isoformat()
        found["eventStatus"] = f"{CONTEXT}/Event{'Cancelled' if event.cancelled else 'Scheduled'}"
        found["inLanguage"] = LANGUAGE_TAGS[event.title.language(source.language)]
        if event.venue:
            found["location"] = {"@type": "Place", "name": self._say(event.venue)}
            if event.address:
                found["location"]["address"] = self._say(event.address)
        if event.text:
            found["description"] = self._say(event.text)
        if event.body:
            body = source.catalogue.get(Body, event.body)
            found["organizer"] = {"@type": "GovernmentOrganization", "name": self._say(body.name)}
        return found

    def _occurrence(self, activity: Activity) -> list[Thing]:
        dates = self._source.view.next_of(activity)
        if dates is None:
            return []
        found: Thing = {"@type": "Event", "name": self._say(activity.name), "url": self._source.page_of(activity)}
        found["startDate"], found["endDate"] = dates.start.isoformat(), dates.end.isoformat()
        if activity.organizers:
            found["organizer"] = [{"@type": "Organization", "name": self._say(name)} for name in activity.organizers]
        themes = dates.edition.themes if dates.edition else ()
        if themes:
            found["about"] = [self._say(theme.text) for theme in themes]
        return [found]

    def _article(self, news: News, page: Page) -> Thing:
        source = self._source
        body = source.catalogue.get(Body, news.body) if news.body else None
        by: Thing = {"author": {"@type": "GovernmentOrganization", "name": self._say(body.name)}} if body else {}
        if not body and self._publisher:
            by = {"author": self._owner}
        return {
            "@type": "NewsArticle",
            "headline": self._say(news.title),
            "datePublished": (published(news) or news.date).isoformat(),
            "dateModified": max(news.last_word, published(news) or news.date).isoformat(),
            "inLanguage": LANGUAGE_TAGS[news.text.language(source.language)],
            "url": source.url(page.address),
            **by,
            **self._publisher,
        }

    def _document(self, document: Document, page: Page) -> Thing:
        found: Thing = {"@type": "Legislation", "name": self._say(document.title)}
        found["url"] = self._source.url(page.address)
        if document.number:
            found["legislationIdentifier"] = document.number
        if document.adopted:
            found["legislationDate"] = document.adopted.isoformat()
        if document.issuer:
            found["legislationPassedBy"] = {"@type": "GovernmentOrganization", "name": self._say(document.issuer)}
        return found

    def _photograph(self, photograph: Photograph, page: Page) -> list[Thing]:
        source, sizes = self._source, self._source.view.sizes(photograph)
        found: Thing = {"@type": "ImageObject", "caption": self._say(photograph.caption)}
        found["url"] = source.url(page.address)
        if sizes:
            found["contentUrl"], found["thumbnailUrl"] = source.shared(sizes[-1].path), source.shared(sizes[0].path)
            found["width"], found["height"] = sizes[-1].width, sizes[-1].height
        found["description"] = self._say(photograph.alt)
        found["creditText"] = self._say(photograph.credit)
        found["datePublished"] = (published(photograph) or photograph.date).isoformat()
        if photograph.taken:
            found["dateCreated"] = photograph.taken.isoformat()
        if photograph.place:
            found["contentLocation"] = {"@type": "Place", "name": self._say(photograph.place)}
        return [found]

    def _service(self, service: Service) -> Thing:
        site = self._source.catalogue.site
        found: Thing = {"@type": "GovernmentService", "name": self._say(service.name)}
        found["url"] = self._source.page_of(service)
        found["areaServed"] = {"@type": "AdministrativeArea", "name": self._say(site.place)}
        if service.description:
            found["description"] = self._say(service.description)
        return found

    def _files(self, kind: Kind) -> list[Thing]:
        places = (("downloads/", "csv", "text/csv"), ("downloads/", "xlsx", XLSX), (API, "json", "application/json"))
        return [
            {
                "@type": "DataDownload",
                "encodingFormat": media,
                "contentUrl": self._source.shared(f"{folder}{kind.name}.{end}"),
            }
            for folder, end, media in places
        ]

    def _dataset(self, kind: Kind) -> Thing:
        return {
            "@type": "Dataset",
            "name": self._say(self._source.kind_title(kind)),
            "description": self._source.t("data.set", kind=self._say(self._source.kind_title(kind))),
            "url": self._source.url(f"data/#{kind.name}"),
            **self._creator,
            "distribution": self._files(kind),
        }

    def _catalog(self, title: str, description: str) -> Thing:
        source = self._source
        kinds = [kind for kind in KINDS if source.catalogue.all(kind.model)]
        return {
            "@type": "DataCatalog",
            "name": title,
            "description": description,
            "url": source.url("data/"),
            **self._publisher,
            "dataset": [self._dataset(kind) for kind in kinds],
        }

    def _batch(self, batch: Batch, page: Page) -> Thing:
        source = self._source
        address = source.url(page.address)
        files = (("csv", "text/csv"), ("xlsx", XLSX))
        return {
            "@type": "Dataset",
            "name": self._say(batch.title),
            "description": source.t("data.batch", title=self._say(batch.title), n=len(source.catalogue.rows_of(batch))),
            "url": address,
            "datePublished": batch.date.isoformat(),
            **self._creator,
            "distribution": [
                {"@type": "DataDownload", "encodingFormat": media, "contentUrl": f"{address}{batch.id}.{end}"}
                for end, media in files
            ],
        }
