"""A process that runs for as long as the product does imports nothing that it has no use for."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"cryptography", "flask", "psycopg", "redis", "sqlalchemy", "twilio"}


@pytest.mark.parametrize(
    ("program", "uses"), [("supervisor", set()), ("streams", {"redis", "cryptography"})]
)
def test_what_a_program_brings_into_memory(program: str, uses: set[str]) -> None:
    code = f"import app.{program}.__main__, sys; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    modules = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert HEAVY & set(modules.split()) == uses
