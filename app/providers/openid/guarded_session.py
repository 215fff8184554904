"""A session of requests whose every call goes through the one guard of outside addresses: public,
by https, without a redirect, a proxy or a cookie; at an end after its time and size."""

from time import monotonic
from typing import Any

from authlib.integrations.requests_client import OAuth2Session
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from app.lib.outside.outside_address import NOT_REACHED, Refused
from app.lib.outside.web_call import Asked, exchange, web_address
from app.providers.openid.at_once import AtOnce
from app.providers.openid.openid_client import OpenIDClient

# For all the calls of a session together, in seconds.
SECONDS = 8.0
LARGEST = 256 * 1024
# Of one provider at a time, in a process of 64 threads: a slow one holds no more of them.
AT_ONCE = 6

_at_once = AtOnce(AT_ONCE)


class GuardedAdapter(BaseAdapter):
    def __init__(self, client: OpenIDClient) -> None:
        super().__init__()
        self._client, self._until = client, monotonic() + SECONDS

    def send(self, request: PreparedRequest, *_: Any, **__: Any) -> Response:
        """Raises Refused."""
        answer = Response()
        asked = Asked(request.method or "GET", _headers(request), _content(request))
        url = web_address(request.url or "")
        with _at_once.one(self._client.issuer):
            told = exchange(url, asked, self._until, LARGEST, self._client.private)
        answer.status_code, _leads, answer._content = told
        if len(told[2]) > LARGEST:
            raise Refused(NOT_REACHED)
        answer.request, answer.url, answer.encoding = request, request.url or "", "utf-8"
        return answer

    def close(self) -> None:
        """Each call has closed its connection."""


def guarded_session(client: OpenIDClient, **options: Any) -> OAuth2Session:
    """Authlib's, for that client. What it calls has SECONDS from now on."""
    session = OAuth2Session(
        client.id,
        client.secret or None,
        scope="openid email profile",
        redirect_uri=client.redirect_uri,
        code_challenge_method="S256",
        **options,
    )
    # No proxy and no password out of the environment.
    session.trust_env = False
    session.headers.update({"Accept": "application/json", "Accept-Encoding": "identity"})
    for scheme in ("https://", "http://"):
        session.mount(scheme, GuardedAdapter(client))
    return session


def _headers(request: PreparedRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.headers.items()}


def _content(request: PreparedRequest) -> bytes | None:
    """What is posted is a form, which requests has written."""
    body = request.body
    return body.encode() if isinstance(body, str) else None
