"""The mailboxes' pages, and what an email cannot do there."""

import re
from base64 import b64decode
from dataclasses import asdict
from email import message_from_string, policy
from pathlib import Path

import pytest
import requests

from app.simulator.mail.answering import written
from app.simulator.mail.emails import Email
from app.simulator.state import State
from tests.simulator.helpers import Product, Sim
from tests.support.carrier import Carrier
from tests.support.mailboxes import Mailboxes

ANN = "ann@lee.example"
EVIL = "<script>alert(1)</script>"


def arrives(mailboxes: Mailboxes, to: str = ANN, html: str = "", **headers: str) -> Email:
    written = {name.replace("_", "-"): value for name, value in headers.items()}
    email = Email(1.5, "messages@kaivox.example", [to], written, "Hello", html, 300)
    mailboxes.sim.state.record("email", asdict(email))
    return email


def test_an_email_is_shown_sealed(mailboxes: Mailboxes, running_carrier: Carrier) -> None:
    to = f"{EVIL}/&@lee.example"
    email = arrives(mailboxes, to, html=EVIL, From=EVIL, Subject=EVIL, Reply_To=EVIL, X=EVIL)
    site = running_carrier.url
    drawer = requests.get(f"{site}/mail", timeout=5).text
    [link] = re.findall(r'class="card-link" href="([^"]+)"', drawer)
    mailbox = requests.get(site + link, timeout=5).text
    reading = requests.get(site + link, {"email": email.sid}, timeout=5).text
    for page in (drawer, mailbox, reading):
        assert "&lt;script&gt;alert(1)" in page
        assert EVIL not in page
    [sandbox, source] = re.findall(r'<iframe[^>]+ sandbox="([^"]+)" src="([^"]+)"', reading)[0]
    framed = requests.get(site + source, timeout=5)
    assert EVIL in framed.text
    policy = framed.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.endswith(f"sandbox {sandbox}")
    assert "allow-scripts" not in sandbox
    assert "allow-same-origin" not in sandbox


def test_an_email_is_unread_until_it_is_opened(
    mailboxes: Mailboxes, running_carrier: Carrier
) -> None:
    first, second = (arrives(mailboxes, Message_ID=f"<{n}@kaivox.example>") for n in "12")
    arrives(mailboxes, "bob@ray.example", Subject="Bob’s alone")
    page = f"{running_carrier.url}/mail/{ANN}"
    opened = requests.get(page, {"email": first.sid}, timeout=5).text
    assert re.findall(r'<li id="(\w+)" class="email( unread)?"', opened) == [
        (second.sid, " unread"),
        (first.sid, ""),
    ]
    assert "Sent more than once" not in opened
    assert "Bob’s alone" not in opened
    arrives(mailboxes, Message_ID="<1@kaivox.example>")
    assert requests.get(page, timeout=5).text.count("Sent more than once") == 2


def test_the_button_unsubscribes_with_one_post_and_follows_nothing(
    mailboxes: Mailboxes, running_carrier: Carrier
) -> None:
    with Product() as product:
        product.answer("/u/1", 302)
        address = f"<mailto:x@kaivox.example>, <{product.url('/u/1?a=1,2')}>"
        offer = {"List_Unsubscribe_Post": "List-Unsubscribe=One-Click"}
        email = arrives(mailboxes, List_Unsubscribe=address, **offer)
        page = f"{running_carrier.url}/emails/{email.sid}/unsubscribe"
        after = requests.post(page, {"mailbox": ANN}, timeout=5)
        [call] = product.calls
    assert call.form == {"List-Unsubscribe": "One-Click"}
    assert "Cookie" not in call.headers
    assert "HTTP 302" in after.text
    assert f'href="{product.url("/u/1?a=1,2")}"' in after.text
    without = arrives(mailboxes, List_Unsubscribe=address)
    page = f"{running_carrier.url}/emails/{without.sid}/unsubscribe"
    assert requests.post(page, timeout=5).status_code == 400


def test_a_simulator_without_a_mail_server_says_where_emails_go(sim: Sim) -> None:
    assert "another mail server (SMTP_URL)" in requests.get(f"{sim.url}/mail", timeout=5).text


def test_programs_read_the_emails_as_json(mailboxes: Mailboxes, running_carrier: Carrier) -> None:
    email = arrives(mailboxes, Subject="Hello", Reply_To="bella@salon.example")
    arrives(mailboxes, "bob@ray.example")
    url = f"{running_carrier.url}/simulator/emails"
    assert len(requests.get(url, timeout=5).json()["emails"]) == 2
    [found] = requests.get(url, {"to": ANN}, timeout=5).json()["emails"]
    assert found == email.json()
    assert (found["subject"], found["reply_to"]) == ("Hello", "bella@salon.example")


def test_where_nobody_takes_them_there_are_no_answers(
    mailboxes: Mailboxes, running_carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailboxes.sim, "imap_server", None)
    email = arrives(mailboxes, Reply_To="hello@bella.example")
    page, there = f"{running_carrier.url}/mail/{ANN}", f"{running_carrier.url}/emails/{email.sid}"
    shown = requests.get(page, {"email": email.sid}, timeout=5).text
    assert "Answer as" not in shown and "Let a machine answer" not in shown
    for door, form in (("answer", {"text": "Yes"}), ("report", {"as": "away"})):
        assert requests.post(f"{there}/{door}", form, timeout=5).status_code == 400


def test_without_a_webhook_an_answer_waits_in_the_mailbox_over_a_restart(
    mailboxes: Mailboxes, running_carrier: Carrier, tmp_path: Path
) -> None:
    email = arrives(mailboxes, Reply_To="Hello@bella.example")
    there = f"{running_carrier.url}/emails/{email.sid}/answer"
    answered = requests.post(there, {"mailbox": ANN, "text": "Yes, thanks"}, timeout=5).text
    assert "Your answer was taken" in answered
    [letter] = mailboxes.sim.state.letterboxes.after(0, "hello@bella.example")
    assert b"Yes, thanks" in b64decode(letter.content)
    state = State(tmp_path)
    state.record("letter", asdict(letter))
    state.close()
    again = State(tmp_path)
    assert again.letterboxes.after(0, "hello@bella.example") == [letter]
    assert again.letterboxes.after(letter.came, "hello@bella.example") == []
    again.close()


def test_somebody_writes_first_to_a_webhook_or_into_a_mailbox(
    mailboxes: Mailboxes, running_carrier: Carrier, product: Product
) -> None:
    url = f"{running_carrier.url}/mail"
    text = {"from": ANN, "to": "hello@bella.example", "subject": "Friday?", "text": "Is it free?"}
    assert "Your email was taken" in requests.post(url, text, timeout=5).text
    [letter] = mailboxes.sim.state.letterboxes.after(0, "hello@bella.example")
    assert b"Subject: Friday?" in b64decode(letter.content)
    hook = product.url("/api/email/bella/inbound?token=secret")
    Sim(running_carrier.url).put("inboxes/hello@bella.example", url=hook)
    assert "Your email was taken" in requests.post(url, text, timeout=5).text
    [call] = product.called("/api/email/bella/inbound")
    assert f"From: {ANN}" in call.raw
    for wrong in ({"from": ""}, {"to": ""}, {"subject": "Two\nlines"}):
        assert requests.post(url, text | wrong, timeout=5).status_code == 400


def test_an_answer_is_a_real_email_in_the_thread(
    mailboxes: Mailboxes, running_carrier: Carrier, product: Product
) -> None:
    hello = "Bella <hello@bella.example>"
    email = arrives(mailboxes, Message_ID="<1@kaivox.example>", Reply_To=hello, Subject="See you")
    page = f"{running_carrier.url}/mail/{ANN}"
    form = {"mailbox": ANN, "text": "Yes, thanks"}
    there = f"{running_carrier.url}/emails/{email.sid}/answer"
    url = product.url("/api/email/bella/inbound?token=secret")
    Sim(running_carrier.url).put("inboxes/hello@bella.example", url=url)
    assert "Answer as" in requests.get(page, {"email": email.sid}, timeout=5).text
    assert "Your answer was taken" in requests.post(there, form, timeout=5).text
    other = requests.post(there, form | {"mailbox": "bob@ray.example"}, timeout=5)
    assert other.status_code == 400, "nobody answers from another's mailbox"
    [call] = product.called("/api/email/bella/inbound")
    assert call.path.endswith("?token=secret")
    assert call.headers["Content-Type"] == "message/rfc822"


def test_an_answer_names_what_it_answers_and_quotes_it() -> None:
    headers = {"Message-ID": "<2@b>", "References": "<1@b>", "Subject": "See\nyou", "From": "<a@b>"}
    made = written(Email(1.5, "a@b", [ANN], headers, "Hello\nAnn", "", 300), ANN, " Yes\n")
    assert (made["From"], made["To"], made["Subject"]) == (ANN, "a@b", "Re: See you")
    assert (made["In-Reply-To"], made["References"]) == ("<2@b>", "<1@b> <2@b>")
    assert made.get_content().startswith("Yes\n\nOn ")
    assert made.get_content().endswith("wrote:\n> Hello\n> Ann\n")


@pytest.mark.parametrize("kind", ["text", "decorated", "forwarded"])
def test_an_answer_can_be_of_each_kind(
    mailboxes: Mailboxes, running_carrier: Carrier, product: Product, kind: str
) -> None:
    email = arrives(mailboxes, Message_ID="<1@kaivox.example>", Reply_To="reply+1@in.bella.example")
    url = product.url("/api/email/bella/inbound?token=secret")
    Sim(running_carrier.url).put("inboxes/@in.bella.example", url=url)
    form = {"mailbox": ANN, "text": "Yes, thanks", "as": kind}
    there = f"{running_carrier.url}/emails/{email.sid}/answer"
    assert "Your answer was taken" in requests.post(there, form, timeout=5).text
    [call] = product.called("/api/email/bella/inbound")
    made = message_from_string(call.raw, policy=policy.default)
    kinds = {part.get_content_type() for part in made.walk()}
    assert ("text/calendar" in kinds and "image/png" in kinds) is (kind == "decorated")
    assert ("message/rfc822" in kinds) is (kind == "forwarded")
    assert made["In-Reply-To"] == "<1@kaivox.example>"


@pytest.mark.parametrize("kind", ["bounce", "full", "delay", "away", "spam"])
def test_a_machine_answers_to_the_envelopes_sender(
    mailboxes: Mailboxes, running_carrier: Carrier, product: Product, kind: str
) -> None:
    email = arrives(mailboxes, Message_ID="<1@kaivox.example>", Reply_To="hello@bella.example")
    page, there = f"{running_carrier.url}/mail/{ANN}", f"{running_carrier.url}/emails/{email.sid}"
    form = {"mailbox": ANN, "as": kind}
    url = product.url("/api/email/bella/inbound?token=secret")
    Sim(running_carrier.url).put(f"inboxes/{email.sender}", url=url)
    assert "Let a machine answer" in requests.get(page, {"email": email.sid}, timeout=5).text
    assert requests.post(f"{there}/report", form | {"as": "x"}, timeout=5).status_code == 400
    assert "Your answer was taken" in requests.post(f"{there}/report", form, timeout=5).text
    [call] = product.called("/api/email/bella/inbound")
    made = message_from_string(call.raw, policy=policy.default)
    assert (made["To"], made["Auto-Submitted"]) == (email.sender, "auto-replied")
    assert made.is_multipart() is (kind != "away")
