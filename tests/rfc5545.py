"""The rules of RFC 5545 for calendars, implemented from the standard.

An independent parser: it shares no code with the library that writes the calendars.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

#: Octets of a line, its end aside.
LONGEST = 75

_NAME = re.compile(
    r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)', re.S
)
_FORMS = {
    "DATE": r"[0-9]{8}",
    "DATE-TIME": r"[0-9]{8}T[0-9]{6}Z?",
    "UTC": r"[0-9]{8}T[0-9]{6}Z",
    "INTEGER": r"[+-]?[0-9]+",
    "DURATION": r"[+-]?P(?:[0-9]+W|[0-9]+D(?:T[0-9HMS]+)?|T[0-9HMS]+)",
    "OFFSET": r"[+-](?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?",
    # Commas, semicolons and backslashes of a text are escaped; so are line ends.
    "TEXT": r"(?:[^,;\\\x00-\x08\x0a-\x1f\x7f]|\\[\\;,nN])*",
    "TEXTS": r"(?:[^;\\\x00-\x08\x0a-\x1f\x7f]|\\[\\;,nN])*",
    "URI": r"[a-z][a-z0-9+.-]*:[!-~]+",
    "TRANSP": "OPAQUE|TRANSPARENT",
    "STATUS": "TENTATIVE|CONFIRMED|CANCELLED",
    "CLASS": "PUBLIC|PRIVATE|CONFIDENTIAL",
}
_TYPES = {
    "DTSTAMP": "UTC",
    "LAST-MODIFIED": "UTC",
    "CREATED": "UTC",
    "SEQUENCE": "INTEGER",
    "REFRESH-INTERVAL": "DURATION",
    "X-PUBLISHED-TTL": "DURATION",
    "TZOFFSETFROM": "OFFSET",
    "TZOFFSETTO": "OFFSET",
    "URL": "URI",
    "SOURCE": "URI",
    "CATEGORIES": "TEXTS",
    "TRANSP": "TRANSP",
    "STATUS": "STATUS",
    "CLASS": "CLASS",
    **dict.fromkeys(("SUMMARY", "DESCRIPTION", "LOCATION", "NAME", "UID", "X-WR-CALNAME", "PRODID", "TZID"), "TEXT"),
}
_ONCE = {
    "VCALENDAR": ("PRODID", "VERSION", "CALSCALE", "METHOD", "X-WR-CALNAME", "X-WR-TIMEZONE"),
    "VEVENT": (
        *("UID", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "SUMMARY", "DESCRIPTION", "LOCATION", "URL", "CLASS"),
        *("SEQUENCE", "LAST-MODIFIED", "STATUS", "TRANSP", "CREATED"),
    ),
    "VTIMEZONE": ("TZID",),
}
_REQUIRED = {
    "VCALENDAR": ("PRODID", "VERSION"),
    "VEVENT": ("UID", "DTSTAMP", "DTSTART"),
    "VTIMEZONE": ("TZID",),
    "STANDARD": ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO"),
    "DAYLIGHT": ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO"),
}
_WITHIN = {
    "VCALENDAR": (None,),
    "VEVENT": ("VCALENDAR",),
    "VTIMEZONE": ("VCALENDAR",),
    "STANDARD": ("VTIMEZONE",),
    "DAYLIGHT": ("VTIMEZONE",),
}


@dataclass
class Line:
    """A property: its name, parameters and value."""

    name: str
    parameters: dict[str, str]
    value: str


@dataclass
class Part:
    """A component with its properties and the components in it."""

    name: str
    lines: list[Line] = field(default_factory=list)
    parts: list["Part"] = field(default_factory=list)

    def values(self, name: str) -> list[str]:
        """Return the values of the property ``name``."""
        return [line.value for line in self.lines if line.name == name]


def problems(file: bytes) -> list[str]:
    """Return the violations in ``file``; empty if there are none."""
    found = list(_of_bytes(file))
    if found:
        return found
    text = file.decode("utf-8").replace("\r\n ", "").replace("\r\n\t", "")
    parsed: list[str] = []
    top = _parsed(text.split("\r\n")[:-1], parsed)
    if parsed or top is None:
        return parsed or ["empty"]
    return list(_of_part(top, None)) + list(_of_calendar(top))


def _of_bytes(file: bytes) -> Iterator[str]:
    if not file.endswith(b"\r\n"):
        yield "the last line has no end"
    if re.search(rb"(?<!\r)\n|\r(?!\n)", file):
        yield "a line does not end in CRLF"
    if file.startswith(b"\xef\xbb\xbf"):
        yield "a byte order mark"
    for number, line in enumerate(file.split(b"\r\n"), 1):
        if len(line) > LONGEST:
            yield f"line {number} has {len(line)} octets"
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            yield f"line {number} cuts a character"
        if line == b"" and number <= file.count(b"\r\n"):
            yield f"line {number} is empty"


def _parsed(lines: list[str], found: list[str]) -> Part | None:
    open_parts: list[Part] = []
    top: Part | None = None
    for text in lines:
        match = _NAME.fullmatch(text)
        if not match:
            found.append(f"no property: {text[:40]}")
            continue
        name, given, value = match[1].upper(), match[2], match[3]
        if name == "BEGIN":
            part = Part(value)
            if open_parts:
                open_parts[-1].parts.append(part)
            elif top is not None:
                found.append("more than one calendar")
            else:
                top = part
            open_parts.append(part)
        elif name == "END":
            if not open_parts or open_parts.pop().name != value:
                found.append(f"END:{value} closes nothing")
        elif not open_parts:
            found.append(f"{name} stands outside")
        else:
            pairs = re.findall(r';([^=]+)=("[^"]*"|[^;]*)', given)
            open_parts[-1].lines.append(Line(name, {key.upper(): v.strip('"') for key, v in pairs}, value))
    if open_parts:
        found.append(f"{open_parts[-1].name} is not closed")
    return top


def _of_part(part: Part, around: str | None) -> Iterator[str]:
    if around not in _WITHIN.get(part.name, ()):
        yield f"{part.name} within {around}"
    for name in _REQUIRED.get(part.name, ()):
        if not part.values(name):
            yield f"{part.name} has no {name}"
    for name in _ONCE.get(part.name, ()):
        if len(part.values(name)) > 1:
            yield f"{part.name} has more than one {name}"
    for line in part.lines:
        yield from _of_line(line)
    for inner in part.parts:
        yield from _of_part(inner, part.name)


def _of_line(line: Line) -> Iterator[str]:
    form = _TYPES.get(line.name)
    if line.name in ("DTSTART", "DTEND"):
        form = line.parameters.get("VALUE", "DATE-TIME")
    if form and not re.fullmatch(_FORMS[form], line.value):
        yield f"{line.name} is no {form}: {line.value[:40]}"
    elif form in ("DATE", "DATE-TIME", "UTC"):
        try:
            moment(line.value)
        except ValueError:
            yield f"{line.name} is no day: {line.value}"
    if "TZID" in line.parameters and (line.value.endswith("Z") or line.parameters.get("VALUE") == "DATE"):
        yield f"{line.name} has a time zone that it cannot have"


def moment(value: str) -> date | datetime:
    """Return the day or time that ``value`` says; ValueError if there is none."""
    if len(value) == 8:
        return datetime.strptime(value, "%Y%m%d").date()
    return datetime.strptime(value.rstrip("Z"), "%Y%m%dT%H%M%S")


def _of_calendar(top: Part) -> Iterator[str]:
    if top.name != "VCALENDAR":
        yield f"{top.name} at the top"
    if top.values("VERSION") != ["2.0"]:
        yield "VERSION is not 2.0"
    if not top.parts:
        yield "a calendar of nothing"
    zones = [zone for part in top.parts if part.name == "VTIMEZONE" for zone in part.values("TZID")]
    for part in top.parts:
        if part.name == "VTIMEZONE" and not part.parts:
            yield "VTIMEZONE has neither STANDARD nor DAYLIGHT"
    if len(set(zones)) < len(zones):
        yield "a time zone is defined twice"
    events = [part for part in top.parts if part.name == "VEVENT"]
    names = [uid for event in events for uid in event.values("UID")]
    yield from (f"UID {name} is there twice" for name in sorted({n for n in names if names.count(n) > 1}))
    for event in events:
        for line in event.lines:
            if "TZID" in line.parameters and line.parameters["TZID"] not in zones:
                yield f"TZID {line.parameters['TZID']} is not defined"
        yield from _of_span(event)


def _of_span(event: Part) -> Iterator[str]:
    start = next((line for line in event.lines if line.name == "DTSTART"), None)
    end = next((line for line in event.lines if line.name == "DTEND"), None)
    # Missing and invalid dates are reported elsewhere.
    if start is None or end is None or [*_of_line(start), *_of_line(end)]:
        return
    if event.values("DURATION"):
        yield "DTEND and DURATION"
    if start.parameters != end.parameters or len(start.value) != len(end.value):
        yield "DTEND is of another type than DTSTART"
    elif moment(end.value) <= moment(start.value):
        yield f"DTEND {end.value} is not after DTSTART {start.value}"
