"""What a visitor and the business say to each other, as the visitor's panel has it."""

from contextlib import closing
from typing import Any

from flask import Response, jsonify, make_response, request

from app.extensions import db
from app.lib.time.clock import now
from app.models import ChatSession
from app.web.chat import chat_limits, suspicion
from app.web.chat.chat_door import (
    Chat,
    entered,
    language,
    looking,
    visitors_blueprint,
    writing,
)
from app.web.chat.given_fields import BIGINT, given, text_of
from app.webchat import typed_contact, visitor_files
from app.webchat.chat_state import hours
from app.webchat.visitor_feed import Feed, as_json, feed
from app.webchat.visitor_message import Posted, post
from app.webchat.visitor_refused import VisitorRefused, Why

blueprint = visitors_blueprint("chat_messages")


@blueprint.get("/messages")
def messages(slug: str) -> Response:
    """What came after the message of the id, in order, and how the chat stands."""
    after = request.args.get("after", 0, type=int)
    with entered(slug) as chat:
        me = looking()
        db.session.commit()
        return jsonify(_told(chat, me, feed(me, min(max(after, 0), BIGINT), now())))


@blueprint.post("/messages")
def write(slug: str) -> Response:
    """A message (body), once for each client_token; with name, email and phone, how they can be
    reached."""
    fields = given()
    with entered(slug) as chat:
        me = writing(chat, "message", chat_limits.MESSAGES)
        suspicion.check_message(fields)
        name, email, phone = (text_of(fields, each) for each in ("name", "email", "phone"))
        typed_contact.take(me, name, email, phone, chat.tenant.country)
        db.session.commit()
        sent = post(chat.route, me, text_of(fields, "body"), text_of(fields, "client_token"), now())
        return _posted(sent)


@blueprint.post("/files")
def send_file(slug: str) -> Response:
    """A file as a message of its own (file, client_token), once somebody has answered."""
    with entered(slug) as chat:
        me = writing(chat, "file", chat_limits.FILES)
        if not feed(me, BIGINT, now()).answered:
            raise VisitorRefused(Why.NO_FILES_YET)
        upload = request.files.get("file")
        if upload is None:
            raise VisitorRefused(Why.EMPTY)
        with closing(upload):
            file = visitor_files.checked(upload.filename or "", upload.read())
        token = request.form.get("client_token", "")
        return _posted(post(chat.route, me, "", token, now(), (file,)))


def _told(chat: Chat, me: ChatSession, found: Feed) -> dict[str, Any]:
    spoken = language(chat) if request.args.get("lang") else me.language
    return {
        "messages": [as_json(each) for each in found.messages],
        "typing": found.typing,
        "seen_up_to": found.seen_up_to,
        "read_up_to": found.read_up_to,
        "may_attach": found.answered,
        "reachable": bool(me.typed_email or me.typed_phone or me.identity),
        "hours": hours(spoken, chat.tenant.locale, now())._asdict(),
    }


def _posted(sent: Posted) -> Response:
    status = 201 if sent.fresh else 200
    return make_response(jsonify(id=sent.id, at=sent.at.isoformat()), status)
