from collections.abc import Sequence
from io import BytesIO

from sqlalchemy import select

from app.extensions import db
from app.lib.time.clock import now
from app.models import Customer, Message, User
from app.outbox.compose.manual_message import compose
from app.tenancy import tenant_scope
from tests.channels.rig import Rig
from tests.support.visitors import Visitor, let_leave, switch_on
from tests.support.world import Business

PNG = b"\x89PNG\r\n\x1a\n" + bytes(24)


class Webchat(Rig):
    """The panel fetches what is there: no answer of its is ever unclear."""

    reports = unclear = False
    _visitors: dict[int, Visitor]

    def connect(self, owner: Business) -> None:
        switch_on(owner)
        self._visitors = getattr(self, "_visitors", {}) | {owner.id: Visitor(owner)}

    def writes(self, owner: Business, id_: str, body: str, picture: bool = False) -> int:
        them = self._visitors[owner.id]
        if not picture:
            return them.write(body, client_token=id_).status_code
        self._answered(owner)
        file = (BytesIO(PNG), f"{body}.png")
        sent = them.ask("POST", "/files", data={"file": file, "client_token": id_})
        return sent.status_code

    def _answered(self, owner: Business) -> None:
        """Before that they may send no files."""
        with tenant_scope(owner.id):
            wrote = select(Message.customer_id).where(Message.channel == "webchat").limit(1)
            customer = db.session.get_one(Customer, db.session.scalars(wrote).one())
            staff = db.session.scalars(select(User.id).where(User.email == owner.staff)).one()
            compose(customer, "webchat", "What is it about?", now(), author_id=staff)
        let_leave()

    def arrived(self, owner: Business) -> Sequence[str]:
        return [body for whose, body in self._visitors[owner.id].sees() if whose == "business"]


RIG = Webchat
