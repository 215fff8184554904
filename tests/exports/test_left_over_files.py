"""What a killed worker left of a file goes, and nothing that somebody may go on with."""

import os
from datetime import timedelta
from pathlib import Path

from app.exports import export_files, left_over_files
from app.tenancy import tenant_scope
from tests.exports.asked import asked
from tests.support.world import NOON, Business


def left(folder: Path, name: str, hours: int) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("half")
    at = (NOON - timedelta(hours=hours)).timestamp()
    os.utime(path, (at, at))
    return path


def test_what_nobody_writes_any_more_is_deleted(
    salon: Business, garage: Business, root: Path
) -> None:
    ours, theirs = root / str(salon.id), root / str(garage.id)
    written = asked(salon)
    with tenant_scope(salon.id):
        goes_on = left(ours, export_files.table(written).name, 99)
    stays = [goes_on, left(ours, "2026-10.zip", 99), left(theirs, ".2026-10.ab.part", 23)]
    gone = [
        left(ours, ".export-999999.csv.part", 25),
        left(theirs, ".2026-10.0123456789abcdef.part", 25),
        # Of another business by the same number, which writes no such export.
        left(theirs, export_name(written.id), 25),
    ]
    left_over_files.forget(NOON)
    assert all(path.exists() for path in stays)
    assert not any(path.exists() for path in gone)


def export_name(id_: int) -> str:
    return f".export-{id_}.jsonl.part"


def test_without_a_folder_there_is_nothing_to_do(salon: Business) -> None:
    left_over_files.forget(NOON)
