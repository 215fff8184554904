"""Sends emails to users: claim under a lease, hand over (no connection is held), record."""

from collections.abc import Callable
from datetime import datetime

import structlog

from app import tasks
from app.channels import CHANNELS
from app.emails import queue
from app.emails.addressee import Addressee, addressee
from app.emails.kinds import KINDS
from app.extensions import db, settings
from app.lib import shutdown
from app.lib.time.clock import running
from app.models import UserEmail
from app.providers import provider
from app.providers.contract import Account, Letter, Outcome, Outgoing, SendError, before_the_call
from app.tenancy import unscoped

PROVIDER = CHANNELS["email"].provider
NAME = "KaiVox"
NOT_CONNECTED = SendError("No mail server is configured: see SMTP_URL.", Outcome.RETRY)

log = structlog.get_logger()


def send_due(now: datetime) -> None:
    """Send what is due, for a time slice; then enqueue the task for the rest."""
    clock = running(now)
    queue.give_up_unconfirmed(now)
    while not shutdown.requested():
        if clock() > now + tasks.SLOW_TIME_SLICE:
            tasks.enqueue(tasks.Task.SEND_USER_EMAILS)
            return
        email = queue.claim(clock())
        if email is None:
            return
        _send(email, clock)


def _send(email: UserEmail, clock: Callable[[], datetime]) -> None:
    try:
        carrier, account = provider(PROVIDER), _account()
        if carrier is None or account is None:
            raise NOT_CONNECTED
        with before_the_call():
            outgoing = _outgoing(email, clock())
        if outgoing is None:
            queue.drop(email)
            return
        carrier.send(account, outgoing)
    except SendError as error:
        log.info("user_email_not_sent", email=email.id, kind=email.kind, outcome=error.outcome)
        queue.failed(email, error, clock())
    else:
        queue.sent(email, clock())


def _account() -> Account | None:
    server = settings().mail_server
    return Account(server.user, server.password) if server else None


def _outgoing(email: UserEmail, now: datetime) -> Outgoing | None:
    """None: nobody is there to get it."""
    with unscoped(queue.WHY):
        to = addressee(email, now)
        db.session.commit()
    db.session.remove()
    return _letter(email, to) if to else None


def _letter(email: UserEmail, to: Addressee) -> Outgoing:
    sender = settings().email_from or ""
    named = {"name": to.name, "url": settings().public_url, "link": to.link, **email.values}
    subject, text = KINDS[email.kind].filled(named)
    letter = Letter(
        id=f"user-{email.id}-{email.created_at.timestamp():.0f}",
        sender_name=NAME,
        reply_to=sender,
        subject=subject,
        automatic=True,
    )
    channel = CHANNELS["email"]
    return Outgoing(channel, sender, to.email, text, callback_url="", letter=letter)
