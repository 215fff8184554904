"""Who may ask for what, as the program's own table says, and what a refusal looks like."""

from app.models import Role
from app.web.guards import access
from hostile.people import Person
from hostile.probe import Answer

ROLE = {
    "staff": Role.STAFF,
    "tenant_admin": Role.TENANT_ADMIN,
    "stranger": Role.TENANT_ADMIN,
    "operator inside": Role.PLATFORM_ADMIN,
    "operator outside": Role.PLATFORM_ADMIN,
}
ELSEWHERE = {"anonymous": "/login", "operator outside": "/admin/tenants/"}


def open_to_all(endpoint: str) -> bool:
    roles = access.roles_of(endpoint)
    return roles is not None and not roles


def of_the_platform(endpoint: str) -> bool:
    """Whether it is the operator's, who sees to all businesses."""
    return access.roles_of(endpoint) == access.PLATFORM


def may(person: Person, endpoint: str) -> bool:
    if open_to_all(endpoint):
        return True
    roles = access.roles_of(endpoint) or set()
    inside = person.home is not None or not access.works_in_tenant(endpoint)
    return ROLE.get(person.role) in roles and inside


def refused(answer: Answer, role: str) -> bool:
    """Told no, or that there is no such thing; or sent to sign in, or to choose a business."""
    if answer.status in (400, 401, 403, 404, 405, 409):
        return True
    elsewhere = ELSEWHERE.get(role)
    return answer.status == 302 and bool(elsewhere) and answer.location.startswith(str(elsewhere))
