"""A server on a thread of its own."""

import asyncio
import threading
from collections.abc import Awaitable, Callable


class Listening:
    """Listens from its making to its `stop`; `port` says where, also when it was given 0. A port
    that is another's ends the start with a word on what to do."""

    def __init__(self, key: str, port: int, listen: Callable[[], Awaitable[asyncio.Server]]):
        self._loop = asyncio.new_event_loop()
        try:
            self._server = self._loop.run_until_complete(listen())
        except OSError as error:
            self._loop.close()
            raise SystemExit(f"{key} {port}: {error.strerror}. Choose another.") from None
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._run, name=key, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Hang up on everybody, and give the port back."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._server.close()
        self._loop.run_until_complete(self._hang_up())
        self._loop.close()

    async def _hang_up(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
