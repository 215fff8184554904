"""What runs or lies beside the simulator in `make run`, and can be broken."""

from app.simulator.breakages import full_disk, old_zones, own_processes, processes
from app.simulator.breakages.breakage import Breakage

BESIDE: dict[str, Breakage] = {
    **processes.OF_PROCESS,
    **old_zones.OF_ZONES,
    **full_disk.OF_DISK,
}


def there() -> dict[str, Breakage]:
    """Those of BESIDE that can be broken here."""
    zones = old_zones.OF_ZONES if old_zones.known() else {}
    disk = full_disk.OF_DISK if full_disk.known() else {}
    known = {*own_processes.running(), *zones, *disk}
    return {key: each for key, each in BESIDE.items() if key in known}


def broken() -> list[str]:
    zones = old_zones.OF_ZONES if old_zones.taken_away() else ()
    disk = full_disk.OF_DISK if full_disk.full() else ()
    return [*own_processes.running(only_still=True), *zones, *disk]


def change(key: str, on: bool) -> None:
    """Raises OSError."""
    if key in old_zones.OF_ZONES:
        old_zones.take_away(on)
    elif key in full_disk.OF_DISK:
        full_disk.fill(on)
    else:
        processes.set_still(key, on)
