"""Things are broken by a button or by a program, stay so, and are put right."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from app.servers import process
from app.servers.valkey import Valkey
from app.supervisor.stragglers import mark
from tests.simulator.helpers import eventually

CONTENT = "HX" + "a" * 32


def broken(sim):
    return [(each["key"], each["of"]) for each in sim.get("breakages")["breakages"]]


def test_a_number_that_is_gone_is_not_listed_and_sends_nothing(sim, salon, ann, twilio):
    sim.put("breakages/number_gone", of=salon)
    assert broken(sim) == [("number_gone", salon)]
    assert twilio.incoming_phone_numbers.list() == []
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=ann, from_=salon, body="Hello")
    assert refused.value.code == 21606


def test_what_stood_before_stands_again_also_after_a_restart(start, salon, product):
    sim = start()
    sim.put("breakages/urls_changed", of=salon)
    assert sim.get("numbers")["numbers"][0]["sms_url"] == "https://old-system.example/sms"
    sim = start()
    assert broken(sim) == [("urls_changed", salon)]
    requests.delete(f"{sim.url}/simulator/breakages/urls_changed", json={"of": salon}, timeout=5)
    assert sim.get("numbers")["numbers"][0]["sms_url"] == product.url("/sms")
    assert broken(sim) == []


def test_who_puts_right_what_is_not_broken_changes_nothing(sim, salon):
    sim.put("breakages/urls_changed", of=salon)
    sim.put(f"numbers/{salon}", sms_url="http://127.0.0.1:9/mended")
    requests.delete(f"{sim.url}/simulator/breakages/urls_changed", json={"of": salon}, timeout=5)
    assert sim.get("numbers")["numbers"][0]["sms_url"] == "http://127.0.0.1:9/mended"


def test_a_token_that_was_replaced_lets_nobody_in(sim, salon, twilio):
    sim.put("breakages/token_replaced")
    answer = requests.get(f"{sim.url}/v2/Channels/Senders", timeout=5)
    assert answer.status_code == 401
    with pytest.raises(Exception, match="Authenticate"):
        twilio.incoming_phone_numbers.list()


def test_a_message_made_from_a_rejected_template_fails_later(sim, salon, ann, twilio):
    sim.put(f"contents/{CONTENT}", body="Hi {{1}}", name="Hi")
    sim.put("breakages/template_rejected", of=CONTENT)
    sent = twilio.messages.create(
        to=f"whatsapp:{ann}",
        from_=f"whatsapp:{salon}",
        content_sid=CONTENT,
        content_variables='{"1": "Ann"}',
    )
    done = eventually(lambda: twilio.messages(sent.sid).fetch().error_code)
    assert done == 63041


def test_a_message_that_carriers_filter_fails_later(sim, salon, ann, twilio):
    sim.put("breakages/carriers_filter")
    sent = twilio.messages.create(to=ann, from_=salon, body="Hello")
    assert eventually(lambda: twilio.messages(sent.sid).fetch().error_code) == 30007


def test_a_webhook_that_is_signed_for_another_address_is_not_ours(sim, salon, ann, product):
    sim.put("breakages/signed_elsewhere")
    sim.text(ann, salon, "Hello")
    assert not product.called("/sms")[0].signed


def test_all_is_broken_and_put_right_on_the_page(sim, salon):
    page = requests.get(f"{sim.url}/break", timeout=5).text
    assert "Break something" in page and "Number gone" in page
    form = {"key": "number_gone", "of": salon, "on": "1"}
    page = requests.post(f"{sim.url}/break", form, timeout=5).text
    assert "Broken:" in page and "Put right" in page
    requests.post(f"{sim.url}/break", {**form, "on": "0"}, timeout=5)
    assert broken(sim) == []


def test_people_text_stop_each_from_a_telephone_of_their_own(sim, salon, product):
    happen = {"key": "many_stop", "of": salon}
    assert requests.post(f"{sim.url}/break/happen", happen, timeout=5).ok
    told = product.called("/sms", times=6)
    assert {each.form["Body"] for each in told} == {"STOP"}
    assert len({each.form["From"] for each in told}) == 6
    wrong = requests.post(f"{sim.url}/break/happen", happen | {"of": "+1"}, timeout=5)
    assert wrong.status_code == 400


def test_a_process_of_the_same_run_stands_still_and_goes_on(sim, monkeypatch):
    """Under the supervisor, which marks them; a stranger's run goes on."""
    monkeypatch.setenv("KAIVOX_PART", mark("ours", "simulator")["KAIVOX_PART"])
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    with ExitStack() as stack:
        for run in ("ours", "strangers"):
            env = {**os.environ, **mark(run, "worker")}
            part = stack.enter_context(subprocess.Popen(command, env=env))
            stack.callback(part.kill)
        page = requests.get(f"{sim.url}/break", timeout=5).text
        assert "Urgent worker stands still" in page and "Scheduler stands" not in page
        sim.put("breakages/worker_still")
        assert eventually(lambda: broken(sim)) == [("worker_still", "")]
        assert not stands_still(part), "the stranger's"
        requests.delete(f"{sim.url}/simulator/breakages/worker_still", json={}, timeout=5)
        assert eventually(lambda: broken(sim) == [])
    assert requests.put(f"{sim.url}/simulator/breakages/worker_still", timeout=5).status_code == 400


def test_a_server_of_the_same_run_stands_still_and_goes_on(sim, monkeypatch, tmp_path):
    """Known by its folder; one of another folder goes on."""
    ours, strangers = Valkey(tmp_path / "ours", durable=False), Valkey(tmp_path / "strangers")
    with ExitStack() as stack:
        both = [stack.enter_context(serving(server)) for server in (ours, strangers)]
        monkeypatch.setenv("VAR_DIR", str(ours.var_dir))
        page = requests.get(f"{sim.url}/break", timeout=5).text
        assert "Redis stands still" not in page, "nobody supervises it"
        monkeypatch.setenv("KAIVOX_PART", "ours/simulator/")
        sim.put("breakages/redis_still")
        assert eventually(lambda: broken(sim)) == [("redis_still", "")]
        page = requests.get(f"{sim.url}/break", timeout=5).text
        assert "Broken:" in page and "Redis stands still" in page
        assert "Database takes nobody new" not in page, "there is none"
        assert [stands_still(each) for each in both] == [True, False]
        requests.delete(f"{sim.url}/simulator/breakages/redis_still", json={}, timeout=5)
        assert eventually(lambda: broken(sim) == []) and ours.answers()


@contextmanager
def serving(server):
    server.prepare()
    running = process.start(server)
    try:
        process.wait_until_ready(server, running)
        yield running
    finally:
        process.stop(running, signal.SIGKILL)


def stands_still(part):
    stat = Path(f"/proc/{part.pid}/stat").read_text()
    return stat.rpartition(")")[2].split()[0] == "T"


def test_a_receiver_breaks_down_and_is_put_right(sim):
    sim.put("receivers/till", secret="whsec_" + "a" * 32)
    sim.put("breakages/receiver_broken", of="till")
    assert broken(sim) == [("receiver_broken", "till")]
    assert requests.post(f"{sim.url}/hooks/till", "{}", timeout=5).status_code in (400, 500)
    assert "Receiver of webhooks till" in requests.get(f"{sim.url}/break", timeout=5).text
    requests.delete(
        f"{sim.url}/simulator/breakages/receiver_broken", json={"of": "till"}, timeout=5
    )
    assert broken(sim) == []


@pytest.mark.parametrize(
    ("key", "of"), [("nothing", ""), ("number_gone", ""), ("number_gone", "+14155550999")]
)
def test_what_is_not_there_is_not_broken(sim, salon, key, of):
    answer = requests.put(f"{sim.url}/simulator/breakages/{key}", json={"of": of}, timeout=5)
    assert answer.status_code == 400 and answer.json()["error"]
    form = {"key": key, "of": of, "on": "1"}
    assert requests.post(f"{sim.url}/break", form, timeout=5).status_code == 400
    assert broken(sim) == []
