"""The simulator as a business's own system: it takes webhooks, verifies and shows them."""

from datetime import UTC, datetime

import pytest
import requests
from standardwebhooks import Webhook

from app.simulator.hooks.receivers import KEPT, MOST, Receivers
from tests.simulator.conftest import Starter
from tests.simulator.helpers import Sim

SECRET = "whsec_" + "c2VjcmV0IG9mIHRoZSBzaW11bGF0b3Igb2YgdGhlIHRlc3Q="
BODY = '{"type":"message.received","data":{"x":"<script>alert(1)</script>"}}'


def post(
    sim: Sim, id_: str = "evt_1", secret: str = SECRET, body: str = BODY, **headers: str
) -> requests.Response:
    at = datetime.now(UTC)
    signed = {
        "webhook-id": id_,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(id_, at, body),
    }
    return requests.post(f"{sim.url}/hooks/till", data=body, headers=signed | headers, timeout=5)


def told(sim: Sim) -> list[dict[str, object]]:
    found: list[dict[str, object]] = sim.get("receivers/till")["told"]
    return found


def test_what_is_rightly_signed_is_shown_as_verified(sim: Sim) -> None:
    sim.put("receivers/till", secret=SECRET)
    assert post(sim).status_code == 200
    assert post(sim).status_code == 200
    page = requests.get(f"{sim.url}/hooks", timeout=5).text
    assert "Verified" in page and "one of 2 with this id" in page and "message.received" in page
    assert "<script>alert" not in page
    assert [one["wrong"] for one in told(sim)] == ["", ""]


@pytest.mark.parametrize(
    "headers",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "nonsense"},
        {"webhook-signature": ""},
        {"webhook-timestamp": "yesterday"},
        {"webhook-id": "evt_2"},
    ],
)
def test_what_is_wrongly_signed_is_refused(sim: Sim, headers: dict[str, str]) -> None:
    sim.put("receivers/till", secret=SECRET)
    assert post(sim, **headers).status_code == 400
    assert told(sim)[0]["wrong"]


def test_without_a_secret_nobody_is_believed(sim: Sim) -> None:
    assert post(sim).status_code == 400
    assert "Not verified" in requests.get(f"{sim.url}/hooks", timeout=5).text


@pytest.mark.parametrize(("manner", "status"), [("error", 500), ("gone", 410), ("busy", 429)])
def test_it_can_have_a_bad_day(sim: Sim, manner: str, status: int) -> None:
    form = {"name": "till", "secret": SECRET, "manner": manner}
    assert requests.post(f"{sim.url}/hooks", data=form, timeout=5).status_code == 200
    answer = post(sim)
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("60" if manner == "busy" else None)


def test_what_came_is_there_after_a_restart(start: Starter) -> None:
    sim = start()
    sim.put("receivers/till", secret=SECRET, manner="error")
    post(sim)
    before = told(sim)
    sim = start()
    assert told(sim) == before
    assert post(sim).status_code == 500


def test_it_keeps_the_latest_of_many_and_shows_some() -> None:
    receivers = Receivers()
    for n in range(KEPT + 5):
        receivers.tell("till", at=n, id=f"evt_{n}", type="x", body="", wrong="", answered=200)
    found = receivers.find("till")
    assert found and [found.told[0].id, found.told[-1].id] == ["evt_5", f"evt_{KEPT + 4}"]
    for n in range(MOST):
        receivers.put(f"till {n}")
    assert receivers.find("till") is None and len(receivers.all()) == MOST
