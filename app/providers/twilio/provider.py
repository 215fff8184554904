"""The carrier Twilio: sends, lists, looks up and fetches, by app/providers/contract.py."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache, partial
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import requests
import structlog
from twilio.base import values
from twilio.base.exceptions import TwilioRestException
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError
from werkzeug.http import parse_options_header

from app.channels.channel import Channel
from app.lib.message_status import MessageStatus
from app.lib.telephone.call_outcome import CallOutcome
from app.lib.text.cleaning import clean
from app.providers.contract import (
    Accepted,
    Account,
    Attachment,
    CallEnd,
    Event,
    Fetched,
    Line,
    Listed,
    Outcome,
    Outgoing,
    Received,
    Review,
    SendError,
    StatusReport,
    before_the_call,
)
from app.providers.twilio import sids
from app.providers.twilio.call_report import call_end
from app.providers.twilio.client import SDK_ADDRESS, TIMEOUT, TwilioHttp
from app.providers.twilio.inbound import CANNOT_BE_SHOWN, MOST_ATTACHMENTS
from app.providers.twilio.line import MOST_SENDERS, line, point
from app.providers.twilio.make_template import make_template
from app.providers.twilio.message_states import STATUSES, carried_by
from app.providers.twilio.messaging_service import holds, sent_by, ways, went_by
from app.providers.twilio.template_review import review
from app.providers.twilio.twilio_errors import PROBLEMS, SENDER_AT_FAULT, Kind, explain, opted_out

log = structlog.get_logger()

# After so long at Twilio a message is stale and must fail rather than arrive: its own default is
# ten hours (https://www.twilio.com/docs/messaging/api/message-resource, ValidityPeriod).
VALIDITY_SECONDS = 3600
# Of one person's messages: more than ever wait for an answer at once. Those of a Messaging Service
# stand among all that others wrote to them.
PAGE, MOST_LISTED = 100, 1000
MOST_RECOVERED = 1000
# A <Dial> of ours rings one telephone.
MOST_RUNG = 5
BAD_REQUEST, NOT_FOUND = 400, 404
# The template is gone, or does not take these values.
NO_TEMPLATE = (21655, 21656, 21658)
# What the API says about an attachment, or of anything else of the account, is no attachment: those
# are kept elsewhere, and a redirect leads there.
OF_THE_API = ("application/json", "application/xml", "text/xml")
LARGEST_MEDIA = 16 * 1024 * 1024
# Shorter than the lease of whoever fetches it.
MEDIA_SECONDS = 60.0
READ = 64 * 1024
UNCONFIRMED = "We could not confirm this message with Twilio."
NOT_TWILIOS = "The attachment is not kept by Twilio."
UNREACHABLE = "Twilio could not be reached. The message was not sent."
NO_SID = SendError("Twilio has no such message or call.", Outcome.REFUSED)
NO_NUMBER = SendError("The Twilio account has no such number.", Outcome.REFUSED)
NOT_TAKEN = SendError(
    "Twilio does not take our address: ask your operator whether PUBLIC_URL is public.",
    Outcome.REFUSED,
)
TOO_MANY = "Twilio lists more messages to this person than can be looked through."


class TwilioProvider:
    """Sends by Twilio's SDK, to Twilio or to whatever stands at api_url."""

    def __init__(self, api_url: str) -> None:
        self._http = TwilioHttp(api_url)
        self._api_url = api_url
        self._client = lru_cache(maxsize=256)(self._new_client)

    def _new_client(self, account: Account) -> Client:
        if not sids.ACCOUNT.fullmatch(account.sid):
            raise SendError(explain(20003), Outcome.REFUSED, 20003, sender_at_fault=True)
        return Client(account.sid, account.token, http_client=self._http)

    def send(self, account: Account, message: Outgoing) -> Accepted:
        """Hand the message to Twilio; by a Messaging Service without its template where Twilio does
        not take that. Raises SendError and nothing else."""
        try:
            return self._send(account, message)
        except SendError as error:
            # Certainly not sent, and not for what the text says.
            if not (message.service and message.content_sid and error.code in NO_TEMPLATE):
                raise
            log.warning("sent_without_template", code=error.code)
            text_alone = replace(message, content_sid=None)
            return replace(self._send(account, text_alone), without_template=True)

    def _send(self, account: Account, message: Outgoing) -> Accepted:
        with before_the_call():
            asked, client = _asked(message), self._client(account)
        try:
            sent = client.messages.create(**asked)
        except Exception as error:
            # Also what the SDK makes of an answer that is no JSON: nothing may pass for a no.
            raise translate(error) from error
        if not isinstance(sent.sid, str) or not sids.MESSAGE.fullmatch(sent.sid):
            raise SendError(UNCONFIRMED, Outcome.UNKNOWN)
        return Accepted(sent.sid, STATUSES.get(str(sent.status), MessageStatus.ACCEPTED))

    def find(self, account: Account, message: Outgoing, since: datetime) -> list[StatusReport]:
        """What Twilio has of this message, created since then. Raises SendError.

        Not narrowed by DateSent, which a message that still waits at Twilio does not have.
        """
        listed = [one for way in ways(message) for one in self._listed(account, way, since)]
        ours = (
            one
            for one in {one.sid: one for one in listed}.values()
            if one.direction != "inbound" and one.date_created and one.date_created >= since
            if sids.MESSAGE.fullmatch(str(one.sid)) and went_by(message, one)
        )
        return [found for one in ours if (found := _match(message, one))]

    def _listed(self, account: Account, way: dict[str, str], since: datetime) -> list[Any]:
        """Page by page, the newest first, until one is older."""
        listed: list[Any] = []
        try:
            for one in self._client(account).messages.stream(
                **way, limit=MOST_LISTED, page_size=PAGE
            ):
                listed.append(one)
                if (one.date_created or since) < since:
                    return listed
        except Exception as error:
            raise SendError(UNREACHABLE, Outcome.RETRY) from error
        if len(listed) == MOST_LISTED:
            # More than we look at came since: that it is not among them proves nothing.
            raise SendError(TOO_MANY, Outcome.RETRY)
        return listed

    def look_up(self, account: Account, sid: str) -> StatusReport:
        """What became of the message that Twilio calls sid. Raises SendError."""
        if not sids.MESSAGE.fullmatch(sid):
            raise NO_SID
        try:
            return _report(self._client(account).messages(sid).fetch())
        except Exception as error:
            raise SendError(UNREACHABLE, Outcome.RETRY) from error

    def look_up_call(self, account: Account, sid: str, screened: bool) -> CallEnd:
        """What came of the call that Twilio calls sid. Raises SendError."""
        if not sids.CALL.fullmatch(sid):
            return CallEnd(CallOutcome.UNKNOWN)
        client = self._client(account)
        try:
            call = client.calls(sid).fetch()
            rung = client.calls.list(parent_call_sid=sid, limit=MOST_RUNG)
            return call_end(call.status, [(each.status, each.duration) for each in rung], screened)
        except Exception as error:
            if getattr(error, "status", None) == NOT_FOUND:
                return CallEnd(CallOutcome.UNKNOWN)
            raise SendError(UNREACHABLE, Outcome.RETRY) from error

    def received_since(
        self, account: Account, channel: Channel, number: str, since: datetime
    ) -> list[Listed]:
        """What customers sent to the number since then, oldest first. Raises SendError."""
        client = self._client(account)
        try:
            listed = client.messages.list(
                to=channel.prefix + number, date_sent_after=since, limit=MOST_RECOVERED
            )
            inbound = [
                one
                for one in listed
                if one.direction == "inbound" and sids.MESSAGE.fullmatch(str(one.sid))
            ]
        except Exception as error:
            raise SendError(UNREACHABLE, Outcome.RETRY) from error
        return [
            Listed(str(one.sid), one.date_created, partial(_received, channel, one))
            for one in reversed(inbound)
        ]

    def owns(
        self, account: Account, channel: Channel, number: str, service: str | None = None
    ) -> bool:
        """Whether the number is the account's, or is its sender on WhatsApp, or within the
        Messaging Service. Raises SendError.

        https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource and
        https://www.twilio.com/docs/whatsapp/api/senders
        """
        client = self._client(account)
        try:
            if service:
                return holds(client, service, channel.prefix + number)
            numbers = client.incoming_phone_numbers.list(phone_number=number, limit=MOST_LISTED)
            # The list is of numbers that contain it.
            if any(one.phone_number == number for one in numbers):
                return True
            return bool(channel.prefix) and _sends(client, channel, number)
        except Exception as error:
            raise _not_told(error) from error

    def sign_in(self, account: Account) -> None:
        """Ask for one number of the account, which only its own token may. Raises SendError."""
        client = self._client(account)
        try:
            client.incoming_phone_numbers.list(limit=1)
        except Exception as error:
            raise _not_told(error) from error

    def line(self, account: Account, channel: Channel, number: str) -> Line | None:
        """As `owns`, with what Twilio is told to call. Raises SendError."""
        client = self._client(account)
        try:
            return line(client, channel, number)
        except Exception as error:
            raise _not_told(error) from error

    def point(
        self, account: Account, channel: Channel, number: str, urls: Mapping[Event, str]
    ) -> None:
        """Tell Twilio what to call for the account's number. Raises SendError."""
        client = self._client(account)
        try:
            point(client, channel, number, urls)
        except LookupError as error:
            raise NO_NUMBER from error
        except Exception as error:
            if getattr(error, "status", None) == BAD_REQUEST:
                raise NOT_TAKEN from error
            raise _not_told(error) from error

    def review(self, account: Account, content_sid: str) -> Review | None:
        """What WhatsApp says of a template of the account's. Raises SendError."""
        client = self._client(account)
        try:
            return review(client, content_sid)
        except Exception as error:
            if getattr(error, "status", None) == NOT_FOUND:
                return None
            raise _not_told(error) from error

    def make_template(self, account: Account, definition: Mapping[str, Any]) -> str:
        """Make a content template. Raises SendError."""
        client = self._client(account)
        try:
            return make_template(client, definition)
        except Exception as error:
            if getattr(error, "status", None) == BAD_REQUEST:
                code = getattr(error, "code", None)
                raise SendError(explain(code), Outcome.REFUSED, code) from error
            raise _not_told(error) from error

    def fetch(self, account: Account, url: str) -> Fetched:
        """An attachment that the account received, at most LARGEST_MEDIA. Raises SendError.

        The credentials go to the account's own attachments in Twilio's API alone; a redirect
        (Twilio answers with one to its file store) is followed without them, and only to Twilio's
        own hosts.
        """
        path = sids.media_path(url, account.sid)
        if path is None:
            raise SendError(NOT_TWILIOS, Outcome.REFUSED)
        try:
            # Whatever host the webhook names: the API that we are set up for is asked.
            answer = self._get(self._api_url + path, (account.sid, account.token))
            if answer.is_redirect:
                answer = self._get(_twilio_file(answer.headers["Location"]), None)
            elif answer.headers.get("Content-Type", "").startswith(OF_THE_API):
                _refuse_the_apis_words(answer)
            return Fetched(_bytes(answer), _name(answer))
        except SendError:
            raise
        except Exception as error:
            # Also a file that is cut short, or packed wrongly: another try may get it whole.
            raise SendError("The attachment could not be fetched.", Outcome.RETRY) from error

    def _get(self, url: str, auth: tuple[str, str] | None) -> requests.Response:
        return requests.get(url, auth=auth, timeout=TIMEOUT, stream=True, allow_redirects=False)


def _sends(client: Client, channel: Channel, number: str) -> bool:
    senders = client.messaging.v2.channels_senders.list(channel=channel.key, limit=MOST_SENDERS)
    return any(one.sender_id == channel.prefix + number for one in senders)


def _not_told(error: Exception) -> SendError:
    """Why a list could not be had: nothing is known by it."""
    # The SDK's lists raise no TwilioRestException, but its parent with the answer beside its words.
    statuses = [each.status_code for each in error.args if isinstance(each, Response)]
    if {401, 403}.intersection([*statuses, getattr(error, "status", None)]):
        return SendError(explain(20003), Outcome.RETRY, 20003)
    return SendError("Twilio could not be reached. We ask again in a while.", Outcome.RETRY)


def _content(message: Outgoing) -> dict[str, Any]:
    if message.content_sid is None:
        return {"body": message.body or values.unset}
    variables = json.dumps(dict(message.content_variables))
    return {"content_sid": message.content_sid, "content_variables": variables}


def _match(message: Outgoing, listed: Any) -> StatusReport | None:
    if (listed.body or "") == message.body:
        return _report(listed)
    # Twilio lists the rendered template (https://github.com/twilio/twilio-node/issues/1081), but
    # what we know of its text was copied by a person.
    if message.content_sid:
        return replace(_report(listed), sure=False)
    return None


def _asked(message: Outgoing) -> dict[str, Any]:
    """The message in the words of Twilio's SDK."""
    return {
        **sent_by(message),
        "to": message.channel.prefix + message.recipient,
        **_content(message),
        "media_url": list(message.media_urls) or values.unset,
        "status_callback": message.callback_url,
        "validity_period": _validity(message),
    }


def _validity(message: Outgoing) -> int:
    if message.valid_for is None:
        return VALIDITY_SECONDS
    return max(1, min(VALIDITY_SECONDS, int(message.valid_for.total_seconds())))


def _report(listed: Any) -> StatusReport:
    status = STATUSES.get(str(listed.status), MessageStatus.ACCEPTED)
    by = carried_by(str(listed.from_ or ""))
    if status is not MessageStatus.FAILED:
        return StatusReport(str(listed.sid), status, carried_by=by)
    code = listed.error_code
    return StatusReport(
        str(listed.sid), status, code, explain(code), opted_out(code), carried_by=by
    )


def _received(channel: Channel, listed: Any) -> Received:
    """A listed message as its webhook would have told it; the list knows no profile names, and not
    what came without a text."""
    attachments = tuple(
        Attachment(SDK_ADDRESS + one.uri.removesuffix(".json"), one.content_type)
        for one in _attached(listed)
    )
    return Received(
        sid=str(listed.sid),
        address=str(listed.from_ or "").removeprefix(channel.prefix),
        aliases=(),
        recipient=str(listed.to).removeprefix(channel.prefix),
        name="",
        body=clean(listed.body or ""),
        attachments=attachments,
        what="" if attachments else CANNOT_BE_SHOWN,
    )


def _attached(listed: Any) -> list[Any]:
    if not int(listed.num_media or 0) or not sids.MESSAGE.fullmatch(str(listed.sid)):
        return []
    try:
        return list(listed.media.list(limit=MOST_ATTACHMENTS))
    except Exception as error:
        raise SendError(UNREACHABLE, Outcome.RETRY) from error


def _refuse_the_apis_words(answer: requests.Response) -> None:
    with answer:
        if answer.status_code == 200:
            raise SendError(NOT_TWILIOS, Outcome.REFUSED)


def _twilio_file(url: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or not host.endswith((".twilio.com", ".twiliocdn.com")):
        raise SendError("The attachment moved to a place that is not Twilio's.", Outcome.REFUSED)
    return url


def _name(answer: requests.Response) -> str:
    """The file's name by the header (RFC 6266); empty where it has none but its SID."""
    _, told = parse_options_header(answer.headers.get("Content-Disposition"))
    name = told.get("filename", "")
    if sids.FILE_NAME.fullmatch(name):
        return ""
    try:
        # Where a name is sent as it is, in UTF-8, it is read in Latin-1 (RFC 9110, 5.5).
        return name.encode("latin-1").decode()
    except UnicodeError:
        return name


def _bytes(answer: requests.Response) -> bytes:
    with answer:
        if answer.status_code == 404 or answer.status_code == 410:
            raise SendError("Twilio no longer has this attachment.", Outcome.REFUSED)
        if answer.status_code != 200:
            raise SendError(f"Twilio answered {answer.status_code}.", Outcome.RETRY)
        content = _read(answer)
    if not content:
        raise SendError("Twilio's attachment is empty.", Outcome.RETRY)
    if len(content) > LARGEST_MEDIA:
        raise SendError("The attachment is larger than 16 MB.", Outcome.REFUSED)
    return content


def _read(answer: requests.Response) -> bytes:
    """The content, a little more than LARGEST_MEDIA at most, however slowly it drips."""
    until, content = monotonic() + MEDIA_SECONDS, bytearray()
    while len(content) <= LARGEST_MEDIA and (part := answer.raw.read1(READ, decode_content=True)):
        content += part
        if monotonic() > until:
            raise SendError("Twilio took too long over the attachment.", Outcome.RETRY)
    return bytes(content)


def translate(error: Exception) -> SendError:
    """What a failed call means. Only a 429 and a connection never made are known as not sent."""
    if isinstance(error, TwilioRestException):
        return _refusal(error)
    if isinstance(error, requests.ConnectionError) and _never_connected(error):
        return SendError(UNREACHABLE, Outcome.RETRY)
    log.warning("twilio_unclear", error=type(error).__name__)
    return SendError(UNCONFIRMED, Outcome.UNKNOWN)


def _refusal(error: TwilioRestException) -> SendError:
    status, code = error.status, error.code
    if status == 429:
        return SendError(explain(20429), Outcome.RETRY, 20429)
    if status >= 500:
        return SendError(UNCONFIRMED, Outcome.UNKNOWN, code)
    transient = code in PROBLEMS and PROBLEMS[code][0] is Kind.TRANSIENT
    outcome = Outcome.RETRY if transient else Outcome.REFUSED
    return SendError(explain(code), outcome, code, opted_out(code), code in SENDER_AT_FAULT)


def _never_connected(error: requests.ConnectionError) -> bool:
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)
