"""The supervisor with tiny parts."""

import os
import re
import signal
from contextlib import suppress
from pathlib import Path

import pytest

STEADY = "import time; time.sleep(600)"
POLITE = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(print('bye', time.monotonic_ns())))
print('hello')
time.sleep(600)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print('hello')
time.sleep(600)
"""
HELLO_AND_END = "print('hello'); raise SystemExit(3)"
# Twice removed and in a session of its own, as what a browser or a job starts may be.
DETACHING = """
import os, time
if not os.fork():
    os.setsid()
    os.fork()
else:
    print('hello')
time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_every_part_and_leaves_nothing(supervise, number):
    program = supervise(one=POLITE, two=DETACHING)
    program.until("(?s)hello.*hello")
    program.signal(number)
    assert program.end() == 0
    assert re.search("one │ bye", program.seen)
    assert program.seen.endswith("stopped\n")
    assert not program.alive()


def test_a_part_that_stands_still_stops_in_good_order(supervise):
    program = supervise(one="import os; print(f'pid {os.getpid()}.')" + POLITE)
    part = int(program.until(r"(?s)pid (\d+)\..*hello")[1])
    os.kill(part, signal.SIGSTOP)
    program.signal(signal.SIGTERM)
    assert program.end() == 0
    assert re.search("one │ bye", program.seen)


def test_what_others_lean_on_stops_last(supervise):
    program = supervise(
        base={"code": POLITE, "wave": 2}, middle={"code": POLITE, "wave": 1}, top=POLITE
    )
    program.until("(?s)hello.*hello.*hello")
    program.signal(signal.SIGTERM)
    program.end()
    # Each is listened to by a thread of its own, so that the lines come in any order.
    said = re.findall(r"(\w+) │ bye (\d+)", program.seen)
    assert [name for name, at in sorted(said, key=lambda one: int(one[1]))] == [
        "top",
        "middle",
        "base",
    ]


def test_a_part_that_does_not_stop_is_killed(supervise):
    program = supervise(stubborn={"code": STUBBORN, "stop_within": 0.3})
    program.until("hello")
    program.signal(signal.SIGTERM)
    assert program.end() == 0
    assert not program.alive()


def test_a_second_ctrl_c_hurries(supervise):
    program = supervise(stubborn={"code": STUBBORN, "stop_within": 600})
    program.until("hello")
    program.signal(signal.SIGINT)
    with pytest.raises(AssertionError, match="not in"):
        program.end(within=0.5)
    program.signal(signal.SIGINT)
    assert program.end() == 0


def test_a_part_that_dies_is_started_again_and_a_line_says_so(supervise):
    program = supervise(steady="import os; print(f'pid {os.getpid()}.');" + STEADY)
    first = int(program.until(r"pid (\d+)\.")[1])
    os.kill(first, signal.SIGKILL)
    second = int(program.until(r"(?s)pid \d+\..*steady ended \(signal 9\).*pid (\d+)\.")[1])
    assert second != first
    assert first not in program.alive()


def test_what_a_dead_part_left_behind_is_ended_before_it_starts_again(supervise):
    program = supervise(part="import os; print(f'pid {os.getpid()}.');" + DETACHING)
    first = int(program.until(r"(?s)pid (\d+)\..*hello")[1])
    program.wait(lambda: len(program.alive()) == 5, 5)
    before = set(program.alive())
    os.kill(first, signal.SIGKILL)
    program.until(r"(?s)ended.*pid (\d+)\.")
    # The supervisor and its guard are as they were.
    assert len(before & set(program.alive())) == 2


def test_a_part_that_keeps_dying_is_started_less_and_less_often(supervise):
    program = supervise(broken={"code": HELLO_AND_END, "ready": False})
    program.end()
    waits = re.findall(r"exit code 3\); starting it again in ([\d.]+) s", program.seen)
    assert waits == ["0.2", "0.4", "0.8", "1.6"]
    assert program.process.returncode == 1
    assert program.seen.endswith("broken does not start: what it said is above\n")


def test_killing_the_supervisor_leaves_nothing(supervise):
    program = supervise(one=POLITE, two=DETACHING, three=STUBBORN)
    program.until("(?s)hello.*hello.*hello")
    program.wait(lambda: len(program.alive()) == 7, 5)
    program.process.kill()
    assert program.gone()


def test_killing_the_supervisor_and_its_guard_at_once_leaves_no_part(supervise):
    program = supervise(one=POLITE, three=STUBBORN)
    program.until("(?s)hello.*hello")
    for process in (guard_of(program), program.process.pid):
        os.kill(process, signal.SIGKILL)
    assert program.gone()


def test_a_guard_that_dies_is_replaced(supervise):
    program = supervise(one=DETACHING)
    program.until("hello")
    first = guard_of(program)
    os.kill(first, signal.SIGKILL)
    program.wait(lambda: guard_of(program) not in (first, None), 5)
    program.process.kill()
    assert program.gone()


def guard_of(program):
    for process in program.alive():
        # It may have ended since.
        with suppress(FileNotFoundError):
            if b"stragglers" in Path(f"/proc/{process}/cmdline").read_bytes():
                return process
    return None
