"""Twilio's SDK, with timeouts, kept connections and an address that may be a stand-in's."""

from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

# Seconds to connect, and again to wait for an answer; the outbox's lease must be longer.
TIMEOUT = 10.0
CONNECTIONS = 32
SDK_ADDRESS = "https://api.twilio.com"
# The newer APIs have hosts of their own; a stand-in has them all.
SDK_ADDRESSES = (SDK_ADDRESS, "https://messaging.twilio.com", "https://content.twilio.com")


class TwilioHttp(TwilioHttpClient):  # type: ignore[misc]
    """The SDK's client with a timeout, kept connections, and an address that can be a stand-in's.

    The SDK waits for ever unless told, and offers no other base URL for the classic API.
    """

    def __init__(self, api_url: str) -> None:
        super().__init__()
        self._api_url = api_url
        self.session = requests.Session()
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, HTTPAdapter(pool_maxsize=CONNECTIONS))

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        """As the SDK's. Raises ValueError for a host that is not the API's."""
        kwargs["timeout"] = TIMEOUT
        return super().request(method, self._ours(url), *args, **kwargs)

    def _ours(self, url: str) -> str:
        address = next((one for one in SDK_ADDRESSES if url.startswith(f"{one}/")), None)
        if address is None:
            raise ValueError(f"the Twilio SDK wanted to call {urlsplit(url).hostname}")
        if self._api_url == SDK_ADDRESS:
            return url
        return self._api_url + url.removeprefix(address)
