"""What can go wrong with our own servers."""

from collections.abc import Iterator
from contextlib import contextmanager


class ServerError(Exception):
    """An own server cannot run; the text is one line that says why, and what to do."""


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn the system's refusals, such as a file of another user, into a ServerError."""
    try:
        yield
    except OSError as error:
        place = error.filename or "this machine"
        raise ServerError(
            f"{place}: {error.strerror or error}; see whose it is, or choose another VAR_DIR"
        ) from None
