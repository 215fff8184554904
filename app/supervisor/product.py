"""The parts of the product, and the commands that are run beside them."""

import signal
import sys
from collections.abc import Mapping
from functools import partial
from urllib.parse import urlsplit

from app.config import Settings
from app.supervisor.listen_addresses import Address
from app.supervisor.nursery import shared
from app.supervisor.nursery.forking import Nursery
from app.supervisor.part import Part
from app.supervisor.reachable import answers

GUNICORN = (sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py")
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")


def nursery(env: Mapping[str, str], simulated: bool) -> tuple[Part, Nursery]:
    """What forks the other parts."""
    nursery = Nursery()
    names = (*shared.PROGRAM, *shared.SIMULATOR) if simulated else shared.PROGRAM
    return Part(
        name="nursery",
        command=nursery.command(names),
        environment=env,
        answers=nursery.answers,
        leaving=nursery.leaving,
        input=nursery.input,
        wave=2,
        stop_signal=signal.SIGKILL,
    ), nursery


def flask(name: str, env: Mapping[str, str]) -> Part:
    """A command, to be run to its end."""
    return Part(name, (*FLASK, name), env)


def own_role(env: Mapping[str, str]) -> Part:
    """The same: what a new PostgreSQL of ours lacks."""
    return Part("own role", (sys.executable, "-m", "app.servers.own_role"), env)


def web(settings: Settings, env: Mapping[str, str], address: Address) -> Part:
    return Part(
        name="web",
        command=(*GUNICORN, "--bind", str(address), "wsgi:app"),
        environment=env,
        # Under the public name, since the application answers to no other in production.
        answers=partial(answers, address, "/health/ready", urlsplit(settings.public_url).netloc),
    )


def streams(env: Mapping[str, str], address: Address) -> Part:
    command = (sys.executable, "-m", "app.streams")
    return Part("streams", command, env, answers=partial(answers, address, "/health"))


def workers(env: Mapping[str, str]) -> tuple[Part, Part]:
    """One for what people wait for, and one for what Twilio may take its time over."""
    return _worker("worker", "urgent", env), _worker("slow worker", "slow", env)


def _worker(name: str, queue: str, env: Mapping[str, str]) -> Part:
    # What it is sending is answered first; a second Ctrl-C hurries.
    return Part(name, (sys.executable, "-m", "jobs.worker", queue), env, stop_within=30.0)


def scheduler(env: Mapping[str, str]) -> Part:
    # rq-scheduler reads cron strings in the zone of its process.
    return Part("scheduler", (sys.executable, "-m", "jobs.schedule"), {**env, "TZ": "UTC"})


def simulator(env: Mapping[str, str], address: Address) -> Part:
    # After the web and the worker, so that what they are sending is still answered.
    return Part(
        name="simulator",
        command=(*GUNICORN, *_SIMULATOR, "--bind", str(address), "app.simulator.wsgi:app"),
        environment=env,
        answers=partial(answers, address, "/health"),
        wave=1,
        stop_within=2.0,
    )


_SIMULATOR = ("--workers", "1", "--threads", "32", "--graceful-timeout", "1")
