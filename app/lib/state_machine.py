"""Tables of states and of the moves between them, and the picture of one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# With more edges than this a move goes through a point of its own.
FEW = 4


class IllegalMove(RuntimeError):
    """The table does not have this move."""


@dataclass(frozen=True)
class Move:
    """From any of the origins (none: it is made) to one of the targets."""

    origins: tuple[str, ...]
    targets: tuple[str, ...]
    meaning: str


def diagram(moves: Mapping[str, Move]) -> str:
    """The moves as Mermaid's stateDiagram-v2, https://mermaid.js.org/syntax/stateDiagram.html"""
    lines = (f"    {line}" for name, move in moves.items() for line in _edges(name, move))
    return "\n".join(["stateDiagram-v2", *lines])


def _edges(name: str, move: Move) -> Iterator[str]:
    origins = [str(origin) for origin in move.origins] or ["[*]"]
    if len(origins) * len(move.targets) <= FEW:
        yield from (f"{origin} --> {to}: {name}" for origin in origins for to in move.targets)
        return
    yield f"state {name} <<choice>>"
    yield from (f"{origin} --> {name}: {name}" for origin in origins)
    yield from (f"{name} --> {target}" for target in move.targets)
