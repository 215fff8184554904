"""Twilio's REST API for messages, as far as the product and its SDK ask for it."""

from urllib.parse import urlencode

from flask import Blueprint, Response, g, jsonify, request, send_file

from app.simulator.delivery import sending
from app.simulator.records import Media, Message
from app.simulator.rest import draft, listing, resources
from app.simulator.rest.refusals import TwilioError, answer
from app.simulator.rest.trouble import break_answer, require_token, slow_down
from app.simulator.simulator import current

rest = Blueprint("rest", __name__, url_prefix="/2010-04-01/Accounts/<account_sid>")


@rest.url_value_preprocessor
def take_account(endpoint: str | None, values: dict[str, str] | None) -> None:
    g.account_sid = (values or {}).pop("account_sid", "")


@rest.before_request
def sign_in() -> None:
    require_token(current(), request.authorization)
    if request.authorization and request.authorization.username != g.account_sid:
        raise TwilioError(20404, status=404)


@rest.errorhandler(TwilioError)
def refuse(error: TwilioError) -> Response:
    return answer(error)


@rest.post("/Messages.json")
def create_message() -> Response:
    sim = current()
    slow_down(sim)
    message = sending.accept(sim, g.account_sid, draft.read(request.form))
    response = jsonify(resources.message(message))
    response.status_code = 201
    return break_answer(sim, response)


@rest.get("/Messages.json")
def list_messages() -> Response:
    sim = current()
    slow_down(sim)
    try:
        wanted = listing.read(g.account_sid, request.args)
    except ValueError:
        raise TwilioError(20001) from None
    size = min(max(request.args.get("PageSize", 50, int), 1), 1000)
    number = max(request.args.get("Page", 0, int), 0)
    after = sim.state.messages.get(request.args.get("PageToken", "").removeprefix("PA"))
    found, more = listing.page(sim.state, wanted, size, after)
    return jsonify(
        **paging(len(found), number, size, f"PA{found[-1].sid}" if more else ""),
        messages=[resources.message(message) for message in found],
    )


@rest.get("/Messages/<sid>.json")
def fetch_message(sid: str) -> Response:
    slow_down(current())
    return jsonify(resources.message(_message(sid)))


@rest.get("/Messages/<sid>/Media.json")
def list_media(sid: str) -> Response:
    message = _message(sid)
    found = [resources.media(message, each) for each in message.media]
    return jsonify(**paging(len(found)), media_list=found)


@rest.get("/Messages/<sid>/Media/<media_sid>.json")
def describe_media(sid: str, media_sid: str) -> Response:
    message = _message(sid)
    return jsonify(resources.media(message, _media(message, media_sid)))


@rest.get("/Messages/<sid>/Media/<media_sid>")
def fetch_media(sid: str, media_sid: str) -> Response:
    media = _media(_message(sid), media_sid)
    path = (current().state.media_directory / media.sid).absolute()
    if not path.exists():
        raise TwilioError(20404, status=404)
    return send_file(path, mimetype=media.content_type)


def _message(sid: str) -> Message:
    message = current().state.messages.get(sid)
    if message is None or message.from_twilio or message.account_sid != g.account_sid:
        raise TwilioError(20404, status=404)
    return message


def _media(message: Message, sid: str) -> Media:
    for media in message.media:
        if media.sid == sid:
            return media
    raise TwilioError(20404, status=404)


def paging(count: int, number: int = 0, size: int = 1000, token: str = "") -> dict[str, object]:
    """The frame of a list; a token leads to the next page.
    https://www.twilio.com/docs/usage/twilios-response#response-formats-list-paging-information"""
    kept = {k: v for k, v in request.args.items() if k not in ("Page", "PageToken", "PageSize")}
    query: dict[str, object] = {**kept, "PageSize": size}
    following = urlencode({**query, "Page": number + 1, "PageToken": token})
    return {
        "first_page_uri": f"{request.path}?{urlencode({**query, 'Page': 0})}",
        "next_page_uri": f"{request.path}?{following}" if token else None,
        "previous_page_uri": None,
        "page": number,
        "page_size": size,
        "start": number * size,
        "end": number * size + max(count - 1, 0),
        "uri": request.full_path.rstrip("?"),
    }
