"""How often a password may be tried, or a link to one asked for: counted before it is looked at, so
that none slips through beside another, and taken back where it was right.

What is counted is named by a keyed hash: neither Redis nor a log learns an address from it.
"""

import hashlib
import hmac
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TypeVar

import structlog
from flask import request
from limits import RateLimitItem, parse, parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, RateLimiter
from redis import RedisError
from werkzeug.exceptions import TooManyRequests

from app.extensions import limiter, settings

CALLER = parse_many("30 per minute; 300 per hour")
# One caller, or one known browser, at one account.
ONE = parse_many("6 per minute; 20 per hour; 60 per day")
# All callers that the account does not know: several of them have to join to reach it.
STRANGERS = parse_many("100 per hour; 300 per day")
# Of an account, before its user is told.
MANY = parse("10 per day")

# Where Redis is away each process counts by itself.
_own = FixedWindowRateLimiter(MemoryStorage())
Answer = TypeVar("Answer")
log = structlog.get_logger()


class TooManyTries(TooManyRequests):
    """Its text says how long to wait, and nothing of whether there is such an account."""

    text = (
        "Too many wrong passwords were tried. Wait {wait}, or use a browser in which you have"
        " signed in before."
    )

    def __init__(self, seconds: float) -> None:
        super().__init__(retry_after=max(1, math.ceil(seconds)))
        minutes = max(1, math.ceil(seconds / 60))
        self.plain = self.text.format(wait="a minute" if minutes == 1 else f"{minutes} minutes")


class TooManyCodes(TooManyTries):
    text = "Too many wrong codes were tried. Wait {wait}, and try again with a new one."


class TooManyPasskeys(TooManyTries):
    text = "Too many passkeys were refused. Wait {wait}, or sign in with your password."


class TooManyLinks(TooManyTries):
    text = (
        "Too many links to a new password were asked for. Look for the last one in your mailbox,"
        " among spam too, or wait {wait}."
    )


@dataclass(frozen=True)
class Counter:
    limits: list[RateLimitItem]
    names: tuple[str, ...]


def by_caller() -> Counter:
    return Counter(CALLER, ("caller", caller()))


def by_account(account: str, browser: str | None) -> list[Counter]:
    """Of a known browser of the account, or of a stranger's."""
    if browser:
        return [Counter(ONE, ("browser", account, browser))]
    return [Counter(ONE, ("stranger", account, caller())), Counter(STRANGERS, ("all", account))]


def caller() -> str:
    """Whoever calls; by IPv6 everybody has a network of addresses."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "nobody"
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ip_network((address, 64), strict=False))
    return str(address)


def count(counters: list[Counter], refusal: type[TooManyTries] = TooManyTries) -> None:
    """Count one try; refused by one counter it does not count for the next. Raises the refusal."""
    for counter in counters:
        for item in counter.limits:
            if not _hit(item, counter.names):
                raise refusal(_seconds_left(item, counter.names))


def take_back(counters: list[Counter]) -> None:
    """It was the right one."""
    for counter in counters:
        for item in counter.limits:
            _hit(item, counter.names, cost=-1)


def many(account: str) -> bool:
    """Count a wrong password for the account; whether it is time to tell its user."""
    return not _hit(MANY, ("wrong", account))


def _hit(item: RateLimitItem, names: tuple[str, ...], cost: int = 1) -> bool:
    return _asked(lambda counted: counted.hit(item, _hidden(names), cost=cost))


def _seconds_left(item: RateLimitItem, names: tuple[str, ...]) -> float:
    window = _asked(lambda counted: counted.get_window_stats(item, _hidden(names)))
    return window.reset_time - time.time()


def _asked(ask: Callable[[RateLimiter], Answer]) -> Answer:
    try:
        return ask(limiter.limiter)
    except RedisError as error:
        log.warning("tries_counted_here_alone", error=type(error).__name__)
        return ask(_own)


def _hidden(names: tuple[str, ...]) -> str:
    key, said = settings().secret_key.encode(), "\x00".join(("tries", *names)).encode()
    return hmac.new(key, said, hashlib.sha256).hexdigest()
