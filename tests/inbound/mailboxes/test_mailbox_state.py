"""A mailbox that cannot be read: what it says, when it is tried again, who hears of it, and that it
keeps nobody else waiting."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from time import monotonic

import pytest
from flask import Flask
from sqlalchemy import select

from app import tasks
from app.extensions import db, vault
from app.health import look as health
from app.health.finding import State
from app.inbound.mailboxes import mailbox_state, read_mailboxes
from app.inbound.mailboxes.mailbox_state import EVERY, PATIENCE, REFUSED_SELDOM, SELDOM
from app.lib.time.clock import now
from app.models import Mailbox, Tenant
from app.providers.imap import MailboxError, Trouble
from app.tenancy import tenant_scope
from tests.support import dovecot
from tests.support.dovecot import Dovecot
from tests.support.email_in import written
from tests.support.mailbox import connected, look, said, state
from tests.support.world import Business

MINUTE = timedelta(minutes=1)


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes connections and says nothing."""
    with socket.create_server((dovecot.HOST, 0)) as server:
        yield server.getsockname()[1]


def change(business: Business, **values: object) -> None:
    with tenant_scope(business.id):
        row = db.session.scalars(select(Mailbox)).one()
        for name, value in values.items():
            setattr(row, name, value)
        db.session.commit()
    db.session.remove()


def due(business: Business, at: datetime) -> None:
    """Its health is looked at no sooner than then."""
    db.session.get_one(Tenant, business.id).health_due_at = at
    db.session.commit()


def fails(business: Business, trouble: Trouble, at: datetime) -> None:
    found = state(business)
    with tenant_scope(business.id):
        mailbox_state.failed(found, MailboxError(trouble), at)


def found(business: Business, at: datetime) -> tuple[State, str]:
    with tenant_scope(business.id):
        findings = {each.check: each for each in health.of_business(at)}
    db.session.remove()
    one = findings["mailbox"]
    return one.state, f"{one.sentence} {one.next_step}"


def test_a_wrong_password_is_told_and_the_mails_come_once_it_is_right(
    imap: Dovecot, salon: Business
) -> None:
    box = connected(salon, imap)
    change(salon, password_sealed=vault().seal("wrong"))
    box.deliver(written("Meanwhile"))
    look()
    failing = state(salon)
    assert (failing.trouble, failing.claim) == ("refused", None)
    assert failing.failing_since
    change(salon, password_sealed=vault().seal(dovecot.PASSWORD))
    look()
    well = state(salon)
    assert (well.trouble, well.failing_since, said(salon)) == (None, None, ["Meanwhile"])


def test_a_secret_that_cannot_be_opened_is_told(imap: Dovecot, salon: Business) -> None:
    connected(salon, imap)
    change(salon, password_sealed="sealed with a key that is gone")
    look()
    assert state(salon).trouble == "secret_lost"


def test_it_is_tried_again_ever_more_seldom(imap: Dovecot, salon: Business) -> None:
    connected(salon, imap)
    begun = now()
    for passed, pause in ((0, 2), (2, 2), (4, 4), (8, 8), (30, 10), (600, 10)):
        moment = begun + passed * MINUTE
        change(salon, claim=None)
        fails(salon, Trouble.SLOW, moment)
        assert state(salon).due_at == moment + pause * MINUTE
    assert (EVERY, SELDOM) == (2 * MINUTE, 10 * MINUTE)
    moment = begun + timedelta(days=1)
    fails(salon, Trouble.REFUSED, moment)
    assert state(salon).due_at == moment + REFUSED_SELDOM


def test_after_15_minutes_the_admins_are_told_and_then_that_it_is_over(
    imap: Dovecot, salon: Business, garage: Business
) -> None:
    connected(salon, imap)
    begun, later = now(), now() + timedelta(days=1)
    due(salon, later)
    for minutes in (0, 2, 4, 8):
        fails(salon, Trouble.SLOW, begun + minutes * MINUTE)
    assert db.session.get_one(Tenant, salon.id).health_due_at == later
    assert found(salon, begun + 14 * MINUTE)[0] is State.OK
    moment = begun + 16 * MINUTE
    fails(salon, Trouble.SLOW, moment)
    assert db.session.get_one(Tenant, salon.id).health_due_at == moment
    assert found(salon, moment)[0] is State.BROKEN
    due(salon, later)
    fails(salon, Trouble.SLOW, moment + 10 * MINUTE)
    assert db.session.get_one(Tenant, salon.id).health_due_at == later, "told once"
    over = moment + 20 * MINUTE
    change(salon, due_at=begun)
    read_mailboxes.read_mailboxes(over)
    assert db.session.get_one(Tenant, salon.id).health_due_at >= over
    assert found(salon, over)[0] is State.OK


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_is_told_in_a_sentence_with_what_to_do(
    imap: Dovecot, salon: Business, garage: Business, trouble: Trouble
) -> None:
    connected(salon, imap)
    change(salon, trouble=trouble, failing_since=now() - PATIENCE)
    told, sentence = found(salon, now())
    assert told is State.BROKEN
    assert "15 minutes" in sentence and "hello@salon.test" in sentence
    with tenant_scope(garage.id):
        assert "mailbox" not in {each.check for each in health.of_business(now())}


def test_a_mailbox_that_nobody_reads_is_told_too(imap: Dovecot, salon: Business) -> None:
    connected(salon, imap)
    assert found(salon, now() + 10 * MINUTE)[0] is State.OK
    assert found(salon, now() + 16 * MINUTE)[0] is State.WARNING


def test_silent_servers_keep_nobody_waiting(
    imap: Dovecot,
    salon: Business,
    garage: Business,
    silent: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The garage's comes first, and says nothing."""
    connected(garage, imap)
    connected(salon, imap).deliver(written("Quick"))
    change(garage, port=silent)
    change(salon, due_at=now() + MINUTE)
    monkeypatch.setattr(read_mailboxes, "PATIENCE_SECONDS", 2.0)
    begun = monotonic()
    assert read_mailboxes.read_mailboxes(now() + 2 * MINUTE) == 2
    assert monotonic() - begun < 10
    assert said(salon) == ["Quick"]
    assert state(garage).claim is None, "the next worker may try"


def test_workers_that_look_at_once_read_each_mailbox_once(
    imap: Dovecot, app: Flask, salon: Business, garage: Business
) -> None:
    for business in (salon, garage):
        box = connected(business, imap)
        for text in ("One", "Two"):
            box.deliver(written(text))
    moment = now() + MINUTE

    def work(_worker: int) -> int:
        with app.app_context():
            return read_mailboxes.read_mailboxes(moment)

    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(work, range(4))) == 2
    assert said(salon) == said(garage) == ["One", "Two"]


def test_after_its_time_slice_it_takes_no_more_and_is_enqueued(
    imap: Dovecot, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected(salon, imap)
    enqueued: list[tasks.Task] = []
    monkeypatch.setattr(tasks, "enqueue", enqueued.append)
    monkeypatch.setattr(tasks, "SLOW_TIME_SLICE", -MINUTE)
    assert read_mailboxes.read_mailboxes(now() + MINUTE) == 0
    assert enqueued == [tasks.Task.READ_MAILBOXES]


def test_no_log_line_names_an_address_a_host_or_a_secret(
    imap: Dovecot, salon: Business, caplog: pytest.LogCaptureFixture
) -> None:
    connected(salon, imap)
    change(salon, password_sealed=vault().seal("wrong"))
    look()
    logged = caplog.text
    assert "mailbox_not_read" in logged and "refused" in logged
    assert not any(word in logged for word in ("salon.test", dovecot.HOST, "wrong"))
