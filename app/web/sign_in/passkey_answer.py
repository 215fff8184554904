"""A browser is asked for a passkey, and answers: what it was asked stays in its session, for a few
minutes and one answer."""

from datetime import datetime, timedelta

from flask import session

from app.extensions import db
from app.lib.time.clock import now
from app.models import User
from app.tasks import Task, enqueue
from app.tenancy import unscoped
from app.users import prove_passkey
from app.users.passkey_ceremony import Asked
from app.users.passkey_place import place
from app.users.prove_passkey import LATE, Claim, PasskeyRefused, Question
from app.web.sign_in import device, tries

WHY = "whoever signs in is in no business yet, and an operator is in none"

HOLDS = timedelta(minutes=5)
# What it was asked for: an answer to one is none to another.
TO_ADD, TO_SIGN_IN, AS_SECOND_STEP = "to add", "to sign in", "as second step"
NO_PLACE = (
    "This server knows no passkeys: it needs an address with a name and https (PUBLIC_URL). Sign in"
    " with your password."
)


def ask(what: str, asked: Asked) -> str:
    """The options for the browser; what it was asked before for the same is over."""
    session[_key(what)] = [asked.state, now().timestamp()]
    return asked.options


def question(what: str) -> Question:
    """What this browser was asked, once. Raises PasskeyRefused where that is too long ago."""
    state, at = session.pop(_key(what), (None, 0))
    asked_at = datetime.fromtimestamp(at, now().tzinfo)
    if state is None or not now() - HOLDS < asked_at <= now():
        raise PasskeyRefused(LATE)
    return Question(state, asked_at)


def proved(what: str, answer: str, by: User | None = None) -> User:
    """Who has proved by a passkey that it is they, for the caller to sign in and commit. by: who
    gave the password. Counted before it is looked at. Raises PasskeyRefused or TooManyPasskeys."""
    counted = [tries.by_caller()]
    tries.count(counted, tries.TooManyPasskeys)
    where, asked = place(), question(what)
    if where is None:
        raise PasskeyRefused(NO_PLACE)
    claim = prove_passkey.claimed(answer, by)
    of_account = _of_account(claim)
    tries.count(of_account, tries.TooManyPasskeys)
    try:
        prove_passkey.prove(claim, where, asked, now())
    except PasskeyRefused:
        _keep_refusal()
        raise
    tries.take_back([*counted, *of_account])
    return claim.user


def _of_account(claim: Claim) -> list[tries.Counter]:
    account = f"passkey of user {claim.user.id}"
    return tries.by_account(account, device.known(claim.user.id))


def _keep_refusal() -> None:
    with unscoped(WHY):
        db.session.commit()
    enqueue(Task.SEND_USER_EMAILS)


def _key(what: str) -> str:
    return f"passkey {what}"
