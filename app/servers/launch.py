"""Become a server: `launch.py PARENT SIGNAL USER COMMAND…`, a script that COMMAND replaces.

PARENT, a process id: when it dies, however it dies, the kernel sends SIGNAL to COMMAND.
USER, a number or `-`: whom to become first. PostgreSQL refuses to run as root, yet a project that
root cloned to /root/x lies behind a folder that nobody else may enter. We open no folder for it:
a process that cannot reach its files keeps one capability, to read past permissions, and gives up
everything else of root. It needs no privilege that Docker takes away.
"""

import ctypes
import os
import sys
from pathlib import Path

# linux/prctl.h, linux/securebits.h, linux/capability.h
PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_SET_SECUREBITS, PR_CAP_AMBIENT = 1, 8, 28, 47
PR_CAP_AMBIENT_RAISE = 2
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAPABILITY_VERSION = 0x20080522
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_SETPCAP = 1, 2, 8

_libc = ctypes.CDLL(None, use_errno=True)


def main(parent: str, signal: str, user: str, *command: str) -> None:
    if user != "-":
        become(int(user), needing=[*installed(command[0]), Path.cwd()])
    # Messages are in what it writes: nobody else on the machine reads them.
    os.umask(0o077)
    die_with(int(parent), int(signal))
    os.execv(command[0], command)  # noqa: S606 — no shell is the point


def installed(program: str) -> list[str | Path]:
    """The program, and the folders that it was installed with, wherever they are links to."""
    beside = Path(program).parent.parent
    return [program, *beside.glob("*/"), *beside.glob("share/*/")]


def become(user: int, needing: list[str | Path]) -> None:
    """Give up root for the user, but for what it takes to reach the needed paths."""
    _prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        if not _reachable(needing):
            _keep(capability)


def die_with(parent: int, signal: int) -> None:
    """Ask for the signal at the parent's death; after become(), which would cancel the request."""
    if not sys.platform.startswith("linux"):
        return
    _prctl(PR_SET_PDEATHSIG, signal)
    if os.getppid() != parent:
        sys.exit("the parent is gone already")


def _reachable(paths: list[str | Path]) -> bool:
    return all(os.access(path, os.R_OK | os.X_OK) for path in paths)


def _keep(capability: int) -> None:
    """Keep the capability beyond the exec, if we have it; all others end there."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    # Effective, permitted, inheritable; the second three are capabilities 32 and up.
    held = (ctypes.c_uint32 * 6)()
    _libc.capget(header, held)
    held[0], held[2] = 1 << capability | 1 << CAP_SETPCAP, 1 << capability
    if _libc.capset(header, held) != 0:
        return
    # PostgreSQL asks access(2), which forgets capabilities unless NO_SETUID_FIXUP is set.
    _prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP)
    _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)


def _prctl(*arguments: int) -> None:
    _libc.prctl(*(ctypes.c_ulong(argument) for argument in (*arguments, 0, 0, 0, 0)[:5]))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except OSError as error:
        sys.exit(f"{sys.argv[4]}: {error.strerror}")
