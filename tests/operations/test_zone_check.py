"""Whether PostgreSQL and Python agree about the clocks of the world, and that it is told."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import text
from structlog.testing import capture_logs

from app.lib.time import zones as rules
from app.operations import zone_check
from tests.support.world import Business

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
# By 2026.6, which is newer than the embedded PostgreSQL's own data: an upgrade makes these fewer.
NEWER = {
    *("America/Havana", "America/Inuvik", "America/Rainy_River", "America/Winnipeg"),
    *("CET", "Canada/Central", "Cuba", "EET", "MET", "WET"),
}


def _differing(now: datetime = NOW) -> list[str]:
    with current_app.extensions["direct_engine"].connect() as connection:
        return zone_check.differing(connection, now)


def test_every_zone_agrees_but_those_whose_rules_are_newer(app: Flask) -> None:
    assert set(_differing()) <= NEWER


@pytest.mark.parametrize("zone", ["America/Vancouver", "America/Edmonton", "Africa/Casablanca"])
def test_what_changed_in_2026_is_known_to_both(app: Flask, zone: str) -> None:
    assert zone not in _differing()
    asked = text("SELECT extract(epoch FROM timestamp '2026-12-01 14:30' AT TIME ZONE :zone)")
    with current_app.extensions["direct_engine"].connect() as connection:
        theirs = connection.execute(asked, {"zone": zone}).scalar_one()
    instant = datetime.fromtimestamp(int(theirs), UTC)
    wall = instant + timedelta(seconds=rules.offset(instant, zone))
    assert f"{wall:%H:%M}" == "14:30"


def test_a_zone_that_one_of_both_does_not_know_is_named(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zone_check, "available_timezones", lambda: {"Europe/Berlin", "Moon/Tycho"})
    monkeypatch.setattr(zone_check, "offset", lambda at, zone: rules.offset(at, "Europe/Berlin"))
    assert _differing() == ["Moon/Tycho"]
    monkeypatch.setattr(zone_check, "offset", lambda _at, _zone: 3600)
    assert _differing() == ["Europe/Berlin", "Moon/Tycho"]


def test_at_start_those_are_told_in_which_there_are_businesses(
    salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = current_app.extensions["direct_engine"]
    for differ, told in ((["CET"], []), (["CET", salon.timezone], [[salon.timezone]])):
        monkeypatch.setattr(zone_check, "_known", (NOW, differ))
        with capture_logs() as written:
            zone_check.tell(engine, NOW)
        assert [each["zones"] for each in written] == told


def test_it_is_asked_once_in_an_hour(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[datetime] = []
    monkeypatch.setattr(zone_check, "_known", None)
    monkeypatch.setattr(
        zone_check, "differing", lambda _connection, now: asked.append(now) or ["x"]
    )
    engine = current_app.extensions["direct_engine"]
    for minutes in (0, 1, 59, 60, 61):
        assert zone_check.lately(engine, NOW + timedelta(minutes=minutes)) == ["x"]
    assert asked == [NOW, NOW + timedelta(minutes=60)]
