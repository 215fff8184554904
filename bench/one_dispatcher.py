"""One worker's process that dispatches all that is due, with what a worker loads and no more.

`python -m bench.one_dispatcher` prints its seconds and the MB that it then has as JSON: PSS, and
the most that was resident, of which 25 are libraries that others have in memory as well.
"""

import json
import os
import resource
import time

import jobs.worker  # noqa: F401
from app import create_app
from app.lib.time.clock import now
from app.notifications.dispatch import dispatch
from bench.processor import memory_mb


def main() -> None:
    with create_app().app_context():
        begin = time.perf_counter()
        while dispatch(now()):
            pass
        seconds = time.perf_counter() - begin
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {"seconds": seconds, "MB": memory_mb(os.getpid()), "resident": resident}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
