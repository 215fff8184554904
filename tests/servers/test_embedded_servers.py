"""PostgreSQL and Valkey from their wheels, for real."""

import os
import signal
import socket
import stat
import time
from pathlib import Path

import psycopg
import pytest
import redis

from app.servers import ServerError, current, embedded, on_demand
from app.servers.process import launched

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
NOBODY = 65534

RUN = """
import sys, time
from pathlib import Path
from app.servers import embedded
with embedded(Path(sys.argv[1]), durable="durable" in sys.argv) as urls:
    print(urls.database, flush=True)
    time.sleep(60)
"""

ON_DEMAND = """
import sys, time
from pathlib import Path
from app.servers import ServerError, on_demand
try:
    print(on_demand(Path(sys.argv[1]), within=float(sys.argv[2])).database, flush=True)
    time.sleep(float(sys.argv[3]))
except ServerError as error:
    sys.exit(str(error))
"""


def processes_in(folder):
    """The processes that work in the folder, as servers do."""
    return [path.parent for path in Path("/proc").glob("[0-9]*/cwd") if _works_in(path, folder)]


def _works_in(path, folder):
    try:
        return path.readlink().is_relative_to(folder)
    except OSError:
        return False


def nothing_works_in(folder, within=5.0):
    deadline = time.monotonic() + within
    while processes_in(folder) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not processes_in(folder)


def test_both_servers_answer_and_end_with_the_block(tmp_path, query):
    with embedded(tmp_path, durable=False) as urls:
        assert query(urls.database, "SELECT lower('ÅSA')") == [("åsa",)]
        with redis.Redis.from_url(urls.redis) as client:
            assert client.ping()
        assert len(processes_in(tmp_path)) > 1
    assert not processes_in(tmp_path)


def test_data_outlast_a_restart(tmp_path, query):
    with embedded(tmp_path) as urls:
        query(urls.database, "CREATE TABLE kept (word text)")
        with redis.Redis.from_url(urls.redis) as client:
            client.set("kept", "yes")
    with embedded(tmp_path) as urls:
        assert query(urls.database, "SELECT count(*) FROM kept") == [(0,)]
        with redis.Redis.from_url(urls.redis) as client:
            assert client.get("kept") == b"yes"


def test_our_role_is_no_superuser_and_strangers_are_refused(tmp_path, query):
    with embedded(tmp_path, durable=False) as urls:
        assert query(urls.database, "SELECT current_setting('is_superuser')") == [("off",)]
        with pytest.raises(psycopg.OperationalError, match="password"):
            query(urls.database.replace("kaivox:", "kaivox:x"), "SELECT 1")
        wrong = urls.redis.replace("redis://:", "redis://:x")
        with redis.Redis.from_url(wrong) as client, pytest.raises(redis.AuthenticationError):
            client.ping()


def test_no_secret_is_readable_by_others_nor_shown(tmp_path):
    with embedded(tmp_path, durable=False) as urls:
        private = [*tmp_path.glob("*password"), tmp_path / "servers.json", tmp_path / "valkey.conf"]
        assert len(private) == 5
        assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}
        assert "redis" not in repr(urls)


@pytest.mark.parametrize("mask", [0o022, 0o000])
def test_no_other_user_reads_what_the_servers_write(tmp_path, query, mask):
    before = os.umask(mask)
    try:
        with embedded(tmp_path / "var") as urls:
            query(urls.database, "CREATE TABLE said (words text)")
            query(urls.database, "INSERT INTO said VALUES ('a message')")
            with redis.Redis.from_url(urls.redis) as client:
                client.set("a", "message")
            open_to_others = others_may_read(tmp_path / "var")
            assert (tmp_path / "var/valkey/appendonlydir").is_dir()
    finally:
        os.umask(before)
    assert open_to_others == []


def test_folders_of_an_earlier_version_are_closed(tmp_path):
    for name in ("log", "valkey"):
        (tmp_path / "var" / name).mkdir(parents=True)
        (tmp_path / "var" / name).chmod(0o755)
    with embedded(tmp_path / "var", durable=False):
        assert others_may_read(tmp_path / "var") == []


def others_may_read(folder):
    # Whoever follows a link needs what it leads to.
    own = [path for path in folder.rglob("*") if not path.is_symlink()]
    return [str(path) for path in own if path.stat().st_mode & 0o077]


def test_no_folder_above_is_opened_for_the_server(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = [path.stat().st_mode for path in (closed, *closed.parents)]
    with embedded(closed / "var", durable=False):
        assert [path.stat().st_mode for path in (closed, *closed.parents)] == before


def test_a_deep_folder_with_spaces_works(tmp_path):
    with embedded(tmp_path / "a deep folder" / ("x" * 120), durable=False) as urls:
        assert urls.database


def test_current_tells_the_servers_that_run_now(tmp_path):
    assert current(tmp_path) is None
    with embedded(tmp_path, durable=False) as urls:
        assert current(tmp_path) == urls
        notice = (tmp_path / "servers.json").read_text()
    (tmp_path / "servers.json").write_text(notice)
    assert current(tmp_path) is None


def test_a_folder_in_use_is_refused_with_the_process_that_uses_it(tmp_path):
    refused = pytest.raises(ServerError, match=f"process {os.getpid()}")
    with embedded(tmp_path, durable=False), refused, embedded(tmp_path):
        pass


def test_a_port_that_somebody_took_is_replaced(tmp_path):
    with embedded(tmp_path, durable=False) as first:
        port = int((tmp_path / "postgres.port").read_text())
    with socket.create_server(("127.0.0.1", port)), embedded(tmp_path, durable=False) as second:
        assert second.database != first.database


def test_killing_the_owner_leaves_no_server_and_the_next_start_works(tmp_path, script, query):
    owner = script(RUN, tmp_path, "durable")
    query(owner.stdout.readline().strip(), "CREATE TABLE kept (word text)")
    owner.kill()
    owner.communicate()
    assert nothing_works_in(tmp_path)
    with embedded(tmp_path) as urls:
        assert query(urls.database, "SELECT count(*) FROM kept") == [(0,)]


def test_a_busy_session_of_a_killed_postgres_does_not_block_the_next_start(tmp_path):
    with embedded(tmp_path, durable=False) as urls:
        connection = psycopg.connect(urls.database.replace("+psycopg", ""))
        connection.pgconn.send_query(b"SELECT pg_sleep(60)")
        postmaster = int((tmp_path / "postgres/postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
    with embedded(tmp_path, durable=False):
        connection.close()


def test_a_postmaster_file_that_names_another_process_does_not_block_the_start(tmp_path):
    with embedded(tmp_path, durable=False):
        stale = (tmp_path / "postgres/postmaster.pid").read_text().splitlines()
    stale[0] = str(os.getppid())
    (tmp_path / "postgres/postmaster.pid").write_text("\n".join(stale) + "\n")
    with embedded(tmp_path, durable=False) as urls:
        assert urls.database


def test_a_creation_that_was_cut_off_is_begun_again(tmp_path):
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new/PG_VERSION").write_text("18")
    with embedded(tmp_path, durable=False) as urls:
        assert urls.database


def test_a_command_starts_the_servers_and_the_next_one_waits_for_it(tmp_path, script):
    first = script(ON_DEMAND, tmp_path, 10, 0.2)
    assert first.stdout.readline().startswith("postgresql+psycopg://")
    second = script(ON_DEMAND, tmp_path, 10, 0)
    assert second.communicate(timeout=20)[0].startswith("postgresql+psycopg://")
    assert (first.wait(10), second.returncode) == (0, 0)
    first.communicate()
    assert nothing_works_in(tmp_path)


def test_a_command_gives_up_with_one_line_when_another_holds_the_folder(tmp_path, script):
    first = script(ON_DEMAND, tmp_path, 10, 30)
    first.stdout.readline()
    second = script(ON_DEMAND, tmp_path, 0.1, 0)
    said = second.communicate(timeout=20)[1]
    first.terminate()
    first.communicate()
    assert said == f"KaiVox already runs on {tmp_path} (process {first.pid})\n"


def test_a_command_uses_the_servers_that_run(tmp_path):
    with embedded(tmp_path, durable=False) as urls:
        assert on_demand(tmp_path) == urls


@ROOT_ONLY
def test_a_normal_user_gets_the_same(tmp_path, script, query):
    os.chown(tmp_path, NOBODY, NOBODY)
    # It may read what root alone can (here Python itself, often), and is root in nothing else.
    launcher = launched([], signal.SIGKILL, NOBODY)
    with_var = script(RUN, tmp_path / "var", launcher=tuple(launcher))
    url = with_var.stdout.readline().strip()
    assert url, with_var.communicate()
    assert query(url, "SELECT 1") == [(1,)]
    assert (tmp_path / "var/postgres").stat().st_uid == NOBODY
    with_var.kill()
    with_var.communicate()
    assert nothing_works_in(tmp_path)


@ROOT_ONLY
def test_data_of_another_user_are_refused_with_one_line(tmp_path, script):
    with embedded(tmp_path / "var", durable=False):
        pass
    for path in (tmp_path, tmp_path / "var", *(tmp_path / "var").glob("*.*")):
        os.chown(path, NOBODY, NOBODY)
    launcher = launched([], signal.SIGKILL, NOBODY)
    refused = script(ON_DEMAND, tmp_path / "var", 1, 0, launcher=tuple(launcher))
    said = refused.communicate(timeout=20)[1]
    assert said.count("\n") == 1
    assert "belongs to user" in said
