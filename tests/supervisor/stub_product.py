"""A product in miniature, to be run by the real supervisor: it starts fast and cannot be broken."""

from pathlib import Path

PROJECT = Path(__file__).parents[2]
REAL = (
    *("app/config.py", "app/lib/mail/mail_server.py", "app/servers", "app/supervisor"),
    *("app/lib/outside/networks.py", "app/lib/mail/oauth_client.py", "gunicorn.conf.py"),
    *("app/gunicorn_worker.py", "app/lib/arrival.py"),
)

# Each process starts a helper that detaches itself, as a worker's child or a browser would.
SLEEPER = """
import subprocess, time
subprocess.Popen(["sleep", "600"], start_new_session=True)
print("at work", flush=True)
time.sleep(600)
"""

WSGI = """
import os, subprocess
from flask import Flask
app = Flask(__name__)
app.add_url_rule("/health/ready", view_func=lambda: "ready")

def make_ahead():
    pass

@app.cli.command()
def prepare():
    if os.environ.get("BROKEN"):
        raise SystemExit("prepare is broken")
    print("staff ann@example.com secret")

@app.cli.command()
def introduce():
    print(os.environ["TWILIO_API_URL"])
"""

SIMULATOR = """
from flask import Flask
app = Flask(__name__)
app.add_url_rule("/health", view_func=lambda: "ready")
"""

STREAMS = """
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *words):
        pass

HTTPServer(("127.0.0.1", int(os.environ["LIVE_PORT"])), Handler).serve_forever()
"""

ARRIVED = """
def begin(scope):
    pass

def end():
    pass
"""

FILES = {
    "app/__init__.py": "",
    "app/inbound/__init__.py": "",
    "app/inbound/arrived.py": ARRIVED,
    "app/lib/__init__.py": "",
    "app/lib/mail/__init__.py": "",
    "app/lib/outside/__init__.py": "",
    "app/simulator/__init__.py": "",
    "app/simulator/wsgi.py": SIMULATOR,
    "app/streams/__init__.py": "",
    "app/streams/__main__.py": STREAMS,
    "app/streams/server.py": "",
    "jobs/__init__.py": "",
    "jobs/json_jobs.py": "",
    "jobs/worker.py": SLEEPER,
    "jobs/worker_tasks.py": "",
    "jobs/schedule.py": SLEEPER,
    "wsgi.py": WSGI,
}


def make(folder: Path) -> Path:
    """Write the product into the folder, with our supervisor and servers linked into it."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    for name in REAL:
        (folder / name).symlink_to(PROJECT / name)
    return folder
