"""A newcomer finds a thing by folders and names alone: short folders, names that are there once,
and for each module of weight the test that holds it."""

from collections import Counter
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PACKAGES = ("app", "admin_views", "jobs")
# A program of its own, with a vocabulary of its own: Twilio's.
APART = "app/simulator"
MOST = 16
# What pages are made of; app/web/static/vendor is others'.
PAGE_FILES = (
    "app/simulator/static",
    "app/simulator/templates",
    "app/web/static/css",
    "app/web/static/js",
    "app/web/templates",
)
LONG_FOLDERS = {
    "app/models": "a noun a file",
}
# Beside a model, whose file has its noun.
MODELS = "app/models"
SHARED_NAMES = {
    "en.py": "a language a file",
    "es.py": "a language a file",
    "database.py": "the command, and the check of it",
    "email.py": "the channel, and the command of its address",
    "mail.py": "an email as it goes out, and as it comes in",
    "email_thread.py": "whose thread an email is in: what comes in, and what goes out",
    "messaging_health.py": "the command and the page of one thing",
    "provider.py": "each carrier's folder has the same parts (app/providers/contract.py)",
    "transitions.py": "the life of one thing a file",
    "tenant.py": "the command of the model",
    "user.py": "the command of the model",
}
# Folders of tests that mirror no folder.
TESTS_OF_ALL = {
    "architecture": "rules of the code itself",
    "browser": "pages as a person sees them",
    "cluster": "mirrors the program of that name",
    "faults": "mirrors the program of that name",
    "flows": "the whole product",
    "support": "no tests",
    "webhooks": "what carriers post",
}
WEIGHTY = 150
# What holds a module of weight that has no test file of its name; a model is held by all of them.
HELD_BY = {
    "app/web/api/resources/customer_resource.py": "tests/web/api/test_resources.py",
    "app/automation/judging/judgement.py": "tests/automation/test_judge.py",
    "app/automation/webhooks/claim_deliveries.py": (
        "tests/automation/webhooks/test_send_deliveries.py"
    ),
    "app/customers/merging/changed.py": "tests/customers/merging/test_take_apart.py",
    "app/customers/merging/consents.py": "tests/customers/merging/test_take_apart.py",
    "app/customers/merging/names_customers.py": "tests/customers/merging/test_one_person.py",
    "app/customers/merging/side_by_side.py": (
        "tests/admin_views/same_person/test_same_person_page.py"
    ),
    "app/privacy/trace.py": "tests/privacy/test_personal_data.py",
    "app/emails/queue.py": "tests/emails/test_user_emails.py",
    "app/replies/asked.py": "tests/replies/test_replies.py",
    "app/factory.py": "tests/architecture/test_row_security_policies.py",
    "app/inbound/social/account_watch.py": "tests/admin_views/social/test_social_page.py",
    "app/inbound/social/kept_events.py": "tests/inbound/social/test_events.py",
    "app/providers/meta/graph_errors.py": "tests/outbox/delivery/test_meta.py",
    "app/providers/meta/provider.py": "tests/outbox/delivery/test_meta.py",
    "app/providers/meta/webhook_body.py": "tests/inbound/social/test_events.py",
    "app/inbox/conversation_transitions.py": "tests/inbox/test_conversation_life.py",
    "app/gunicorn_worker.py": "tests/web/test_slow_clients.py",
    "app/inbox/conversation_commands.py": "tests/inbox/test_conversation_life.py",
    "app/inbox/reading/message_rows.py": "tests/inbox/test_inbox.py",
    "app/inbound/receive.py": "tests/inbound/test_webhooks.py",
    "app/tasks.py": "tests/architecture/test_tasks.py",
    "app/prepared.py": "tests/architecture/test_prepared.py",
    "app/notifications/decision/decide.py": "tests/notifications/test_dispatch.py",
    "app/notifications/types/notification_type.py": "tests/notifications/planning/test_plan.py",
    "app/broadcasts/outcome.py": "tests/broadcasts/test_send_offers.py",
    "app/onboarding.py": "tests/cli/test_commands.py",
    "app/outbox/compose/ledger.py": "tests/notifications/test_batch.py",
    "app/outbox/delivery/job.py": "tests/outbox/delivery/test_bad_answers.py",
    "app/outbox/settle/record.py": "tests/outbox/settle/test_dead_letters.py",
    "app/outbox/transitions.py": "tests/architecture/test_transitions.py",
    "app/providers/inbound_email/parts.py": "tests/providers/inbound_email/test_mime.py",
    "app/providers/contract.py": "tests/outbox/delivery/test_bad_answers.py",
    "app/providers/smtp/provider.py": "tests/providers/test_smtp.py",
    "app/providers/twilio/provider.py": "tests/outbox/delivery/test_bad_answers.py",
    "app/providers/twilio/twilio_errors.py": "tests/outbox/test_drain.py",
    "app/replies/act_on_reply.py": "tests/replies/test_replies.py",
    "app/supervisor/run.py": "tests/supervisor/test_make_run.py",
    "app/tenancy.py": "tests/architecture/test_tenancy.py",
    "admin_views/calendar/moves.py": "tests/admin_views/calendar/test_notice_words.py",
    "admin_views/inbox/inbox.py": "tests/inbox/test_inbox.py",
    "admin_views/inbox/inbox_page.py": "tests/inbox/test_inbox.py",
    "admin_views/audit/audit_words.py": "tests/admin_views/audit/test_audit_page.py",
    "app/inbound/mailboxes/connect_mailbox.py": "tests/admin_views/mailbox/test_mailbox_page.py",
    "app/web/api/resources/appointment_resource.py": "tests/web/api/test_resources.py",
    "app/web/guards/access.py": "tests/architecture/test_routes.py",
    "admin_views/panels/panel.py": "tests/admin_views/panels/test_panel_attributes.py",
    "admin_views/panels/business_form.py": "tests/admin_views/operator/test_tenants.py",
    "app/retention/delete_archived.py": "tests/retention/test_archive_night.py",
    "app/servers/cluster.py": "tests/servers/test_embedded_servers.py",
    "admin_views/panels/appointments.py": "tests/admin_views/panels/test_forms.py",
    "admin_views/panels/customers.py": "tests/admin_views/panels/test_forms.py",
}


def modules() -> list[Path]:
    found = (path for package in PACKAGES for path in (PROJECT / package).rglob("*.py"))
    inside = (path.relative_to(PROJECT) for path in found if not path.stem.startswith("__"))
    return sorted(path for path in inside if not path.is_relative_to(APART))


def page_files() -> list[Path]:
    found = (path for folder in PAGE_FILES for path in (PROJECT / folder).rglob("*"))
    return sorted(path.relative_to(PROJECT) for path in found if path.is_file())


def mirrored(path: Path) -> Path:
    """app/outbox/queue becomes outbox/queue; admin_views and jobs stay what they are."""
    return path.relative_to("app") if path.is_relative_to("app") else path


def held(module: Path) -> Path:
    name = mirrored(module).with_name(f"test_{module.stem}.py")
    return PROJECT / HELD_BY.get(str(module), f"tests/{name}")


def lines(module: Path) -> int:
    return len((PROJECT / module).read_text().splitlines())


TESTS = sorted((PROJECT / "tests").rglob("test_*.py"))
# A panel is named for the model that it shows.
PANELS = {path.name for path in (PROJECT / "admin_views/panels").glob("*.py")}
WEIGHTS = [path for path in modules() if lines(path) >= WEIGHTY and str(path.parent) != MODELS]


def test_no_folder_holds_more_than_one_sees_at_a_glance() -> None:
    count = Counter(str(path.parent) for path in [*modules(), *page_files()])
    assert {folder for folder, many in count.items() if many > MOST} == LONG_FOLDERS.keys()


def test_a_files_name_says_which_it_is() -> None:
    names = Counter(path.name for path in modules() if str(path.parent) != MODELS)
    several = {name for name, many in names.items() if many > 1}
    models = {path.name for path in modules() if str(path.parent) == MODELS}
    assert several | (names.keys() & models) - PANELS == SHARED_NAMES.keys()
    pages = Counter(path.name for path in page_files() if not path.is_relative_to(APART))
    assert [name for name, many in pages.items() if many > 1] == []


def test_each_folder_of_tests_mirrors_one_of_the_code() -> None:
    folders = {path.parent.relative_to(PROJECT / "tests") for path in TESTS}
    folders = {folder for folder in folders if folder.parts and folder.parts[0] not in TESTS_OF_ALL}
    assert folders
    there = [(PROJECT / "app" / folder, PROJECT / folder) for folder in folders]
    assert [str(one) for one, other in there if not (one.is_dir() or other.is_dir())] == []


@pytest.mark.parametrize("module", WEIGHTS, ids=str)
def test_a_module_of_weight_has_the_test_of_its_name_or_one_that_is_named(module: Path) -> None:
    assert held(module).exists(), f"write {held(module)}, or name what holds it in HELD_BY"


def test_every_exception_is_still_one() -> None:
    assert HELD_BY.keys() <= {str(path) for path in modules()}
    assert [path for path in HELD_BY.values() if not (PROJECT / path).exists()] == []
    assert [each for each in TESTS_OF_ALL if not (PROJECT / "tests" / each).is_dir()] == []
