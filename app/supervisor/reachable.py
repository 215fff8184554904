"""Whether what the environment names answers, from here.

The clients are imported by who needs them: with servers of our own the supervisor, which lives
long, is none.
"""

import http.client
from contextlib import suppress
from urllib.parse import urlsplit

from app.config import ConfigError
from app.supervisor.listen_addresses import Address


def check_database(url: str) -> None:
    """Raise ConfigError, which never shows the password, when the database does not answer."""
    import psycopg

    try:
        psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=5).close()
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[-1:] or ["no reason given"]
        raise ConfigError(f"DATABASE_URL: {_place(url)} does not answer: {reason[0]}") from None


def check_redis(url: str) -> None:
    """Raise ConfigError, which never shows the password, when the Redis does not answer."""
    import redis

    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise ConfigError(f"REDIS_URL: {_place(url)} does not answer: {error}") from None


def answers(address: Address, path: str, host: str | None = None) -> bool:
    """Whether a GET is answered with 200; `host` is the name that it is asked under."""
    connection = http.client.HTTPConnection(address.local.host, address.port, timeout=2)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", path, headers={"Host": host or str(address.local)})
        return connection.getresponse().status == http.client.OK
    return False


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname or 'this machine'}{parts.path}"
