"""Where the web and the simulator listen, checked before anything starts."""

import errno
import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass

from app.config import ConfigError, Settings
from app.servers import kept

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 — a name for it, not a binding


@dataclass(frozen=True)
class Address:
    """A host and port to listen on, and how to reach it from here."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def local(self) -> "Address":
        return Address(EVERYWHERE.get(self.host, self.host), self.port)


def web_address(settings: Settings) -> Address:
    return Address(settings.bind, settings.port)


def streams_address(settings: Settings, env: Mapping[str, str]) -> Address:
    """The port that was given, else one of our own choice."""
    if "LIVE_PORT" in env:
        return Address(settings.bind, settings.live_port)
    return Address(settings.bind, kept.port(settings.var_dir / "streams.port"))


def simulator_address(settings: Settings, env: Mapping[str, str]) -> Address:
    text = env.get("SIMULATOR_PORT", str(settings.port + 1))
    if not text.isdigit() or not 0 < int(text) < 65536 or int(text) == settings.port:
        raise ConfigError(f"SIMULATOR_PORT is {text!r}: give a number from 1 to 65535, not PORT's")
    return Address("127.0.0.1", int(text))


def mail_address(settings: Settings, env: Mapping[str, str], protocol: str) -> Address:
    """Where the simulator takes emails (SMTP) or lets them be read (IMAP): the port that was given,
    else one of our own choice."""
    key = f"SIMULATOR_{protocol}_PORT"
    text = env.get(key)
    if text is None:
        return Address("127.0.0.1", kept.port(settings.var_dir / key.lower().replace("_", ".", 1)))
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise ConfigError(f"{key} is {text!r}: give a number from 1 to 65535")
    return Address("127.0.0.1", int(text))


def check_free(key: str, address: Address, within: float = 1.0) -> None:
    """Raise ConfigError when nobody can listen there, saying what to do.

    A run that was killed a moment ago may need a moment to let go.
    """
    deadline = time.monotonic() + within
    while error := _refusal(address):
        if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
            raise ConfigError(_problem(key, address, error))
        time.sleep(0.05)


def _refusal(address: Address) -> OSError | None:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except OSError as error:
            return error
    return None


def _problem(key: str, address: Address, error: OSError) -> str:
    what = f"{key} {address.port}"
    if error.errno == errno.EADDRINUSE:
        return f"{what} is in use: choose another, e.g. {key}={_other(address)} make run"
    if error.errno == errno.EACCES:
        return f"{what} is for root only: choose another, e.g. {key}={_other(address)} make run"
    return f"cannot listen on {address} ({os.strerror(error.errno or 0)}): see BIND and {key}"


def _other(address: Address) -> int:
    return 8010 if address.port < 1024 else min(address.port + 10, 65000)
