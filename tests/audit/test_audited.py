"""Which rows are logged, and that no secret and nothing that was written about anybody is."""

import ast
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, LargeBinary, Text, inspect, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.audit.acting import acting
from app.audit.audited import AUDITED
from app.extensions import Model, db
from app.models import AuditEntry, MessageTemplate, Tenant, User, WebhookEndpoint
from app.tenancy import TenantOwned, tenant_scope
from tests.admin_views.reading import everybodys, rows
from tests.support.browser import Browser
from tests.support.world import NOON, Business

PROJECT = Path(__file__).parents[2]

# Models whose changes by people are not logged, and why. A new one belongs here or in AUDITED.
NOT_LOGGED = {
    "no person writes it, but the program for itself": "automation_event automation_run change_mark"
    " away_message button_card button_tap channel_thread chat_session conversation_count"
    " customer_words parked email_auto_answer health_request health_result inbound_check kept_event"
    " media message_count message_event message_quote message_reaction message_revision"
    " message_words notification opt_out push_notice received_email reply rollup rollup_change"
    " search_mark self_test sender_pause sender_pace spending webhook_delivery password_reset"
    " recovery_code provider_identity broadcast_recipient"
    " user_email user_notice user_session note_mention kept_opt_out unasked_address"
    " erased_message identity_link api_request",
    "it is a log itself": "audit_entry platform_audit_entry conversation_event consent_event",
    "the conversation tells who did it": "conversation conversation_label message note"
    " scheduled_message",
    "of one person, for them alone": "draft draft_file push_subscription",
    "its own statements tell of it": "business_hours hours_exception opening_interval chat_block"
    " appointment_import import_change tenant_export customer_merge customer_merge_part"
    " erasure passkey marketing_consent staff_interval time_off service_staff",
}

# The columns of AUDITED whose values are texts or more, and stand in the log.
SHOWN = {
    "api_key": "name prefix",
    "appointment": "status source external_id attendee_name",
    "automation_rule": "name trigger trigger_options conditions actions off_reason",
    "broadcast": "name status filters channel subject body gaps",
    "calendar_feed": "shows",
    "call": "caller outcome provider_sid account_sid",
    "canned_reply": "title shortcut body",
    "channel_account": "channel address node name",
    "chat_settings": "sites colour side greetings email phone identity_mode",
    "contact_point": "channel address",
    "customer": "first_name last_name language timezone preferred_channel external_id",
    "customer_segment": "name filters",
    "label": "name colour",
    "mailbox": "address host security user_name folder client_id",
    "message_archive": "name",
    "message_template": "type channel language subject body gaps",
    "notification_setting": "type channel options",
    "pinned_fact": "",
    "promise": "",
    "saved_view": "name address",
    "sender_number": "channel number service_sid account_sid state reason",
    "service": "name",
    "single_sign_on": "issuer client_id second_factor_by domains",
    "staff_member": "name",
    "tenant": "slug name timezone country locale currency sms_from whatsapp_from rcs_sender"
    " messaging_service_sid reply_to reply_to_wanted forward_calls_to twilio_account_sid"
    " open_countries kept_days",
    "user": "email name role sees",
    "user_invitation": "email name role",
    "webhook_endpoint": "name url event_types disabled_reason",
    "whatsapp_template": "name language channel content_sid body",
}

# What changes rows of AUDITED by statements, which the session's hook does not see: it tells of
# that itself, or no person does it.
PAST_THE_HOOK = {
    "off and on, or removed: they tell of it": "app/automation/webhooks/endpoints"
    " app/broadcasts/transitions app/inbound/mailboxes/connect_mailbox"
    " app/inbound/social/connect_account"
    " app/inbound/social/utility_templates",
    "when somebody last came from a provider": "app/users/sso/user_of_identity",
    "workers, and what they hear of carriers": "app/automation/webhooks/record_attempt"
    " app/automation/webhooks/claim_deliveries app/emails/one_time_links app/health/watch"
    " app/health/checks/business/refused_templates app/health/look_request"
    " app/inbound/lost_calls app/inbound/mailboxes/mailbox_lease"
    " app/inbound/mailboxes/mailbox_state"
    " app/inbound/social/account_watch app/inbound/social/meta_health"
    " app/inbound/social/profile_names app/inbox/team/assign_in_turn app/numbers/prove"
    " app/outbox/reply_to/confirmation_links app/outbox/settle/carried_by"
    " app/outbox/settle/email_report app/retention/transitions app/privacy/forget_rows",
    "a staff member's hours, as which it is told": "app/business_hours/save_working_hours",
    "which codes were taken already": "app/users/authenticator_app",
    "customers, and whoever has a link": "app/webchat/visitor_message"
    " app/outbox/reply_to/reply_address",
    "when it is planned, which no person sees": "app/notifications/planning/replan",
    "what follows from a number or an account that is entered, which is told": "app/numbers/account"
    " app/numbers/enter",
    "a switch of one person, for them alone": "admin_views/keyboard",
    "a merge, which is told as one": "app/customers/merging/changed",
    "nobody acts": "app/demo/demo_rules app/demo/__init__",
}


def test_every_model_is_logged_or_it_is_said_why_not() -> None:
    known = {name for names in NOT_LOGGED.values() for name in names.split()}
    tables = {mapper.class_.__tablename__ for mapper in Model.registry.mappers}
    audited = {kind.__tablename__ for kind in AUDITED}
    assert tables - audited - known == set(), "put it into AUDITED, or say why not"
    assert known - tables == set()
    assert known & audited == set()


def test_every_text_that_the_log_shows_was_decided_on() -> None:
    """A new column of these types fails here: show it, or hide it in AUDITED."""
    shown = {
        kind.__tablename__: {
            column.key
            for column in inspect(kind).column_attrs
            if isinstance(column.columns[0].type, Text | JSON | ARRAY | LargeBinary)
            and not audited.hides(column.key)
            and column.key not in audited.by_itself
        }
        for kind, audited in AUDITED.items()
    }
    assert shown == {table: set(columns.split()) for table, columns in SHOWN.items()}


def test_what_is_named_in_the_list_is_a_column() -> None:
    for kind, audited in AUDITED.items():
        columns = {column.key for column in inspect(kind).column_attrs}
        assert audited.texts | audited.by_itself | set(audited.named_by) <= columns, kind


def test_no_secret_and_no_text_about_anybody_is_in_an_entry_or_a_file_of_them(
    salon: Business, garage: Business, admin: Browser
) -> None:
    """Planted in each such column of each kind of row."""
    planted = 0
    for kind, audited in AUDITED.items():
        row = _some(kind, salon)
        hidden = [
            column.key
            for column in inspect(kind).column_attrs
            if audited.hides(column.key)
            and isinstance(column.columns[0].type, Text)
            # The database takes no other words here.
            and column.key not in ("reply_to_link", "auth", "old_secret_sealed")
        ]
        if not hidden or row is None:
            continue
        with tenant_scope(salon.id), acting(_admin(salon)):
            again = db.session.merge(row)
            for name in hidden:
                setattr(again, name, f"planted-{kind.__tablename__}-{name}")
                planted += 1
            db.session.commit()
            db.session.remove()
    assert planted >= 8
    told = str([(line.changes, line.facts, line.row_name) for line in rows(salon, AuditEntry)])
    assert "planted" not in told and "twilio_auth_token_sealed" in told
    for path in ("/admin/audit-log/", "/admin/audit-log/export/csv/"):
        assert "planted" not in admin.get(path, buffered=True).text


def _some(kind: type[Model], business: Business) -> Any:
    if kind is Tenant:
        return next(row for row in everybodys(Tenant) if row.id == business.id)
    with tenant_scope(business.id):
        return db.session.scalars(select(kind)).first()


MORE: dict[str, Any] = {"event_types": [], "created_at": NOON}


def _admin(business: Business) -> User:
    return next(each for each in rows(business, User) if each.email == business.admin)


@pytest.mark.parametrize("action", ["created", "deleted"])
def test_nothing_of_a_secret_is_in_an_entry_of_a_new_row_or_of_one_that_goes(
    action: str, salon: Business
) -> None:
    with tenant_scope(salon.id), acting(_admin(salon)):
        row = WebhookEndpoint(name="New", url="https://a.example", secret_sealed="planted", **MORE)
        db.session.add(row)
        db.session.flush()
        if action == "deleted":
            db.session.delete(row)
        db.session.commit()
        found = db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)).one()
    assert found.changes["name"] == ([None, "New"] if action == "created" else ["New", None])
    assert "planted" not in str(found.changes)


def test_the_text_of_a_template_is_no_secret(salon: Business) -> None:
    with tenant_scope(salon.id), acting(_admin(salon)):
        template = db.session.scalars(select(MessageTemplate)).first()
        assert template
        before = template.body
        template.body = "Another"
        db.session.commit()
        [entry] = db.session.scalars(select(AuditEntry)).all()
    assert entry.changes == {"body": [before, "Another"]}


def test_whatever_changes_such_rows_past_the_hook_tells_of_it_itself() -> None:
    names = {kind.__name__ for kind in AUDITED}
    paths = [
        path for package in ("app", "admin_views") for path in (PROJECT / package).rglob("*.py")
    ]
    past = {str(path.relative_to(PROJECT)) for path in paths if names & _changed(path.read_text())}
    known = {f"{name}.py" for names in PAST_THE_HOOK.values() for name in names.split()}
    assert past == known


def _changed(text: str) -> set[str]:
    """The models that statements in the source change."""
    return {
        call.args[0].id
        for call in ast.walk(ast.parse(text))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("update", "insert", "delete")
        and call.args
        and isinstance(call.args[0], ast.Name)
    }


def test_the_premise_these_are_tenants_rows() -> None:
    assert {kind for kind in AUDITED if not issubclass(kind, TenantOwned)} == {Tenant}
