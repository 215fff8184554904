"""Short leases for a run of seconds (FAULTS_QUICK=1): the product's own constants, in proportion.

FAULTS_LEASE is how many seconds a lease lasts.

Set in the forked children only. A lease stays longer than a call may take, and a proof later than
the list's lag, or the guards would not be guards.
"""

import os
from datetime import timedelta
from types import ModuleType
from typing import Any

# It lists number after number, and is asked for at the end anyway.
RECOVERY = "recover-inbound"


def quicken() -> None:
    """Let this process wait for nothing longer than it must in a test."""
    from app import tasks
    from app.automation.webhooks import claim_deliveries
    from app.inbound import recover
    from app.outbox import drain
    from app.outbox.delivery import job
    from app.outbox.queue import claim
    from app.outbox.settle import reconcile, record
    from app.providers.meta import graph
    from app.providers.meta import provider as meta
    from app.providers.twilio import client
    from jobs import schedule

    lease = timedelta(seconds=float(os.environ.get("FAULTS_LEASE", 4)))
    replace(claim, "LEASE", lease)
    replace(drain, "LEASE", lease)
    replace(claim_deliveries, "LEASE", lease)
    replace(reconcile, "PROOF_AFTER", lease)
    for module in (drain, job):
        replace(module, "DEADLINE", lease / 2)
    replace(record, "FIRST_LOOK_AFTER", timedelta(seconds=0.7))
    replace(client, "TIMEOUT", lease.total_seconds() / 4)
    replace(graph, "TIMEOUT", lease.total_seconds() / 4)
    replace(meta, "SECONDS", lease.total_seconds() / 2)
    replace(drain, "ROUND_SECONDS", 0.3)
    replace(drain, "SOON", timedelta(seconds=1))
    replace(tasks, "COALESCE_SECONDS", 1)
    replace(recover, "GRACE", timedelta(seconds=1))
    replace(schedule, "PASS_SECONDS", 0.3)
    often = tuple(
        (id_, job, 1, queue) for id_, job, _, queue in schedule.TIMETABLE if id_ != RECOVERY
    )
    replace(schedule, "TIMETABLE", often)
    replace(record, "backoff", lambda _attempts: timedelta(seconds=0.5))


def replace(module: ModuleType, name: str, value: Any) -> None:
    """Set what is there; raises AttributeError when the product calls it otherwise by now."""
    getattr(module, name)
    setattr(module, name, value)
