"""So many pages with a stream each, in this process: when each heard what."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# Side by side, as many as a backlog takes.
AT_ONCE = 100
PATIENCE = 120.0

Ask = Callable[[int], bytes]
"""The request of a page, by its number."""


class Page(asyncio.Protocol):
    """Notes when it heard something after its beginning."""

    def __init__(self, request: bytes) -> None:
        self.request, self.begun, self.heard = request, False, list[float]()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 (asyncio's own)
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        if self.begun:
            self.heard += [time.monotonic()] * data.count(b"data: ")
        self.begun = self.begun or b"data: *" in data


@contextmanager
def opened(port: int, count: int, ask: Ask) -> Iterator[list[Page]]:
    """All of them begun, in a thread of their own. Raises RuntimeError where one does not begin."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        pages = asyncio.run_coroutine_threadsafe(_open(port, count, ask), loop).result(PATIENCE)
        yield pages
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _open(port: int, count: int, ask: Ask) -> list[Page]:
    pages: list[Page] = []
    while len(pages) < count:
        few = [Page(ask(number)) for number in range(len(pages), len(pages) + AT_ONCE)]
        await asyncio.gather(*(_connect(port, page) for page in few))
        pages += few
        await _begun(few)
    return pages


async def _connect(port: int, page: Page) -> None:
    await asyncio.get_running_loop().create_connection(lambda: page, "127.0.0.1", port)


async def _begun(pages: list[Page]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not all(page.begun for page in pages):
        if time.monotonic() > deadline:
            raise RuntimeError("a stream was refused")
        await asyncio.sleep(0.01)
