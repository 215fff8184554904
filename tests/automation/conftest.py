from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.automation import judge
from app.tenancy import tenant_scope
from tests.automation import rules
from tests.support.world import Business


@pytest.fixture(autouse=True)
def _no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look gets through, however slow the machine is."""
    monkeypatch.setattr(judge, "TIME_SLICE", timedelta(hours=1))


@pytest.fixture
def inside(salon: Business, garage: Business) -> Iterator[Business]:
    """The salon, with its scope entered; the garage has a rule for everything, turned on."""
    with tenant_scope(garage.id):
        rules.for_everything()
    with tenant_scope(salon.id):
        yield salon
