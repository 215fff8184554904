"""The pages: a drawer of telephones, one telephone, and the faults."""

import time
from typing import Any
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Response,
    abort,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from app.simulator import addresses
from app.simulator.faults import ACCOUNT_RATES, DNS_RATES, MAIL_RATES, NORMAL, RATES, Faults
from app.simulator.rcs import services, taps
from app.simulator.records import Call, Message, Phone
from app.simulator.rest.refusals import text
from app.simulator.simulator import current
from app.simulator.state import State
from app.simulator.telephones import formats, forms, inbound, telephones, uploads, voice

pages = Blueprint("pages", __name__)

for each in (formats.clock, formats.stamp, formats.day, formats.initials, addresses.pretty):
    pages.add_app_template_filter(each)
pages.add_app_template_global(text, "error_text")


@pages.app_context_processor
def banner() -> dict[str, Any]:
    return {"active_faults": current().faults.active}


@pages.get("/health")
def health() -> Response:
    return jsonify(status="ok")


@pages.get("/")
def drawer() -> str:
    return _drawer()


@pages.get("/cards")
def cards() -> str:
    return render_template("_cards.html", **_cards())


@pages.post("/phones")
def new_phone() -> AnyResponse | tuple[str, int]:
    number = addresses.tidy(request.form.get("number", ""))
    if number is None:
        return _drawer(phone_error=forms.NO_NUMBER, given=request.form), 400
    name = request.form.get("name", "").strip()[:80]
    current().state.record("phone", {"number": number, "name": name})
    return redirect(url_for(".phone", number=number), 303)


@pages.post("/numbers")
def put_number() -> AnyResponse | tuple[str, int]:
    try:
        number, fields = forms.business_number(request.form)
    except ValueError as error:
        return _drawer(number_error=str(error), given=request.form), 400
    current().put_number(number, time.time(), **fields)
    return redirect(url_for(".drawer") + "#numbers", 303)


@pages.get("/phones/<number>")
def phone(number: str) -> str:
    return _phone(number)


@pages.get("/phones/<number>/thread")
def thread(number: str) -> str:
    return render_template("_thread.html", **_thread(_known(number)))


@pages.post("/phones/<number>/name")
def rename(number: str) -> AnyResponse:
    name = request.form.get("name", "").strip()[:80]
    current().state.record("phone", {"number": _known(number).number, "name": name})
    return redirect(url_for(".phone", number=number), 303)


@pages.post("/phones/<number>/send")
def send(number: str) -> AnyResponse | tuple[str, int]:
    """A script gets 204 or what is wrong as text; without scripts the page comes again."""
    scripted = request.headers.get("X-Requested-With") == "fetch"
    try:
        business, channel = forms.recipient(request.form)
        body, files = forms.writing(request.form, request.files)
    except ValueError as error:
        return (str(error) if scripted else _phone(number, error=str(error))), 400
    owner, base_url = _known(number), request.host_url.rstrip("/")
    there = forms.called_there(current().state, business, channel)
    inbound.receive(current(), owner.number, there, channel, body, files, base_url)
    if scripted:
        return "", 204
    query = urlencode({"with": business, "channel": channel})
    return redirect(f"{url_for('.phone', number=number)}?{query}", 303)


@pages.post("/phones/<number>/rcs")
def switch_rcs(number: str) -> AnyResponse:
    """The telephone has RCS from now on, or has it no more."""
    owner = _known(number)
    there = {"number": owner.number, "name": owner.name, "rcs": request.form.get("rcs") == "1"}
    current().state.record("phone", there)
    return redirect(request.referrer or url_for(".phone", number=number), 303)


@pages.post("/phones/<number>/hidden")
def hide_number(number: str) -> AnyResponse:
    """WhatsApp tells businesses the telephone's number no more, or again."""
    owner = _known(number)
    hidden = request.form.get("hidden") == "1"
    there = {"number": owner.number, "name": owner.name, "hidden": hidden}
    current().state.record("phone", there)
    return redirect(request.referrer or url_for(".phone", number=number), 303)


@pages.post("/phones/<number>/tap")
def tap(number: str) -> AnyResponse | tuple[str, int]:
    """A button under the message sid, by its label."""
    owner, base_url = _known(number), request.host_url.rstrip("/")
    sid, label = request.form.get("sid", ""), request.form.get("label", "")
    try:
        taps.tap(current(), owner.number, sid, label, base_url)
    except ValueError as error:
        return _phone(number, error=f"{error}".capitalize() + "."), 400
    return redirect(request.referrer or url_for(".phone", number=number), 303)


@pages.post("/phones/<number>/call")
def call(number: str) -> AnyResponse | tuple[str, int]:
    """The telephone calls the business that it has open; the thread shows what comes of it."""
    try:
        business, channel = forms.recipient(request.form)
        outcome = voice.ending(request.form.get("outcome", ""))
    except ValueError as error:
        return _phone(number, error=str(error)), 400
    voice.place(current(), _known(number).number, business, outcome)
    query = urlencode({"with": business, "channel": channel, **forms.embedding(request.form)})
    return redirect(f"{url_for('.phone', number=number)}?{query}", 303)


@pages.get("/media/<sid>")
def media(sid: str) -> Response:
    state = current().state
    owner = state.media_owner.get(sid)
    if owner is None:
        abort(404)
    found = next(each for each in owner.media if each.sid == sid)
    path = (state.media_directory / found.sid).absolute()
    if not path.exists():
        abort(404)
    return send_file(path, mimetype=found.content_type, max_age=86400)


@pages.get("/faults")
def show_faults() -> str:
    return _faults(forms.faults_shown(current().faults))


@pages.post("/faults")
def set_faults() -> AnyResponse | tuple[str, int]:
    if "normal" in request.form:
        current().set_faults(NORMAL)
        return redirect(url_for(".show_faults"), 303)
    try:
        current().set_faults(Faults.read(forms.faults_given(request.form)))
    except ValueError as error:
        return _faults(request.form.to_dict(), str(error)), 400
    return redirect(url_for(".show_faults"), 303)


def _drawer(**extra: Any) -> str:
    state = current().state
    numbers = telephones.numbers(state)
    return render_template("drawer.html", **_cards(), numbers=numbers, **{"given": {}, **extra})


def _cards() -> dict[str, Any]:
    search = request.args.get("q", "")
    found, total = telephones.cards(current().state, search)
    opened = [each.replace(" ", "+") for each in request.args.getlist("open")]
    return {"cards": found, "total": total, "opened": opened, "search": search}


def _faults(values: dict[str, Any], error: str = "") -> str:
    return render_template(
        "faults.html",
        values=values,
        rates=RATES,
        account_rates=ACCOUNT_RATES,
        mail_rates=MAIL_RATES,
        dns_rates=DNS_RATES,
        error=error,
    )


def _known(number: str) -> Phone:
    number = number.replace(" ", "+")
    owner = current().state.phones.get(number)
    if owner is not None:
        return owner
    if not addresses.can_receive("whatsapp", number):
        abort(404, "There is no such telephone.")
    return Phone(number)


def _phone(number: str, error: str = "") -> str:
    owner = _known(number)
    embedded = request.args.get("embed") == "1"
    return render_template(
        "phone.html",
        numbers=telephones.numbers(current().state),
        embedded=embedded,
        error=error,
        largest=uploads.LARGEST,
        **_thread(owner),
    )


def _thread(owner: Phone) -> dict[str, Any]:
    sim = current()
    business, channel = forms.conversation(sim.state, owner, request.values)
    there = forms.called_there(sim.state, business, channel)
    if request.args.get("seen") == "1":
        telephones.mark_seen(sim, owner.number, there, channel)
    most = min(max(request.args.get("most", 100, int), 1), 5000)
    calls = telephones.calls(sim.state, owner.number, business)
    messages, more = telephones.thread(sim.state, owner.number, there, channel, most)
    return {
        "phone": owner,
        "business": business,
        "channel": channel,
        "entries": _by_time(messages, calls, more),
        "more": more,
        "elsewhere": telephones.elsewhere(sim.state, owner.number, there, channel),
        "labels": _labels(sim.state),
        "service": services.of_number(sim.state, business),
        "most": most,
    }


def _labels(state: State) -> dict[str, str]:
    """By what a business is called on a channel."""
    numbers = {each.number: each.label for each in telephones.numbers(state)}
    return numbers | {each.sender: each.label for each in list(state.services.values())}


def _by_time(messages: list[Message], calls: list[Call], more: bool) -> list[Message | Call]:
    """The messages with the calls between them; where earlier messages are left out, so are
    earlier calls."""
    since = messages[0].created if more else 0
    shown: list[Message | Call] = [*messages, *(each for each in calls if each.created >= since)]
    return sorted(shown, key=lambda entry: entry.created)
