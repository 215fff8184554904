import json
import sys
from pathlib import Path

import pytest
import stub_product
from started import Started

from app.servers.kept import free_port

TINY = Path(__file__).with_name("tiny.py")
OURS = (
    *("DATABASE_URL", "REDIS_URL", "TWILIO_API_URL", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"),
    *("SMTP_URL", "EMAIL_FROM", "INBOUND_EMAIL_DOMAIN", "SIMULATOR_SMTP_PORT"),
    "ALLOWED_PRIVATE_NETWORKS",
    *("VAR_DIR", "BIND", "ENVIRONMENT", "SECRET_KEY", "PUBLIC_URL", "DEMO"),
)


@pytest.fixture
def start():
    """Start a program; it is killed at the end of the test, whatever the test did."""
    programs = []

    def run(*command, **options):
        programs.append(Started(*command, **options))
        return programs[-1]

    yield run
    for program in programs:
        program.kill()


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    return stub_product.make(tmp_path_factory.mktemp("project with a space"))


@pytest.fixture
def supervise(start, project):
    """Start a supervisor of tiny parts, given as name=code or name={…}."""

    def run(**parts):
        listed = [
            {"name": name, **(given if isinstance(given, dict) else {"code": given})}
            for name, given in parts.items()
        ]
        return start(sys.executable, TINY, json.dumps(listed), folder=project)

    return run


@pytest.fixture
def make_run(project, start, monkeypatch):
    """Start the product in miniature, or the one in `folder`, on free ports."""
    for key in OURS:
        monkeypatch.delenv(key, raising=False)

    def run(*command, folder=project, terminal=False, **env):
        ports = {"PORT": str(free_port()), "SIMULATOR_PORT": str(free_port())}
        command = command or (sys.executable, "-m", "app.supervisor")
        return start(*command, folder=folder, env={**ports, **env}, terminal=terminal)

    return run
