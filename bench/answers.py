"""How long an answer of staff takes to the customer's telephone, beside another's crowd."""

import re
import statistics
import sys
import time

import requests

from app.servers import embedded
from bench.alone import own_folder
from bench.crowd import ANN, PASSWORD, STAFF
from tests.support.stack import Stack, running

CROWD, ANSWERS = 10_000, 20
GOAL_SECONDS = 1.0
FIELD = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def measure() -> dict[str, object]:
    """The slowest of some answers beside 10,000 messages, and the slowest without them."""
    ours, floor = max(_seconds(CROWD)), statistics.median(_seconds(0))
    return {
        "name": f"an answer beside another business's {CROWD:,} messages",
        "ours": round(ours, 2),
        "floor": round(floor, 2),
        "unit": "seconds to the telephone, the slowest",
        "ratio": round(ours / floor, 2),
        "goal": f"at most {GOAL_SECONDS:g} s longer than without them",
        "holds": ours - floor <= GOAL_SECONDS,
    }


def _seconds(crowd: int) -> list[float]:
    with own_folder() as folder:
        seed = (sys.executable, "-m", "bench.crowd", str(crowd))
        with embedded(folder) as urls, running(urls, folder, *seed) as stack:
            return _answer(stack)


def _answer(stack: Stack) -> list[float]:
    took = []
    with requests.Session() as browser:
        token = _field(browser, f"{stack.web}/login")
        form = {"email": STAFF, "password": PASSWORD, "csrf_token": token}
        browser.post(f"{stack.web}/login", form, timeout=10).raise_for_status()
        headers = {"X-CSRFToken": _field(browser, f"{stack.web}/password")}
        for number in range(ANSWERS):
            body, begin = f"Yes, {number} works", time.monotonic()
            answer = {"customer_id": 1, "channel": "sms", "body": body}
            posted = browser.post(f"{stack.web}/messages/send", answer, headers=headers, timeout=10)
            posted.raise_for_status()
            _arrives(stack, body, begin + 30)
            took.append(time.monotonic() - begin)
    return took


def _field(browser: requests.Session, url: str) -> str:
    return FIELD.findall(browser.get(url, timeout=10).text)[0]


def _arrives(stack: Stack, body: str, deadline: float) -> None:
    while time.monotonic() < deadline:
        heard = stack.simulate("GET", f"phones/{ANN}/messages")["messages"]
        if any(each["body"] == body for each in heard):
            return
        time.sleep(0.02)
    raise RuntimeError(f"“{body}” did not arrive")
