"""What has become of an invitation, in a sentence."""

from datetime import datetime
from typing import NamedTuple

from admin_views.times import shown
from app.users.invitations import Pending, may_invite


class State(NamedTuple):
    sentence: str
    holds: bool = True


def state(pending: Pending, now: datetime) -> State:
    invitation, inviter, email = pending
    if not may_invite(inviter):
        return State(f"Holds no more: {inviter} may invite nobody now. Send it again.", False)
    if invitation.expires_at <= now:
        return State(f"Too old since {shown(invitation.expires_at)}. Send it again.", False)
    if email and email.failed_reason:
        return State(f"Not sent: {email.failed_reason}", False)
    if email and not email.sent_at:
        return State("Its email is on its way.")
    if not invitation.token_hash:
        return State("Not sent yet. Send it again.", False)
    sent = f"Sent {shown(email.sent_at)}" if email and email.sent_at else "Its link was shown"
    return State(f"{sent}; it holds until {shown(invitation.expires_at)}.")
