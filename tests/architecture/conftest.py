from collections.abc import Iterator

import pytest

from tests.architecture.probes import Onlooker
from tests.support.world import Business


@pytest.fixture
def onlooker(salon: Business, garage: Business) -> Iterator[Onlooker]:
    """Sees everybody's rows; the stranger's carry a mark that no page of ours may show."""
    onlooker = Onlooker()
    onlooker.mark(garage.id)
    yield onlooker
    onlooker.close()
