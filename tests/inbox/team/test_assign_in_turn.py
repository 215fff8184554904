"""What waits and is nobody's goes in turn to those who are there, where a business wants that."""

from datetime import timedelta

from sqlalchemy import select, update

from app.extensions import db
from app.inbox.team.assign_in_turn import THERE, assign_in_turn
from app.models import Conversation, ConversationEvent, Customer, Tenant, User, UserSession
from app.tenancy import tenant_scope
from tests.admin_views.reading import filled
from tests.support.browser import Browser
from tests.support.world import NOON, Business, hear

NAMES = ("Ann", "Bea", "Cleo", "Dora")


def wants(business: Business, **seen_ago: timedelta) -> None:
    """The business wants it; so long ago each of its people was seen."""
    with tenant_scope(business.id):
        db.session.get_one(Tenant, business.id).assigns_in_turn = True
        for name, ago in seen_ago.items():
            whose = select(User.id).where(User.name == name).scalar_subquery()
            seen = update(UserSession).where(UserSession.user_id == whose)
            db.session.execute(seen.values(last_seen_at=NOON - ago))
        db.session.commit()


def given(business: Business) -> dict[str, str | None]:
    """To whom each conversation is assigned, by first names."""
    db.session.rollback()
    with tenant_scope(business.id):
        query = (
            select(Customer.first_name, User.name)
            .join(Conversation, Conversation.customer_id == Customer.id)
            .outerjoin(User, User.id == Conversation.assignee_id)
        )
        return dict(db.session.execute(query).all())


def write(business: Business) -> None:
    for turn, name in enumerate(NAMES[1:], 1):
        at = NOON + timedelta(minutes=turn)
        hear(business, "Hi", number=f"+1347555{turn:04d}", name=name, at=at)


def test_each_of_those_there_is_given_one_after_the_other(
    salon: Business, garage: Business
) -> None:
    write(salon)
    assert assign_in_turn(NOON) == 0, "nobody wants it"
    wants(salon, Staff=timedelta(minutes=9), Admin=timedelta(minutes=1))
    assert assign_in_turn(NOON) == 4
    first = given(salon)
    assert [first[name] for name in NAMES] == ["Staff", "Admin", "Staff", "Admin"]
    assert given(garage) == {"Ann": None}
    hear(salon, "One more", number="+13475550009", name="Ella")
    assert assign_in_turn(NOON) == 1
    assert given(salon)["Ella"] == "Staff"
    with tenant_scope(salon.id):
        told = select(ConversationEvent.about).where(ConversationEvent.kind == "assigned")
        assert sorted(map(str, db.session.scalars(told))) == ["Admin"] * 2 + ["Staff"] * 3


def test_whoever_is_away_or_cannot_sign_in_is_given_none(salon: Business) -> None:
    write(salon)
    wants(salon, Staff=THERE, Admin=timedelta(0))
    assert assign_in_turn(NOON) == 4
    assert set(given(salon).values()) == {"Admin"}
    hear(salon, "Hi", number="+13475550009", name="Ella")
    with tenant_scope(salon.id):
        gone = update(User).where(User.name == "Admin").values(active=False)
        db.session.execute(gone)
        db.session.commit()
    assert assign_in_turn(NOON) == 0, "it waits for somebody"
    assert given(salon)["Ella"] is None


def test_an_admin_turns_it_on(salon: Business, admin: Browser) -> None:
    form = filled(admin.get("/admin/business/")) | {"assigns_in_turn": "y"}
    assert admin.post("/admin/business/", data=form).status_code == 302
    with tenant_scope(salon.id):
        assert db.session.get_one(Tenant, salon.id).assigns_in_turn
