from datetime import timedelta

from app.retention.forget_old import forget
from tests.automation import rules
from tests.automation.rules import THEN, rule, runs, writes
from tests.support.world import Business

KEPT = timedelta(days=90)


def test_events_and_runs_are_kept_for_ninety_days(inside: Business) -> None:
    rule()
    writes(inside)
    for now, kept in ((THEN + KEPT, 1), (THEN + KEPT + timedelta(minutes=1), 0)):
        with rules.outside():
            forget(now)
        assert len(runs()) == kept
        assert len([event for event in rules.events() if event.at == THEN]) == kept
