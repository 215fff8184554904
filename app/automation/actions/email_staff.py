"""An email to somebody who works here; app/emails sends it."""

from collections.abc import Sequence

from sqlalchemy import select

from app.automation.choices import chosen, gone, users, words_of
from app.automation.rule_part import Action, Choices, Doer, Gap, NotDone, Options
from app.automation.snapshot import Snapshot
from app.emails import queue
from app.emails.kinds import rule_notice
from app.extensions import db
from app.lib.text.cleaning import clean, one_line
from app.models import User
from app.tasks import Task
from app.users.user_access import admins

ADMINS = "admins"
NO_SERVER = "No email can be sent: no mail server is set up. Our operator can do it."


def whom() -> Choices:
    return [(ADMINS, "all admins"), *users()]


def do(seen: Snapshot, options: Options, doer: Doer) -> str:
    if not queue.possible():
        raise NotDone(NO_SERVER)
    written = [_write(user, seen, options, doer) for user in _users(options)]
    name = words_of([options["user"]], whom())
    if not any(written):
        return f"Sent no email to {name}: they got one within the hour, or too many today."
    doer.wakes.add(Task.SEND_USER_EMAILS)
    return f"Sent an email to {name}."


def _users(options: Options) -> Sequence[User]:
    ids = chosen(options, "user")
    if not ids:
        return admins()
    return db.session.scalars(select(User).where(User.id.in_(ids), User.active)).all()


def _write(user: User, seen: Snapshot, options: Options, doer: Doer) -> bool:
    values = {
        "rule": one_line(doer.rule_name),
        "business": seen.tenant.name,
        "customer": one_line(seen.customer.name),
        "customer_id": seen.customer.id,
        "text": clean(str(options["text"])),
    }
    # A crowd of messages is one email.
    once = f"rule-{doer.rule_id}-{seen.customer.id}-{user.id}-{doer.now:%Y%m%d%H}"
    return queue.write(user, rule_notice.KIND, values, doer.now, once)


PART = Action(
    key="email_staff",
    order=110,
    sentence="send an email to {user}, saying {text}",
    gaps=(
        Gap(key="user", kind="choice", label="To whom", default=ADMINS, choices=whom),
        Gap(
            key="text",
            kind="text",
            label="What it says",
            default="Somebody should look at this.",
            most=2000,
        ),
    ),
    gone=gone("person", "user", users),
    do=do,
)
