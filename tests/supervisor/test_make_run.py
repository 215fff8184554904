"""`make run`: the real supervisor, with a product in miniature."""

import http.client
import os
import re
import signal
import socket
import sys
from pathlib import Path

import psycopg
import pytest

from app.servers import current
from app.servers.handed_down import with_settings

PROJECT = Path(__file__).parents[2]


def port_of(program):
    return int(program.until(r"Inbox +http://127.0.0.1:(\d+)/messages")[1])


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def test_it_says_where_to_go_and_how_to_sign_in_and_ctrl_c_ends_it(make_run, project):
    program = make_run()
    assert get(port_of(program), "/health/ready") == 200
    program.until(r"Sign in +staff +ann@example.com +secret\n")
    assert current(project / "var")
    program.signal(signal.SIGINT)
    assert program.end() == 0
    assert program.seen.endswith("kaivox: stopped\n")
    assert not program.alive()
    assert current(project / "var") is None


def test_a_command_beside_it_has_its_settings_and_not_once_it_has_ended(make_run, project):
    folder = {"VAR_DIR": str(project / "var")}
    program = make_run(SECRET_KEY="of this run", ALLOWED_PRIVATE_NETWORKS="10.1.0.0/16")
    port = port_of(program)
    beside = with_settings(folder | {"TWILIO_WHATSAPP_FROM": "+15550001111"})
    assert beside["TWILIO_FROM_NUMBER"] == "+14155550100"
    assert beside["TWILIO_WHATSAPP_FROM"] == "+15550001111", "what is given stays"
    assert beside["PUBLIC_URL"] == f"http://127.0.0.1:{port}"
    assert beside["SECRET_KEY"] == "of this run"
    assert beside["EMAIL_FROM"] and beside["SMTP_URL"]
    simulator = beside["TWILIO_API_URL"].removeprefix("http://")
    given, *added = beside["ALLOWED_PRIVATE_NETWORKS"].split(",")
    assert (given, added[0]) == ("10.1.0.0/16", simulator)
    assert [each.rpartition(":")[0] for each in added] == ["127.0.0.1"] * 2, "and its mailboxes"
    elsewhere = folder | {"DATABASE_URL": "postgresql://another"}
    assert with_settings(elsewhere) == elsewhere
    assert (project / "var" / "settings.json").stat().st_mode & 0o077 == 0
    program.signal(signal.SIGINT)
    assert program.end() == 0
    assert with_settings(folder) == folder


def test_parts_that_are_killed_come_back_servers_included(make_run, project):
    program = make_run()
    port = port_of(program)
    urls = current(project / "var")
    with psycopg.connect(urls.database.replace("+psycopg", "")):
        # Asked so, PostgreSQL waits for its clients, and takes no new ones.
        os.kill(parts_of(program)["PostgreSQL"], signal.SIGTERM)
        program.until(r"PostgreSQL ended \(exit code 0\)")
    program.wait(lambda: current(project / "var") == urls, 10)
    parts = parts_of(program)
    os.kill(parts.pop("nursery"), signal.SIGKILL)
    program.until(r"nursery ended \(signal 9\)")
    assert parts.items() <= parts_of(program).items(), "what it forked goes on"
    for name, process in parts.items():
        assert mark_of(process) in (name, None)
        os.kill(process, signal.SIGKILL)
        program.until(rf"{name} ended \(signal 9\)")
    program.wait(lambda: len(parts_of(program)) == 9 and current(project / "var") == urls, 10)
    program.wait(lambda: answers(port), 10)
    program.process.kill()
    assert program.gone()


def parts_of(program):
    """The first process of each part: the one whose parent is the supervisor."""
    children = [pid for pid in program.alive() if parent_of(pid) == program.process.pid]
    return {name: pid for pid in children if (name := part_name(pid))}


def parent_of(process):
    return int((re.search(r"PPid:\s+(\d+)", of_proc(process, "status")) or [0, 0])[1])


def mark_of(process):
    """The part that it is marked as, but for PostgreSQL, which writes over it."""
    mark = re.search(r"KAIVOX_PART=\w+/([^/]+)/", of_proc(process, "environ"))
    return mark and mark[1]


def of_proc(process, file):
    """What /proc says of it; nothing when it has ended meanwhile."""
    try:
        return Path(f"/proc/{process}/{file}").read_bytes().decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def part_name(process):
    command = of_proc(process, "cmdline").replace("\0", " ")
    named = {
        "app.supervisor.nursery": "nursery",
        "app.simulator.wsgi": "simulator",
        "wsgi:app": "web",
        "jobs.worker urgent": "worker",
        "jobs.worker slow": "slow worker",
        "jobs.schedule": "scheduler",
        "app.streams": "streams",
        "bin/postgres": "PostgreSQL",
        "valkey": "Valkey",
    }
    return next((name for text, name in named.items() if text in command), None)


def answers(port):
    try:
        return get(port, "/health/ready") == 200
    except OSError:
        return False


def test_killed_as_a_whole_it_leaves_nothing_and_starts_again_at_once(make_run):
    first = make_run()
    port = port_of(first)
    first.process.kill()
    again = make_run(PORT=str(port))
    assert port_of(again) == port
    again.signal(signal.SIGTERM)
    again.end()
    assert not again.alive()


def test_a_second_run_on_the_same_folder_is_refused(make_run, project):
    first = make_run()
    port_of(first)
    second = make_run()
    assert second.end() == 1
    where = project / "var"
    assert second.seen == f"kaivox: KaiVox already runs on {where} (process {first.process.pid})\n"


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"PORT": "http"}, "PORT is 'http': give a number"),
        ({"SIMULATOR_PORT": "0"}, "SIMULATOR_PORT is '0'"),
        ({"SIMULATOR_SMTP_PORT": "x"}, "SIMULATOR_SMTP_PORT is 'x'"),
        ({"DATABASE_URL": "mysql://localhost/x"}, "DATABASE_URL must begin with postgresql://"),
        ({"DATABASE_URL": "postgresql://u:hidden@127.0.0.1:1/x"}, "127.0.0.1/x does not answer"),
        ({"REDIS_URL": "redis://:hidden@127.0.0.1:1/0"}, "127.0.0.1/0 does not answer"),
        ({"VAR_DIR": "/dev/null/var"}, "/dev/null/var: Not a directory"),
    ],
)
def test_a_wrong_setting_is_refused_with_one_line(make_run, env, said):
    program = make_run(**env)
    assert program.end() == 1
    assert program.seen.count("\n") == 1
    assert said in program.seen
    assert "hidden" not in program.seen
    assert not program.alive()


def test_a_port_in_use_is_refused_with_a_way_out(make_run):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = listener.getsockname()[1]
        program = make_run(PORT=str(taken))
        assert program.end() == 1
    other = f"PORT={min(taken + 10, 65000)} make run"
    assert program.seen == f"kaivox: PORT {taken} is in use: choose another, e.g. {other}\n"


def test_a_database_that_cannot_be_prepared_ends_the_start(make_run):
    program = make_run(BROKEN="1")
    assert program.end() == 1
    assert "prepare │ prepare is broken" in program.seen
    assert "`prepare` failed" in program.seen
    assert not program.alive()


def test_with_a_twilio_elsewhere_there_is_no_simulator(make_run):
    program = make_run(TWILIO_API_URL="http://127.0.0.1:1")
    program.until("Stop +Ctrl-C")
    assert "Telephones" not in program.seen
    assert "simulator" not in parts_of(program)
    program.signal(signal.SIGTERM)
    program.end()


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL, "close the terminal"])
def test_the_end_of_make_ends_everything(make_run, project, end):
    for name in ("Makefile", "requirements.txt"):
        (project / name).unlink(missing_ok=True)
        (project / name).symlink_to(PROJECT / name)
    # -o: taken as installed, whatever the dates of the files say.
    make = ("make", "-o", ".venv/.installed", "run", f"BIN={Path(sys.executable).parent}")
    program = make_run(*make, terminal=True)
    program.until("Stop +Ctrl-C")
    assert len(program.alive()) > 8
    if end == "close the terminal":
        program.close_terminal()
    else:
        program.process.send_signal(end)
    assert program.gone()
