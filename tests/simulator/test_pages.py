"""The pages, and who may use them."""

import pytest
import requests

from tests.simulator.helpers import PNG, eventually


def test_a_new_telephone_is_taken_out(sim):
    form = {"number": "(415) 555-0123", "name": "Bob <b>"}
    page = requests.post(f"{sim.url}/phones", form, timeout=5)
    assert page.url.endswith("/phones/+14155550123")
    assert "Bob &lt;b&gt;" in page.text
    assert "<b>" not in requests.get(sim.url, timeout=5).text.replace("<b>New telephone</b>", "")


def test_what_is_no_number_is_explained(sim):
    page = requests.post(f"{sim.url}/phones", {"number": "12"}, timeout=5)
    assert page.status_code == 400
    assert "Enter a telephone number" in page.text


def test_a_business_number_is_added_by_form(sim):
    form = {"number": "415 555 0100", "label": "Salon", "sms_url": "http://127.0.0.1:8000/sms"}
    assert "Salon" in requests.post(f"{sim.url}/numbers", form, timeout=5).text
    assert sim.get("numbers")["numbers"][0]["number"] == "+14155550100"
    wrong = requests.post(f"{sim.url}/numbers", {**form, "sms_url": "javascript:x"}, timeout=5)
    assert wrong.status_code == 400


def test_writing_without_scripts_shows_the_bubble(sim, salon, ann, product):
    form = {"with": salon, "channel": "sms", "body": "<script>alert(1)</script>"}
    files = {"media": ("cat.png", PNG)}
    page = requests.post(f"{sim.url}/phones/{ann}/send", form, files=files, timeout=5)
    assert page.status_code == 200
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert 'alt="cat.png"' in page.text
    source = page.text.split('<img src="/media/')[1].split('"')[0]
    assert requests.get(f"{sim.url}/media/{source}", timeout=5).content == PNG
    assert product.called("/sms")[0].form["NumMedia"] == "1"


def test_the_open_thread_reads_only_its_own_conversation(sim, twilio, salon, ann, product):
    sim.text(ann, f"whatsapp:{salon}", "Hello")
    twilio.messages.create(to=f"whatsapp:{ann}", from_=f"whatsapp:{salon}", body="One")
    twilio.messages.create(to=ann, from_=salon, body="Two")
    eventually(lambda: len(sim.arrived(ann)) == 2)
    query = {"with": salon, "channel": "whatsapp", "seen": "1"}
    thread = requests.get(f"{sim.url}/phones/{ann}/thread", query, timeout=5).text
    assert "One" in thread
    assert "Two" not in thread
    eventually(lambda: [m["status"] for m in sim.on_phone(ann) if m["body"] == "One"] == ["read"])
    assert [m["seen"] for m in sim.on_phone(ann) if m["body"] == "Two"] == [False]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example"},
    ],
)
def test_another_site_may_not_post(sim, headers):
    url = f"{sim.url}/simulator/phones/+14155550101/send"
    answer = requests.post(
        url, json={"to": "+14155550100", "body": "x"}, headers=headers, timeout=5
    )
    assert answer.status_code == 403
    assert sim.get("messages")["messages"] == []


def test_our_own_pages_may_post(sim):
    headers = {"Origin": sim.url, "Sec-Fetch-Site": "same-origin"}
    form = {"number": "+14155550123"}
    assert requests.post(f"{sim.url}/phones", form, headers=headers, timeout=5).ok


def test_only_this_machine_is_answered(settings):
    from app.simulator import create_simulator

    app = create_simulator(settings)
    try:
        stranger = {"REMOTE_ADDR": "192.0.2.7"}
        visit = app.test_client()
        for path in ("/", "/simulator/messages", "/faults", "/static/base.css", "/hooks/list"):
            assert visit.get(path, environ_overrides=stranger).status_code == 403
        assert visit.get("/health", environ_overrides=stranger).status_code == 200
        # A receiver, which a worker on another host tells, says that it knows no such signature.
        assert visit.post("/hooks/salon", environ_overrides=stranger).status_code == 400
    finally:
        app.extensions["simulator"].close()


def test_forgetting_leaves_nothing(sim, salon, ann, product):
    sim.text(ann, salon, "Hello")
    assert requests.delete(f"{sim.url}/simulator/state", timeout=5).status_code == 204
    assert sim.get("messages")["messages"] == []
    assert sim.get("numbers")["numbers"] == []


def test_a_call_from_the_page_is_in_the_thread(sim, salon, ann, product):
    sim.put(f"numbers/{salon}", voice_url=product.url("/answer"))
    product.answer("/answer", body="<Response><Say>Nobody is <![CDATA[<b>]]></Say></Response>")
    form = {"with": salon, "channel": "sms", "outcome": "answered"}
    assert requests.post(f"{sim.url}/phones/{ann}/call", form, timeout=5).ok
    thread = f"{sim.url}/phones/{ann}/thread"
    heard = "You heard: “Nobody is &lt;b&gt;”"
    eventually(lambda: heard in requests.get(thread, {"with": salon}, timeout=5).text)
    wrong = requests.post(f"{sim.url}/phones/{ann}/call", {**form, "outcome": "x"}, timeout=5)
    assert wrong.status_code == 400


def test_who_wrote_before_it_was_started_is_not_said_to_have_written_nothing(sim):
    sim.put("social/pages/1040", name="Bella Salon")
    for id_, name, wrote in (("7001", "Lena", 0), ("7002", "Noor", 1_780_000_000)):
        sim.put(f"social/people/{id_}", account="1040", name=name, wrote=wrote)
    people = requests.get(f"{sim.url}/social", timeout=5).text
    noor, lena = people.index("Noor"), people.index("Lena")
    assert noor < lena, "the latest first"
    assert "Wrote on" in people[noor:lena] and "28 May" in people[noor:lena]
    assert "Has not written yet" in people[lena:]
    telephone = requests.get(f"{sim.url}/social/7002", timeout=5).text
    assert "28 May" in telephone
    assert "data-jump" in telephone, "its script asks for it"
    assert "Nothing here yet" in requests.get(f"{sim.url}/social/7001", timeout=5).text
