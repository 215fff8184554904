"""A running simulator, a product that it calls, and Twilio's own SDK between the two."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from app.simulator import create_simulator
from app.simulator.settings import Settings
from tests.simulator.helpers import ACCOUNT, TOKEN, Product, Sim, client_for
from tests.support.whole import whole

SALON = "+14155550100"
ANN = "+14155550101"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        directory=tmp_path / "simulator",
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        status_delay=0.01,
        other_accounts={"AC" + "2" * 32: "strangers-token"},
    )


class Starter:
    """Starts a simulator on the same directory each time; only one runs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._running: tuple[BaseWSGIServer, Flask] | None = None

    def __call__(self) -> Sim:
        self.stop()
        app = create_simulator(self._settings)
        server = make_server("127.0.0.1", 0, whole(app), threaded=True)
        self._running = server, app
        poll = {"poll_interval": 0.01}
        threading.Thread(target=server.serve_forever, kwargs=poll, daemon=True).start()
        return Sim(f"http://127.0.0.1:{server.server_port}")

    def stop(self) -> None:
        if self._running is None:
            return
        server, app = self._running
        self._running = None
        server.shutdown()
        server.server_close()
        app.extensions["simulator"].close()


@pytest.fixture
def start(settings: Settings) -> Iterator[Starter]:
    starter = Starter(settings)
    yield starter
    starter.stop()


@pytest.fixture
def sim(start: Starter) -> Sim:
    return start()


@pytest.fixture
def product() -> Iterator[Product]:
    with Product() as running:
        yield running


@pytest.fixture
def salon(sim: Sim, product: Product) -> str:
    sim.put(
        f"numbers/{SALON}",
        label="Salon",
        sms_url=product.url("/sms"),
        whatsapp_url=product.url("/whatsapp"),
    )
    return SALON


@pytest.fixture
def ann(sim: Sim) -> str:
    sim.put(f"phones/{ANN}", name="Ann Lee")
    return ANN


@pytest.fixture
def twilio(sim: Sim) -> Any:
    return client_for(sim)
