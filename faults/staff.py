"""Staff who answer customers in their browsers, and press the button again when nothing comes."""

import re
import threading
import time
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from random import Random
from typing import Any

import requests

from faults.records import Posted, Records
from faults.town import PASSWORD, Business

FIELD = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
TIMEOUT = (3, 12)
# A browser tells of a lost connection at once; whoever presses again waits a moment.
PAUSE = 0.25
_local = threading.local()


@dataclass(frozen=True)
class SignedIn:
    """One session of a business, as good in any thread."""

    web: str
    headers: dict[str, str]


def sign_in(web: str, business: Business) -> SignedIn:
    with requests.Session() as browser:
        page = browser.get(f"{web}/login", timeout=TIMEOUT).text
        token = FIELD.findall(page)[0]
        form = {"email": business.email, "password": PASSWORD, "csrf_token": token}
        answer = browser.post(f"{web}/login", form, timeout=TIMEOUT, allow_redirects=False)
        if answer.status_code != 302:
            raise RuntimeError(f"{business.email} cannot sign in: {answer.status_code}")
        token = FIELD.findall(browser.get(f"{web}/password", timeout=TIMEOUT).text)[0]
        cookies = "; ".join(f"{each.name}={each.value}" for each in browser.cookies)
    return SignedIn(web, {"Cookie": cookies, "X-CSRFToken": token, "Accept": "application/json"})


def write(who: SignedIn, message: Posted, records: Records, dice: Random, until: float) -> None:
    """Post the message until it is accepted or refused; some give up after the first silence."""
    gives_up, again = dice.random() < 0.05, dice.random() < 0.05
    while time.monotonic() < until:
        if _post(who, message, records) or gives_up:
            break
        time.sleep(PAUSE)
    if again and message.ids:
        _post(who, message, records)


def press_at_once(who: SignedIn, message: Posted, records: Records, times: int) -> None:
    """Post the message so many times at the same moment."""
    presses = [
        threading.Thread(target=_post, args=(who, message, records), daemon=True)
        for _ in range(times)
    ]
    for press in presses:
        press.start()
    for press in presses:
        press.join()


def _post(who: SignedIn, message: Posted, records: Records) -> bool:
    """Whether the product answered clearly."""
    message.posts += 1
    form = {
        "customer_id": message.customer_id,
        "channel": message.channel,
        "body": message.body,
        "client_token": message.token,
    }
    answer = press(who, "/messages/send", form)
    if answer is None:
        return False
    if answer.status_code == 201:
        message.ids.add(answer.json()["id"])
        return True
    if answer.status_code == 422:
        message.refused = answer.json()["error"]
        return True
    records.surprise(f"POST /messages/send: {answer.status_code} {answer.text[:80]}")
    return True


def press(who: SignedIn, path: str, form: dict[str, Any]) -> requests.Response | None:
    """What the product answered; None: nothing, or nothing clear."""
    try:
        url = f"{who.web}{path}"
        answer = _session().post(url, json=form, headers=who.headers, timeout=TIMEOUT)
    except requests.RequestException:
        return None
    return answer if answer.status_code < 500 else None


def _session() -> requests.Session:
    """One for each thread; the cookies are in the headers."""
    if not hasattr(_local, "session"):
        _local.session = requests.Session()
        _local.session.trust_env = False
        _local.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session: requests.Session = _local.session
    return session
