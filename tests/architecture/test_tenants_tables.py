"""A row belongs to one tenant (docs/adr): the tables and their keys say so."""

from collections.abc import Iterator

from sqlalchemy import Table

from app.extensions import Model, db
from app.tenancy import TenantOwned

# Tables that belong to no tenant.
SHARED = {"tenant", "sender_pace", "search_mark", "platform_audit_entry"}

# Unique keys that do not begin with the tenant.
UNIQUE_ACROSS_TENANTS = {
    "uq_user_email": "sign-in asks for an email and no business",
    "uq_user_fs_uniquifier": "random; a session names its user by it before a tenant is known",
    "uq_user_session_key_hash": "random; it says who is signed in before a tenant is known",
    "uq_user_invitation_token_hash": "random; it says whose link it is before anybody signs in",
    "uq_password_reset_token_hash": "random; likewise",
    "uq_passkey_credential_id": "random; a device names its user by it before a tenant is known",
    "uq_user_email_once": "begins with its kind and its user, and an operator has no tenant",
    "uq_sender_number_held": "nobody writes from a number that another business holds",
    "uq_channel_account_channel_address": "a carrier's webhooks name an account, and no business",
    "uq_sender_number_service_held": "likewise by a Messaging Service",
    "uq_push_subscription_endpoint": "a browser has one, whoever is signed in with it",
}

# Small tables with keys or rows of no tenant (docs/adr/0027-keys-begin-with-the-tenant.md).
EVERYWHERE = SHARED | {
    "user",
    "user_session",
    "user_email",
    "password_reset",
    "recovery_code",
    "passkey",
    "user_invitation",
    "staff_member",
    "push_subscription",
    "sender_number",
    "channel_account",
    "health_request",
    "health_result",
}

# Who is found before anybody knows the tenant has no composite key to be found by.
PLAIN_FOREIGN_KEYS = {("tenant_id",)}


# By the user alone as well: an operator has no tenant, and a key with NULL in it holds nothing.
BESIDE_THE_KEY_WITH_THE_TENANT = {
    ("user_session", ("user_id",)),
    ("user_email", ("user_id",)),
    ("password_reset", ("user_id",)),
    ("recovery_code", ("user_id",)),
    ("passkey", ("user_id",)),
}


def models() -> list[type[Model]]:
    return [mapper.class_ for mapper in Model.registry.mappers]


def owned_tables() -> list[Table]:
    return [kind.__table__ for kind in models() if issubclass(kind, TenantOwned)]


def test_every_table_belongs_to_tenants_or_is_on_the_short_list() -> None:
    unowned = {kind.__table__.name for kind in models() if not issubclass(kind, TenantOwned)}
    assert unowned == SHARED
    assert {table.name for table in db.metadata.sorted_tables} - SHARED == {
        table.name for table in owned_tables()
    }


def test_every_foreign_key_between_tenants_tables_carries_the_tenant() -> None:
    owned = {table.name for table in owned_tables()}
    keys = [
        (table.name, tuple(key.column_keys), key.referred_table.name)
        for table in owned_tables()
        for key in table.foreign_key_constraints
    ]
    for table, columns, target in keys:
        if (table, columns) in BESIDE_THE_KEY_WITH_THE_TENANT:
            assert (table, ("tenant_id", *columns), target) in keys
        elif target in owned:
            assert columns[0] == "tenant_id" and len(columns) == 2, f"{table}{columns} → {target}"
        else:
            assert columns in PLAIN_FOREIGN_KEYS, f"{table}{columns} → {target}"
    assert len([key for key in keys if key[2] in owned]) > 5, "there are such keys"


def test_every_unique_key_begins_with_the_tenant_or_says_why_not() -> None:
    odd = {
        name
        for table in owned_tables()
        for name, columns in _unique_keys(table)
        if columns[0] != "tenant_id"
    }
    assert odd == set(UNIQUE_ACROSS_TENANTS)


def test_what_is_spread_by_tenant_is_keyed_by_tenant_and_the_rest_stands_alone() -> None:
    """Wherever a table is spread, the others are on each host, and so refer to none that is."""
    tables = {table.name: table for table in db.metadata.sorted_tables}
    spread = {name for name, table in tables.items() if name not in EVERYWHERE}
    for name in spread:
        keys = [list(tables[name].primary_key.columns.keys())]
        keys += [columns for _, columns in _unique_keys(tables[name])]
        assert {columns[0] for columns in keys} == {"tenant_id"}, name
    for name in EVERYWHERE:
        whom = {key.referred_table.name for key in tables[name].foreign_key_constraints}
        assert not whom & spread, name


def _unique_keys(table: Table) -> Iterator[tuple[str, list[str]]]:
    for key in table.constraints:
        if key.__visit_name__ == "unique_constraint":
            yield str(key.name), list(key.columns.keys())
    for index in table.indexes:
        if index.unique:
            yield str(index.name), list(index.columns.keys())


def test_every_tenants_table_must_name_its_tenant(app: object) -> None:
    """A row without a tenant would be nobody's; only a platform admin is, and what is theirs
    or the platform's own."""
    nullable = {table.name for table in owned_tables() if table.c.tenant_id.nullable}
    assert nullable == {
        "user",
        "user_session",
        "user_email",
        "password_reset",
        "recovery_code",
        "passkey",
        "health_request",
        "health_result",
    }
