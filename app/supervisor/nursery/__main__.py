"""The nursery: `python -m app.supervisor.nursery 'NAME …'`, with a socket as its standard input.

It imports the modules and calls the functions (module:function) of those names, says READY, and
forks a process for each order (order.py): that becomes what `python -m` would have started, and a
child of the supervisor. It has no thread, no connection and no state of its own: when it dies its
forks go on, and another does what it did.
"""

import gc
import os
import pkgutil
import runpy
import signal
import socket
import sys
import time
from types import ModuleType

from app.servers.launch import die_with
from app.supervisor.nursery import guise
from app.supervisor.nursery.order import READY, Order, receive


def main() -> None:
    supervisor, ours = os.getppid(), socket.socket(fileno=0)
    _prepare(sys.argv[1].split())
    ours.sendall(READY)
    _run(_serve(ours, supervisor))


def _prepare(names: list[str]) -> None:
    """Once and for all. Frozen: a collection in a fork would write to what it looks at, and thus
    make a copy of it."""
    gc.disable()
    for name in names:
        named = pkgutil.resolve_name(name)
        if not isinstance(named, ModuleType):
            named()
    gc.collect()
    gc.freeze()


def _serve(ours: socket.socket, supervisor: int) -> Order:
    """Fork for each order. Returns in the fork alone, with its order."""
    while order := receive(ours):
        between = os.fork()
        if not between:
            between = os.getpid()
            if os.fork():
                # Whoever it leaves behind goes to the supervisor, their next subreaper.
                os._exit(0)
            _belong_to(supervisor, between)
            ours.sendall(order.answer(os.getpid()))
            ours.detach()
            return order
        os.waitpid(between, 0)
        order.close()
    sys.exit()


def _belong_to(supervisor: int, between: int) -> None:
    """Be its child, in a session of our own, and die when it does; at once where it is gone."""
    os.setsid()
    while os.getppid() == between:
        time.sleep(0.001)
    die_with(supervisor, signal.SIGKILL)


def _run(order: Order) -> None:
    """As the interpreter does with `-m`."""
    order.take_output()
    os.environ.clear()
    os.environ.update(order.environment)
    time.tzset()
    guise.wear(order.command, order.environment)
    gc.enable()
    module, *arguments = order.module
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
