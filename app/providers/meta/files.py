"""Fetches a file that a customer sent, from Meta's file store.

Its address is in the webhook and is its key: it is public to whoever has it, for some days.
"""

from time import monotonic

import requests

from app.lib.outside.outside_address import Refused
from app.lib.outside.web_call import get, web_address
from app.providers.contract import Fetched, Outcome, SendError
from app.providers.meta.graph import TIMEOUT, Graph

LARGEST = 25 * 1024 * 1024
# Shorter than the lease of whoever fetches it.
SECONDS = 60.0
REDIRECTS = (301, 302, 303, 307, 308)
GONE = (403, 404, 410)
NO_LONGER = SendError("Meta no longer has this attachment.", Outcome.REFUSED)
TOO_LARGE = SendError("The attachment is larger than 25 MB.", Outcome.REFUSED)
LATER = SendError("The attachment could not be fetched from Meta.", Outcome.RETRY)


def fetch(graph: Graph, url: str) -> Fetched:
    """Raises SendError."""
    status, content = _beside(url) if graph.is_at(url) else _outside(url)
    if status in GONE:
        raise NO_LONGER
    if status != 200 or not content:
        raise LATER
    if len(content) > LARGEST:
        raise TOO_LARGE
    return Fetched(content)


def _outside(url: str) -> tuple[int, bytes]:
    """One redirect is followed, as from lookaside to where the file is."""
    until = monotonic() + SECONDS
    try:
        status, elsewhere, content = get(web_address(url), until, LARGEST)
        if status in REDIRECTS:
            status, _, content = get(web_address(elsewhere), until, LARGEST)
    except Refused as error:
        raise LATER from error
    return status, content


def _beside(url: str) -> tuple[int, bytes]:
    """Of the host that the API has itself, which may be a stand-in's on this machine."""
    try:
        answer = requests.get(url, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        raise LATER from error
    return answer.status_code, answer.content
