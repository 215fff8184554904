"""Calendar invitations, from programs that are exact and from people who are not."""

from time import process_time

import pytest

from app.lib.mail.invitation import read


def calendar(*lines: str, method: str = "REQUEST") -> bytes:
    made = ["BEGIN:VCALENDAR", "VERSION:2.0", f"METHOD:{method}", "BEGIN:VEVENT", *lines]
    return "\r\n".join([*made, "END:VEVENT", "END:VCALENDAR", ""]).encode()


def test_it_is_told_what_when_where_and_by_whom() -> None:
    told = read(
        calendar(
            "UID:1",
            "DTSTART;TZID=America/New_York:20261203T100000",
            "DURATION:PT30M",
            "SUMMARY:Fit\\, ting",
            "LOCATION:At the salon",
            "ORGANIZER;CN=Ann Lee:mailto:ann@lee.example",
        )
    )
    assert told == {
        "method": "REQUEST",
        "answer": "",
        "what": "Fit, ting",
        "starts_at": "2026-12-03T15:00:00+00:00",
        "ends_at": "2026-12-03T15:30:00+00:00",
        "where": "At the salon",
        "who": "Ann Lee",
        "repeats": False,
        "cancelled": False,
    }


@pytest.mark.parametrize(
    ("start", "told"),
    [
        # As Outlook calls the zone of New York.
        ("DTSTART;TZID=Eastern Standard Time:20261203T100000", "2026-12-03T15:00:00+00:00"),
        ("DTSTART:20261203T150000Z", "2026-12-03T15:00:00+00:00"),
        ("DTSTART:20261203T100000", "2026-12-03T10:00:00"),
        ("DTSTART;VALUE=DATE:20261203", "2026-12-03"),
    ],
)
def test_a_start_is_an_instant_or_the_readers_own_time_or_a_day(start: str, told: str) -> None:
    found = read(calendar(start))
    assert found and found["starts_at"] == told


def test_one_that_is_taken_back_says_so() -> None:
    found = read(calendar("DTSTART:20261203T150000Z", "RRULE:FREQ=DAILY", method="CANCEL"))
    assert found and (found["cancelled"], found["repeats"]) == (True, True)


def test_who_answers_one_is_told_with_what_they_say() -> None:
    found = read(
        calendar(
            "DTSTART:20261203T150000Z",
            "ORGANIZER:mailto:bella@salon.example",
            "ATTENDEE;CN=Ann Lee;PARTSTAT=DECLINED:mailto:ann@lee.example",
            method="REPLY",
        )
    )
    assert found and (found["method"], found["answer"], found["who"]) == (
        "REPLY",
        "DECLINED",
        "Ann Lee",
    )


ENDLESS = "\r\n".join(
    [
        "BEGIN:VCALENDAR",
        "BEGIN:VTIMEZONE",
        "TZID:Mine",
        "BEGIN:STANDARD",
        "DTSTART:00010101T000000",
        "RRULE:FREQ=SECONDLY",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "END:VTIMEZONE",
        "BEGIN:VEVENT",
        "DTSTART;TZID=Mine:20261203T100000",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff" * 1000,
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        calendar("SUMMARY:No start"),
        calendar("DTSTART:99999999T999999Z"),
        calendar("DTSTART:20261203T150000Z", "DTEND:soon"),
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 10_000,
        b"A;B=C:" * 20_000,
        calendar("DTSTART:20261203T150000Z", *["ATTENDEE;CN=a:mailto:b"] * 5000),
        ENDLESS,
    ],
)
def test_whatever_it_is_made_of_it_is_told_or_not_within_a_second(content: bytes) -> None:
    begun = process_time()
    read(content)
    assert process_time() - begun < 1
