"""What was done in the business, by whom: /admin/audit-log, for its admins."""

from flask import Response
from flask_admin import BaseView, expose
from flask_security import current_user
from sqlalchemy import select

from admin_views.audit import audit_filter, audit_words
from admin_views.audit.audit_csv import MOST, file_of
from admin_views.times import shown
from app.audit import audit_log
from app.audit.audit_record import record
from app.extensions import db
from app.models import AuditAction, User
from app.web.guards import access


class AuditLogView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Audit log",
            category="Setup",
            endpoint="audit_log",
            url="/admin/audit-log",
            menu_icon_type="fa",
            menu_icon_value="fa-history",
        )

    def is_accessible(self) -> bool:
        return access.may("audit_log")

    @expose("/")
    def index(self) -> str:
        """Narrowed by who (a user's id, or support), what, kind and row (a table, and an id),
        customer, since and until (days); before: where the page begins."""
        asked = audit_filter.asked()
        lines, older = audit_log.page(asked.wanted(), audit_filter.before())
        page: str = self.render(
            "audit/audit_log.html",
            asked=asked,
            lines=lines,
            older=audit_filter.told(older),
            users=db.session.scalars(select(User).order_by(User.name, User.email)).all(),
            words=audit_words,
            by_name=by_name(),
            shown=shown,
        )
        return page

    @expose("/export/csv/")
    def export(self) -> Response:
        """The same as CSV, which is logged as well."""
        asked = audit_filter.asked()
        lines, _ = audit_log.page(asked.wanted(), most=MOST)
        answer = file_of(lines, by_name())
        narrowed = ", ".join(f"{name} {value}" for name, value in asked.address().items())
        facts = {"panel": "the audit log", "narrowed": narrowed, "rows": len(lines)}
        record(AuditAction.EXPORTED, facts=facts)
        db.session.commit()
        return answer


def by_name() -> bool:
    """Whether whoever looks is told which operator it was."""
    return current_user.tenant_id is None
