"""The workers' tasks: what is enqueued, and the sweeps that find what no job announced."""

from app import tasks
from app.api_keys import change_marks
from app.api_keys import keys as api_keys
from app.appointments import zone_changes
from app.audit import audit_log
from app.automation import collect
from app.automation import judge as judges
from app.automation.webhooks import send_deliveries
from app.broadcasts import send_offers as offers
from app.customers.merging import join_identities as identities
from app.emails import one_time_links
from app.emails import queue as emails_queue
from app.emails import send as emails
from app.exports import left_over_files
from app.exports import work_exports as exports
from app.health import watch
from app.imports import prepare_import
from app.imports import work_imports as imports
from app.inbound import erased_messages, lost_calls, media_fetch, recover
from app.inbound.mailboxes import read_mailboxes as mailboxes
from app.inbound.social import account_watch, kept_events, profile_names, utility_templates
from app.inbox import wake
from app.inbox.lists import sum_counts as counters
from app.inbox.reading import message_life, message_marks
from app.inbox.team import assign_in_turn, notices, promises
from app.lib.time.clock import now
from app.notifications import dispatch as dispatcher
from app.notifications.configure import foreseen_cards
from app.notifications.planning import fallback, missed_calls, replan
from app.numbers import prove
from app.operations import limit_warnings
from app.outbox import drain, send_later
from app.outbox.compose import draft_files
from app.outbox.delivery import make_cards as make_cards_
from app.outbox.queue import rate_limit
from app.outbox.reply_to import confirmation_links
from app.outbox.settle import look_up, reconcile
from app.outbox.settle.dead_letters import forget_recovered
from app.privacy import erase
from app.push import subscriptions
from app.push import tell_browsers as browsers
from app.replies import read
from app.reports import add_up as rollups
from app.retention import archive_night, forget_old
from app.search import indexing
from app.users import notice_emails, sessions
from app.webchat import visitor_sessions
from jobs.steps import take_each


def drain_outbox() -> None:
    tasks.heard(tasks.Task.DRAIN_OUTBOX)
    drain.keep_draining()


def dispatch() -> None:
    tasks.heard(tasks.Task.DISPATCH)
    take_each(
        # Before anything is said: by new rules of a zone an appointment has another instant.
        lambda: zone_changes.keep_local_times(now()),
        lambda: fallback.plan_fallbacks(now()),
        lambda: dispatcher.dispatch(now()),
        lambda: send_later.send_due(now()),
    )


def plan() -> None:
    tasks.heard(tasks.Task.PLAN)
    replan.replan(now())


def read_replies() -> None:
    read.read_replies(now())


def judge() -> None:
    tasks.heard(tasks.Task.JUDGE)
    take_each(
        # What answers a reminder is read first, so that rules see what came of it.
        lambda: read.read_replies(now()),
        lambda: collect.collect(now()),
        lambda: judges.judge(now()),
        # What no rule has given to anybody.
        lambda: assign_in_turn.assign_in_turn(now()),
    )


def plan_missed() -> None:
    tasks.heard(tasks.Task.PLAN_MISSED)
    missed_calls.plan_missed(now())


def fetch_media() -> None:
    tasks.heard(tasks.Task.FETCH_MEDIA)
    media_fetch.fetch_due(now())


def send_offers() -> None:
    tasks.heard(tasks.Task.SEND_OFFERS)
    offers.send(now())


def work_imports() -> None:
    tasks.heard(tasks.Task.WORK_IMPORTS)
    imports.work(now())


def work_exports() -> None:
    tasks.heard(tasks.Task.WORK_EXPORTS)
    exports.work(now())


def recover_inbound() -> None:
    recover.recover(now())


def keep_accounts() -> None:
    take_each(
        lambda: kept_events.try_again(now()),
        lambda: profile_names.ask(now()),
        lambda: utility_templates.hand_in(now()),
        lambda: account_watch.check_due(now()),
    )


def read_mailboxes() -> None:
    tasks.heard(tasks.Task.READ_MAILBOXES)
    mailboxes.read_mailboxes(now())


def look_up_statuses() -> None:
    take_each(lambda: look_up.look_up(now()), lambda: lost_calls.look_up(now()))


def sweep() -> None:
    take_each(
        lambda: rate_limit.adopt(now()),
        lambda: drain.look(now()),
        forget_recovered,
        lambda: limit_warnings.tell(now()),
    )


def index_words() -> None:
    indexing.index(now())


def prove_numbers() -> None:
    tasks.heard(tasks.Task.PROVE_NUMBERS)
    prove.prove_due(now())


def make_cards() -> None:
    tasks.heard(tasks.Task.MAKE_CARDS)
    take_each(lambda: foreseen_cards.foresee(now()), lambda: make_cards_.make_due(now()))


def send_reply_links() -> None:
    tasks.heard(tasks.Task.SEND_REPLY_LINKS)
    confirmation_links.send_links(now())


def reconcile_outbox() -> None:
    tasks.heard(tasks.Task.RECONCILE)
    reconcile.reconcile(now())


def send_user_emails() -> None:
    tasks.heard(tasks.Task.SEND_USER_EMAILS)
    take_each(lambda: notice_emails.tell_those_away(now()), lambda: emails.send_due(now()))


def send_webhooks() -> None:
    tasks.heard(tasks.Task.SEND_WEBHOOKS)
    send_deliveries.send_due(now())


def tell_browsers() -> None:
    tasks.heard(tasks.Task.TELL_BROWSERS)
    browsers.tell_browsers(now())


def watch_health() -> None:
    tasks.heard(tasks.Task.WATCH_HEALTH)
    watch.watch_due(now())


def archive_messages() -> None:
    tasks.heard(tasks.Task.ARCHIVE_MESSAGES)
    archive_night.archive_messages(now())


def erase_people() -> None:
    tasks.heard(tasks.Task.ERASE_PEOPLE)
    erase.erase_due(now())


def join_identities() -> None:
    tasks.heard(tasks.Task.JOIN_IDENTITIES)
    identities.join_identities(now())


def wake_conversations() -> None:
    wake.wake(now())


def remind_promises() -> None:
    promises.remind(now())


def sum_counts() -> None:
    take_each(counters.sum_counts, rollups.add_up)


def forget() -> None:
    take_each(
        lambda: sessions.forget(now()),
        lambda: emails_queue.forget(now()),
        lambda: one_time_links.forget(now()),
        lambda: api_keys.forget(now()),
        lambda: change_marks.forget(now()),
        lambda: forget_old.forget(now()),
        lambda: subscriptions.forget(now()),
        lambda: message_life.forget(now()),
        lambda: notices.forget(now()),
        lambda: draft_files.forget(now()),
        lambda: visitor_sessions.forget(now()),
        lambda: kept_events.forget(now()),
        lambda: message_marks.forget(now()),
        lambda: audit_log.forget(now()),
        lambda: erased_messages.forget(now()),
        lambda: prepare_import.forget(now()),
        lambda: left_over_files.forget(now()),
    )
