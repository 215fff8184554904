"""What somebody did that changes no row of the declared models: whoever does it tells of it."""

from typing import Any

from app.audit.acting import Actor, actor_of, current_actor
from app.audit.write_entries import Entry, write
from app.extensions import db
from app.models import AuditAction, User
from app.tenancy import current_tenant_id, tenant_id_in_scope


def record(action: AuditAction, **entry: Any) -> None:
    """An act of whoever acts now, in the business in scope; without one it is the platform's. More
    of it as in Entry. Part of the caller's transaction. Where nobody acts nothing is written."""
    record_in(tenant_id_in_scope(), action, **entry)


def record_in(tenant_id: int | None, action: AuditAction, **more: Any) -> None:
    """Likewise, in that business; None: in none."""
    if actor := current_actor():
        entry: Entry = {"tenant_id": tenant_id, "action": action, **more}  # type: ignore[typeddict-item]
        write(db.session(), actor, [entry])


def record_by_itself(action: AuditAction, **entry: Any) -> None:
    """What the program did by itself, in the business in scope, and people would ask who did."""
    write(db.session(), None, [{"tenant_id": current_tenant_id(), "action": action, **entry}])  # type: ignore[typeddict-item]


def record_of(user: User, action: AuditAction, **facts: Any) -> None:
    """Likewise, of somebody who signs in: an act of theirs, whoever acts now."""
    _about(user, actor_of(user), action, facts)


def record_on(user: User, action: AuditAction, **facts: Any) -> None:
    """Likewise, of somebody who signs in: an act of whoever acts now; by a command, of nobody."""
    _about(user, current_actor(), action, facts)


def record_refused(
    user: User, action: AuditAction = AuditAction.SIGN_IN_REFUSED, **facts: Any
) -> None:
    """Somebody, nobody knows who, gave a wrong password or code, or a passkey's wrong answer, for
    them; or was not let in, for the reason `why`."""
    _about(user, None, action, facts)


def _about(user: User, actor: Actor | None, action: AuditAction, facts: dict[str, Any]) -> None:
    entry: Entry = {
        "tenant_id": user.tenant_id,
        "action": action,
        "row_kind": "user",
        "row_id": user.id,
        "row_name": user.email,
        "facts": facts,
    }
    write(db.session(), actor, [entry])
