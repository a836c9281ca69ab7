"""The checker of calendars: a correct file passes, and each defect is reported."""

import pytest
from rfc5545 import problems

GOOD = b"\r\n".join(
    [
        b"BEGIN:VCALENDAR",
        b"VERSION:2.0",
        b"PRODID:-//quality.example//Test//EN",
        b"NAME;LANGUAGE=en:Dates\\, all",
        b"BEGIN:VTIMEZONE",
        b"TZID:Asia/Shanghai",
        b"BEGIN:STANDARD",
        b"DTSTART:20300101T000000",
        b"TZOFFSETFROM:+0800",
        b"TZOFFSETTO:+0800",
        b"END:STANDARD",
        b"END:VTIMEZONE",
        b"BEGIN:VEVENT",
        b"UID:a@quality.example",
        b"DTSTAMP:20300101T000000Z",
        b"DTSTART;VALUE=DATE:20300228",
        b"DTEND;VALUE=DATE:20300301",
        "SUMMARY;LANGUAGE=zh-Hans:\u8d28\u91cf".encode(),
        " \u65e5".encode(),
        b"CATEGORIES:A,B\\,C",
        b"END:VEVENT",
        b"BEGIN:VEVENT",
        b"UID:b@quality.example",
        b"DTSTAMP:20300101T000000Z",
        b"DTSTART;TZID=Asia/Shanghai:20300301T090000",
        b"DTEND;TZID=Asia/Shanghai:20300301T100000",
        b"URL:https://quality.example/",
        b"END:VEVENT",
        b"END:VCALENDAR",
        b"",
    ]
)


def test_good_file_has_no_problem() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"\r\nVERSION", b"\nVERSION", "a line does not end in CRLF"),
        (b"END:VCALENDAR\r\n", b"END:VCALENDAR", "the last line has no end"),
        (b"BEGIN:VCALENDAR", b"\xef\xbb\xbfBEGIN:VCALENDAR", "a byte order mark"),
        (b"VERSION:2.0\r\n", b"VERSION:2.0\r\n\r\n", "line 3 is empty"),
        (b"//Test//", b"//" + b"x" * 70 + b"//", "line 3 has 101 octets"),
        (b"\x87\x8f\r\n ", b"\x87\r\n \x8f", "line 18 cuts a character"),
        (b"VERSION:2.0", b"VERSION 2.0", "no property: VERSION 2.0"),
        (b"VERSION:2.0", b"VERSION:3.0", "VERSION is not 2.0"),
        (b"PRODID:-//quality.example//Test//EN\r\n", b"", "VCALENDAR has no PRODID"),
        (b"Dates\\, all", b"Dates, all", "NAME is no TEXT: Dates, all"),
        (b"A,B\\,C", b"A;B", "CATEGORIES is no TEXTS: A;B"),
        (b"UID:a@quality.example\r\n", b"", "VEVENT has no UID"),
        (b"DTSTART;VALUE=DATE:20300228\r\n", b"", "VEVENT has no DTSTART"),
        (b"UID:b@", b"UID:a@", "UID a@quality.example is there twice"),
        (b"UID:b@", b"UID:c@x\r\nUID:b@", "VEVENT has more than one UID"),
        (b"DTSTAMP:20300101T000000Z\r\nDTSTART;V", b"DTSTART;V", "VEVENT has no DTSTAMP"),
        (b"20300101T000000Z\r\nDTSTART;V", b"20300101T000000\r\nDTSTART;V", "DTSTAMP is no UTC: 20300101T000000"),
        (b"DATE:20300228", b"DATE:20300229", "DTSTART is no day: 20300229"),
        (b"DATE:20300301", b"DATE:20300228", "DTEND 20300228 is not after DTSTART 20300228"),
        (b"301T100000", b"301T080000", "DTEND 20300301T080000 is not after DTSTART 20300301T090000"),
        (b"DTEND;VALUE=DATE:20300301", b"DTEND:20300301T000000Z", "DTEND is of another type than DTSTART"),
        (b"DTSTART;TZID=Asia/Shanghai", b"DTSTART;TZID=Asia/Urumqi", "TZID Asia/Urumqi is not defined"),
        (b"TZOFFSETTO:+0800\r\n", b"", "STANDARD has no TZOFFSETTO"),
        (b"TZOFFSETTO:+0800", b"TZOFFSETTO:8", "TZOFFSETTO is no OFFSET: 8"),
        (b"https://quality.example/", b"/events/", "URL is no URI: /events/"),
        (b"END:VEVENT\r\nEND:V", b"END:V", "END:VCALENDAR closes nothing"),
        (b"END:VCALENDAR\r\n", b"", "VCALENDAR is not closed"),
        (b"BEGIN:VTIMEZONE\r\n", b"BEGIN:VEVENT\r\n", "END:VTIMEZONE closes nothing"),
    ],
)
def test_spoiled_file_is_reported(old: bytes, new: bytes, told: str) -> None:
    spoiled = GOOD.replace(old, new, 1)
    assert spoiled != GOOD
    assert told in problems(spoiled)
