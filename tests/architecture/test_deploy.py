"""What deploy/ starts, sets and names is there; deploy/check asks those whom the files are for."""

import re
from pathlib import Path

from app.servers.handed_down import KEYS
from tests.architecture.test_docs import ROOT, settings_in_code

DEPLOY = ROOT / "deploy"
# Read by gunicorn.conf.py, jobs/ and the operating system.
OTHERS = {"TZ", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}


def _files(*suffixes: str) -> dict[str, str]:
    files = (path for path in DEPLOY.rglob("*") if path.is_file() and path.suffix in suffixes)
    return {str(path.relative_to(ROOT)): path.read_text() for path in files}


def test_every_setting_of_an_environment_is_one_of_ours() -> None:
    text = (DEPLOY / "environment.example").read_text()
    units = "\n".join(_files(".service").values())
    named = set(re.findall(r"^([A-Z_]+)=", text, re.M))
    named |= set(
        re.findall(r"\b([A-Z_]+)=", "\n".join(re.findall(r"^Environment=.*", units, re.M)))
    )
    assert {"SECRET_KEY", "DATABASE_POOLER", "VAR_DIR"} <= named
    assert named <= settings_in_code() | set(KEYS) | OTHERS


def test_every_command_of_a_deployment_is_there() -> None:
    files = _files(".service", ".yaml") | {"Dockerfile": (DEPLOY / "Dockerfile").read_text()}
    for name, text in files.items():
        for module in re.findall(r"-m,? ((?:app|jobs)\.[\w.]+)", text):
            path = ROOT / module.replace(".", "/")
            assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), name
        for copied in re.findall(r"^COPY (?!--)(.*) \S+$", text, re.M):
            assert all((ROOT / each).exists() for each in copied.split()), name


def test_the_same_processes_run_wherever_it_is_deployed() -> None:
    """Those of `make run`: a new one is not forgotten."""
    processes = {"wsgi:app", "app.streams", "jobs.worker", "jobs.schedule"}
    product = (ROOT / "app/supervisor/product.py").read_text()
    assert set(re.findall(r'"((?:app|jobs)\.\w+|wsgi:app)"', product)) == processes
    image = (DEPLOY / "Dockerfile").read_text()
    for started in (
        "".join(_files(".service").values()),
        image + (DEPLOY / "compose.yaml").read_text(),
        image + "".join(_files(".yaml").values()),
    ):
        assert {each for each in processes if each in started} == processes


def test_every_file_of_deploy_that_the_documents_name_is_there() -> None:
    text = (ROOT / "docs/operations.md").read_text()
    named = set(re.findall(r"`(deploy/[\w./-]+)`", text))
    assert named
    assert [each for each in named if not Path(ROOT, each).exists()] == []
