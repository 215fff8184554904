"""Who else looks at a conversation or types in it, told before both answer."""

from flask import Blueprint, Response, abort, jsonify, request
from flask_security import current_user
from sqlalchemy import select

from app import presence
from app.extensions import db
from app.lib.time.clock import now
from app.models import Customer, User
from app.presence import OPERATOR, VISITOR, Doing, Present
from app.tenancy import current_tenant_id
from app.web.guards import access

blueprint = Blueprint("presence", __name__)
access.allow("presence", access.STAFF, tenant=True)


@blueprint.post("/messages/<int:customer_id>/presence")
def tell(customer_id: int) -> Response:
    """Hear what the caller does there (doing: looking, typing or gone); who else does, as a
    sentence, empty where nobody is."""
    doing = request.form.get("doing", "")
    if not _is_ours(customer_id):
        abort(404)
    if doing not in set(Doing):
        abort(422)
    me = current_user.id if current_user.tenant_id else OPERATOR
    there = (current_tenant_id(), customer_id, me)
    presence.tell(*there, Doing(doing), now())
    return jsonify(said=_sentence(presence.others(*there, now())))


def _is_ours(customer_id: int) -> bool:
    known = select(Customer.id).where(Customer.id == customer_id)
    return customer_id < 2**31 and db.session.scalar(known) is not None


def _sentence(others: list[Present]) -> str:
    names = _names(others)
    typing = [names[each.user_id] for each in others if each.typing]
    looking = [names[each.user_id] for each in others if not each.typing]
    told = ((typing, "typing…"), (looking, "looking"))
    return " · ".join(f"{_and(who)} {what}" for who, what in told if who)


def _names(others: list[Present]) -> dict[int, str]:
    """The operator goes by KaiVox, as in the thread; a visitor of the live chat is the customer."""
    ids = [each.user_id for each in others]
    users = db.session.scalars(select(User).where(User.id.in_(ids))) if ids else ()
    known = {VISITOR: "The customer", **{user.id: str(user) for user in users}}
    return {id_: known.get(id_, "KaiVox") for id_ in ids}


def _and(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last} are" if first else f"{last} is"
