"""What was done in any business, and what operators did beside: /admin/platform-audit."""

from collections.abc import Sequence

from flask import request
from flask_admin import BaseView, expose
from sqlalchemy import select

from admin_views.audit import audit_filter, audit_words
from admin_views.posted import id_of
from admin_views.times import shown
from app.audit import audit_log
from app.audit.audit_log import Line, Place
from app.extensions import db
from app.models import AuditEntry, PlatformAuditEntry, Tenant
from app.tenancy import unscoped
from app.web.guards import access

WHY = "the operator reads the log of all businesses"
ALL = "all"


class PlatformAuditView(BaseView):  # type: ignore[misc]
    roles = access.PLATFORM
    in_tenant = False

    def __init__(self) -> None:
        super().__init__(
            name="Audit of all",
            endpoint="platform_audit",
            url="/admin/platform-audit",
            menu_icon_type="fa",
            menu_icon_value="fa-history",
        )

    def is_accessible(self) -> bool:
        return access.may("platform_audit")

    @expose("/")
    def index(self) -> str:
        """Of a business (its id), of all, or without one of the platform; else as a business's."""
        asked, whose = audit_filter.asked(), request.args.get("business", "")
        lines, older = _page(asked, whose)
        names = {tenant.id: tenant.name for tenant in db.session.scalars(select(Tenant))}
        page: str = self.render(
            "audit/platform_audit.html",
            asked=asked,
            whose=whose,
            lines=lines,
            older=audit_filter.told(older),
            businesses=sorted(names.items(), key=lambda each: each[1].casefold()),
            names=names,
            words=audit_words,
            by_name=True,
            shown=shown,
        )
        return page


def _page(asked: audit_filter.Asked, whose: str) -> tuple[Sequence[Line], Place | None]:
    before = audit_filter.before()
    if whose == ALL or (tenant_id := id_of(whose)):
        with unscoped(WHY):
            one = None if whose == ALL else tenant_id
            return audit_log.page(asked.wanted(one), before, kind=AuditEntry)
    return audit_log.page(asked.wanted(), before, kind=PlatformAuditEntry)
