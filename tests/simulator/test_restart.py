"""What a restart keeps."""

import pytest

from app.simulator.ownership import only_one
from tests.simulator.helpers import client_for, eventually


def test_messages_numbers_names_blocks_and_faults_survive(start, settings, product):
    sim = start()
    sim.put("numbers/+14155550100", label="Salon", sms_url=product.url("/sms"))
    sim.put("phones/+14155550101", name="Ann Lee")
    sim.put(f"contents/HX{'a' * 32}", name="Reminder", body="Hi {{1}}")
    sim.text("+14155550101", "+14155550100", "STOP")
    client_for(sim).messages.create(to="+14155550102", from_="+14155550100", body="Hello")
    eventually(lambda: sim.arrived("+14155550102"))
    sim.put("faults", reject={"+14155550103": 30003})
    kept = ("messages", "numbers", "faults", "phones", "contents")
    before = [sim.get(each) for each in kept]
    product.called("/sms")

    sim = start()
    after = [sim.get(each) for each in kept]
    assert after[1:] == before[1:]
    assert [m["sid"] for m in after[0]["messages"]] == [m["sid"] for m in before[0]["messages"]]
    assert any("unsubscribed" in body for body in sim.arrived("+14155550101"))


def test_a_torn_last_line_is_passed_over(start, settings):
    sim = start()
    client_for(sim).messages.create(to="+14155550102", from_="+14155550100", body="Whole")
    eventually(lambda: sim.arrived("+14155550102"))
    journal = settings.directory / "journal.jsonl"
    with journal.open("a") as file:
        file.write('{"op":"message","data":{"sid":"SM')
    sim = start()
    assert sim.arrived("+14155550102") == ["Whole"]
    client_for(sim).messages.create(to="+14155550102", from_="+14155550100", body="After")
    eventually(lambda: len(sim.arrived("+14155550102")) == 2)
    assert len(start().arrived("+14155550102")) == 2


def test_a_delivery_under_way_goes_on(start, settings, product):
    client_for(start()).messages.create(
        to="+14155550102",
        from_="+14155550100",
        body="On the way",
        status_callback=product.url("/status"),
    )
    product.called("/status", times=2)
    start.stop()
    journal = settings.directory / "journal.jsonl"
    lines = journal.read_text().splitlines(keepends=True)
    # As it was just after the message was accepted.
    accepted = [line for line in lines if '"op":"change"' not in line]
    assert len(accepted) < len(lines), "it had gone on already"
    journal.write_text("".join(accepted))
    sim = start()
    eventually(lambda: sim.arrived("+14155550102") == ["On the way"])
    product.called("/status", times=4)


def test_a_second_simulator_may_not_share_the_directory(start, settings):
    start()
    with pytest.raises(SystemExit, match="Another simulator uses"):
        only_one(settings.directory, patience=0)
    start.stop()
    only_one(settings.directory, patience=0).close()
