"""An export that an admin asks for, as a worker writes it."""

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from app.exports import prepare_export, work_exports, write_export
from app.exports.exported_kinds import KINDS
from app.models import TenantExport
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows
from tests.support.world import NOON, Business


def asked(owner: Business, at: datetime = NOON) -> TenantExport:
    """It waits for a worker."""
    with tenant_scope(owner.id):
        prepare_export.start(None, at)
    return newest(owner)


def written(owner: Business, at: datetime = NOON) -> TenantExport:
    asked(owner, at)
    work_exports.work(at)
    return newest(owner)


def write_few(monkeypatch: pytest.MonkeyPatch, at_once: int = 500) -> None:
    """Of what is in an export only this, so many rows at once."""
    few = ("business", "opt_outs", "messages", "attachments")
    kinds = {name: KINDS[name]._replace(at_once=at_once) for name in few}
    monkeypatch.setattr(write_export, "KINDS", kinds)
    monkeypatch.setattr(write_export, "PARTS", (*kinds, write_export.FILES))


def newest(owner: Business) -> TenantExport:
    """As it stands now."""
    found: TenantExport = rows(owner, TenantExport)[-1]
    return found


def archive(root: Path, owner: Business) -> Path:
    return root / str(owner.id) / f"export-{newest(owner).id}.zip"


def lines(path: Path, kind: str) -> list[dict[str, Any]]:
    with ZipFile(path) as file:
        return [json.loads(line) for line in file.read(f"json/{kind}.jsonl").splitlines()]


def table(path: Path, kind: str) -> list[dict[str, str]]:
    with ZipFile(path) as file:
        text = file.read(f"csv/{kind}.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
