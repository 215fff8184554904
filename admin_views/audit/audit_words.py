"""What somebody did, in a sentence, and what it changed."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from flask import url_for

from admin_views.labels import CHANNEL, sentence, yes_or_no
from admin_views.team.rights_words import SEES
from admin_views.times import shown
from app.audit.audit_log import Line
from app.models import AuditAction as Action

SUPPORT = "KaiVox support"
# By their tables, the rows that are logged.
KINDS = {
    "api_key": "API key",
    "appointment": "appointment",
    "automation_rule": "rule",
    "broadcast": "broadcast",
    "business_hours": "business hours",
    "calendar_feed": "calendar feed",
    "call": "call",
    "canned_reply": "canned reply",
    "channel_account": "social account",
    "marketing_consent": "consent to offers",
    "chat_block": "block of the live chat",
    "chat_settings": "live chat",
    "contact_point": "address",
    "customer": "customer",
    "customer_segment": "segment",
    "label": "label",
    "mailbox": "mailbox",
    "message_archive": "archive",
    "message_template": "template",
    "notification_setting": "automatic message",
    "saved_view": "saved view",
    "sender_number": "number",
    "service": "service",
    "single_sign_on": "single sign-on",
    "staff_member": "staff member",
    "tenant": "business",
    "tenant_export": "export of everything",
    "user": "user",
    "user_invitation": "invitation",
    "webhook_endpoint": "webhook",
    "whatsapp_template": "approved template",
}
# What can be asked for: of the same kind are named together.
ASKED: dict[str, tuple[str, tuple[Action, ...]]] = {
    "changes": (
        "Changes",
        (Action.CREATED, Action.CHANGED, Action.DELETED, Action.MANY, Action.ERASED),
    ),
    "files": ("Exports and imports", (Action.EXPORTED, Action.DOWNLOADED, Action.IMPORTED)),
    "sign-ins": (
        "Sign-ins and passwords",
        (
            *(Action.SIGNED_IN, Action.SIGN_IN_REFUSED, Action.SIGNED_OUT, Action.JOINED),
            *(Action.PASSWORD_RESET, Action.SESSION_ENDED),
            *(Action.SECOND_FACTOR_ON, Action.SECOND_FACTOR_OFF, Action.CODE_REFUSED),
            *(Action.RECOVERY_CODE_USED, Action.RECOVERY_CODES_RENEWED, Action.APP_REMOVED),
            *(Action.PASSKEY_ADDED, Action.PASSKEY_RENAMED, Action.PASSKEY_REMOVED),
            *(Action.PASSKEY_USED, Action.PASSKEY_REFUSED),
            *(Action.IDENTITY_BOUND, Action.IDENTITY_UNBOUND),
        ),
    ),
    "support": ("Visits of support", (Action.ENTERED, Action.LEFT, Action.SOUGHT)),
}
_DONE: dict[str, str] = {
    Action.CREATED: "added",
    Action.CHANGED: "changed",
    Action.DELETED: "deleted",
    Action.ERASED: "asked to erase",
}
_PAGES = {
    "appointment": ("appointments.details_view", "id"),
    "automation_rule": ("automation.show", "rule_id"),
    "call": ("calls.details_view", "id"),
    "canned_reply": ("canned_replies.edit_view", "id"),
    "customer": ("profile.show", "customer_id"),
    "label": ("labels.edit_view", "id"),
    "message_template": ("message_templates.show", "template_id"),
    "service": ("services.details_view", "id"),
    "staff_member": ("staff_members.details_view", "id"),
    "user": ("users.details_view", "id"),
    "webhook_endpoint": ("outgoing_webhooks.show", "webhook_endpoint_id"),
    "whatsapp_template": ("whatsapp_templates.details_view", "id"),
}


# What a column's values are called on its page.
_WORDS = {"sees": {str(key): words.label for key, words in SEES.items()}}


class Change(NamedTuple):
    """Of one column; without a before and an after it is nobody's business what stood there."""

    label: str
    before: str | None = None
    after: str | None = None


def who(line: Line, by_name: bool) -> str:
    """by_name: an operator is named, as for other operators."""
    if line.by_operator and not by_name:
        return SUPPORT
    if channel := line.facts.get("known_by"):
        return str(CHANNEL.get(channel, "A carrier"))
    return line.actor_name or "Somebody"


def said(line: Line, by_name: bool = False) -> str:
    """The whole sentence."""
    return f"{who(line, by_name)} {_did(line)}."


def _did(line: Line) -> str:
    facts = line.facts
    passkey = f"the passkey “{facts.get('passkey', '')}”"
    match line.action:
        case Action.MANY:
            return str(facts.get("done", "changed many rows"))
        case Action.EXPORTED if facts.get("everything"):
            return "began an export of everything"
        case Action.EXPORTED:
            narrowed = f", narrowed by {facts['narrowed']}" if facts.get("narrowed") else ""
            return f"exported {_rows(facts)} of {facts.get('panel', 'a list')}{narrowed}"
        case Action.DOWNLOADED if facts.get("everything"):
            return f"downloaded the export of everything of {facts['everything']}"
        case Action.DOWNLOADED:
            return f"downloaded the archive {facts.get('name', '')}"
        case Action.CHANGED if facts.get("known_by"):
            named = f"the customer “{line.row_name}” and their other row"
            return f"named {named} in one message, so that the two were merged"
        case Action.CHANGED if facts.get("merged_with"):
            return f"merged another row into the customer “{line.row_name}”"
        case Action.CHANGED if facts.get("merge_undone"):
            return f"undid a merge of the customer “{line.row_name}”"
        case Action.IMPORTED:
            did = "undid the import of" if facts.get("undone") else "imported"
            return f"{did} the file {facts.get('name', '')} with {_rows(facts)}"
        case Action.SIGNED_IN:
            by = f" by {facts['by']}" if facts.get("by") else ""
            return f"signed in{by} with {facts.get('browser') or 'a browser'}"
        case Action.SIGN_IN_REFUSED if facts.get("why"):
            return f"was not let in as {line.row_name}: {facts['why']}"
        case Action.SIGN_IN_REFUSED:
            return f"gave a wrong password for {line.row_name}"
        case Action.SIGNED_OUT:
            return "signed out"
        case Action.JOINED if facts.get("by"):
            return f"became staff by {facts['by']}"
        case Action.JOINED:
            return "accepted the invitation and chose a password"
        case Action.PASSWORD_RESET:
            return "set a new password by the link of Forgot password"
        case Action.SESSION_ENDED:
            return f"ended a session of {line.row_name} ({facts.get('browser', 'a browser')})"
        case Action.SECOND_FACTOR_ON:
            return f"set up the second factor of {line.row_name}"
        case Action.SECOND_FACTOR_OFF:
            return f"turned off the second factor of {line.row_name}"
        case Action.CODE_REFUSED:
            return f"gave the password and a wrong code for {line.row_name}"
        case Action.APP_REMOVED:
            return "removed their authenticator app"
        case Action.PASSKEY_ADDED:
            return f"added {passkey}"
        case Action.PASSKEY_RENAMED:
            return f"gave {passkey} its name, which was “{facts.get('was', '')}”"
        case Action.PASSKEY_REMOVED:
            return f"removed {passkey}"
        case Action.PASSKEY_USED:
            return f"signed in with {passkey}"
        case Action.PASSKEY_REFUSED if facts.get("copied"):
            return f"used what may be a copy of {passkey} of {line.row_name}"
        case Action.PASSKEY_REFUSED:
            return f"gave a wrong answer of {passkey} of {line.row_name}"
        case Action.RECOVERY_CODE_USED:
            return f"signed in with a recovery code, of which {facts.get('left', 0)} are left"
        case Action.RECOVERY_CODES_RENEWED:
            return "made new recovery codes"
        case Action.IDENTITY_BOUND:
            return f"signed in for the first time by {facts.get('issuer', 'single sign-on')}"
        case Action.IDENTITY_UNBOUND:
            return f"disconnected {line.row_name} from their account at {facts.get('issuer', '')}"
        case Action.ENTERED:
            may = "and may change things" if facts.get("may_change") else "without changing things"
            return f"began to look at the business, {may}: {facts.get('reason', '')}"
        case Action.LEFT:
            return "left the business"
        case Action.SOUGHT:
            return "looked for a number in all businesses, and was shown this customer"
    name = f" “{_named(line)}”" if line.row_name else f" {line.row_id}" if line.row_id else ""
    kind = KINDS.get(line.row_kind or "", line.row_kind)
    return f"{_DONE.get(line.action, line.action)} the {kind}{name}"


def _named(line: Line) -> str:
    if line.row_kind == "appointment":
        return told(line.row_name)
    if line.row_kind in ("message_template", "notification_setting"):
        return sentence(line.row_name)
    return line.row_name


def _rows(facts: dict[str, Any]) -> str:
    rows = int(facts.get("rows", 0))
    return f"{rows:,} row{'' if rows == 1 else 's'}"


def changes(line: Line) -> Iterator[Change]:
    """By column, in their order."""
    for name, values in sorted(line.changes.items()):
        label = sentence(name.removesuffix("_sealed").removesuffix("_id"))
        words = _WORDS.get(name, {})
        shown = [words.get(str(value)) or told(value) for value in values or ()]
        yield Change(label, *shown)


def told(value: Any) -> str:
    """As a person reads it."""
    if isinstance(value, bool):
        return yes_or_no(value)
    if value is None or value in ("", [], {}):
        return "nothing"
    if isinstance(value, list) and all(isinstance(each, str | int) for each in value):
        return ", ".join(map(str, value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return _time(value) if isinstance(value, str) else str(value)


def _time(text: str) -> str:
    """An instant in the business's time; whatever else stands there as it is."""
    try:
        instant = datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        instant = None
    return shown(instant) if instant and instant.tzinfo else text


def page_of(line: Line) -> str | None:
    """Where the row is seen, if there is such a page."""
    if line.action in (Action.DELETED, Action.ERASED) or line.row_id is None:
        return None
    endpoint, name = _PAGES.get(line.row_kind or "", ("", ""))
    if endpoint:
        key: dict[str, Any] = {name: line.row_id}
        return url_for(endpoint, **key)
    customer_id = getattr(line, "customer_id", None)
    return url_for("profile.show", customer_id=customer_id) if customer_id else None
