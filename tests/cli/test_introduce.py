"""The simulator is told what a person would enter elsewhere."""

from dataclasses import replace

import pytest
import requests
from flask import current_app

from tests.automation.webhooks.conftest import endpoint_at
from tests.automation.webhooks.support import endpoint
from tests.support.carrier import Carrier
from tests.support.world import WEBHOOK_SECRET, Business


def test_the_receiver_of_a_webhook_verifies_by_its_secret_wherever_it_listens_now(
    twilio: Carrier, salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = replace(current_app.extensions["settings"], twilio_api_url=twilio.url)
    monkeypatch.setitem(current_app.extensions, "settings", known)
    moved = endpoint_at(salon, "http://127.0.0.1:1/hooks/till")
    others = endpoint_at(garage, "https://hooks.test/hooks/till")
    assert current_app.test_cli_runner().invoke(args=["introduce"]).exit_code == 0
    page = requests.get(f"{twilio.url}/hooks", timeout=5).text
    assert WEBHOOK_SECRET in page
    assert endpoint(salon, moved).url == f"{twilio.url}/hooks/till"
    assert endpoint(garage, others).url == "https://hooks.test/hooks/till"
