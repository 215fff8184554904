"""`python -m hostile`, which `make hostile` calls: human lines, and one of JSON at the end."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from app.servers import Urls
from app.servers.process import launched
from hostile.play import Score
from hostile.stage import environ, servers

Say = Callable[[str], None]
# The longest that all may take; on two idle cores it takes half of it.
SECONDS = 580
PROJECT = Path(__file__).parent.parent
# Endpoints that somebody may call, and that write nothing or only for a moment.
WRITE_NOTHING = {
    *(
        "notifications.effect",
        "message_templates.preview",
        "segments.count",
        "customer_segments.count",
    ),
    "automation.preview",
    *("tenants.enter", "tenants.leave", "webhooks.whisper"),
    # There are rules already.
    "automation.offer",
    # Of what is paused and of whom is kept out there is nothing.
    *("notifications.resume", "people.enable"),
    # Their panels have no action but to delete, which they do not offer.
    *("messages.action_view", "tenants.action_view"),
    # Nobody signs in anew: that is how they came here.
    "security.login",
}


def main() -> int:
    say, seed = speaker(), os.environ.get("SEED") or "1"
    shares = int(os.environ.get("SHARES") or os.cpu_count() or 1)
    say(f"every route, role and foreign id, in {shares} shares, seed {seed}")
    with servers() as (urls, folder), ThreadPoolExecutor(shares) as readers:
        parts = [_start(place, shares, urls, folder, seed) for place in range(shares)]
        told = list(readers.map(lambda part: _listen(part, say), parts))
    if not all(told):
        say("A SHARE BROKE: what it says stands above")
        print(json.dumps({"broken": True, "probes": 0}))
        return 1
    return report([each for each in told if each], int(seed), say)


def _start(place: int, shares: int, urls: Urls, folder: str, seed: str) -> "subprocess.Popen[str]":
    """A share on a database and a Redis of its own."""
    var = Path(folder) / f"share{place}"
    var.mkdir()
    own = Urls(_database(urls.database, place), f"{urls.redis.rpartition('/')[0]}/{place}")
    env = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    env |= environ(own, str(var))
    until = time.time() + float(os.environ.get("SECONDS") or SECONDS)
    env |= {"HOSTILE_SEED": seed, "HOSTILE_UNTIL": f"{until}"}
    env |= {"HOSTILE_SAMPLE": os.environ.get("SAMPLE") or "", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "hostile.share", str(place), str(shares)]
    return subprocess.Popen(
        launched(command, signal.SIGKILL),
        cwd=PROJECT,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
    )


def _database(url: str, place: int) -> str:
    there = make_url(url)
    plain = there.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE share{place}")  # type: ignore[call-overload]
    return there.set(database=f"share{place}").render_as_string(hide_password=False)


def _listen(part: "subprocess.Popen[str]", say: Say) -> dict[str, Any] | None:
    """What the share told in the end; None: it broke."""
    last = ""
    with part:
        for line in part.stdout or ():
            if line.startswith("share "):
                say(line.rstrip())
            last = line
    return json.loads(last) if part.returncode == 0 and last.startswith("{") else None


def report(told: list[dict[str, Any]], seed: int, say: Say) -> int:
    """Say what came out; the exit code."""
    score, complete = Score(), all(each["complete"] for each in told)
    for each in told:
        score.add(Score.of(each))
    # Where nothing of ours ever went through, that nothing of theirs did says nothing.
    blind = sorted(score.answered - score.wrote - WRITE_NOTHING) if complete else []
    for note in score.notes:
        say(note)
    for endpoint in blind:
        say(f"blind: no request of ours ever wrote by {endpoint}: what would it take?")
    clean = score.clean and not blind
    say("nobody saw or changed what is not theirs" if clean else "THE WALL HAS A HOLE")
    counts = score.json() | {"blind": len(blind), "all": told[0]["all"], "kinds": told[0]["kinds"]}
    print(json.dumps({**counts, "seed": seed, "complete": complete}))
    return 0 if clean else 1


def speaker() -> Say:
    begin = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - begin:6.1f} s  {what}", flush=True)

    return say


if __name__ == "__main__":
    sys.exit(main())
