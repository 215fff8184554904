"""The receiver in docs/webhooks.md takes what we send, and nothing else."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import current_app

from app.automation.webhooks.send_deliveries import send_due
from app.lib.outside.networks import parse
from tests.automation.webhooks.conftest import endpoint_at
from tests.automation.webhooks.support import deliveries, tell
from tests.support.carrier import served
from tests.support.world import NOON, WEBHOOK_SECRET, Business

GUIDE = Path(__file__).parents[2] / "docs/webhooks.md"
EXAMPLE = re.compile(r"<!-- receiver -->\s+```python\n(.*?)```", re.S)


def example() -> dict[str, Any]:
    """The names that the example defines, with the secret in its place."""
    found = EXAMPLE.search(GUIDE.read_text())
    assert found, "the guide has an example"
    names: dict[str, Any] = {"__name__": "receiver"}
    exec(found.group(1).replace("whsec_…", WEBHOOK_SECRET), names)  # noqa: S102
    return names


def test_the_documented_receiver_takes_each_event_once_and_no_forgery(
    salon: Business, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    allowed = replace(current_app.extensions["settings"], private_networks=(parse("127.0.0.0/8"),))
    monkeypatch.setitem(current_app.extensions, "settings", allowed)
    names = example()
    with served(names["app"]) as url:
        endpoint_id = endpoint_at(salon, f"{url}/kaivox")
        tell(salon, endpoint_id, "evt_1", "evt_2")
        send_due(NOON)
        assert {row.answered for row in deliveries(salon, endpoint_id)} == {204}
        forged = {"webhook-id": "evt_3", "webhook-timestamp": "1", "webhook-signature": "x"}
        for headers in ({}, forged, forged | {"webhook-signature": "v1,AAAA"}):
            answer = requests.post(f"{url}/kaivox", data="{}", headers=headers, timeout=5)
            assert answer.status_code == 400
    assert names["known"] == {"evt_1", "evt_2"}
    assert capsys.readouterr().out.count("message.received") == 2
