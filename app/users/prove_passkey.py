"""Whether what a browser answers for a passkey proves who is there, each answer once."""

from datetime import datetime
from typing import NamedTuple

from app.audit.audit_record import record_of, record_refused
from app.emails import queue
from app.emails.kinds import copied_passkey
from app.models import AuditAction, Passkey, User
from app.users import passkey_ceremony, passkeys
from app.users.passkey_ceremony import NoAnswer, State, Used
from app.users.passkey_place import Place

UNKNOWN = (
    "This passkey lets nobody in here. Take another one, or sign in with your password; if it was"
    " yours, you can delete it on your device."
)
UNVERIFIED = (
    "Your device did not check that it is you, by a finger, a face or a PIN. Sign in with your"
    " password first, and then with this passkey."
)
LATE = "That took too long, or was answered before. Try again."
COPIED = (
    "This passkey has signed less often than it did here before: it may have been copied, and lets"
    " nobody in. Sign in another way, and put a new one in its place."
)


class PasskeyRefused(ValueError):
    """The text says to a person why, and what to do."""


class Question(NamedTuple):
    """What a browser was asked, and when."""

    state: State
    at: datetime


class Claim(NamedTuple):
    """Whose passkey it would be."""

    passkey: Passkey
    user: User
    used: Used


def claimed(answer: str, by: User | None) -> Claim:
    """By whom the password was given already; None: by nobody, so that it names its user itself.
    Raises PasskeyRefused, in the same words where nobody has it, where they may sign in no more
    and where it is somebody else's."""
    try:
        used = passkey_ceremony.used(answer)
    except NoAnswer:
        raise PasskeyRefused(UNKNOWN) from None
    found = passkeys.find(used)
    if found is None or not _theirs(*found, used, by):
        raise PasskeyRefused(UNKNOWN)
    return Claim(*found, used)


def _theirs(passkey: Passkey, user: User, used: Used, by: User | None) -> bool:
    # With a password a device need not name its user (WebAuthn, 7.2, step 6).
    named = used.user_handle or (passkey.user_handle.bytes if by else None)
    return named == passkey.user_handle.bytes and (by is None or by.id == user.id)


def prove(claim: Claim, place: Place, question: Question, now: datetime) -> None:
    """Use it for whoever signs in by it; alone it has to have checked who holds it. What is refused
    is logged, and they are told of a copy. The caller commits either way, and enqueues
    SEND_USER_EMAILS. Raises PasskeyRefused."""
    passkey, user, used = claim
    if question.state["user_verification"] == "required" and not used.verified:
        raise PasskeyRefused(UNVERIFIED)
    try:
        passkey_ceremony.check(place, question.state, used, passkey)
    except NoAnswer:
        record_refused(user, AuditAction.PASSKEY_REFUSED, passkey=passkey.name)
        raise PasskeyRefused(UNKNOWN) from None
    if not passkeys.take(passkey, used.sign_count, question.at, now):
        raise PasskeyRefused(_why_not_taken(claim, question, now))
    record_of(user, AuditAction.PASSKEY_USED, passkey=passkey.name)


def _why_not_taken(claim: Claim, question: Question, now: datetime) -> str:
    passkey, user, _ = claim
    if passkeys.used_since(passkey, question.at):
        return LATE
    record_refused(user, AuditAction.PASSKEY_REFUSED, passkey=passkey.name, copied=True)
    once = f"{copied_passkey.KIND.key} {passkey.id} {now:%Y-%m-%d}"
    queue.write(user, copied_passkey.KIND, {"passkey": passkey.name}, now, once=once)
    return COPIED
