"""The roles that transactions take, and what they are told. Both are made by `flask db upgrade`."""

TENANT = "kaivox_tenant"
"""Sees and writes the rows of one tenant: the one in the setting app.tenant."""
ACROSS = "kaivox_all"
"""Sees and writes the rows of all tenants; taken within `unscoped`."""

# No tenant has it: with nobody in scope nothing is found.
NOBODY = 0

Scope = tuple[str, int]


def scope(tenant_id: int | None, across: bool) -> Scope:
    """The role and the tenant of a transaction."""
    return (ACROSS, NOBODY) if across else (TENANT, tenant_id or NOBODY)
