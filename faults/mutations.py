"""A test of the test: each takes one guard of the product away, in the forked children only.

A run without the guard has to fail; if it does not, the run proves nothing.
"""

from collections.abc import Callable
from datetime import timedelta
from types import ModuleType
from typing import Any

from faults.pace import replace

# What the guard is in the schema, where it is one.
SCHEMA = {"sid_key": 'ALTER TABLE message DROP CONSTRAINT "uq_message_tenant_id_provider_sid"'}


def lease() -> None:
    """A message that is being sent is anybody's at once, and absent as soon as it is not listed."""
    from app.outbox.queue import claim
    from app.outbox.settle import reconcile

    replace(claim, "LEASE", timedelta(0))
    replace(reconcile, "PROOF_AFTER", timedelta(0))


def reconcile() -> None:
    """What got no clear answer is not looked for before it is sent again."""
    from app.providers.twilio.provider import TwilioProvider

    def blind(*_arguments: Any) -> list[Any]:
        return []

    TwilioProvider.find = blind  # type: ignore[method-assign]


def rank() -> None:
    """The status that came last counts, not the highest."""
    from app.outbox import transitions

    rewrite(transitions, "[rises, *which]", "which")


def token() -> None:
    """A form posted twice is two messages."""
    from admin_views.inbox import inbox

    replace(inbox, "token", lambda _values: None)


def one_transaction() -> None:
    """A notification's message is committed, and a moment later that it was sent."""
    from app.notifications import dispatch

    end = "            transitions.send(each, message, Cause.SENT, reason, now)\n"
    apart = "db.session.commit(); __import__('time').sleep(0.5); db.session.refresh(message)"
    rewrite(dispatch, end, f"            {apart}\n{end}")


def rule_at_once() -> None:
    """What a rule does is committed, and a moment later that its run is done."""
    from app.automation.judging import act

    apart = "    db.session.commit(); __import__('time').sleep(0.5)\n"
    rewrite(act, "    return done\n", f"{apart}    return done\n")


def withdraw() -> None:
    """A message that waits leaves, whatever becomes of its appointment."""
    from app.notifications.planning import withdraw

    replace(withdraw, "_withdrawn", lambda _row, _now: False)


def webhook_lease() -> None:
    """A webhook whose sender died is nobody's."""
    from app.automation.webhooks import transitions

    rewrite(transitions, "WebhookDelivery.lease_until < now", "WebhookDelivery.id < 0")


def nothing() -> None:
    """The guard is in the schema alone."""


MUTATIONS: dict[str, Callable[[], None]] = {
    "": nothing,
    "lease": lease,
    "reconcile": reconcile,
    "sid_key": nothing,
    "rank": rank,
    "token": token,
    "one_transaction": one_transaction,
    "rule_at_once": rule_at_once,
    "withdraw": withdraw,
    "webhook_lease": webhook_lease,
}


def rewrite(module: ModuleType, old: str, new: str) -> None:
    """Run the module's source anew with one place changed. Raises LookupError if it is gone."""
    with open(str(module.__file__)) as file:  # noqa: PTH123 (a module's file is a name)
        source = file.read()
    if source.count(old) != 1:
        raise LookupError(f"{module.__name__} has no {old!r} any more: teach faults/mutations.py")
    exec(compile(source.replace(old, new), str(module.__file__), "exec"), module.__dict__)  # noqa: S102
