"""Which processes a process has started."""

from pathlib import Path


def family(process: int) -> list[int]:
    """It and all that descend from it, those that start others first."""
    try:
        told = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return []
    return [process, *(each for child in told.split() for each in family(int(child)))]
