"""The pages: everybody's mailboxes, one of them, and an email in it."""

from collections import Counter
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.simulator.mail import answering, unsubscribing
from app.simulator.mail.emails import Email
from app.simulator.mail.mailboxes import is_to
from app.simulator.simulator import current

mail_pages = Blueprint("mail", __name__)

SHOWN = 200
LONGEST_ANSWER = 10_000
# Nothing in an email runs, posts or frames; its links open beside it.
SEALED = (
    "default-src 'none'; img-src * data:; style-src 'unsafe-inline'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
LINKS_BESIDE = '<!doctype html><base target="_blank">'


@mail_pages.get("/mail")
def mailboxes() -> str:
    return render_template("mailboxes.html", serving=bool(current().mail_server), **_boxes())


@mail_pages.get("/mail/cards")
def cards() -> str:
    return render_template("_boxes.html", **_boxes())


@mail_pages.get("/mail/<path:address>")
def mailbox(address: str) -> str:
    opened = _known(request.args["email"]) if "email" in request.args else None
    if opened and not opened.seen:
        current().state.record("email_change", {"sid": opened.sid, "seen": True})
    return render_template("mailbox.html", **_mailbox(address), **_reading(opened))


@mail_pages.get("/mail/<path:address>/emails")
def emails(address: str) -> str:
    return render_template("_emails.html", **_mailbox(address))


@mail_pages.get("/emails/<sid>/html")
def html(sid: str) -> Response:
    """The email's own HTML, for a frame."""
    response = Response(LINKS_BESIDE + _known(sid).html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = SEALED
    return response


@mail_pages.post("/emails/<sid>/unsubscribe")
def unsubscribe(sid: str) -> AnyResponse:
    email = _known(sid)
    if not email.one_click:
        abort(400, "This email offers no unsubscribing with one click.")
    outcome = unsubscribing.one_click(email.unsubscribe_url)
    current().state.record("email_change", {"sid": sid, "unsubscribed": outcome})
    address = request.form.get("mailbox") or email.recipients[0]
    return redirect(url_for(".mailbox", address=address, email=sid), 303)


@mail_pages.post("/emails/<sid>/answer")
def answer(sid: str) -> AnyResponse:
    """Its reader answers; where nobody takes answers, nothing is sent."""
    email = _known(sid)
    url, text = _inbox(email), request.form.get("text", "").strip()[:LONGEST_ANSWER]
    if not url or not text:
        abort(400, "There is nothing to send, or nobody takes answers there.")
    sender = request.form.get("mailbox") or email.recipients[0]
    if not is_to(email, sender):
        abort(400, "This email lies in no such mailbox.")
    outcome = answering.post(url, answering.written(email, sender, text))
    current().state.record("email_change", {"sid": sid, "answered": outcome})
    return redirect(url_for(".mailbox", address=sender, email=sid), 303)


def _reading(opened: Email | None) -> dict[str, Any]:
    as_text = request.args.get("view") == "text"
    return {"opened": opened, "as_text": as_text, "answerable": bool(_inbox(opened))}


def _inbox(email: Email | None) -> str:
    """Where an answer to it is posted; empty: nobody takes answers there."""
    return current().state.inboxes.get(answering.reply_address(email), "") if email else ""


def _known(sid: str) -> Email:
    return current().state.mailboxes.find(sid) or abort(404, "There is no such email any more.")


def _boxes() -> dict[str, Any]:
    search, state = request.args.get("q", ""), current().state
    with state.lock:
        found = state.mailboxes.boxes(search)
    return {"boxes": found[:SHOWN], "more": len(found[SHOWN:]), "search": search}


def _mailbox(address: str) -> dict[str, Any]:
    """Newest first. A Message-ID that came more than once is a mail sent twice."""
    state = current().state
    with state.lock:
        found = state.mailboxes.emails(address)[::-1]
    times = Counter(each.message_id for each in found if each.message_id)
    return {
        "address": address,
        "emails": found[:SHOWN],
        "more": len(found[SHOWN:]),
        "doubled": {name for name, count in times.items() if count > 1},
        "current": request.args.get("email", ""),
    }
