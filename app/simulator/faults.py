"""What may go wrong on purpose, and the dice that decide when."""

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from random import Random
from typing import Any

from app.simulator.addresses import can_receive, split

RATES = (
    "rate_429",
    "rate_500_before",
    "rate_500_after",
    "reset_after",
    "garbage_answer",
    "duplicate_callbacks",
    "reorder_callbacks",
    "drop_callbacks",
)
ACCOUNT_RATES = (
    "token_replaced",
    "account_suspended",
    "carriers_filter",
    "signed_elsewhere",
    "meta_no_access",
)
MAIL_RATES = (
    "mail_turned_away",
    "mail_no_sign_in",
    "mail_greylisted",
    "mail_no_room",
    "mail_refused",
    "mail_hangs",
    "mail_reset_after",
    "imap_no_sign_in",
)
DNS_RATES = ("dns_no_spf", "dns_no_dkim", "dns_no_dmarc", "dns_away")
ALL_RATES = (*RATES, *ACCOUNT_RATES, *MAIL_RATES, *DNS_RATES)


@dataclass(frozen=True, slots=True)
class Faults:
    """Rates run from 0 to 1. `reject` maps a number to the code it is refused with:
    21xxx at once with HTTP 400, any other later in a status callback. Those of the mail server
    happen at each connection, sign-in, recipient or email; one that hangs was not taken. Those of
    the DNS happen at each question about the domain that emails come from."""

    latency_ms: tuple[int, int] = (0, 0)
    rate_429: float = 0.0
    rate_500_before: float = 0.0
    rate_500_after: float = 0.0
    reset_after: float = 0.0
    garbage_answer: float = 0.0
    duplicate_callbacks: float = 0.0
    reorder_callbacks: float = 0.0
    drop_callbacks: float = 0.0
    list_lag_seconds: float = 0.0
    token_replaced: float = 0.0
    account_suspended: float = 0.0
    carriers_filter: float = 0.0
    signed_elsewhere: float = 0.0
    meta_no_access: float = 0.0
    mail_latency_ms: tuple[int, int] = (0, 0)
    mail_turned_away: float = 0.0
    mail_no_sign_in: float = 0.0
    mail_greylisted: float = 0.0
    mail_no_room: float = 0.0
    mail_refused: float = 0.0
    mail_hangs: float = 0.0
    mail_reset_after: float = 0.0
    imap_no_sign_in: float = 0.0
    dns_no_spf: float = 0.0
    dns_no_dkim: float = 0.0
    dns_no_dmarc: float = 0.0
    dns_away: float = 0.0
    reject: dict[str, int] = field(default_factory=dict)
    seed: int | None = None

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Faults":
        """Raises ValueError that names the setting which cannot be."""
        unknown = set(data) - {each.name for each in fields(cls)}
        if unknown:
            raise ValueError(f"unknown fault: {', '.join(sorted(unknown))}")
        seed = data.get("seed")
        return cls(
            latency_ms=_latency("latency_ms", data.get("latency_ms", 0)),
            mail_latency_ms=_latency("mail_latency_ms", data.get("mail_latency_ms", 0)),
            list_lag_seconds=_between("list_lag_seconds", data.get("list_lag_seconds", 0), 86400),
            reject=_rejections(data.get("reject") or {}),
            seed=None if seed in (None, "") else int(_between("seed", seed, 2**53)),
            **{name: _between(name, data.get(name, 0), 1) for name in ALL_RATES},
        )

    def json(self) -> dict[str, Any]:
        latencies = {"latency_ms": self.latency_ms, "mail_latency_ms": self.mail_latency_ms}
        bounds = {name: {"min": low, "max": high} for name, (low, high) in latencies.items()}
        return {**asdict(self), **bounds}

    @property
    def active(self) -> list[str]:
        """The names of the faults that are on."""
        off = NORMAL.json()
        return [k for k, v in self.json().items() if k != "seed" and v != off[k]]


class Dice:
    """Seeded, the same rolls fall in the same order."""

    def __init__(self, seed: int | None = None) -> None:
        self._lock = threading.Lock()
        self.reseed(seed)

    def reseed(self, seed: int | None) -> None:
        self._random = Random(seed)  # noqa: S311 (no secret hangs on it)

    def strikes(self, rate: float) -> bool:
        if not rate:
            return False
        with self._lock:
            return self._random.random() < rate

    def between(self, low: float, high: float) -> float:
        with self._lock:
            return self._random.uniform(low, high)


def _between(name: str, value: Any, most: float) -> float:
    try:
        number = float(value or 0)
    except (TypeError, ValueError):
        number = -1.0
    if not 0 <= number <= most:
        raise ValueError(f"{name} must be a number from 0 to {most:g}, not {value!r}")
    return number


def _latency(name: str, value: Any) -> tuple[int, int]:
    """Milliseconds: one number, [min, max] or {"min": …, "max": …}."""
    if isinstance(value, Mapping):
        value = [value.get("min", 0), value.get("max", value.get("min", 0))]
    pair = value if isinstance(value, list | tuple) else [value, value]
    if len(pair) != 2:
        raise ValueError(f"{name} must be a number, [min, max] or {{min, max}}")
    low, high = (int(_between(name, each, 60_000)) for each in pair)
    if low > high:
        raise ValueError(f"{name}: min {low} is above max {high}")
    return low, high


def _rejections(value: Any) -> dict[str, int]:
    if not isinstance(value, Mapping):
        raise ValueError('reject must map numbers to codes: {"+14155550101": 30003}')
    rejected = {}
    for address, code in value.items():
        channel, bare = split(str(address).strip())
        if not can_receive(channel, bare):
            raise ValueError(f"reject: {address!r} is no number in E.164 form")
        rejected[bare] = int(_between(f"reject {bare}", code, 99_999))
    return rejected


NORMAL = Faults()
