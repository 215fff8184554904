"""STOP is heard at once, kept with its proof, and nothing leaves after it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.extensions import db
from app.inbound.keywords import Said, asks_to_stop, said
from app.lib.message_status import MessageStatus
from app.models import ConsentEvent, Customer, Message, OptOut
from app.outbox.compose.manual_message import compose
from app.outbox.drain import drain
from app.outbox.queue.claim import claim
from app.outbox.queue.opt_out import opted_out
from app.outbox.refused import Refused
from app.tenancy import tenant_scope
from tests.support import twilio as twilio_posts
from tests.support.browser import Browser
from tests.support.carrier import Carrier
from tests.support.world import NOON, Business, hear, say, sid

LONG_CODE, TOLL_FREE = "+14155550100", "+18005550100"


@pytest.mark.parametrize(
    ("body", "number", "meaning"),
    [
        *[(word, LONG_CODE, Said.STOP) for word in ("STOP", "stopall", " Unsubscribe ", "CANCEL")],
        *[(word, LONG_CODE, Said.STOP) for word in ("end", "QUIT", "Revoke", "OPTOUT", "stop\n")],
        *[(word, LONG_CODE, Said.START) for word in ("START", "yes", "UnStop")],
        *[(word, LONG_CODE, Said.HELP) for word in ("HELP", "info")],
        *[
            (text, LONG_CODE, Said.STOP)
            for text in ("Stop.", "STOP!", '"Stop"', "“stop”", "*STOP*")
        ],
        *[(text, LONG_CODE, Said.STOP) for text in ("opt-out", "OPT OUT", "Opt out.", "STOP ALL")],
        *[
            (text, LONG_CODE, Said.STOP)
            for text in ("stop 🛑", "(end)", "\u200eSTOP\u200f", "Quit…")
        ],
        *[(text, LONG_CODE, None) for text in ("START!", "Yes.", "un-stop", "Help?", "in fo")],
        *[(text, LONG_CODE, None) for text in ("STOP PLEASE", "Don't stop", "", "...", "stoppp")],
        *[(text, LONG_CODE, Said.STOP) for text in ("BAJA", "Alto", "Darse de baja", "¡Baja!")],
        *[(text, LONG_CODE, Said.STOP) for text in ("ARRET", "Arrêt.", "arre\u0302t", "STOPP!")],
        *[(text, LONG_CODE, None) for text in ("Baja la hora", "Muy alto", "abmelden", "parar")],
        ("BAJA", TOLL_FREE, Said.STOP),
        ("Stop." + "." * 40, LONG_CODE, None),
        ("Stop.", TOLL_FREE, Said.STOP),
        ("opt-out", TOLL_FREE, None),
        ("STOP", TOLL_FREE, Said.STOP),
        ("UNSTOP", TOLL_FREE, Said.START),
        ("YES", TOLL_FREE, None),
        ("CANCEL", TOLL_FREE, None),
    ],
)
def test_only_the_single_word_counts(body: str, number: str, meaning: Said | None) -> None:
    assert said(body, number) is meaning


def test_twilios_own_reading_counts_first() -> None:
    assert said("Basta", LONG_CODE, "STOP") is Said.STOP
    assert said("STOP", LONG_CODE, "START") is Said.START
    assert said("STOP", LONG_CODE, "nonsense") is Said.STOP


ASKING = (
    *("Stop. Thank you", "STOP PLEASE", "please stop texting me", "Stop sending me messages"),
    *("Stop!! Who is this?", "Please, stop", "no more texts please", "Don’t text me again"),
    *("I do not want to get any more of these messages", "opt me out", "please unsubscribe me"),
    *(
        "Take me off your list",
        "Remove my number",
        "Wrong number",
        "stop your sms",
        "leave me alone",
    ),
    *("Stop contacting me.", "stop all messages", "I no longer wish to receive texts"),
    *("no me manden más mensajes", "No me escriban más", "Ya no quiero recibir mensajes"),
    *("Dejen de mandarme mensajes", "Quiero darme de baja", "Baja, por favor", "Basta de mensajes"),
    *("No más mensajes", "borren mi número", "no nos envíen más correos", "Alto, gracias"),
    *("Arrêtez de m'envoyer des messages", "Ne m’envoyez plus de SMS", "Arrêt svp", "Stop merci"),
    *("Je ne veux plus recevoir de messages", "me désabonner", "ne m'écrivez plus"),
    *("Bitte keine Nachrichten mehr", "Keine weiteren SMS bitte", "Stopp bitte", "Bitte abmelden"),
    *("Schreiben Sie mir nicht mehr", "Hören Sie auf, mir zu schreiben", "Lasst mich in Ruhe"),
    *("Ich möchte keine Nachrichten", "Löschen Sie meine Nummer", "Schicken Sie mir nichts mehr"),
)
NOT_ASKING = (
    *("I'll stop by tomorrow", "can you stop the bleeding?", "Don't stop", "the bus stop, 5 min"),
    *("don't stop texting me, I love it", "I'll stop by and text you", "ok thanks", "", "x" * 1600),
    *("I did not get any messages", "Please text me the address", "Can't stop laughing, see you"),
    *("no me mandaron el mensaje", "No recibí mensajes", "más alto por favor", "bajo a las 3"),
    *(
        "Je vous contacte plus tard",
        "je suis à l'arrêt de bus",
        "plus court svp",
        "un message de plus",
    ),
    *("Ich habe keine SMS bekommen", "Ich muss mich für morgen abmelden", "bitte eine Nachricht"),
    *("cancel please", "CANCEL my appointment", "Ich höre von Ihnen per SMS", "No puedo ir mañana"),
)


@pytest.mark.parametrize("body", ASKING)
def test_a_sentence_may_ask_for_no_more_messages(body: str) -> None:
    assert said(body, LONG_CODE) is None
    assert asks_to_stop(body)
    assert asks_to_stop(f"Hi!\n{body.upper()} 🙏")


@pytest.mark.parametrize("body", NOT_ASKING)
def test_a_sentence_about_something_else_asks_for_nothing(body: str) -> None:
    assert not asks_to_stop(body)


@given(st.text())
def test_every_text_can_be_asked(body: str) -> None:
    assert asks_to_stop(body) in (True, False)


def ledger(business: Business) -> list[tuple[str, str, str]]:
    db.session.rollback()
    with tenant_scope(business.id):
        events = db.session.scalars(select(ConsentEvent).order_by(ConsentEvent.id))
        return [(event.said, event.source, event.address) for event in events]


def stopped(business: Business) -> list[tuple[str, str]]:
    db.session.rollback()
    with tenant_scope(business.id):
        return [(row.channel, row.address) for row in db.session.scalars(select(OptOut))]


def test_stop_is_kept_with_the_message_that_proves_it(salon: Business, garage: Business) -> None:
    assert "<Message>" not in twilio_posts.text(salon, " Stop ").text
    assert stopped(salon) == [("sms", salon.customer_number)]
    assert stopped(garage) == []
    with tenant_scope(salon.id):
        event = db.session.scalars(select(ConsentEvent)).one()
        assert event.message_id
        assert db.session.get_one(Message, event.message_id).body == " Stop "


def test_a_repeated_webhook_is_one_entry(salon: Business) -> None:
    for _ in range(3):
        twilio_posts.text(salon, "STOP", MessageSid="SM" + "4" * 32)
    assert len(ledger(salon)) == 1


def test_start_ends_it_and_yes_without_a_stop_is_just_an_answer(salon: Business) -> None:
    twilio_posts.text(salon, "YES")
    assert ledger(salon) == []
    twilio_posts.text(salon, "STOP")
    twilio_posts.text(salon, "START")
    assert [entry[0] for entry in ledger(salon)] == ["stop", "start"]
    assert stopped(salon) == []


def test_what_waits_is_not_sent_after_stop(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    ours = say(salon, "A reminder", status=MessageStatus.QUEUED)
    theirs = say(garage, "Another", status=MessageStatus.QUEUED)
    twilio_posts.text(salon, "Cancel ")
    assert [message.id for message in claim(NOON, 10)] == [theirs]
    drain(NOON)
    assert twilio.sent(salon.customer_number) == []
    with tenant_scope(salon.id):
        refused = db.session.get_one(Message, ours)
        assert refused.status is MessageStatus.FAILED
        assert "replied CANCEL. You cannot" in (refused.error or "")


@pytest.mark.parametrize(
    ("text", "word"), [("STOP", "STOP"), ("Cancel", "CANCEL"), ("“Stop!”\n", "STOP")]
)
def test_staff_see_it_and_cannot_write_there(
    salon: Business, staff: Browser, text: str, word: str
) -> None:
    twilio_posts.text(salon, text)
    assert f"replied {word}." in staff.get(f"/messages/{salon.customer_id}").text
    values = {"customer_id": salon.customer_id, "channel": "sms", "body": "Please come back"}
    answer = staff.post("/messages/send", json=values)
    assert answer.status_code == 422
    assert answer.json and f"replied {word}." in answer.json["error"]


def test_a_stop_by_sms_leaves_whatsapp_open(salon: Business) -> None:
    form = twilio_posts.payload(
        "whatsapp_in_text_emoji", From=f"whatsapp:{salon.customer_number}", ExternalUserId=""
    )
    twilio_posts.post("/api/twilio/salon/whatsapp", form)
    twilio_posts.text(salon, "STOP")
    assert stopped(salon) == [("sms", salon.customer_number)]


def test_the_stop_outlives_the_customers_row(salon: Business) -> None:
    twilio_posts.text(salon, "STOP")
    with tenant_scope(salon.id):
        db.session.delete(db.session.get_one(Customer, salon.customer_id))
        db.session.commit()
    twilio_posts.text(salon, "Who is this?")
    with tenant_scope(salon.id):
        again = db.session.scalars(select(Customer)).one()
        with pytest.raises(Refused, match="STOP"):
            compose(again, "sms", "Hello", NOON)


def test_a_carrier_that_knows_of_a_stop_is_believed(twilio: Carrier, salon: Business) -> None:
    say(salon, "Hello", status=MessageStatus.QUEUED, provider_sid="none")
    twilio.faults(reject={salon.customer_number: 21610})
    drain(NOON)
    assert ledger(salon) == [("stop", "carrier", salon.customer_number)]
    assert stopped(salon) == [("sms", salon.customer_number)]


def test_a_callback_that_tells_of_a_stop_is_believed(salon: Business) -> None:
    ours = sid()
    say(salon, "Hello", provider_sid=ours)
    form = {"MessageSid": ours, "MessageStatus": "failed", "ErrorCode": "21610"}
    for _ in range(2):
        twilio_posts.post("/api/twilio/salon/message-status", form)
    assert ledger(salon) == [("stop", "carrier", salon.customer_number)]


def test_a_start_that_is_recovered_late_does_not_end_a_later_stop(
    salon: Business, garage: Business
) -> None:
    def heard(word: str, minutes: int) -> None:
        hear(salon, word, at=NOON + timedelta(minutes=minutes))

    heard("STOP", 0)
    heard("STOP", 30)
    heard("START", 10)
    with tenant_scope(salon.id):
        assert opted_out("sms", salon.customer_number)
        db.session.rollback()
    heard("START", 40)
    with tenant_scope(salon.id):
        assert not opted_out("sms", salon.customer_number)
