from collections.abc import Iterator

import pytest

from tests.support import canaille, openid_provider
from tests.support.canaille import Canaille
from tests.support.openid_provider import Provider
from tests.support.single_sign_on import connect
from tests.support.world import Business

# At Canaille, with their addresses there.
PEOPLE = {
    "maya": "staff@salon.test",
    "boss": "admin@salon.test",
    "stranger": "staff@garage.test",
    "unverified": "staff@salon.test",
}


@pytest.fixture
def strangers(on_this_machine: None, garage: Business) -> Iterator[Provider]:
    """The garage's own."""
    with openid_provider.running() as one:
        connect(garage, one.url)
        yield one


@pytest.fixture
def provider(strangers: Provider, salon: Business) -> Iterator[Provider]:
    """The salon's; at it somebody is who has the address of the salon's staff."""
    with openid_provider.running() as one:
        connect(salon, one.url)
        yield one


@pytest.fixture(scope="session")
def running_canaille() -> Iterator[Canaille]:
    with canaille.running(PEOPLE) as one:
        yield one


@pytest.fixture(name="canaille")
def canaille_(running_canaille: Canaille, on_this_machine: None, salon: Business) -> Canaille:
    """A real provider, which the salon has connected."""
    named = {"client_id": canaille.CLIENT, "client_secret": canaille.SECRET}
    connect(salon, running_canaille.url, **named)
    return running_canaille
