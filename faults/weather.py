"""What the carrier does wrong, and when."""

from random import Random

from faults.town import UNDELIVERABLE

CLEAR: dict[str, object] = {
    "latency_ms": [0, 60],
    "rate_429": 0.02,
    "rate_500_before": 0.01,
    "rate_500_after": 0.01,
    "duplicate_callbacks": 0.1,
    "reorder_callbacks": 0.1,
    "list_lag_seconds": 0.3,
}
STORM: dict[str, object] = {
    "latency_ms": [0, 250],
    "rate_429": 0.1,
    "rate_500_before": 0.05,
    "rate_500_after": 0.08,
    "reset_after": 0.08,
    "garbage_answer": 0.05,
    "duplicate_callbacks": 0.3,
    "reorder_callbacks": 0.3,
    "drop_callbacks": 0.3,
    "list_lag_seconds": 0.5,
}
SLOW: dict[str, object] = {**CLEAR, "latency_ms": [200, 700], "drop_callbacks": 0.5}
DEAF: dict[str, object] = {**STORM, "drop_callbacks": 1.0, "reset_after": 0.3}

# Calls are under way at every moment, and none of them gets an unclear answer.
BUSY: dict[str, object] = {
    "latency_ms": [100, 1500],
    "rate_429": 0.02,
    "duplicate_callbacks": 0.1,
    "reorder_callbacks": 0.1,
}

KINDS = (CLEAR, CLEAR, STORM, SLOW, DEAF)


def tomorrow(dice: Random) -> dict[str, object]:
    return {**dice.choice(KINDS), "reject": UNDELIVERABLE, "seed": dice.randrange(2**31)}
