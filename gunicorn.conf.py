"""How gunicorn serves the product; the simulator overrides bind, workers and threads."""

import ctypes
import gc
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "app.gunicorn_worker.Worker"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Of these the few streams that go through the web have 16 at most (app/web/stream_relay.py).
threads = 64
# With these, and those to the databases, below the 1,024 files that a process may usually open.
worker_connections = 700
timeout = 60
# Open streams make a stop last the whole of it.
graceful_timeout = 5
# Longer than a load balancer's idle time, so that it is the one to hang up.
keepalive = 75
backlog = 2048
limit_request_line = 8190
limit_request_fields = 100
accesslog = "-" if os.environ.get("ACCESS_LOG") == "1" else None
# Neither the path, which may be a secret of whoever was sent it, nor what a browser says of itself.
access_log_format = "%(t)s %(m)s %(s)s %(B)s bytes %(D)s µs"
loglevel = "warning"
# Nobody commands it from beside; it would take a thread, and one path for all that a user runs.
control_socket_disable = True
# No peer says under which path or scheme we are: with TRUSTED_PROXIES the application reads what a
# proxy of ours says, and no other header counts.
forwarded_allow_ips = ""
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
# Its heartbeat file: on a slow disk a worker would be taken for dead.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108

PROGRAM = "wsgi:app"
PR_SET_PDEATHSIG = 1  # linux/prctl.h
# Where the processes keep what /metrics adds up (prometheus_client); before it is imported.
METRICS = Path(os.environ.get("VAR_DIR") or "var").absolute() / "metrics"


def on_starting(server: Any) -> None:
    """Import the program once: its workers, also those that follow one that fell, fork with it.

    Importing it starts nothing; of the simulator, which has one worker, that is not true.
    """
    if server.app.app_uri == PROGRAM:
        _count_anew()
        import wsgi  # noqa: F401


def post_worker_init(worker: Any) -> None:
    """What a worker begins with stays to its end: looked through no more, a full collection costs
    no request anything, and not one of them 0.2 s."""
    if worker.app.app_uri == PROGRAM:
        from app.inbound import arrived

        arrived.begin(worker.wsgi.app_context)
    gc.collect()
    gc.freeze()


def worker_exit(_server: Any, worker: Any) -> None:
    """Called once its requests are answered."""
    if worker.app.app_uri == PROGRAM:
        from app.inbound import arrived

        arrived.end()


def _count_anew() -> None:
    """What former processes have counted is of no use: Prometheus takes it for a restart."""
    folder = Path(os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(METRICS)))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for kind in ("counter", "gauge", "histogram"):
            for file in folder.glob(f"{kind}_*.db"):
                file.unlink(missing_ok=True)
    except OSError:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="kaivox-metrics-")


def post_fork(server: Any, worker: Any) -> None:
    """Let no worker outlive the master: streams would keep one of a killed master for ever."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != server.pid:
            sys.exit(1)
