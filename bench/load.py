"""Sixteen connections that post what was prepared, as fast as they are answered."""

import http.client
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from statistics import quantiles
from typing import NamedTuple
from urllib.parse import urlsplit

CONNECTIONS = 16
Post = tuple[str, bytes, dict[str, str]]


class Answered(NamedTuple):
    rate: float
    """Posts a second."""
    p99: float
    """Seconds within which 99 of 100 were answered."""


def posts_a_second(base: str, posts: Sequence[Post]) -> float:
    """How many are answered a second. Raises RuntimeError when one is refused."""
    return answered(base, posts).rate


def answered(base: str, posts: Sequence[Post]) -> Answered:
    """How they are answered. Raises RuntimeError when one is refused."""
    begin = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        took = [
            *chain.from_iterable(pool.map(lambda share: _post_all(base, share), _shares(posts)))
        ]
    return Answered(len(posts) / (time.perf_counter() - begin), quantiles(took, n=100)[98])


def _shares(posts: Sequence[Post]) -> Iterator[Sequence[Post]]:
    for number in range(CONNECTIONS):
        yield posts[number::CONNECTIONS]


def _post_all(base: str, posts: Sequence[Post]) -> list[float]:
    """Seconds that each answer took."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=20)
    took = []
    for path, body, headers in posts:
        begin = time.perf_counter()
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        took.append(time.perf_counter() - begin)
    connection.close()
    return took


Get = tuple[str, dict[str, str]]


def gets_a_second(base: str, gets: Sequence[Get], connections: int) -> float:
    """The same of pages, over so many connections."""
    begin = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        shares = (gets[number::connections] for number in range(connections))
        list(pool.map(lambda share: _get_all(base, share), shares))
    return len(gets) / (time.perf_counter() - begin)


def _get_all(base: str, gets: Sequence[Get]) -> None:
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=60)
    for path, headers in gets:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
    connection.close()
