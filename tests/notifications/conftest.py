from collections.abc import Iterator

import pytest

from app.tenancy import tenant_scope
from tests.support.world import Business


@pytest.fixture
def inside(salon: Business, garage: Business) -> Iterator[Business]:
    """The salon, with its scope entered; the garage is in the room."""
    with tenant_scope(salon.id):
        yield salon
