"""The link to an export: signed, and good only as long as the file is there."""

from datetime import datetime

from itsdangerous import BadData, URLSafeSerializer

from app.extensions import settings
from app.models import ExportStatus, TenantExport

SALT = "export of all that a business has"


def token(export: TenantExport) -> str:
    """Of one that is ready."""
    signed: str = _signer().dumps(_signed(export))
    return signed


def opens(export: TenantExport, given: str, now: datetime) -> bool:
    """Whether the file may be had with it now."""
    try:
        named = _signer().loads(given)
    except BadData:
        return False
    here = export.status == ExportStatus.READY and export.ends_at and now < export.ends_at
    return bool(here) and named == _signed(export)


def _signed(export: TenantExport) -> list[int]:
    ends = int(export.ends_at.timestamp()) if export.ends_at else 0
    return [export.tenant_id, export.id, ends]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(list(settings().signing_keys), salt=SALT)
