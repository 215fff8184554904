"""Meta's Graph API over HTTP: https://developers.facebook.com/docs/graph-api."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

# Seconds to connect, and again to wait for an answer; the outbox's lease must be longer.
TIMEOUT = 10.0
CONNECTIONS = 32
VERSIONED = re.compile(r"/v\d+\.\d+$")

Answer = dict[str, Any]


class GraphError(Exception):
    """The API said no: its code, subcode and words, and the minutes until it says yes again."""

    def __init__(self, status: int, error: Mapping[str, Any], minutes: int = 0) -> None:
        super().__init__(f"Graph API error {error.get('code')}")
        self.http_status = status
        self.code = _number(error.get("code"))
        self.subcode = _number(error.get("error_subcode"))
        self.minutes = minutes


class NoAnswer(Exception):
    """What came back is none of the API's answers: nothing is known by it but its status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"no answer of the Graph API (HTTP {status})")
        self.http_status = status


class Graph:
    """One version of the API, at Meta's address or a stand-in's; connections are kept."""

    def __init__(self, url: str, version: str) -> None:
        self.url = url
        # An address that names a version already keeps it.
        self._base = url if VERSIONED.search(url) else f"{url}/{version}"
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=CONNECTIONS))

    def get(self, path: str, token: str, **asked: str) -> Answer:
        """What stands at the path. Raises GraphError, NoAnswer and requests' errors."""
        return self._call("GET", path, token, params=asked)

    def post(self, path: str, token: str, told: Mapping[str, Any]) -> Answer:
        """Raises as `get`."""
        return self._call("POST", path, token, json=told)

    def _call(self, method: str, path: str, token: str, **what: Any) -> Answer:
        answer = self._session.request(
            method,
            f"{self._base}/{path}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT,
            allow_redirects=False,
            **what,
        )
        said = _said(answer)
        if isinstance(said.get("error"), Mapping):
            raise GraphError(answer.status_code, said["error"], _minutes(answer))
        if not answer.ok:
            raise NoAnswer(answer.status_code)
        return said

    def is_at(self, url: str) -> bool:
        """Whether the address is on the very host that the API has."""
        return urlsplit(url)[:2] == urlsplit(self.url)[:2]


def _said(answer: requests.Response) -> Answer:
    try:
        said = answer.json()
    except ValueError:
        raise NoAnswer(answer.status_code) from None
    if not isinstance(said, dict):
        raise NoAnswer(answer.status_code)
    return said


def _minutes(answer: requests.Response) -> int:
    """https://developers.facebook.com/docs/graph-api/overview/rate-limiting: the longest wait that
    X-Business-Use-Case-Usage names."""
    try:
        told = json.loads(answer.headers.get("X-Business-Use-Case-Usage", "{}"))
        waits = [
            use.get("estimated_time_to_regain_access") for uses in told.values() for use in uses
        ]
    except (AttributeError, TypeError, ValueError):
        return 0
    return max(map(_number, waits), default=0)


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
