from collections.abc import Iterator

import pytest

from tests.architecture.probes import Onlooker
from tests.support.world import Business


@pytest.fixture
def onlooker(salon: Business, garage: Business) -> Iterator[Onlooker]:
    """Sees everybody's rows."""
    onlooker = Onlooker()
    yield onlooker
    onlooker.close()
