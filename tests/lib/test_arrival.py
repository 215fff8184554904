"""When a request is there: not before its last byte, however it was cut, and at it."""

import pytest

from app.lib.arrival import Arrival

MOST = 200
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
FORM = b"POST / HTTP/1.1\r\nHost: a\r\ncontent-LENGTH: 9\r\n\r\na=1&b=2&c"
CHUNKS = (
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5\r\n0\r\n\r\n\r\nB;x=1\r\n0123456789a\r\n0\r\nTrailer: b\r\n\r\n"
)


@pytest.mark.parametrize("request_", [GET, FORM, CHUNKS, CHUNKS.replace(b"Trailer: b\r\n", b"")])
def test_a_request_is_there_with_its_last_byte(request_: bytes) -> None:
    dripping = Arrival(MOST)
    for at, byte in enumerate(request_, 1):
        dripping.data.append(byte)
        assert dripping.is_there() == (at == len(request_)), request_[:at]
        assert Arrival(MOST, request_[:at]).is_there() == (at == len(request_))
    assert not dripping.is_upload


def test_what_never_ends_is_not_waited_for_beyond_the_most() -> None:
    begin = b"POST / HTTP/1.1\r\n"
    for head in (
        begin,
        begin + b"Content-Length: 1000\r\n\r\n",
        begin + b"Transfer-Encoding: chunked\r\n\r\nffff\r\n",
    ):
        arrival = Arrival(MOST, head)
        assert not arrival.is_there()
        arrival.data += b"a" * (MOST + 1)
        assert arrival.is_there()
        assert arrival.is_upload == (b"Length" in head)


def test_what_is_no_chunk_is_for_gunicorn_to_refuse() -> None:
    head = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert Arrival(MOST, head + b"what?\r\n").is_there()
    assert not Arrival(MOST, head + b"5\r\n").is_there()


def test_a_client_that_waits_for_us_is_known() -> None:
    arrival = Arrival(MOST, FORM[:-9].replace(b"Host: a", b"Expect: 100-continue"))
    assert not arrival.is_there() and arrival.expects
    assert not Arrival(MOST, FORM).expects
