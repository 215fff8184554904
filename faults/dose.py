"""How much of everything a run takes."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from faults.town import UNDELIVERABLE
from faults.weather import BUSY

Weather = Mapping[str, object]

# Of every hundred messages that staff write, customers write so many.
INBOUND_PER_HUNDRED = 30
# So many appointments are booked meanwhile, and so many calls come in.
APPOINTMENTS_PER_HUNDRED = 10
CALLS_PER_HUNDRED = 4
# What a run needs to settle: a lease, a look at the carrier's list, the longest usual backoff.
SETTLE_SECONDS = 280
KILLS_A_SECOND = 1.75
MESSAGES_A_SECOND = 18
# All parts one after the other, each with the calls that are under way.
RESTART_SECONDS = 5.0

# Who is killed, each as often as it stands here.
TARGETS = ("worker", "worker", "slow-worker", "web", "web's worker", "scheduler")


@dataclass(frozen=True)
class Dose:
    """One run. The same seed makes the same plan; what the plan meets is never quite the same."""

    kills: int = 1000
    messages: int = 10_000
    """Posted by staff."""
    inbound: int = 3_000
    """Written by customers, through the simulator and by webhooks of our own."""
    appointments: int = 0
    """Booked by staff, and moved, cancelled or completed."""
    rest_seconds: float = 6
    """The longest between two such commands: what tells of the first has left by then, or not."""
    calls: int = 0
    """Of customers, by webhooks of our own."""
    seconds: float = 900
    """The longest that all may take."""
    traffic_seconds: float = 580
    """While messages flow and processes are killed."""
    seed: int = 1
    quick: bool = False
    """With short leases (pace.py), for `make test`."""
    lease_seconds: float = 4
    """In a quick run."""
    mutation: str = ""
    """The guard that is taken away (mutations.py); empty: none."""
    weather: Weather | None = None
    """The simulator's faults throughout; None: they change (weather.py)."""
    targets: tuple[str, ...] = TARGETS
    flushes: int = 0
    database_stops: int = 0
    restarts: int = 0
    """Of every part, by SIGTERM, as a deploy does it."""
    posts_each: int = 1
    """How often staff press the button for each message."""
    copies: int = 1
    """How many copies of each webhook of ours come at once."""


def _beside(messages: int) -> dict[str, Any]:
    """What happens while staff write so many messages."""
    return {
        "inbound": messages * INBOUND_PER_HUNDRED // 100,
        "appointments": messages * APPOINTMENTS_PER_HUNDRED // 100,
        "calls": messages * CALLS_PER_HUNDRED // 100,
    }


def full(kills: int, messages: int, seconds: float, seed: int, mutation: str = "") -> Dose:
    wanted = max(kills / KILLS_A_SECOND, messages / MESSAGES_A_SECOND, 10)
    return Dose(
        kills=kills,
        messages=messages,
        **_beside(messages),
        seconds=seconds,
        traffic_seconds=min(wanted, max(seconds - SETTLE_SECONDS - 20, 10)),
        seed=seed,
        mutation=mutation,
        flushes=max(2, kills // 50),
        database_stops=max(2, kills // 200),
    )


def quick(kills: int, messages: int, seconds: float, seed: int, mutation: str = "") -> Dose:
    """For a test: all kinds of trouble, in seconds."""
    return Dose(
        kills=kills,
        messages=messages,
        **_beside(messages),
        seconds=seconds,
        traffic_seconds=min(5.0, seconds / 3),
        seed=seed,
        quick=True,
        rest_seconds=0.5,
        mutation=mutation,
        flushes=2,
        database_stops=1,
    )


def rolling(restarts: int, messages: int, seed: int) -> Dose:
    """Restarts alone: no carrier is unclear and nothing is killed, so nothing may be in doubt."""
    return replace(steady(restarts * RESTART_SECONDS, messages, seed), restarts=restarts)


def steady(seconds: float, messages: int, seed: int) -> Dose:
    """Messages for so many seconds; no carrier is unclear, and nothing is killed by the plan."""
    return Dose(
        kills=0,
        messages=messages,
        **_beside(messages),
        seconds=seconds + SETTLE_SECONDS,
        traffic_seconds=seconds,
        seed=seed,
        weather={**BUSY, "reject": UNDELIVERABLE, "seed": seed},
    )


def from_environment(environ: Mapping[str, str] = os.environ) -> Dose:
    """KILLS or RESTARTS, MESSAGES, SECONDS, SEED, FAULTS_QUICK=1, FAULTS_MUTATION."""
    seed, restarts = int(environ.get("SEED") or 1), int(environ.get("RESTARTS") or 0)
    if restarts:
        usual = int(restarts * RESTART_SECONDS * MESSAGES_A_SECOND)
        return rolling(restarts, int(environ.get("MESSAGES") or usual), seed)
    small = environ.get("FAULTS_QUICK") == "1"
    make = quick if small else full
    return make(
        kills=int(environ.get("KILLS") or (20 if small else 1000)),
        messages=int(environ.get("MESSAGES") or (150 if small else 10_000)),
        seconds=float(environ.get("SECONDS") or (25 if small else 900)),
        seed=seed,
        mutation=environ.get("FAULTS_MUTATION", ""),
    )
