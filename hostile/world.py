"""Two businesses, each with rows in every table, told apart by every id and text in them."""

import re
from dataclasses import dataclass

from sqlalchemy import CheckConstraint, Connection, Table, text

from app.extensions import db, vault
from app.models import Tenant
from hostile import rows
from hostile.tables import tables
from tests.support import world
from tests.support.world import Business

# The first digit of every id of a business's rows; the next three name the table.
OURS, THEIRS = 6, 7
# There are more than a hundred tables: the last one's ids still begin with the digit.
FIRST, A_TABLE = 100_000_000, 500_000
# What is made while requests are played has ids of its own, too.
LATER = 8
# The slug, which emails carry as well, and the word in every text of the customers'.
WORDS = {"tapir": "quoll", "okapi": "zebra"}
# Our own Twilio account signs for us; the stranger's webhooks are signed by the platform's.
OWN_ACCOUNT, OWN_TOKEN = "AC" + "2" * 32, "fedcba9876543210fedcba9876543210"
# Columns that programs read: another word in them would be none.
NO_TEXTS = {
    *("channel", "direction", "status", "type", "state", "language", "said", "source", "answer"),
    *("outcome", "cause", "content_type", "last_channel", "last_direction", "preferred_channel"),
    *("fell_back_from", "timezone", "role", "password", "fs_uniquifier", "content_sid", "url"),
    *("provider_sid", "account_sid", "sid"),
    *("key_hash", "token_hash", "code_hash", "secret_hash"),
    # Addresses: they carry the slug, or are numbers that are looked for.
    *("address", "sender", "recipient", "caller", "email"),
    # An error's class and place, for the operator.
    ("parked", "reason"),
    ("user_email", "kind"),
    ("health_result", "check"),
    ("sender_number", "number"),
    # In a form that names no row, an id in it would look like one; it carries the slug.
    ("hours_exception", "note"),
    ("automation_rule", "trigger"),
    # What of which table was moved: the program looks for it by that.
    ("customer_merge_part", "table_name"),
    ("change_mark", "kind"),
    ("customer_merge_part", "column_name"),
    ("audit_entry", "action"),
    ("audit_entry", "row_kind"),
}
# What the operator sees as well carries the slug and not the customers' word.
THE_OPERATORS = {"user", "user_email", "user_session", "sender_number", "health_result"}


@dataclass(frozen=True)
class World:
    ours: Business
    theirs: Business


class Empty(Exception):
    """A table in which a business has no row: the table would go untried."""


def build(connection: Connection) -> World:
    """Fill an empty database. Raises Empty."""
    world.operator()
    begin(connection, THEIRS)
    theirs = _business("okapi", "Okapi Garage", "Europe/Berlin", "+4930901820")
    begin(connection, OURS)
    ours = _business("tapir", "Tapir Salon", "America/New_York", "+14155550100")
    begin(connection, LATER)
    tenant = db.session.get_one(Tenant, ours.id)
    tenant.twilio_account_sid = OWN_ACCOUNT
    tenant.twilio_auth_token_sealed = vault().seal(OWN_TOKEN)
    db.session.commit()
    for owner in (ours, theirs):
        _mark(connection, owner)
    return World(ours, theirs)


def _business(slug: str, name: str, timezone: str, number: str) -> Business:
    made = world.business(slug, name, timezone, number)
    rows.add(made)
    return made


def begin(connection: Connection, digit: int) -> None:
    """Let the ids of each table's next rows begin with the digit."""
    for place, table in enumerate(tables()):
        if (
            sequence := connection.scalar(
                text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": f'"{table.name}"'}
            )
            if "id" in table.c
            else None
        ):
            first = digit * FIRST + place * A_TABLE + 1
            connection.execute(text(f"SELECT setval('{sequence}', {first}, false)"))


def _mark(connection: Connection, owner: Business) -> None:
    """Put the business's word into every text of its rows."""
    for table in tables():
        if "tenant_id" not in table.c:
            continue
        where = f'"{table.name}" WHERE tenant_id = {owner.id}'
        if not connection.scalar(text(f"SELECT count(*) FROM {where}")):
            raise Empty(f"{owner.slug} has no {table.name}: teach hostile/rows.py to make one")
        word = owner.slug if table.name in THE_OPERATORS else WORDS[owner.slug]
        if marked := ", ".join(_marked(table, word)):
            change = f'UPDATE "{table.name}" SET {marked} WHERE tenant_id = {owner.id}'
            connection.execute(text(change))


def _marked(table: Table, word: str) -> list[str]:
    checks = [each for each in table.constraints if isinstance(each, CheckConstraint)]
    # What a database checks is a word for programs.
    checked = {name for each in checks for name in re.findall(r"\w+", str(each.sqltext))}
    return [
        f"{column.name} = '{word} ' || {'id' if 'id' in table.c else 0} || ' ' || {column.name}"
        for column in table.columns
        if type(column.type).__name__ in ("String", "Text", "TEXT")
        and not column.computed
        and column.name not in checked | NO_TEXTS
        and (table.name, column.name) not in NO_TEXTS
    ]
