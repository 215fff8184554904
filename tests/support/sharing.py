"""How the tests are shared among the processes of pytest-xdist."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.support.quick import leave_out_slow

# What is long or waits for others begins first. Folders whose tests share something that takes
# seconds to start (the running product, a browser) stay in one process.
FIRST = ("browser", "flows", "servers", "architecture")
# It says how soon the product is ready, and a browser beside it takes the machine.
LAST = "supervisor/test_the_real_product.py"
TOGETHER = ("browser", "flows")


class Sharing(LoadScopeScheduling):
    """Together where tests share the running product, else by file."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "the running product" if _folder(nodeid) in TOGETHER else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing:
    # Keep the order below; xdist's own begins with the scopes that have the most tests.
    config.option.loadscopereorder = False
    return Sharing(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    leave_out_slow(config, items)
    items.sort(key=lambda item: _rank(item.nodeid))


def _rank(nodeid: str) -> int:
    order, folder = [*FIRST, "", LAST], _folder(nodeid)
    if nodeid.removeprefix("tests/").startswith(LAST):
        folder = LAST
    return order.index(folder if folder in order else "")


def _folder(nodeid: str) -> str:
    return nodeid.removeprefix("tests/").partition("/")[0]
