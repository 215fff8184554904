"""Without the right to make networks: each host is an address of this machine.

One that is cut off stands still (SIGSTOP): others wait for it as for one that vanished, but what it
had sent arrives.
"""

import os
import signal
from collections.abc import Iterable
from contextlib import suppress

from cluster.plan import NUMBERS, Host


class Loopback:
    prefix = "127.97.0."
    what = "loopback addresses"

    def hosts(self) -> dict[str, Host]:
        return {name: Host(name, f"{self.prefix}{number}") for name, number in NUMBERS.items()}

    def cut(self, host: Host, processes: Iterable[int]) -> None:
        _send(signal.SIGSTOP, processes)

    def heal(self, host: Host, processes: Iterable[int]) -> None:
        _send(signal.SIGCONT, processes)


def _send(asking: signal.Signals, processes: Iterable[int]) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, asking)
