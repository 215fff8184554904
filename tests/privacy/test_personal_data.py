"""Every table that names a customer is declared, so that neither what is told to a person nor what
is erased can forget one."""

import re

from sqlalchemy import inspect

from app.extensions import db
from app.privacy.personal_data import NOT_PERSONAL, OF_MANY, PERSONAL

# How a column is called that names a person, or holds what was said by or to one.
NAMES_SOMEBODY = re.compile(
    r"(customer|attendee|contact|person|visitor|caller)(_id)?$"
    r"|(^|_)(address|recipient|phone|email|ip|body|preview|subject|first_name|last_name|notes?)$"
)
# Columns called so in tables that name no customer.
OTHERS = {
    "canned_reply.body": "a text for anybody",
    "broadcast.body": "likewise",
    "broadcast.subject": "likewise",
    "message_template.body": "likewise",
    "message_template.subject": "likewise",
    "whatsapp_template.body": "likewise",
    "channel_account.address": "the business's own account",
    "mailbox.address": "the business's own mailbox",
    "chat_settings.email": "the business's own",
    "chat_settings.phone": "likewise",
    "user.email": "of who works there",
    "user_session.address": "likewise",
    "provider_identity.subject": "likewise",
    "user_invitation.email": "likewise",
    "password_reset.email": "likewise",
    "saved_view.address": "a part of an address of a page; see OF_MANY",
    "hours_exception.note": "about a day",
    "time_off.note": "likewise, of who works there",
    "erasure.customer_id": "an id that nobody has any more",
}
TRACED = {kind.__tablename__: trace for kind, trace in PERSONAL.items()}


def test_every_table_says_whether_it_names_a_customer() -> None:
    tables = {table.name for table in db.metadata.sorted_tables}
    others = [name for names in NOT_PERSONAL.values() for name in names.split()]
    said = [*TRACED, *OF_MANY, *others]
    assert tables - set(said) == set(), "put it into app/privacy/personal_data.py"
    assert set(said) - tables == set()
    assert len(said) == len(set(said))


def test_what_refers_to_rows_of_a_customer_is_theirs_too() -> None:
    forgotten = {
        f"{table.name} → {key.referred_table.name}"
        for table in db.metadata.sorted_tables
        for key in table.foreign_key_constraints
        if key.referred_table.name in TRACED and table.name not in TRACED
    }
    assert forgotten == set()


def test_no_other_column_is_called_as_if_it_named_somebody() -> None:
    called = {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
        if table.name not in TRACED and NAMES_SOMEBODY.search(column.name)
    }
    assert called == OTHERS.keys()


def test_what_is_told_are_columns_and_what_is_not_says_why() -> None:
    for kind, trace in PERSONAL.items():
        assert set(trace.told) <= {column.key for column in inspect(kind).column_attrs}, kind
        assert bool(trace.title and trace.told) != bool(trace.repeats), kind


def test_what_a_foreign_key_takes_along_says_so_and_nothing_else_does() -> None:
    """Whatever is not taken along has to be deleted by itself."""
    along = {"customer", "audit_entry"}
    tables = [table for table in db.metadata.sorted_tables if table.name in TRACED]
    for _ in tables:
        along |= {
            table.name
            for table in tables
            for key in table.foreign_key_constraints
            if key.referred_table.name in along and key.ondelete == "CASCADE"
        }
    # Of these only some rows refer to somebody.
    partly = {"call", "parked", "identity_link"}
    said = {name for name, trace in TRACED.items() if trace.cascades}
    assert said - along == set()
    assert along - said - partly == set()
