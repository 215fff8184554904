"""A conversation is told once in a closed period, whoever tells it, whatever happens meanwhile."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.business_hours import Period, claim_away
from app.extensions import db
from app.models import AwayMessage, Conversation
from app.tenancy import tenant_scope, unscoped
from tests.admin_views.reading import everybodys, rows
from tests.support.world import NOON, Business

NIGHT = Period(NOON - timedelta(hours=3), NOON + timedelta(hours=3))
MINUTE = timedelta(minutes=1)


def talk(of: Business) -> int:
    with tenant_scope(of.id):
        return db.session.scalars(select(Conversation.id)).one()


@pytest.fixture
def ours(salon: Business) -> Iterator[int]:
    id_ = talk(salon)
    with tenant_scope(salon.id):
        yield id_


def test_a_closed_period_is_told_once(ours: int) -> None:
    assert claim_away(ours, NIGHT, NOON)
    db.session.commit()
    assert not claim_away(ours, NIGHT, NOON + MINUTE)
    # The hours may be changed meanwhile: it is the same period, though it ends at another time.
    longer = NIGHT._replace(ends=NOON + timedelta(days=2))
    assert not claim_away(ours, longer, NOON + MINUTE)


def test_the_next_closed_period_is_told_anew(ours: int) -> None:
    tomorrow = timedelta(days=1)
    later = Period(NOON - timedelta(hours=3) + tomorrow, NOON + timedelta(hours=3) + tomorrow)
    assert claim_away(ours, NIGHT, NOON) and claim_away(ours, later, NOON + tomorrow)


def test_who_is_never_open_tells_it_once_for_ever(ours: int) -> None:
    never = Period(None, None)
    assert claim_away(ours, never, NOON)
    assert not claim_away(ours, never, NOON + timedelta(days=300))


@pytest.mark.parametrize(("before", "may"), [(6, True), (5, False), (1, False), (0, False)])
def test_shortly_before_the_opening_nothing_is_told(ours: int, before: int, may: bool) -> None:
    assert NIGHT.ends
    assert claim_away(ours, NIGHT, NIGHT.ends - before * MINUTE) == may


def test_what_is_rolled_back_was_not_told(ours: int, salon: Business) -> None:
    assert claim_away(ours, NIGHT, NOON)
    db.session.rollback()
    assert rows(salon, AwayMessage) == []
    assert claim_away(ours, NIGHT, NOON)


def test_of_many_at_once_one_tells_it(salon: Business, garage: Business) -> None:
    app, id_ = current_app._get_current_object(), talk(salon)  # type: ignore[attr-defined]
    db.session.remove()

    def claim(app: Flask) -> bool:
        with app.app_context(), tenant_scope(salon.id):
            mine = claim_away(id_, NIGHT, NOON)
            db.session.commit()
            db.session.remove()
            return mine

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(claim, [app] * 8)) == [False] * 7 + [True]
    assert len(rows(salon, AwayMessage)) == 1


def test_each_business_and_each_conversation_is_told_for_itself(
    salon: Business, garage: Business
) -> None:
    for business in (salon, garage):
        with tenant_scope(business.id):
            assert claim_away(talk(business), NIGHT, NOON)
            db.session.commit()
    assert [row.tenant_id for row in rows(garage, AwayMessage)] == [garage.id]


def test_a_strangers_conversation_cannot_be_claimed(ours: int, garage: Business) -> None:
    with unscoped("a test"):
        everybodys_ids = set(db.session.scalars(select(Conversation.id)))
    [theirs] = everybodys_ids - {ours}
    with pytest.raises(IntegrityError):
        claim_away(theirs, NIGHT, NOON)
    assert everybodys(AwayMessage) == []
