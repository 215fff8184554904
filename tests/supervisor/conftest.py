import json
import sys
from pathlib import Path

import pytest
import stub_product
from started import Started

TINY = Path(__file__).with_name("tiny.py")


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
