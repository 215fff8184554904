"""The least that could be called a stream: whoever connects and says something hears what is
published under live:*, whatever it is. `python -m bench.bare_streams PORT`."""

import asyncio
import os
import resource
import sys

from redis.asyncio import Redis


class Page(asyncio.Protocol):
    open: "set[asyncio.Transport]" = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 (asyncio's own)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.open.add(self.transport)
        self.transport.write(b"data: *\n\n")

    def connection_lost(self, error: Exception | None) -> None:
        self.open.discard(self.transport)


async def main(port: int) -> None:
    loop = asyncio.get_running_loop()
    await loop.create_server(Page, "127.0.0.1", port, backlog=2048)
    async with Redis.from_url(os.environ["REDIS_URL"]).pubsub() as heard:
        await heard.psubscribe("live:*")
        async for message in heard.listen():
            if message["type"] == "pmessage":
                for page in list(Page.open):
                    page.write(b"data: %b\n\n" % message["data"])


if __name__ == "__main__":
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(main(int(sys.argv[1])))
