"""The pages: everybody's mailboxes, one of them, and an email in it."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.simulator.mail import answering, machines, unsubscribing
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
ANSWERS = {
    "text": answering.written,
    "decorated": answering.decorated,
    "forwarded": answering.forwarded,
}
REPORTS: dict[str, Callable[[Email, str], bytes]] = {
    "bounce": machines.bounced,
    "full": lambda email, mailbox: machines.bounced(email, mailbox, "5.2.2"),
    "delay": lambda email, mailbox: machines.bounced(email, mailbox, "4.4.7", "delayed"),
    "away": machines.away,
    "spam": lambda email, mailbox: machines.complained(email),
}
# What is said where an email has arrived.
CAME = ("HTTP 200", answering.LEFT)
LINKS_BESIDE = '<!doctype html><base target="_blank">'


@mail_pages.get("/mail")
def mailboxes() -> str:
    sim = current()
    return render_template(
        "mail/mailboxes.html",
        serving=bool(sim.mail_server),
        imap=sim.imap_server,
        password=sim.settings.smtp_password,
        came=CAME,
        **_boxes(),
    )


@mail_pages.post("/mail")
def write() -> AnyResponse:
    """Somebody writes first, from any address: to one that takes emails."""
    form = {name: request.form.get(name, "").strip() for name in ("from", "to", "subject", "text")}
    to = form["to"].lower()
    try:
        made = answering.begun(form["from"], to, form["subject"], form["text"][:LONGEST_ANSWER])
    except ValueError:
        abort(400, "One of the addresses, or the subject, cannot stand in an email.")
    if not form["from"] or not _taken(to):
        abort(400, "Nobody takes emails there.")
    return redirect(url_for(".mailboxes", sent=_handed_over(to, made.as_bytes())), 303)


@mail_pages.get("/mail/cards")
def cards() -> str:
    return render_template("mail/_boxes.html", **_boxes())


@mail_pages.get("/mail/<path:address>")
def mailbox(address: str) -> str:
    opened = _known(request.args["email"]) if "email" in request.args else None
    if opened and not opened.seen:
        current().state.record("email_change", {"sid": opened.sid, "seen": True})
    return render_template("mail/mailbox.html", **_mailbox(address), **_reading(opened))


@mail_pages.get("/mail/<path:address>/emails")
def emails(address: str) -> str:
    return render_template("mail/_emails.html", **_mailbox(address))


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
    """Its reader answers, in one of ANSWERS; where nobody takes answers, nothing is sent."""
    email = _known(sid)
    text = request.form.get("text", "").strip()[:LONGEST_ANSWER]
    written, to = ANSWERS.get(request.form.get("as", "text")), answering.reply_address(email)
    if not _taken(to) or not text or not written:
        abort(400, "There is nothing to send, or nobody takes answers there.")
    sender = _owner(email)
    return _sent(email, sender, to, written(email, sender, text).as_bytes())


@mail_pages.post("/emails/<sid>/report")
def report(sid: str) -> AnyResponse:
    """A machine answers, in one of REPORTS, to the envelope's sender."""
    email, sender = _known(sid), _owner(_known(sid))
    to, made = email.sender.lower(), REPORTS.get(request.form.get("as", ""))
    if not _taken(to) or not made:
        abort(400, "There is no such report, or nobody takes what comes back.")
    return _sent(email, sender, to, made(email, sender))


def _owner(email: Email) -> str:
    """The mailbox that the form is about."""
    mailbox = request.form.get("mailbox") or email.recipients[0]
    return mailbox if is_to(email, mailbox) else abort(400, "This email lies in no such mailbox.")


def _sent(email: Email, mailbox: str, to: str, mail: bytes) -> AnyResponse:
    answered = {"sid": email.sid, "answered": _handed_over(to, mail)}
    current().state.record("email_change", answered)
    return redirect(url_for(".mailbox", address=mailbox, email=email.sid), 303)


def _handed_over(to: str, mail: bytes) -> str:
    """What came of it, in words: posted, else kept until it is fetched."""
    state = current().state
    url = state.inbox(to)
    return answering.post(url, mail) if url else answering.leave(state, to, mail)


def _reading(opened: Email | None) -> dict[str, Any]:
    as_text = request.args.get("view") == "text"
    return {
        "opened": opened,
        "as_text": as_text,
        "answerable": bool(opened and _taken(answering.reply_address(opened))),
        "returnable": bool(opened and _taken(opened.sender.lower())),
        "came": CAME,
    }


def _taken(address: str) -> bool:
    """Whether what is emailed there gets anywhere: posted, or kept until it is fetched by IMAP."""
    sim = current()
    return bool(address) and bool(sim.state.inbox(address) or sim.imap_server)


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
