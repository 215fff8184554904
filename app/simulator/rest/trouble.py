"""The faults that a caller of the API meets."""

import errno
import os
import socket
import struct
import time
from collections.abc import Iterator

from flask import Response, request
from werkzeug.datastructures import Authorization

from app.simulator.rest.refusals import TwilioError, answer
from app.simulator.simulator import Simulator


def slow_down(sim: Simulator) -> None:
    """Before anything is done: wait, or refuse. What is refused here was not processed."""
    low, high = sim.faults.latency_ms
    if high:
        time.sleep(sim.dice.between(low, high) / 1000)
    if sim.dice.strikes(sim.faults.rate_429):
        raise TwilioError(20429, status=429)
    if sim.dice.strikes(sim.faults.rate_500_before):
        raise TwilioError(20500, status=500)


def require_token(sim: Simulator, given: Authorization | None) -> None:
    """Basic auth with an account and its token. https://www.twilio.com/docs/iam/api#authentication
    A token that was replaced at Twilio is a wrong one from then on."""
    user, password = (given.username, given.password) if given else (None, None)
    known = bool(user and password and sim.settings.tokens.get(user) == password)
    if not known or sim.dice.strikes(sim.faults.token_replaced):
        raise TwilioError(20003, status=401)


def break_answer(sim: Simulator, response: Response) -> Response:
    """After the message was accepted: let the caller not learn of it."""
    faults, dice = sim.faults, sim.dice
    if dice.strikes(faults.rate_500_after):
        return answer(TwilioError(20500, status=500))
    if dice.strikes(faults.reset_after):
        return reset_connection()
    if dice.strikes(faults.garbage_answer):
        return Response(response.get_data()[:97] + b"<html>502 Bad Gat", 201, mimetype="text/html")
    return response


def reset_connection() -> Response:
    """Close the caller's socket so that it sees a reset, and answer nothing."""
    sock = request.environ.get("gunicorn.socket") or request.environ.get("werkzeug.socket")
    if isinstance(sock, socket.socket):
        # Lingering for no time turns the close into a reset.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # Detached, the server cannot write into a descriptor that is another's by then.
        os.close(sock.detach())
    return Response(_nothing(), direct_passthrough=True)


def _nothing() -> Iterator[bytes]:
    raise ConnectionResetError(errno.ECONNRESET, "reset on purpose")
    yield b""
