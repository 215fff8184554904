"""Who changes something says which version they have seen (RFC 9110, 13.1.1)."""

import hashlib
import json
from typing import Any

from flask import request

from app.web.guards.problem import Problem

NONE = "Say which version you have seen: send its ETag as If-Match."
STALE = "It was changed meanwhile. Read it again, and send the ETag that it has now."


def tag(body: dict[str, Any]) -> str:
    """The same as long as it reads the same."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:32]


def check(body: dict[str, Any]) -> None:
    """That it is the one that the request has seen. Raises Problem."""
    if "If-Match" not in request.headers:
        raise Problem(428, NONE)
    if not request.if_match.contains(tag(body)):
        raise Problem(412, STALE)
