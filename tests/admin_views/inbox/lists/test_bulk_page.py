"""Many conversations at once: what can be done is, in one transaction, and what cannot is named."""

import pytest
from sqlalchemy import func, select, update

from app import live
from app.extensions import db, redis_client
from app.models import Conversation, ConversationLabel, Customer, Label, User
from app.streams.pubsub import OF_A_TENANT
from app.tenancy import tenant_scope, unscoped
from tests.support.browser import Browser
from tests.support.world import Business, hear

JSON = {"Accept": "application/json"}


def talks(business: Business) -> dict[str, Conversation]:
    """By the first names of the customers."""
    db.session.rollback()
    with tenant_scope(business.id):
        query = select(Customer.first_name, Conversation).join(
            Conversation, Conversation.customer_id == Customer.id
        )
        return dict(db.session.execute(query.execution_options(populate_existing=True)).all())


def named(*rows: Conversation) -> list[str]:
    return [f"{row.customer_id}:{row.last_message_id}:{row.last_call_id or 0}" for row in rows]


def do(staff: Browser, deed: str, talk: list[str], **more: str) -> str:
    """What is said of it."""
    answer = staff.post("/messages/bulk", data={"do": deed, "talk": talk, **more}, headers=JSON)
    said: str = (answer.json or {}).get("said") or f"{answer.status_code} {answer.json}"
    return said


@pytest.fixture
def three(salon: Business) -> dict[str, Conversation]:
    for number, name in enumerate(("Bea", "Cleo")):
        hear(salon, "Hi", number=f"+1347555{number:04d}", name=name)
    return talks(salon)


def test_what_can_be_done_is_and_the_others_are_named(
    salon: Business, garage: Business, staff: Browser, three: dict[str, Conversation]
) -> None:
    chosen = named(*three.values())
    hear(salon, "Wait!", number="+13475550000")
    with tenant_scope(salon.id):
        asks = update(Conversation).where(Conversation.customer_id == three["Cleo"].customer_id)
        db.session.execute(asks.values(stop_asked_id=three["Cleo"].last_message_id))
        db.session.commit()
    said = do(staff, "close", chosen)
    assert said.startswith("1 conversation closed. Not Bea: something came meanwhile.")
    assert "Not Cleo: they may have asked for no more messages" in said
    states = {name: row.closed_at is not None for name, row in talks(salon).items()}
    assert states == {"Ann": True, "Bea": False, "Cleo": False}
    assert do(staff, "close", chosen[:1]) == "1 conversation was so already."
    fresh = talks(salon)
    said = do(staff, "finish", named(fresh["Bea"], fresh["Cleo"]))
    assert said == "2 conversations marked done."
    assert all(row.waiting_since is None for row in talks(salon).values())
    assert all(row.closed_at is None for row in talks(garage).values())


def test_assigned_labelled_and_snoozed(
    salon: Business, staff: Browser, three: dict[str, Conversation]
) -> None:
    with tenant_scope(salon.id):
        user = db.session.scalars(select(User.id).where(User.email == salon.admin)).one()
        label = Label(name="Spring")
        db.session.add(label)
        db.session.commit()
        label_id = label.id
    chosen = named(*three.values())
    with redis_client().pubsub() as heard:
        heard.subscribe(f"{OF_A_TENANT}{salon.id}")
        heard.get_message(timeout=1)
        assert do(staff, f"assign:{user}", chosen) == "3 conversations assigned to Admin."
        told = [heard.get_message(timeout=1) or {} for _ in range(4)]
    assert [each["data"] for each in told].count(live.NOTICES.encode()) == 1, "their bell rings"
    assert do(staff, f"label:{label_id}", chosen) == "3 conversations labelled Spring."
    assert do(staff, f"unlabel:{label_id}", chosen[:1]).startswith("1 conversation no longer")
    assert do(staff, "snooze:tomorrow", chosen) == "3 conversations snoozed."
    assert do(staff, "snooze:", chosen, day="2020-01-01").startswith("422")
    assert do(staff, "snooze:", chosen, day="nonsense").startswith("422")
    with tenant_scope(salon.id):
        mine = select(func.count()).where(Conversation.assignee_id == user)
        assert db.session.scalar(mine.where(Conversation.snoozed_until.is_not(None))) == 3
        labelled = select(func.count()).where(ConversationLabel.label_id == label_id)
        assert db.session.scalar(labelled) == 2
    assert do(staff, "assign:", chosen[:2]) == "2 conversations assigned to nobody."
    by_form = staff.post("/messages/bulk?view=snoozed&q=a", data={"do": "open", "talk": chosen})
    assert by_form.location == "/messages?view=snoozed&q=a"
    assert "3 conversations opened." in staff.get(by_form.location).text


def test_nothing_of_a_stranger_changes_by_whatever_is_posted(
    salon: Business, garage: Business, staff: Browser
) -> None:
    theirs = talks(garage)["Ann"]
    with unscoped("tests"):
        ids = {"user": theirs.customer_id, "label": db.session.scalar(select(func.min(Label.id)))}
        foreign = select(User.id).where(User.email == garage.admin)
        ids["user"] = db.session.scalars(foreign).one()
    before = vars(theirs) | {"_sa_instance_state": None}
    odd = [*named(theirs), "x", "", f"{10**12}:1:1", f"{theirs.customer_id}:{'9' * 30}"]
    for deed in ("close", "finish", "open", "snooze:tomorrow", "assign:"):
        assert do(staff, deed, odd) == "1 conversation was not found."
    for deed in (f"assign:{ids['user']}", f"label:{ids['label']}", "label:x"):
        assert do(staff, deed, odd).startswith("404")
    assert do(staff, "explode", odd).startswith("422")
    assert do(staff, "close", []).startswith("422")
    assert vars(talks(garage)["Ann"]) | {"_sa_instance_state": None} == before
