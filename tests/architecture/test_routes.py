"""Who may call what: each route of the program is in this table, and answers accordingly."""

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.extensions import redis_client
from app.web.api.resources import RESOURCES
from tests.architecture.probes import ROLES, Onlooker, browser
from tests.support.browser import Browser
from tests.support.email_in import post as email
from tests.support.email_in import written
from tests.support.streams import Streams
from tests.support.world import Business

EVERYBODY = set(ROLES)
SIGNED_IN = EVERYBODY - {"anonymous"}
# Within a business.
STAFF = {"staff", "tenant_admin", "operator inside"}
ADMINS = {"tenant_admin", "operator inside"}
# Not an operator, who visits a business (app/web/guards/visiting.py).
MEMBERS, ADMIN_MEMBERS = {"staff", "tenant_admin"}, {"tenant_admin"}
# The overview sends an operator who is in no business to the list of businesses.
OVERVIEW = {"tenant_admin", "operator inside", "operator outside"}
PLATFORM = {"operator inside", "operator outside"}
NOBODY: set[str] = set()
# By its signature, whoever is signed in.
TWILIO: set[str] = set()

ALLOWED: dict[str, set[str]] = {
    "static": EVERYBODY,
    "admin.static": EVERYBODY,
    "health.ready": EVERYBODY,
    # From this machine, or by its token.
    "metrics.scrape": EVERYBODY,
    # By the secret in its address, likewise.
    "inbound_email.message": TWILIO,
    # By a visitor's token; the button and the panel are everybody's, of a chat that is on.
    **{
        f"chat{name}": EVERYBODY
        for name in (
            "_widget.widget",
            "_widget.panel",
            "_stream.ticket",
            "_stream.events",
            "_session.begin",
            "_session.end",
            "_messages.messages",
            "_messages.write",
            "_messages.send_file",
            "_visit.contact",
            "_visit.tell",
        )
    },
    # The word that Meta was given, and its signature.
    "meta_webhook.verify": TWILIO,
    "meta_webhook.events": TWILIO,
    "webhooks.message": TWILIO,
    "webhooks.message_status": TWILIO,
    "webhooks.answer": TWILIO,
    "webhooks.call_status": TWILIO,
    "webhooks.whisper": TWILIO,
    "security.login": EVERYBODY,
    "security.logout": SIGNED_IN,
    "password.change": SIGNED_IN,
    # An id of whoever asks.
    "password.end": NOBODY,
    # After the right password alone: whoever comes otherwise is sent to the sign-in, which leads
    # those who are signed in home.
    "second_step.ask": SIGNED_IN,
    "second_step.answer": SIGNED_IN,
    # Likewise after a passkey that proves who is there.
    "passkey_sign_in.options": EVERYBODY,
    "passkey_sign_in.sign_in": SIGNED_IN,
    "sso.find": EVERYBODY,
    # Of a business that has a provider, which none here has: 404; and of whoever was sent there.
    "sso.start": EVERYBODY,
    "sso.callback": EVERYBODY,
    "second_factor.index": SIGNED_IN,
    "second_factor.begin": SIGNED_IN,
    "second_factor.set_up": SIGNED_IN,
    # Of what whoever asks does not have.
    "second_factor.renew": NOBODY,
    "second_factor.turn_off": NOBODY,
    "second_factor.remove_app": NOBODY,
    "passkeys.begin": SIGNED_IN,
    "passkeys.create": SIGNED_IN,
    # An id of whoever asks.
    **{f"passkeys.{name}": NOBODY for name in ("show", "rename", "remove")},
    "invitation.follow": EVERYBODY,
    "invitation.take": EVERYBODY,
    "forgot_password.ask": EVERYBODY,
    "forgot_password.follow": EVERYBODY,
    "forgot_password.reset": EVERYBODY,
    "keyboard.index": SIGNED_IN,
    "keyboard.switch": SIGNED_IN,
    "home": SIGNED_IN,
    **{
        f"broadcasts.{name}": ADMINS
        for name in ("index", "make", "show", "save", "test", "start", "pause", "go_on", "stop")
    },
    **{
        f"customer_segments.{name}": ADMINS
        for name in ("index", "show", "make", "save", "remove", "count")
    },
    "profile.index": STAFF,
    "profile.show": STAFF,
    "profile.ask_for_review": STAFF,
    "profile.family": STAFF,
    "profile.way": STAFF,
    "profile.marketing": STAFF,
    "profile.pin": STAFF,
    "profile.change_pinned": STAFF,
    "profile.unpin": STAFF,
    "same_person.index": STAFF,
    "same_person.of": STAFF,
    "same_person.both": STAFF,
    "same_person.merge": STAFF,
    "same_person.undo": STAFF,
    "inbox.index": STAFF,
    "customer_pane.index": STAFF,
    "customer_pane.show": STAFF,
    "customer_pane.details": STAFF,
    "customer_pane.address": STAFF,
    "message_life.index": STAFF,
    "notices.index": STAFF,
    "notices.read": STAFF,
    "message_life.show": STAFF,
    "inbox.show": STAFF,
    "inbox.send": STAFF,
    "inbox.read": STAFF,
    "inbox.done": STAFF,
    "inbox.dismiss": STAFF,
    "inbox.new": STAFF,
    "inbox.search": STAFF,
    "inbox.found": STAFF,
    "inbox.close": STAFF,
    "inbox.finish": STAFF,
    "bulk.act": STAFF,
    "saved_views.index": STAFF,
    "saved_views.save": STAFF,
    "saved_views.change": STAFF,
    "inbox.open_": STAFF,
    "inbox.snooze": STAFF,
    "inbox.promise": STAFF,
    "inbox.promise_done": STAFF,
    "inbox.assign": STAFF,
    "inbox.label": STAFF,
    "inbox.note": STAFF,
    "inbox.hand_over": STAFF,
    "inbox.transcript": STAFF,
    "inbox.draft": STAFF,
    "inbox.attach": STAFF,
    "inbox.detach": STAFF,
    "inbox.send_key": STAFF,
    "inbox.scheduled": STAFF,
    "inbox.reschedule": STAFF,
    "inbox.texts": STAFF,
    "second_thoughts.act": STAFF,
    "waiting.cancel": STAFF,
    "waiting.keep": STAFF,
    "waiting.stop": STAFF,
    "alerts.index": STAFF,
    "alerts.subscription": STAFF,
    "alerts.notice": STAFF,
    "alerts.newest": STAFF,
    "alerts.worker": STAFF,
    "presence.tell": STAFF,
    "segments.count": STAFF,
    "live.events": STAFF,
    "live.ticket": STAFF,
    "media.show": STAFF,
    "received_email.show": STAFF,
    "media.for_the_carrier": EVERYBODY,
    "review.follow": EVERYBODY,
    "reply_address.ask": EVERYBODY,
    "reply_address.answer": EVERYBODY,
    "own_appointment.show": EVERYBODY,
    "own_appointment.choose": EVERYBODY,
    "own_appointment.confirm": EVERYBODY,
    "own_appointment.cancel": EVERYBODY,
    "own_appointment.move": EVERYBODY,
    "unsubscribe.answer": EVERYBODY,
    "unsubscribe.ask": EVERYBODY,
    "admin.index": OVERVIEW,
    "admin.report": ADMINS,
    "admin.hide_guide": ADMINS,
    "team.index": ADMINS,
    "team.invite": ADMINS,
    "team.send": ADMINS,
    "team.withdraw": ADMINS,
    "person.index": ADMINS,
    "person.show": ADMINS,
    # Of a colleague who has one.
    "person.reset": NOBODY,
    "person.end": ADMIN_MEMBERS,
    "person.end_all": ADMIN_MEMBERS,
    "rights.index": ADMINS,
    "rights.show": ADMINS,
    "rights.give": ADMIN_MEMBERS,
    "audit_log.index": ADMINS,
    "audit_log.export": ADMIN_MEMBERS,
    "business.index": ADMINS,
    "business.reply_link": ADMINS,
    "business.resume": ADMINS,
    "tenant_exports.index": ADMINS,
    "tenant_exports.start": ADMIN_MEMBERS,
    "tenant_exports.download": ADMIN_MEMBERS,
    "tenant_exports.remove": ADMIN_MEMBERS,
    "privacy.index": ADMINS,
    **{f"privacy.{name}": ADMIN_MEMBERS for name in ("show", "download", "erase")},
    "message_archives.index": ADMINS,
    "message_archives.download": ADMIN_MEMBERS,
    "message_archives.remove": ADMIN_MEMBERS,
    "outgoing_webhooks.index": ADMINS,
    "outgoing_webhooks.make": ADMINS,
    "outgoing_webhooks.show": ADMINS,
    "outgoing_webhooks.change": ADMINS,
    "outgoing_webhooks.rotate": ADMINS,
    "outgoing_webhooks.test": ADMINS,
    "outgoing_webhooks.disable": ADMINS,
    "outgoing_webhooks.enable": ADMINS,
    "outgoing_webhooks.remove": ADMINS,
    "outgoing_webhooks.resend": ADMINS,
    "outgoing_webhooks.resend_failed": ADMINS,
    "business_hours.index": STAFF,
    "business_hours.save": ADMINS,
    "working_hours.index": STAFF,
    "working_hours.show": ADMINS,
    "working_hours.save": ADMINS,
    "mailbox.index": ADMINS,
    "social_accounts.index": ADMINS,
    "social_accounts.find": ADMINS,
    "social_accounts.found_reloaded": ADMINS,
    "social_accounts.connect": ADMINS,
    "social_accounts.check": ADMINS,
    "social_accounts.template": ADMINS,
    "social_accounts.remove_template": ADMINS,
    "social_accounts.disconnect": ADMINS,
    "mailbox.test": ADMINS,
    "mailbox.test_reloaded": ADMINS,
    "mailbox.disconnect": ADMINS,
    "mailbox.new_address": ADMINS,
    "mailbox_vendor.connect": ADMINS,
    "mailbox_vendor.connected": ADMINS,
    "mailbox_vendor.by_hand": ADMINS,
    **{
        f"live_chat.{name}": ADMINS
        for name in ("index", "save", "new_secret", "drop_old_secret", "block", "unblock")
    },
    "messaging_health.index": ADMINS,
    "messaging_health.check": ADMINS,
    "automation.index": STAFF,
    "automation.new": ADMINS,
    "automation.offer": ADMINS,
    "automation.show": ADMINS,
    "automation.switch": ADMINS,
    "automation.move": ADMINS,
    "automation.remove": ADMINS,
    "automation.preview": ADMINS,
    "automation_log.index": STAFF,
    "messaging_health.webhooks": ADMINS,
    "messaging_health.webhooks_reloaded": ADMINS,
    "messaging_health.test": ADMINS,
    "calendar.index": STAFF,
    "calendar.customers": STAFF,
    "calendar.new": STAFF,
    "calendar.show": STAFF,
    "calendar.move": STAFF,
    "calendar.act": STAFF,
    "calendar_feed.read": EVERYBODY,
    **{f"api_keys.{name}": ADMIN_MEMBERS for name in ("index", "make", "revoke")},
    "api_docs.page": EVERYBODY,
    "api_docs.description": EVERYBODY,
    # By a key: what it may do is in tests/web/api.
    "api.attachments_one": NOBODY,
    **{
        f"api.{each.name}_{does}": NOBODY
        for each in RESOURCES
        for does in ("list", "one", *(["make"] * bool(each.new)), *(["change"] * bool(each.change)))
    },
    **{f"calendar_feeds.{name}": ADMIN_MEMBERS for name in ("index", "make", "renew", "remove")},
    "moves.index": STAFF,
    "moves.notice": STAFF,
    "moves.tell": STAFF,
    "moves.undo": STAFF,
    **{
        f"imports.{name}": ADMINS
        for name in ("index", "take", "show", "check", "start", "undo", "discard", "sample")
    },
    "canned_replies.ajax_lookup": NOBODY,
    "canned_replies.ajax_update": NOBODY,
    "canned_replies.index_view": STAFF,
    "canned_replies.create_view": STAFF,
    "canned_replies.edit_view": STAFF,
    "canned_replies.details_view": STAFF,
    "canned_replies.delete_view": STAFF,
    "canned_replies.action_view": STAFF,
    "canned_replies.export": MEMBERS,
    "customers.index_view": STAFF,
    "customers.create_view": STAFF,
    "customers.edit_view": STAFF,
    "customers.details_view": STAFF,
    "customers.delete_view": ADMINS,
    "customers.action_view": ADMINS,
    "customers.export": ADMIN_MEMBERS,
    "customers.ajax_lookup": NOBODY,
    "customers.ajax_update": NOBODY,
    "appointments.index_view": ADMINS,
    "appointments.create_view": ADMINS,
    "appointments.edit_view": ADMINS,
    "appointments.details_view": ADMINS,
    "appointments.delete_view": ADMINS,
    "appointments.action_view": ADMINS,
    "appointments.export": ADMIN_MEMBERS,
    "appointments.ajax_lookup": ADMINS,
    "appointments.ajax_update": NOBODY,
    "calls.index_view": STAFF,
    "calls.create_view": ADMINS,
    "calls.edit_view": ADMINS,
    "calls.details_view": STAFF,
    "calls.delete_view": ADMINS,
    "calls.action_view": ADMINS,
    "calls.export": ADMIN_MEMBERS,
    "calls.ajax_lookup": ADMINS,
    "calls.ajax_update": NOBODY,
    "messages.index_view": ADMINS,
    "messages.create_view": NOBODY,
    "messages.edit_view": NOBODY,
    "messages.details_view": ADMINS,
    "messages.delete_view": NOBODY,
    "messages.action_view": ADMINS,
    "messages.export": ADMIN_MEMBERS,
    "messages.ajax_lookup": NOBODY,
    "messages.ajax_update": NOBODY,
    "notifications.index": ADMINS,
    "notifications.effect": ADMINS,
    "notifications.pause": ADMINS,
    "notifications.resume": ADMINS,
    "planned.cancel": STAFF,
    "planned.send_now": STAFF,
    "tomorrow.index": STAFF,
    "message_templates.index": ADMINS,
    "message_templates.show": ADMINS,
    "message_templates.restore": ADMINS,
    "message_templates.remove": ADMINS,
    "message_templates.add": ADMINS,
    "message_templates.preview": ADMINS,
    "whatsapp_templates.index_view": ADMINS,
    "whatsapp_templates.create_view": ADMINS,
    "whatsapp_templates.edit_view": ADMINS,
    "whatsapp_templates.details_view": ADMINS,
    "whatsapp_templates.delete_view": ADMINS,
    "whatsapp_templates.action_view": ADMINS,
    "whatsapp_templates.export": ADMIN_MEMBERS,
    "whatsapp_templates.ajax_lookup": NOBODY,
    "whatsapp_templates.ajax_update": NOBODY,
    **{
        f"labels.{name}": ADMINS
        for name in (
            "index_view",
            "create_view",
            "edit_view",
            "details_view",
            "delete_view",
            "action_view",
        )
    },
    "labels.export": ADMIN_MEMBERS,
    "labels.ajax_lookup": NOBODY,
    "labels.ajax_update": NOBODY,
    "services.index_view": ADMINS,
    "services.create_view": ADMINS,
    "services.edit_view": ADMINS,
    "services.details_view": ADMINS,
    "services.delete_view": ADMINS,
    "services.action_view": ADMINS,
    "services.export": ADMIN_MEMBERS,
    "services.ajax_lookup": NOBODY,
    "services.ajax_update": NOBODY,
    "staff_members.index_view": ADMINS,
    "staff_members.create_view": ADMINS,
    "staff_members.edit_view": ADMINS,
    "staff_members.details_view": ADMINS,
    "staff_members.delete_view": ADMINS,
    "staff_members.action_view": ADMINS,
    "staff_members.export": ADMIN_MEMBERS,
    "staff_members.ajax_lookup": NOBODY,
    "staff_members.ajax_update": NOBODY,
    **{f"single_sign_on.{name}": ADMIN_MEMBERS for name in ("index", "save", "attempt", "remove")},
    # Of an id of theirs.
    "single_sign_on.unbind": NOBODY,
    "users.index_view": ADMINS,
    "users.create_view": ADMIN_MEMBERS,
    "users.edit_view": ADMIN_MEMBERS,
    "users.details_view": ADMINS,
    "users.delete_view": ADMIN_MEMBERS,
    "users.action_view": ADMIN_MEMBERS,
    "users.export": ADMIN_MEMBERS,
    "users.ajax_lookup": NOBODY,
    "users.ajax_update": NOBODY,
    "tenants.index_view": PLATFORM,
    "tenants.create_view": PLATFORM,
    "tenants.edit_view": PLATFORM,
    "tenants.details_view": PLATFORM,
    "tenants.delete_view": NOBODY,
    "tenants.action_view": PLATFORM,
    "tenants.export": PLATFORM,
    "tenants.ajax_lookup": NOBODY,
    "tenants.ajax_update": NOBODY,
    "tenants.enter": PLATFORM,
    "tenants.leave": PLATFORM,
    "find_customer.index": PLATFORM,
    "sender_numbers.index": PLATFORM,
    "sender_numbers.take_back": PLATFORM,
    "sender_numbers.allow": PLATFORM,
    "platform_audit.index": PLATFORM,
    "people.index": PLATFORM,
    "people.disable": PLATFORM,
    "people.enable": PLATFORM,
    "people.reset": PLATFORM,
    "platform_health.index": PLATFORM,
    "platform_health.check": PLATFORM,
    "parked.index": PLATFORM,
    "parked.settle": PLATFORM,
}
# From here an operator is led to the businesses, and that is no refusal.
OVERVIEWS = {"home", "admin.index"}
# Open to whoever was told a secret address: a guessed one is 404 for everybody alike.
SIGNED = {
    "calendar_feed.read",
    "forgot_password.follow",
    "forgot_password.reset",
    "invitation.follow",
    "invitation.take",
    "media.for_the_carrier",
    "own_appointment.show",
    "own_appointment.choose",
    "own_appointment.confirm",
    "own_appointment.cancel",
    "own_appointment.move",
    "reply_address.answer",
    "reply_address.ask",
    "review.follow",
    "sso.start",
    "unsubscribe.answer",
    "unsubscribe.ask",
}
# After these the browser is no longer who it was.
MOVES = {"security.logout", "tenants.enter", "tenants.leave"}
# The tables in which a panel's or an address's rows stand, where the name differs.
TABLES = {
    "canned_replies": "canned_reply",
    "inbox": "customer",
    "rule": "automation_rule",
    "template": "message_template",
}


def test_a_second_program_in_a_process_has_the_same_routes(
    whole_app: Flask, environ: dict[str, str]
) -> None:
    """What the first has set in what both share brings none along."""
    import wsgi

    again = wsgi.build(environ)
    assert {*again.view_functions} == {*whole_app.view_functions}


def test_every_route_is_in_the_table_and_every_entry_is_a_route(whole_app: Flask) -> None:
    endpoints = {rule.endpoint for rule in whole_app.url_map.iter_rules()}
    assert endpoints - ALLOWED.keys() == set(), "say who may call it, in ALLOWED"
    assert ALLOWED.keys() - endpoints == set(), "gone"


def test_every_route_answers_who_may_call_it_and_nobody_else(
    whole_app: Flask,
    streams: Streams,
    salon: Business,
    garage: Business,
    onlooker: Onlooker,
) -> None:
    sent = written()
    sent.add_alternative("<p>Set in HTML</p>", subtype="html")
    email(salon, sent)
    for role in ROLES:
        # What one was refused counts for no other.
        redis_client().flushdb()
        person = browser(role, salon)
        for rule in whole_app.url_map.iter_rules():
            # HEAD is GET without what it answers.
            for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
                before = onlooker.picture()
                path = address(rule, salon, onlooker)
                answer = call(person, method, path, salon.customer_id)
                where = f"{role}: {method} {path} ({rule.endpoint}) → {answer.status_code}"
                assert answer.status_code < 500, where
                # A chat that nobody has switched on is there for nobody.
                if rule.endpoint in SIGNED or rule.endpoint.startswith("chat"):
                    assert answer.status_code == 404, where
                elif role in ALLOWED[rule.endpoint]:
                    assert not refused(answer, role, rule.endpoint), where
                else:
                    assert refused(answer, role, rule.endpoint), where
                    assert onlooker.picture() == before, where
                answer.close()
                if rule.endpoint in MOVES:
                    onlooker.let_all_back_in()
                    person = browser(role, salon)


def test_a_route_that_nobody_has_allowed_is_closed(whole_app: Flask, admin: Browser) -> None:
    from app.web.guards import access

    assert access.roles_of("added.later") is None
    assert admin.get("/verify").status_code == 404, "it asked for the password once more"


def address(rule: Rule, ours: Business, onlooker: Onlooker) -> str:
    """The rule with ids of our own rows in it, so that nothing but the role can be refused."""
    panel, _, view = rule.endpoint.partition(".")
    values = {
        "customer_id": ours.customer_id,
        # Nobody's: what whoever has one may do is in tests/web/sign_in/test_passkey_pages.py.
        "passkey_id": 0,
        "reply_id": 1,
        "received_email_id": 1,
        "action": "again",
        # It is there already.
        "change": "add",
        # None of it is in the future any more: it cannot be done, and is let in.
        "what": "time",
        "command": "confirm",
        "tenant_id": ours.id,
        "slug": ours.slug,
        "token": "nobody-can-guess-it",
        "public_id": "nobody-can-guess-it",
        "filename": "css/shell/shell.css" if panel == "static" else "admin/js/actions.js",
        "export_type": "csv",
        "vendor": "google",
        "kind": "customers",
        "id_": 1,
    }
    wanted = rule.arguments - (rule.defaults or {}).keys()
    for name in wanted - values.keys():
        table = name.removesuffix("_id")
        values[name] = onlooker.some(TABLES.get(table, table), ours.id)
    built = rule.build({name: values[name] for name in wanted}, append_unknown=False)
    assert built, rule
    path = built[1]
    if view in ("edit_view", "details_view"):
        row = (
            ours.id if panel == "tenants" else onlooker.some(TABLES.get(panel, panel[:-1]), ours.id)
        )
        path += f"?id={row}"
    if view == "ajax_lookup":
        path += "?name=customer&query=a"
    return path


def call(person: Browser, method: str, path: str, customer_id: int) -> TestResponse:
    """What is posted is complete enough to be let in, and not to change anything."""
    if method in ("POST", "PUT"):
        return person.send(method, path, data={"customer_id": customer_id, "up_to": "0"})
    return person.get(path) if method == "GET" else person.client.open(path, method=method)


def refused(answer: TestResponse, role: str, endpoint: str) -> bool:
    """Told no or that there is no such thing; sent to sign in, or to choose a business first."""
    if answer.status_code in (401, 403, 404):
        return True
    if answer.status_code != 302:
        return False
    if role == "anonymous":
        return answer.location.startswith("/login")
    chooses = endpoint in OVERVIEWS or endpoint.startswith("tenants.")
    return answer.location == "/admin/tenants/" and not chooses


def test_an_address_takes_the_same_with_a_slash_at_its_end_and_without(whole_app: Flask) -> None:
    """Where it takes one of them only by the other, strangers are redirected (308) unasked."""
    taken: dict[str, set[str]] = {}
    for rule in whole_app.url_map.iter_rules():
        taken.setdefault(rule.rule, set()).update(rule.methods or ())
    both = {rule for rule in taken if rule.endswith("/") and rule.rstrip("/") in taken}
    assert "/messages/" in both
    assert [rule for rule in both if taken[rule] != taken[rule.rstrip("/")]] == []
