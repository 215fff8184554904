"""The direction of imports (.importlinter): it holds, and it would tell if it did not."""

import configparser
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PACKAGES = ("app", "admin_views", "jobs")

# One import for each contract that must break it: (file, line to add).
VIOLATIONS = {
    "entry-points": ("app/tasks.py", "import jobs.worker_tasks"),
    "flow": ("app/models/tenant.py", "import app.outbox.queue.claim"),
    "outbox": ("app/outbox/queue/claim.py", "import app.outbox.settle.record"),
    "notifications": ("app/notifications/content/wording.py", "import app.notifications.dispatch"),
    "screens": ("admin_views/panels/panel.py", "import admin_views.inbox.inbox"),
    "web": ("app/web/guards/csrf.py", "import app.web.health_endpoints"),
    "pure": ("app/channels/sms.py", "import sqlalchemy"),
    "channels-independent": ("app/channels/sms.py", "import app.channels.whatsapp"),
    "no-flask-in-domain": ("app/outbox/queue/claim.py", "import flask"),
    "one-sdk-one-folder": ("app/outbox/drain.py", "import twilio.rest"),
    "one-way-out": ("app/inbound/receive.py", "import requests"),
    "simulator-apart": ("app/simulator/state.py", "import app.lib.telephone.phone"),
    "simulator-unknown": ("app/web/health_endpoints.py", "import app.simulator"),
    "streams-small": ("app/streams/hub.py", "import sqlalchemy"),
    "supervisor-apart": ("app/supervisor/run.py", "import app.extensions"),
}


def contracts() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(PROJECT / ".importlinter")
    return parser


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", program, "--no-cache"]
    environ = {"PATH": "", "PYTHONPATH": str(folder), "COLUMNS": "500"}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)


def test_imports_point_downhill() -> None:
    answer = lint(PROJECT)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_an_import_that_points_uphill_breaks_its_contract(tmp_path: Path) -> None:
    parser = contracts()
    names = {
        section.rpartition(":")[2]: parser[section]["name"]
        for section in parser.sections()
        if section != "importlinter"
    }
    assert names.keys() == VIOLATIONS.keys(), "each contract has an example that breaks it"
    for package in PACKAGES:
        shutil.copytree(
            PROJECT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(PROJECT / ".importlinter", tmp_path)
    for file, line in VIOLATIONS.values():
        path = tmp_path / file
        path.write_text(f"{path.read_text()}\n{line}\n")
    answer = lint(tmp_path)
    kept = [name for name in names.values() if f"{name} BROKEN" not in answer.stdout]
    assert kept == [], answer.stdout + answer.stderr


def test_the_contract_names_every_channel() -> None:
    files = {path.stem for path in (PROJECT / "app/channels").glob("*.py")} - {
        "__init__",
        "channel",
    }
    modules = contracts()["importlinter:contract:channels-independent"]["modules"].split()
    assert {module.rpartition(".")[2] for module in modules} == files


def test_contracts_about_the_product_name_all_of_it() -> None:
    """A new package is forbidden to the simulator and the supervisor from its first day."""
    there = {f"app.{path.stem}" for path in (PROJECT / "app").iterdir() if path.name[0] not in "_."}
    parser = contracts()
    for section, may in (
        ("simulator-apart", {"app.simulator"}),
        ("supervisor-apart", {"app.supervisor", "app.servers", "app.config"}),
    ):
        named = set(parser[f"importlinter:contract:{section}"]["forbidden_modules"].split())
        assert there - named == may
