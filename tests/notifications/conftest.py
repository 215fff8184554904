from collections.abc import Iterator
from datetime import timedelta

import pytest

from app import tasks
from app.notifications import dispatch
from app.notifications.planning import fallback, missed_calls
from app.tenancy import tenant_scope
from tests.support.world import Business


@pytest.fixture(autouse=True)
def _no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look gets through, however slow the machine is: what is left for the next one when its
    turn is over would seem forgotten."""
    for turn in (fallback, dispatch, missed_calls):
        monkeypatch.setattr(turn, "TIME_SLICE", timedelta(hours=1))
    monkeypatch.setattr(tasks, "SLOW_TIME_SLICE", timedelta(hours=1))


@pytest.fixture
def inside(salon: Business, garage: Business) -> Iterator[Business]:
    """The salon, with its scope entered; the garage is in the room."""
    with tenant_scope(salon.id):
        yield salon
