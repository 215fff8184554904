"""A change of so many free rows takes no more of them, however PostgreSQL plans it."""

import pytest
from sqlalchemy import delete, func, select, text

from app.emails import queue
from app.emails.kinds import KINDS
from app.extensions import db
from app.lib.time.clock import now
from app.models import UserEmail
from app.tenancy import unscoped
from tests.support.limited_locks import MayTakeMore
from tests.support.mailboxes import Mailboxes

# Without them it compares each row with those of the subquery, as it may where it expects few.
FASTER = ("hashjoin", "mergejoin", "material", "hashagg", "sort")


def test_one_email_is_claimed_where_rows_are_compared_one_by_one(post: Mailboxes) -> None:
    with unscoped("tests"):
        for number in range(3):
            queue.write_to_address(f"{number}@salon.test", next(iter(KINDS.values())), now())
        db.session.commit()
        for way in FASTER:
            db.session.execute(text(f"SET LOCAL enable_{way} = off"))
    assert queue.claim(now())
    with unscoped("tests"):
        held = select(func.count()).where(UserEmail.lease_until.is_not(None))
        assert db.session.scalar(held) == 1


def test_no_test_gets_away_with_a_plain_subquery_that_is_limited_and_locks(app: object) -> None:
    several = select(UserEmail.id).where(UserEmail.sent_at.is_(None)).limit(2)
    gone = delete(UserEmail).execution_options(synchronize_session=False)
    with unscoped("tests"):
        db.session.execute(gone.where(UserEmail.id.in_(several)))
        with pytest.raises(MayTakeMore):
            locked = several.with_for_update(skip_locked=True)
            db.session.execute(gone.where(UserEmail.id.in_(locked)))
        db.session.rollback()
