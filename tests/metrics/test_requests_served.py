"""Several web processes count as one, also when one of them is killed; a start begins anew."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from app.servers.kept import free_port
from tests.support.stack import GUNICORN, PROJECT, until


class Web:
    """A gunicorn with two processes, started and stopped."""

    def __init__(self, environ: dict[str, str], folder: Path) -> None:
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        more = {"PORT": str(self._port), "WEB_CONCURRENCY": "2", "VAR_DIR": str(folder)}
        self._env = {**environ, **more}

    def start(self) -> None:
        command = (*GUNICORN, "--bind", f"127.0.0.1:{self._port}", "wsgi:app")
        null = subprocess.DEVNULL
        self.process = subprocess.Popen(
            command, cwd=PROJECT, env=self._env, stdout=null, stderr=null
        )
        until(self._answers)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)

    def processes(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def told(self) -> dict[str, float]:
        text = requests.get(f"{self.url}/metrics", timeout=5).text
        families = text_string_to_metric_families(text)
        return {
            sample.name + str(sorted(sample.labels.values())): sample.value
            for family in families
            for sample in family.samples
        }

    def served(self) -> float:
        return self.told().get("kaivox_page_seconds_count['/health/live', '2xx']", 0.0)

    def ask(self, times: int) -> None:
        for _ in range(times):
            # Each over a connection of its own, so that both processes have their share.
            requests.get(f"{self.url}/health/live", timeout=5, headers={"Connection": "close"})

    def _answers(self) -> bool:
        with suppress(requests.RequestException):
            return requests.get(f"{self.url}/health/live", timeout=2).ok
        return False


@pytest.fixture
def web(whole_app: Flask, environ: dict[str, str], tmp_path: Path) -> Iterator[Web]:
    clean = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    web = Web({**clean, **environ}, tmp_path)
    web.start()
    yield web
    web.stop()


def test_processes_are_added_up_outlive_one_that_is_killed_and_begin_anew_with_a_start(
    web: Web, tmp_path: Path
) -> None:
    before = web.served()
    web.ask(40)
    assert web.served() == before + 40
    assert {web.served() for _ in range(6)} == {before + 40}, "whichever process answers"
    first = web.processes()[0]
    os.kill(first, signal.SIGKILL)
    until(lambda: len(set(web.processes()) - {first}) == 2)
    until(web._answers)
    assert web.served() >= before + 40, "what it has served stays counted"
    web.stop()
    (tmp_path / "metrics" / "somebody-elses.db").write_text("Not ours.")
    web.start()
    assert web.served() < 40
    assert (tmp_path / "metrics" / "somebody-elses.db").exists()
    # As a process leaves it that is killed between making its file and writing into it.
    (tmp_path / "metrics" / "histogram_99999999.db").touch()
    assert 0 < web.served() < 40
