"""What the supervisor asks of its nursery, over a socket: a length, the output's file, and JSON."""

import json
import os
import socket
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

READY = b"+"
LENGTH = struct.Struct("!I")
PID = struct.Struct("!I")


@dataclass(frozen=True)
class Order:
    """To become a command, `python -m MODULE …`, that writes into a file, which is open."""

    command: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    output: int
    errors: int

    @property
    def module(self) -> Sequence[str]:
        """The module's name, and what it is given."""
        return self.command[2:]

    def send(self, to: socket.socket) -> None:
        text = json.dumps([list(self.command), dict(self.environment)]).encode()
        socket.send_fds(to, [LENGTH.pack(len(text))], [self.output, self.errors])
        to.sendall(text)

    def close(self) -> None:
        os.close(self.output)
        os.close(self.errors)

    def take_output(self) -> None:
        """Read nothing, and write there."""
        nothing = os.open(os.devnull, os.O_RDONLY)
        for file, standard in ((nothing, 0), (self.output, 1), (self.errors, 2)):
            os.dup2(file, standard)
            os.close(file)

    @staticmethod
    def answer(process: int) -> bytes:
        return PID.pack(process)


def receive(ours: socket.socket) -> Order | None:
    """The next one, or None once nobody is left to give any."""
    head, files, _, _ = socket.recv_fds(ours, LENGTH.size, 2)
    if not head:
        return None
    text = ours.recv(LENGTH.unpack(head)[0], socket.MSG_WAITALL)
    command, environment = json.loads(text)
    return Order(command, environment, *files)


def answered(theirs: socket.socket) -> int:
    """The process that came of an order. Raises OSError where none did in time."""
    said = theirs.recv(PID.size, socket.MSG_WAITALL)
    if len(said) < PID.size:
        raise OSError("the nursery is gone")
    process: int = PID.unpack(said)[0]
    return process
