"""A request on its way in, seen from outside: whether all of it is there (RFC 9112).

It only decides when a request is looked at; what is in it gunicorn reads for itself.
"""

import re

END = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r\n]*chunked", re.IGNORECASE)
EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)


class Arrival:
    """What has come of one request so far."""

    def __init__(self, most: int, data: bytes = b"") -> None:
        """most: so much of its body, or of its head, is waited for."""
        self.data = bytearray(data)
        self.expects = False
        """Whether the body comes only when we have said 100 (Continue)."""
        self._most = most
        self._looked = 0
        self._body: int | None = None
        self._length = 0
        self._chunk: int | None = None

    @property
    def is_upload(self) -> bool:
        """Whether it says that its body is longer than what is waited for."""
        return self._length > self._most

    def is_there(self) -> bool:
        """Whether the request is there, or as much of it as is waited for."""
        if self._body is None and not self._read_head():
            return len(self.data) > self._most
        come = len(self.data) - (self._body or 0)
        if come > self._most:
            return True
        return self._last_chunk() if self._chunk is not None else come >= self._length

    def _read_head(self) -> bool:
        end = self.data.find(END, max(0, self._looked - len(END) + 1))
        self._looked = len(self.data)
        if end < 0:
            return False
        self._body = end + len(END)
        self.expects = bool(EXPECTS.search(self.data, 0, self._body))
        if CHUNKED.search(self.data, 0, self._body):
            self._chunk = self._body
        elif length := LENGTH.search(self.data, 0, self._body):
            self._length = int(length[1])
        return True

    def _last_chunk(self) -> bool:
        """Go from chunk to chunk; whether the last is there, with what follows it."""
        while self._chunk is not None and (line := self.data.find(b"\r\n", self._chunk)) >= 0:
            size = _size(bytes(self.data[self._chunk : line]))
            if not size:
                return size is None or self.data.find(END, line) >= 0
            self._chunk = line + 2 + size + 2
        return False


def _size(line: bytes) -> int | None:
    """Of a chunk; None: this is no chunk, which gunicorn may say."""
    try:
        return int(line.partition(b";")[0][:16], 16)
    except ValueError:
        return None
