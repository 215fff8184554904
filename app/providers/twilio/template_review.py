"""What WhatsApp says of a content template, as Twilio hands it on.

https://www.twilio.com/docs/content/content-types-overview#approval-statuses
"""

from twilio.rest import Client

from app.lib.text.cleaning import clean, one_line
from app.providers.contract import Approval, Review

SAID = {
    "unsubmitted": (Approval.WAITING, "was not handed in for approval"),
    "received": (Approval.WAITING, "waits for WhatsApp's decision"),
    "pending": (Approval.WAITING, "waits for WhatsApp's decision"),
    "rejected": (Approval.REFUSED, "was rejected"),
    "paused": (Approval.REFUSED, "is paused, as people blocked or reported it"),
    "disabled": (Approval.REFUSED, "was switched off by WhatsApp"),
}
LONGEST = 300


def review(client: Client, content_sid: str) -> Review:
    """Raises what the SDK raises."""
    told = client.content.v1.contents(content_sid).approval_fetch().fetch().whatsapp or {}
    status = str(told.get("status") or "unsubmitted").lower()
    if status == "approved":
        return Review(Approval.APPROVED)
    # New words come unannounced: such a template is not approved, and that is all we know.
    approval, said = SAID.get(status, (Approval.WAITING, f"is {status.replace('_', ' ')[:40]}"))
    reason = one_line(clean(str(told.get("rejection_reason") or "")))[:LONGEST].strip()
    return Review(approval, f"{said} ({reason.rstrip('.')})" if reason else said)
