"""Makes a content template. https://www.twilio.com/docs/content/content-api-resources

As JSON of our own: the SDK's classes (9.13) know no body of a card, and leave it out without a word
(findings/twilio-cards-lose-their-body.sh).
"""

import json
from collections.abc import Mapping
from typing import Any

from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

URL = "https://content.twilio.com/v1/Content"
HEADERS = {"Content-Type": "application/json"}


def make_template(client: Client, definition: Mapping[str, Any]) -> str:
    """Its SID. Raises TwilioRestException and what the SDK raises; ValueError for an answer that is
    none."""
    answer = client.request("POST", URL, data=dict(definition), headers=dict(HEADERS))
    told = json.loads(answer.text)
    if not answer.ok:
        raise TwilioRestException(answer.status_code, URL, code=told.get("code"), method="POST")
    return str(told["sid"])
