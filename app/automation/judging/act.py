"""A rule does what it should, as a whole or not at all, and its run says what came of it."""

from datetime import datetime

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from app import events
from app.automation import transitions
from app.automation.judging import chain
from app.automation.judging.assembled import Assembled
from app.automation.rule_part import Doer, HeldBack, Later, NotDone
from app.automation.snapshot import Snapshot
from app.extensions import db
from app.lib.fault import place
from app.models import AutomationRule, AutomationRun, Origin

BROKEN = "A fault of ours kept it from being done. Our operator can see it."

# Or two wait for each other: the whole is tried again.
DATABASE_AWAY = (OperationalError, InterfaceError)

log = structlog.get_logger()


def act(
    rule: AutomationRule, parts: Assembled, run: AutomationRun, seen: Snapshot, now: datetime
) -> Doer | None:
    """None where nothing was done. In the caller's transaction, who commits."""
    doer = Doer(rule_id=rule.id, rule_name=rule.name, run_id=run.id, now=now)
    try:
        chain.heed(rule, seen.event)
        transitions.succeed(run, _done(parts, seen, doer), now)
        return doer
    except Later as later:
        transitions.postpone(run, later.until)
    except chain.ChainTooLong as stopped:
        transitions.hold_back(run, str(stopped), now)
        if chain.stopped_too_often(run, now):
            turn_off(rule, chain.TURNED_OFF)
    except HeldBack as held:
        transitions.hold_back(run, str(held), now)
    except NotDone as why:
        transitions.fail(run, str(why), now)
    except DATABASE_AWAY:
        raise
    except Exception as error:
        broke(run, error, now)
    return None


def _done(parts: Assembled, seen: Snapshot, doer: Doer) -> list[str]:
    """A sentence for each action; all of it is undone where one of them raises."""
    with db.session.begin_nested(), events.acting(Origin.AUTOMATION, seen.event):
        done = [each.part.do(seen, each.options, doer) for each in parts.actions]
        db.session.flush()
    return done


def broke(run: AutomationRun, error: Exception, now: datetime) -> None:
    """Our own code broke over it; the other rules go on."""
    log.error("rule_broke", rule=run.rule_id, run=run.id, fault=place(error))
    transitions.fail(run, BROKEN, now)


def turn_off(rule: AutomationRule, reason: str) -> None:
    """Until a person has looked at it."""
    rule.enabled, rule.off_reason = False, reason
