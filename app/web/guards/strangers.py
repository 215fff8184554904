"""Who calls a webhook and cannot be verified, again and again, is told nothing apart any more."""

import hashlib
import hmac
from ipaddress import ip_address, ip_network
from typing import NoReturn

from flask import abort, request
from redis import RedisError
from werkzeug.exceptions import HTTPException

from app.extensions import redis_client, settings

# Refusals of one caller within so many seconds; whoever sets up Twilio has a few.
MOST, SECONDS = 60, 60
# The addresses that one household or machine of IPv6 has.
NETWORK = 64


def refuse(refusal: HTTPException) -> NoReturn:
    """Raise the refusal, or for a caller who had too many of them a 429, whatever it is."""
    if _refused() > MOST:
        abort(429)
    raise refusal


def _refused() -> int:
    """How many the caller had of late, with this one. Redis away: nobody has counted."""
    caller = _caller(request.remote_addr or "")
    try:
        with redis_client().pipeline() as pipe:
            pipe.incr(caller)
            pipe.expire(caller, SECONDS, nx=True)
            return int(pipe.execute()[0])
    except RedisError:
        return 0


def _caller(address: str) -> str:
    """A name for who calls from there; nobody can read the address from it."""
    key = settings().secret_key.encode()
    return f"refused:{hmac.new(key, _network(address), hashlib.sha256).hexdigest()[:32]}"


def _network(address: str) -> bytes:
    try:
        there = ip_address(address)
    except ValueError:
        return address.encode()
    if there.version == 6:
        return str(ip_network((there, NETWORK), strict=False)).encode()
    return address.encode()
