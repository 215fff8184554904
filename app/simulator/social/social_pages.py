"""The screens: people who write by Messenger and Instagram, and one of their telephones."""

import secrets
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.simulator.simulator import current
from app.simulator.social import social_people
from app.simulator.social.social_records import Person, Said
from app.simulator.telephones import uploads

social_screens = Blueprint("social", __name__)
LABELS = {"messenger": "Messenger", "instagram": "Instagram"}
EMOJIS = ("❤️", "👍", "😂", "😮", "🙏")
LONGEST = 2000


@social_screens.get("/social")
def people() -> str:
    return render_template("social/people.html", labels=LABELS, pages=_pages(), **_people())


@social_screens.get("/social/cards")
def cards() -> str:
    return render_template("social/_people.html", labels=LABELS, **_people())


@social_screens.post("/social")
def take_out() -> AnyResponse:
    """Somebody new, who knows the page or the account."""
    account = request.form.get("account", "")
    page = current().state.social.page_of(account)
    if page is None:
        abort(400, "Choose a page or an Instagram account.")
    kind = "instagram" if account == page.instagram_id else "messenger"
    id_ = f"{'9' if kind == 'instagram' else '7'}{secrets.randbelow(10**15):015d}"
    name = request.form.get("name", "").strip()[:80]
    person = {"id": id_, "kind": kind, "account": account, "name": name}
    current().state.record("social_person", person)
    return redirect(url_for(".telephone", person_id=id_), 303)


@social_screens.get("/social/<person_id>")
def telephone(person_id: str) -> str:
    return render_template("social/telephone.html", **_telephone(person_id))


@social_screens.get("/social/<person_id>/thread")
def thread(person_id: str) -> str:
    return render_template("social/_said.html", **_telephone(person_id))


@social_screens.post("/social/<person_id>/send")
def send(person_id: str) -> AnyResponse:
    text = request.form.get("text", "").replace("\r\n", "\n")[:LONGEST]
    chosen = [each for each in request.files.getlist("media") if each.filename]
    try:
        files = [uploads.read(each.read(), each.filename or "") for each in chosen]
    except ValueError as error:
        abort(400, str(error))
    person, answers = _person(person_id), request.form.get("answers", "")
    if text.strip() or files:
        base = request.host_url.rstrip("/")
        social_people.write(current(), person, text, files, base, answers)
    return redirect(url_for(".telephone", person_id=person_id), 303)


@social_screens.post("/social/<person_id>/elsewhere")
def elsewhere(person_id: str) -> AnyResponse:
    """The business answers in Meta's own inbox."""
    if text := request.form.get("text", "").strip()[:LONGEST]:
        social_people.answer_elsewhere(current(), _person(person_id), text)
    return redirect(url_for(".telephone", person_id=person_id), 303)


@social_screens.post("/social/<person_id>/<mid>/<any(react, edit, unsend):what>")
def change(person_id: str, mid: str, what: str) -> AnyResponse:
    """What a person does with one message."""
    said, sim = _said(person_id, mid), current()
    if what == "react":
        social_people.react(sim, said, request.form.get("emoji", ""))
    elif what == "edit" and said.inbound:
        social_people.edit(sim, said, request.form.get("text", "")[:LONGEST])
    elif what == "unsend" and said.inbound:
        social_people.take_back(sim, said)
    return redirect(url_for(".telephone", person_id=person_id), 303)


def _people() -> dict[str, Any]:
    social = current().state.social
    last = {each.person: each for each in list(social.said.values())}
    found = list(social.people.values())
    found.sort(key=lambda each: -(last[each.id].created if each.id in last else each.wrote))
    return {"people": found[:100], "last": last, "names": _names()}


def _names() -> dict[str, str]:
    """What the accounts are called."""
    pages = list(current().state.social.pages.values())
    linked = {page.instagram_id: f"@{page.instagram_name}" for page in pages if page.instagram_id}
    return {page.id: page.name for page in pages} | linked


def _pages() -> list[tuple[str, str]]:
    pages = list(current().state.social.pages.values())
    found = [(page.id, f"{page.name} by Messenger") for page in pages]
    linked = [page for page in pages if page.instagram_id]
    return found + [(page.instagram_id, f"@{page.instagram_name} by Instagram") for page in linked]


def _telephone(person_id: str) -> dict[str, Any]:
    person = _person(person_id)
    # Whoever looks has read it.
    social_people.read(current(), person)
    return {
        "person": person,
        "label": LABELS[person.kind],
        "business": _names().get(person.account, person.account),
        "entries": current().state.social.thread(person.id)[-200:],
        "emojis": EMOJIS,
    }


def _person(person_id: str) -> Person:
    return current().state.social.people.get(person_id) or abort(404)


def _said(person_id: str, mid: str) -> Said:
    said = current().state.social.said.get(mid)
    if said is None or said.person != person_id or said.deleted:
        abort(404)
    return said
