"""The network: a namespace for each host, on one bridge, in a namespace of our own.

Nothing of it is seen outside, nothing leads out, and the kernel takes it all away with the last of
our processes, however they end.
"""

import ctypes
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from cluster.plan import NUMBERS, OUTSIDE, Host

CLONE_NEWNS, CLONE_NEWNET = 0x00020000, 0x40000000  # linux/sched.h
NAMES = Path("/run/netns")
BRIDGE = "hosts"


class Namespaces:
    """A host is cut off by being taken from the bridge: nobody is told, as of a pulled cable."""

    prefix = "10.97.0."
    what = "network namespaces"

    def __init__(self) -> None:
        """Leave the machine's network for good. Raises OSError where that is not possible."""
        if not all(map(shutil.which, ("ip", "nsenter", "mount"))):
            raise FileNotFoundError("iproute2 and util-linux are missing")
        if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET | CLONE_NEWNS) != 0:
            raise OSError(ctypes.get_errno(), "no network namespaces")
        NAMES.mkdir(parents=True, exist_ok=True)
        for command in ("mount --make-rprivate /", f"mount -t tmpfs hosts {NAMES}"):
            subprocess.run(command.split(), check=True)
        _ip("link set lo up")
        _ip(f"link add {BRIDGE} type bridge")
        _ip(f"addr add {self.prefix}{OUTSIDE}/24 dev {BRIDGE}")
        _ip(f"link set {BRIDGE} up")

    def hosts(self) -> dict[str, Host]:
        return {name: self._add(name, number) for name, number in NUMBERS.items()}

    def cut(self, host: Host, processes: Iterable[int]) -> None:
        _ip(f"link set {host.name} nomaster")

    def heal(self, host: Host, processes: Iterable[int]) -> None:
        _ip(f"link set {host.name} master {BRIDGE}")

    def _add(self, name: str, number: int) -> Host:
        host = Host(name, f"{self.prefix}{number}", str(NAMES / name))
        _ip(f"netns add {name}")
        _ip(f"link add {name} type veth peer name eth0 netns {name}")
        _ip(f"-n {name} addr add {host.address}/24 dev eth0")
        _ip(f"-n {name} link set lo up")
        _ip(f"-n {name} link set eth0 up")
        _ip(f"link set {name} up master {BRIDGE}")
        return host


def _ip(command: str) -> None:
    subprocess.run(["ip", *command.split()], check=True)
