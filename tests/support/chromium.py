"""A Chromium of the system, for the tests that need a browser and for the README's pictures."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

# The shell has no windows to draw, and takes a quarter less of the machine.
LIGHT = "chromium-headless-shell"
NAMES = (LIGHT, "chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
)


def find() -> str | None:
    """The path of a Chromium; Debian's is installed when we may, and there is none."""
    return _on_path() or (_on_path() if _installed() else None)


def required() -> str:
    """The path of a Chromium. Without one the test is skipped, or has failed where
    REQUIRE_BROWSER=1 says that it must not be."""
    path = find()
    if path is None:
        give_up = pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip
        give_up("no Chromium was found for the browser tests: install chromium")
    return str(path)


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    # Its sandbox refuses to run as root.
    options = [*OPTIONS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


def _on_path() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def _installed() -> bool:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = ([apt, "-q", "update"], [apt, "-qy", "install", "--no-install-recommends", LIGHT])
    return all(subprocess.run(step, env=env, capture_output=True).returncode == 0 for step in steps)
