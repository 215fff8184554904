"""The places where a statement may look past one tenant, each with its reason."""

import ast
from collections import defaultdict
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PACKAGES = ("app", "admin_views", "jobs")
# Programs of their own, which hold nothing of the tenants'.
APART = ("app/simulator/", "app/servers/")

UNSCOPED = {
    "app/tenancy.py": "a row at hand is read again by its key",
    "app/audit/write_entries.py": "who signs in is in no business yet; an operator acts in any",
    "admin_views/audit/platform_audit_page.py": "the operator reads the log of all businesses",
    "app/outbox/delivery/job.py": "the outbox is one for all tenants",
    "app/web/media_files.py": "an attachment's signed address itself says whose file it is",
    "app/web/sign_in/sign_in.py": "who signs in tells us their tenant",
    "app/onboarding.py": "an email signs in to one tenant only, and it may be another's",
    "admin_views/panels/users.py": "the same, for a panel",
    "app/inbound/media_fetch.py": "attachments of all tenants wait in one line",
    "app/inbound/mailboxes/mailbox_lease.py": "mailboxes of all tenants wait in one line",
    "app/inbound/social/account_routes.py": "a webhook names an account, and no business",
    "app/inbound/social/account_watch.py": "accounts wait in one line to be asked about",
    "app/inbound/social/utility_templates.py": "templates wait in one line to be handed in",
    "app/inbound/social/profile_names.py": "customers are asked about in one line, too",
    "app/inbound/social/kept_events.py": "events of all businesses' accounts wait in one line",
    "app/inbound/lost_calls.py": "calls whose end was not told wait in one line",
    "app/customers/merging/join_identities.py": "what carriers told waits in one line, too",
    "app/imports/work_imports.py": "files of all tenants wait in one line, too",
    "app/exports/work_exports.py": "exports of all tenants wait in one line, too, and end",
    "app/appointments/zone_changes.py": "zones change for all tenants at once",
    "app/outbox/queue/claim.py": "the outbox is one for all tenants",
    "app/outbox/delivery/make_cards.py": "what all businesses want made waits in one line",
    "app/outbox/drain.py": "the same",
    "app/broadcasts/send_offers.py": "broadcasts of all tenants go out in turn",
    "app/outbox/send_later.py": "what goes later waits in one line, too",
    "app/outbox/queue/rate_limit.py": "the same",
    "app/outbox/settle/reconcile.py": "the same",
    "app/outbox/settle/look_up.py": "the same",
    "app/outbox/settle/record.py": "the same: what one round of calls to carriers has come to",
    "app/outbox/compose/closed_window.py": "the same",
    "app/outbox/queue/fail_waiting.py": "the same: what must not be sent is taken out of it",
    "app/notifications/dispatch.py": "the dispatcher serves all tenants",
    "app/notifications/planning/round_robin.py": "the planner and the dispatcher serve all tenants",
    "app/replies/read.py": "one reader serves all tenants",
    "app/automation/collect.py": "what happened to all tenants is found in one look",
    "app/automation/judge.py": "events that nobody listens to are passed over for all at once",
    "app/housekeeping.py": "rows of all tenants grow old",
    "app/inbox/lists/sum_counts.py": "counters of all tenants grow",
    "app/reports/add_up.py": "the same",
    "app/users/notice_emails.py": "notices of all tenants become due",
    "app/inbox/team/promises.py": "promises of all tenants fall due",
    "app/inbox/wake.py": "conversations of all tenants wake with time",
    "app/inbox/reading/message_marks.py": "marks of messages that are gone lapse, too",
    "app/inbox/marks.py": "marks of all tenants lapse with time",
    "app/notifications/content/review_link.py": "a link's random name itself says whose it is",
    "app/numbers/oversight.py": "the operator sees the numbers of all businesses",
    "app/numbers/prove.py": "numbers of all businesses wait in one line to be asked about",
    "app/outbox/settle/dead_letters.py": "the outbox is one for all tenants",
    "app/outbox/compose/unsubscribe.py": "a link's random name itself says whose it is",
    "app/operations/dead_letter_list.py": "the operator sees what stands aside of all businesses",
    "app/operations/retry_or_discard.py": "the operator decides about it",
    "app/operations/limit_warnings.py": "the operator sees what all businesses cost",
    "app/operations/health.py": "the operator sees how the work of all businesses goes",
    "app/operations/customers_by_number.py": "the operator finds whoever complains, by number",
    "app/operations/gauges.py": "the same, for Prometheus",
    "app/health/checks/platform/outbox.py": "the same",
    "app/health/look.py": "the same, and the platform's own findings have no tenant",
    "app/health/look_request.py": "the same",
    "app/health/watch.py": "the same",
    "app/health/business_health.py": "the same, of each business",
    "app/health/results.py": "the operator sees the troubles of all businesses",
    "app/demo/__init__.py": "the demo's people belong to different tenants",
    "app/users/sessions.py": "a session's random key itself says whose it is",
    "app/users/user_access.py": "the operator sees to those who sign in to any business",
    "admin_views/operator/people.py": "the same",
    "app/cli/user.py": "the same",
    "app/cli/secrets.py": "the operator's key is one for all tenants",
    "admin_views/keyboard.py": "an operator's switch is no tenant's",
    "app/web/sign_in/password.py": "an operator's password is no tenant's",
    "app/web/sign_in/second_step.py": "who signs in is in no business yet",
    "app/web/sign_in/passkey_sign_in.py": "the same",
    "app/web/sign_in/passkey_answer.py": "the same",
    "app/web/sign_in/passkey_pages.py": "an operator's passkeys are no tenant's",
    "app/web/sign_in/second_factor_page.py": "an operator's second factor is no tenant's",
    "app/users/second_factor.py": "the same, and who signs in is in no business yet",
    "app/users/recovery_codes.py": "the same",
    "app/users/authenticator_app.py": "the same",
    "app/api_keys/change_marks.py": "marks of all tenants are forgotten by their age",
    "app/users/passkeys.py": "the same: a passkey's random id itself says whose it is",
    "app/users/take_invitation.py": "a link's random token itself says whose it is",
    "app/users/password_resets.py": "the same",
    "app/users/sso/business_provider.py": "who signs in is in no business yet",
    "app/emails/one_time_links.py": "a link's random token itself says whose it is",
    "app/emails/queue.py": "emails to users of all tenants wait in one line",
    "app/emails/send.py": "the same",
    "app/automation/webhooks/claim_deliveries.py": "webhooks of all tenants wait in one line",
    "app/search/indexing.py": "one worker indexes what all tenants said",
    "app/privacy/transitions.py": "erasures of all tenants wait in one line",
    "app/privacy/kept_opt_outs.py": "addresses that became known wait in one line, too",
    "app/push/arrivals.py": "browsers of all tenants are told by one job",
    "app/push/subscriptions.py": "a browser has one address, whoever is signed in with it",
    "app/cli/introduce.py": "the simulator stands in for everybody's Twilio",
}
TEXT = {
    "app/web/health_endpoints.py": "SELECT 1",
    "app/operations/zone_check.py": "how PostgreSQL reckons zones, of no table",
    "app/models/appointment.py": "the condition of an index",
    "app/models/customer.py": "the condition of an index",
    "app/models/erasure.py": "the condition of an index",
    "app/models/audit_entry.py": "the conditions of indexes",
    "app/models/identity_link.py": "the condition of an index",
    "app/models/file_import.py": "the conditions of indexes",
    "app/models/consent.py": "the condition of an index",
    "app/models/conversation.py": "the condition of an index",
    "app/models/conversation_count.py": "the condition of an index",
    "app/models/automation_event.py": "the conditions of indexes",
    "app/models/automation_rule.py": "the condition of an index",
    "app/models/automation_run.py": "the conditions of indexes",
    "app/models/button_card.py": "the condition of an index",
    "app/models/button_tap.py": "the conditions of indexes",
    "app/models/call.py": "the condition of an index",
    "app/models/channel_thread.py": "the condition of an index",
    "app/models/broadcast.py": "the conditions of indexes",
    "app/models/marketing_consent.py": "the condition of an index",
    "app/models/media.py": "the condition of an index",
    "app/models/message.py": "the conditions of indexes",
    "app/models/pinned_fact.py": "the condition of an index",
    "app/models/promise.py": "the conditions of indexes",
    "app/models/message_archive.py": "the condition of an index",
    "app/models/notification.py": "the conditions of indexes",
    "app/models/conversation_event.py": "the condition of an index",
    "app/models/tenant_export.py": "the conditions of indexes",
    "app/models/user_notice.py": "the conditions of indexes",
    "app/models/dead_letter.py": "the condition of an index",
    "app/models/sender_number.py": "the conditions of indexes",
    "app/models/reply.py": "the conditions of indexes",
    "app/models/user.py": "what an index is of",
    "app/models/user_email.py": "the conditions of indexes",
    "app/models/user_session.py": "the condition of an index",
    "app/models/webhook_delivery.py": "the conditions of indexes",
}
DIRECT = {
    "app/web/health_endpoints.py": "SELECT 1",
    "app/health/checks/platform/database.py": "whether it takes a connection, and reads no table",
    "app/health/checks/platform/time_zones.py": "how PostgreSQL reckons zones, of no table",
    "app/retention/compact.py": "where the database is: rows of all move, and none is read",
    "app/inbound/social/account_routes.py": "finds it by the account that Meta names",
    "app/inbound/routing.py": "finds the tenant by its slug, in a table that tenants share",
    "app/inbound/statement.py": "a webhook's one statement, every table of it with the tenant's id",
}
# The tenancy hook does not look into inserts: each of these writes current_tenant_id().
INSERT = {
    "app/audit/write_entries.py": "each entry has the tenant of the row that was changed",
    "app/outbox/queue/rate_limit.py": "a number's rate limit is no tenant's",
    "app/models/message_count.py": "a counter is made or moved",
    "app/inbound/recovery_lease.py": "a number's lease is taken once",
    "app/inbox/lists/sum_counts.py": "a counter takes the place of many of its tenant",
    "app/reports/add_up.py": "a sum takes the place of the changes of its tenant",
    "app/broadcasts/send_offers.py": "a customer is a recipient of a broadcast once",
    "app/inbox/labelling.py": "a label is on a conversation once",
    "app/inbox/team/notices.py": "what is told again before it was read is one notice",
    "app/inbox/notes.py": "a note is kept once, however often it is posted",
    "app/outbox/compose/ledger.py": "a conversation is made or moved",
    "app/outbox/compose/drafts.py": "a user has one draft to a customer",
    "app/outbox/queue/platform_spending.py": "a day's use is counted, for the tenant in scope",
    "app/outbox/queue/paused_senders.py": "a sender is paused once, or for longer",
    "app/notifications/transitions.py": "a step or a call is planned once, whoever plans it",
    "app/automation/collect.py": "each event has the tenant of the row that it was found in",
    "app/automation/webhooks/transitions.py": "an endpoint is told of a thing once",
    "app/outbox/settle/dead_letters.py": "work becomes a dead letter once, or anew",
    "app/inbound/unstorable.py": "a message that cannot be stored is counted once, or once more",
    "app/inbound/social/channel_threads.py": "a carrier's thread with a customer is there once",
    "app/inbound/social/revisions.py": "what became of a message is told once",
    "app/inbound/social/reactions.py": "a person's reaction to a message is one",
    "app/inbound/social/kept_events.py": "an event is kept once, for the tenant of its account",
    "app/outbox/queue/opt_out.py": "a STOP is kept once, however often it is texted",
    "app/webchat/abuse/block_list.py": "who is blocked is blocked once",
    "app/webchat/visitor_message.py": "whom the site has signed in is met once",
    "app/health/look_request.py": "who waits for a look waits once",
    "app/health/results.py": "what a check finds takes the place of what it found",
    "app/web/api/once.py": "a request is noted once, or once more with what it made",
    "app/emails/queue.py": "what is told once is written once; with its addressee's tenant",
    "app/outbox/delivery/button_cards.py": "a card is asked for once, by the tenant of its message",
    "app/search/indexing.py": "each row has the tenant of what it is made of; the mark has none",
    "app/push/arrivals.py": "of each conversation is told once; with its own tenant",
    "app/push/subscriptions.py": "a browser has one row, of whoever is signed in with it",
    "app/business_hours/save_hours.py": "the first hours are entered once",
    "app/business_hours/claim_away.py": "a closed period is told once",
    "app/inbound/erased_messages.py": "a message is remembered once, for the tenant in scope",
    "app/privacy/transitions.py": "an erasure is asked for once",
    "app/privacy/kept_opt_outs.py": "an opt-out is kept once, and stands once",
}

ESCAPES: dict[str, dict[str, str]] = {
    "unscoped": UNSCOPED,
    "text": TEXT,
    "insert": INSERT,
    "direct_engine": DIRECT,
    "exec_driver_sql": {
        "app/row_security/establish.py": "roles and policies, with the migrations",
        "app/partitions/spread.py": "tables in parts, whosever the rows are",
        "app/cli/partitions.py": "the same",
    },
    "driver_rows": {
        "app/inbound/statement.py": "receive.sql, incoming_calls.sql, clicks.sql and the like",
    },
    "found_together": {
        "app/rows/driver_rows.py": "by driver_rows, whose places are above",
        "app/prepared.py": "what the hook's own criteria has narrowed (test_prepared.py)",
    },
    # Around the session, its hooks and the guard of its flush.
    "create_engine": {
        "app/factory.py": "the direct engine, without sessions",
        "app/health/checks/platform/database.py": "a connection that is only made",
        "app/cli/partitions.py": "tables are put into parts by who owns them",
    },
    # A function of the database that no policy binds, and that narrows by itself.
    "customers_found": {"app/search/found_customers.py": "behind a policy, words have no index"},
    "messages_found": {"app/search/found_messages.py": "the same"},
    # The roles of row-level security, and who tells the database of them.
    "ACROSS": {
        "app/row_security/roles.py": "taken within unscoped",
        "app/row_security/installed.py": "made and looked for",
        "app/row_security/establish.py": "the same",
    },
    "raw_connection": {},
    "get_bind": {},
    "literal_column": {},
    "from_statement": {},
    "TextClause": {},
    "bulk_save_objects": {},
    "bulk_insert_mappings": {},
    "bulk_update_mappings": {},
    "make_transient": {},
    "make_transient_to_detached": {},
    "instance_state": {
        "app/rows/whole_rows.py": "as if the session had loaded what a statement found",
    },
    "sessionmaker": {},
    "Session": {
        "app/audit/audit_hook.py": "its flush is listened to",
        "app/audit/write_entries.py": "its type: it is the one that flushes",
        "app/tenancy.py": "the hooks themselves",
        "app/providers/twilio/client.py": "of requests, not of the database",
        "app/providers/meta/graph.py": "the same",
        "app/rows/whole_rows.py": "the one that the caller has",
    },
    "_tenant_id": {"app/tenancy.py": "the scope itself"},
    "_unscoped": {"app/tenancy.py": "the scope itself"},
    "engine": {
        "app/factory.py": "row-level security binds its transactions",
        "app/cli/partitions.py": "its address",
    },
    "connection": {
        "app/row_security/binding.py": "the driver's, which is told for whom it works",
        "app/prepared.py": "the session's own, in its transaction",
        "app/rows/driver_rows.py": "the driver's, within that",
    },
    "__table__": {
        "app/tenancy.py": "knows which tables are owned",
    },
    "tables": {},
}
# Names that others use for things of their own: only these ways of using them count.
ONLY_CALLED = {"text", "insert", "unscoped", "exec_driver_sql", "driver_rows", "found_together"}
ONLY_ATTRIBUTE = {"engine", "tables", "__table__", "get_bind", "connection"}


def _sources() -> list[str]:
    files = [
        str(path.relative_to(PROJECT))
        for package in PACKAGES
        for path in (PROJECT / package).rglob("*.py")
    ]
    return [name for name in files if not name.startswith(APART)]


def _used(tree: ast.AST) -> set[str]:
    """The names of ESCAPES that a file uses."""
    used = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            used |= {_name(node.func)} & ONLY_CALLED
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith(("sqlalchemy", "app.")):
            used |= {alias.name for alias in node.names} & ONLY_CALLED
        if isinstance(node, ast.Attribute) and node.attr in ONLY_ATTRIBUTE:
            used |= {node.attr} if _of_the_database(node.value) else set()
        elif isinstance(node, ast.Attribute | ast.Name | ast.alias):
            used |= {_name(node)} & (ESCAPES.keys() - ONLY_CALLED - ONLY_ATTRIBUTE)
    return used


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.alias):
        return node.name
    return getattr(node, "attr", None) or getattr(node, "id", "")


def _of_the_database(node: ast.AST) -> bool:
    return ast.unparse(node) not in ("self", "scheduler")


def _found() -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name in _sources():
        for escape in _used(ast.parse((PROJECT / name).read_text())):
            found[escape].add(name)
    return found


def test_ways_past_the_tenant_scope_are_confined_to_the_list() -> None:
    found = _found()
    for escape, listed in ESCAPES.items():
        assert found[escape] - set(listed) == set(), f"{escape} in a file that gives no reason"


def test_the_list_of_escapes_holds_nothing_that_is_gone() -> None:
    found = _found()
    for escape, listed in ESCAPES.items():
        assert set(listed) - found[escape] == set(), f"{escape} is no longer used there"


def test_the_scan_finds_every_way_of_writing_an_escape() -> None:
    written = """
from app.tenancy import unscoped as freely
from sqlalchemy import orm, text as t
import sqlalchemy as sa
with freely("x"): pass
sa.text("SELECT 1"); db.session.connection(); db.engine.connect(); Customer.__table__
session.bulk_update_mappings(Customer, []); sa.insert(Customer)
db.metadata.tables["customer"]
"""
    found = _used(ast.parse(written))
    assert {"text", "connection", "engine", "__table__", "bulk_update_mappings"} <= found
    assert {"insert", "tables", "unscoped"} <= found


def test_sql_files_narrow_every_table_that_they_read() -> None:
    """Each FROM or UPDATE of a tenant's table has that table's tenant_id beside it."""
    tables = (
        "message",
        "contact_point",
        "customer",
        "conversation",
        "media",
        "message_count",
        "call",
        "spending",
    )
    for file in (PROJECT / "app").rglob("*.sql"):
        for part in file.read_text().split("), "):
            reads = [f"FROM {t}\n" in part or f"FROM {t} AS" in part for t in tables]
            writes = [f"INSERT INTO {t}" in part or f"UPDATE {t} " in part for t in tables]
            if any(reads) or any(writes):
                assert "tenant_id = %(tenant)s" in part or "SELECT %(tenant)s" in part, part
