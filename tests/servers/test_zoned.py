"""Our own PostgreSQL reads the zones that Python reads, and what is installed stays as it is."""

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from app.servers import embedded, postgres, zoned
from app.simulator.breakages import old_zones
from tests.servers.test_embedded_servers import ROOT_ONLY

# By 2026.6, and an hour less by older rules.
WINNIPEG = "SELECT timestamptz '2026-12-01 20:00Z' AT TIME ZONE 'America/Winnipeg'"
KNOWN = "SELECT count(*) FROM pg_timezone_names WHERE name IN ('Europe/Kyiv', 'Asia/Kathmandu')"


def test_the_zones_are_those_of_the_package_but_while_the_simulator_has_taken_them_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query
) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    assert not old_zones.known()
    with embedded(tmp_path, durable=False) as urls:
        [(there,)] = query(urls.database, WINNIPEG)
        assert (there.hour, query(urls.database, KNOWN)) == (15, [(2,)])
        # What else is read from beside the program is found, too.
        assert query(urls.database, "SELECT to_tsvector('english', 'walked')") == [("'walk':1",)]
        before = os.umask(0o077)
        try:
            old_zones.take_away(on=True)
        finally:
            os.umask(before)
        assert old_zones.taken_away()
        [(there,)] = query(urls.database, WINNIPEG)
        assert (there.hour, query(urls.database, KNOWN)) == (20, [(2,)])
        old_zones.take_away(on=False)
        assert not old_zones.taken_away()
        assert query(urls.database, WINNIPEG)[0][0].hour == 15


def test_what_is_installed_stays_as_it_is(tmp_path: Path) -> None:
    def installed() -> dict[str, tuple[int, ...]]:
        files = [*postgres.wheel().rglob("*"), *zoned._zones().rglob("*")]
        return {str(path): _state(path) for path in files}

    before = installed()
    with embedded(tmp_path, durable=False):
        pass
    assert installed() == before


def _state(path: Path) -> tuple[int, ...]:
    found = path.stat()
    return found.st_mode, found.st_uid, found.st_size, found.st_mtime_ns


def test_it_is_made_anew_from_what_is_installed_by_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query
) -> None:
    older = tmp_path / "older"
    shutil.copytree(zoned._zones(), older)
    shutil.copy(older / "Europe/Berlin", older / "America/Winnipeg")
    with monkeypatch.context() as before:
        before.setattr(zoned, "_zones", lambda: older)
        with embedded(tmp_path / "var", durable=False) as urls:
            assert query(urls.database, WINNIPEG)[0][0].hour == 21
    with embedded(tmp_path / "var", durable=False) as urls:
        assert query(urls.database, WINNIPEG)[0][0].hour == 15


@pytest.mark.parametrize("zones", ["empty", "away"])
def test_one_that_does_not_run_is_not_run_and_the_log_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query, zones: str
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(zoned, "_zones", lambda: tmp_path / zones)
    with embedded(tmp_path / "var", durable=False) as urls:
        assert query(urls.database, KNOWN) == [(2,)]
    written = (tmp_path / "var/log/postgres.log").read_text()
    assert "PostgreSQL goes by zones of its own, and not by tzdata's: " in written
    assert "Europe/Berlin" in written


def test_without_the_package_its_own_zones_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query
) -> None:
    monkeypatch.setattr(zoned, "find_spec", lambda name: None)
    with embedded(tmp_path, durable=False) as urls:
        assert query(urls.database, KNOWN) == [(2,)]
    assert "tzdata is not installed" in (tmp_path / "log/postgres.log").read_text()


@ROOT_ONLY
def test_what_root_alone_can_reach_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query
) -> None:
    closed = tmp_path / "closed"
    wheel = postgres.wheel().parent
    for package in (wheel, wheel.with_suffix(".libs")):
        shutil.copytree(package, closed / package.name)
    shutil.copytree(zoned._zones(), closed / "zones")
    closed.chmod(0o700)
    monkeypatch.setattr(postgres, "wheel", lambda: closed / wheel.name / "pginstall")
    monkeypatch.setattr(zoned, "_zones", lambda: closed / "zones")
    with TemporaryDirectory() as anybodys:
        Path(anybodys).chmod(0o711)
        with embedded(Path(anybodys), durable=False) as urls:
            assert query(urls.database, WINNIPEG)[0][0].hour == 15
    assert closed.stat().st_mode & 0o777 == 0o700
