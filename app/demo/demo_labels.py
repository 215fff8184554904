"""What the demo's team did with its conversations: labels, a note, a pinned fact, a promise,
one done, one for later."""

from datetime import timedelta

from sqlalchemy import select

from app.demo.demo_conversations import customer_id
from app.demo.demo_days import Days
from app.extensions import db
from app.inbox import conversation_commands as commands
from app.inbox.conversation_log import By
from app.inbox.labelling import add_label
from app.inbox.notes import add_note
from app.inbox.snooze_times import morning
from app.inbox.team.promises import promise
from app.memory.pinned_facts import pin
from app.models import Colour, Label, Role, User

ANN, TOM, GRACE, CAMILA = "+12125550142", "+13475550128", "+17185550191", "+13055550155"
LABELS = {
    "Quote": Colour.BLUE,
    "New customer": Colour.GREEN,
    "Invoice": Colour.ORANGE,
    "Complaint": Colour.RED,
}
WORN = ((ANN, "Quote"), (TOM, "Invoice"), (CAMILA, "New customer"))


def create(days: Days) -> None:
    """As of some minutes before; committed."""
    ids = _labels()
    by = By(db.session.scalars(select(User.id).where(User.role == Role.STAFF)).first())
    before = days.now - timedelta(minutes=20)
    for number, name in WORN:
        add_label(customer_id(number), ids[name], by, before)
    pin(customer_id(ANN), "Allergic to ammonia: only the mild colour.", by.user_id, before)
    promise(customer_id(CAMILA), days.now + timedelta(hours=2), by.user_id, before)
    add_note(customer_id(ANN), "Sofia says: 45 minutes more, $60. Tell her.", by, before)
    commands.close(customer_id(TOM), by, before)
    commands.snooze(customer_id(GRACE), morning(days.day(4), days.zone.key), by, before)
    db.session.commit()


def _labels() -> dict[str, int]:
    """Beside those that a new business begins with; their ids."""
    there = set(db.session.scalars(select(Label.name)))
    missing = LABELS.keys() - there
    db.session.add_all(Label(name=name, colour=LABELS[name]) for name in sorted(missing))
    db.session.flush()
    return {label.name: label.id for label in db.session.scalars(select(Label))}
