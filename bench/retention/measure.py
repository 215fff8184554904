"""Old messages: how fast they go, how long anybody waits for that, and what becomes of the disk."""

import json
import os
import subprocess
import sys

from app.servers import embedded
from bench.alone import own_folder
from bench.retention.year import MESSAGES

# What a batch may hold locks for, and how much more than the rows that are left the disk may take.
MOST_MS, MOST_TIMES = 100, 1.25
# A million in a night; the floor archives nothing, mends nothing, and holds everything to its end.
GOAL_RATE = 100


def measure() -> list[dict[str, object]]:
    """In a process of its own, on servers of its own."""
    with own_folder() as folder, embedded(folder) as urls:
        env = {
            **{key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ},
            "DATABASE_URL": urls.database,
            "REDIS_URL": urls.redis,
            "SECRET_KEY": "a-secret-of-the-bench-and-of-nobody-else",
            "VAR_DIR": str(folder),
            "ARCHIVE_DIR": str(folder / "archive"),
        }
        year = (sys.executable, "-m", "bench.retention.year")
        done = subprocess.run(year, env=env, stdout=subprocess.PIPE, check=True)
    return _told(json.loads(done.stdout.splitlines()[-1]))


def _told(year: dict[str, float]) -> list[dict[str, object]]:
    of = f"of {MESSAGES:,} messages"
    lock, wait, disk = year["lock_ms"], year["wait_ms"], year["disk"] / year["left"]
    return [
        {
            "name": f"archived and deleted, {year['gone']:,} {of}",
            "ours": round(year["rate"]),
            "floor": round(year["floor_rate"]),
            "unit": "a second; the floor deletes at once, and archives nothing",
            "ratio": round(year["rate"] / year["floor_rate"], 3),
            "goal": f"at least {GOAL_RATE} a second",
            "holds": year["rate"] >= GOAL_RATE,
        },
        {
            "name": f"longest that a batch held locks, {of}",
            "ours": round(lock, 1),
            "floor": round(year["moved_ms"], 1),
            "unit": "ms; beside it the longest of a batch that moved rows",
            "ratio": round(lock / MOST_MS, 2),
            "goal": f"at most {MOST_MS} ms, both",
            "holds": max(lock, year["moved_ms"]) <= MOST_MS,
        },
        {
            "name": f"longest that somebody waited for such a row, {of}",
            "ours": round(wait, 1),
            "floor": round(year["idle_ms"], 1),
            "unit": "ms; the floor is the same while nothing goes",
            "ratio": round(wait / max(year["idle_ms"], 0.1), 1),
            "goal": f"at most {MOST_MS} ms more than while nothing goes",
            "holds": wait - year["idle_ms"] <= MOST_MS,
        },
        {
            "name": f"disk after {round(100 * year['gone'] / MESSAGES)} % {of} went",
            "ours": round(year["disk"] / 1e6),
            "floor": round(year["left"] / 1e6),
            "unit": f"MB, of {year['full'] / 1e6:.0f}; {year['vacuumed'] / 1e6:.0f} after VACUUM"
            " alone; the floor is the share of the rows that are left",
            "ratio": round(disk, 2),
            "goal": f"at most {MOST_TIMES} of their share",
            "holds": disk <= MOST_TIMES,
        },
    ]


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
