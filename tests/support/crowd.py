"""Many at once, who all begin in the same moment."""

import threading
from collections.abc import Callable

from flask import Flask


def crowd(app: Flask, work: Callable[[], object], size: int = 50) -> list[Exception]:
    """Let so many threads do the work at once; what they raised."""
    # Passed before the first statement: the pool has fewer connections than the crowd has heads.
    gate, errors = threading.Barrier(size), list[Exception]()

    def begin() -> None:
        gate.wait()
        with app.app_context():
            try:
                work()
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=begin) for _ in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors
