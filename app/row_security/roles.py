"""The roles that transactions take, and what they are told. They are made by `flask db upgrade`."""

from typing import NamedTuple

from app.row_security.visibility import Viewer

TENANT = "kaivox_tenant"
"""Sees and writes the rows of one tenant: the one in the setting app.tenant."""
ACROSS = "kaivox_all"
"""Sees and writes the rows of all tenants; taken within `unscoped`."""
ASSIGNED = "kaivox_assigned"
"""As TENANT, of whom it is a member, but for the conversations that the user in app.viewer does not
see; those of nobody, too, only where app.unassigned is true."""

# No tenant has it: with nobody in scope nothing is found.
NOBODY = 0


class Scope(NamedTuple):
    """The role of a transaction, and what it is told."""

    role: str
    tenant_id: int
    viewer: Viewer | None = None


def scope(tenant_id: int | None, across: bool, viewer: Viewer | None = None) -> Scope:
    if across:
        return Scope(ACROSS, NOBODY)
    return Scope(ASSIGNED if viewer else TENANT, tenant_id or NOBODY, viewer)
