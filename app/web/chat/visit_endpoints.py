"""What a visitor's panel tells of them beside what they write: how to reach them, and what they
do."""

from flask import Response

from app import presence
from app.extensions import db
from app.lib.time.clock import now
from app.presence import VISITOR, Doing
from app.tenancy import current_tenant_id
from app.web.chat import chat_limits
from app.web.chat.chat_door import entered, looking, visitors_blueprint, writing
from app.web.chat.given_fields import given, id_of, text_of
from app.webchat import page_seen, typed_contact
from app.webchat.visitor_message import customer_id
from app.webchat.visitor_receipts import receipts

blueprint = visitors_blueprint("chat_visit")


@blueprint.post("/contact")
def contact(slug: str) -> Response:
    """How they can be reached (name, email, phone); nobody has verified it."""
    fields = given()
    with entered(slug) as chat:
        me = writing(chat, "message", chat_limits.MESSAGES)
        name, email, phone = (text_of(fields, each) for each in ("name", "email", "phone"))
        typed_contact.take(me, name, email, phone, chat.tenant.country)
        db.session.commit()
        return Response(status=204)


@blueprint.post("/presence")
def tell(slug: str) -> Response:
    """What they do (doing: looking, typing or gone), on which page (page_url, page_title), and up
    to which messages of ours they have come (delivered, read)."""
    fields = given()
    with entered(slug):
        me = looking()
        page_seen.take(me, text_of(fields, "page_url"), text_of(fields, "page_title"))
        db.session.commit()
        receipts(me, id_of(fields, "delivered"), id_of(fields, "read"), now())
        who, doing = customer_id(me), text_of(fields, "doing")
        if who is not None and doing in set(Doing):
            presence.tell(current_tenant_id(), who, VISITOR, Doing(doing), now())
        return Response(status=204)
