"""Twilio's names for things, matched whole before they stand in a path of its API.

They come from webhooks and answers; an SDK puts them into paths as they are. Two letters and 32
hexadecimal digits: https://www.twilio.com/docs/glossary/what-is-a-sid
"""

import re
from urllib.parse import urlsplit

DIGITS = "[0-9a-fA-F]{32}"
ACCOUNT = re.compile(f"AC{DIGITS}")
MESSAGE = re.compile(f"(SM|MM){DIGITS}")
CALL = re.compile(f"CA{DIGITS}")
MEDIA = re.compile(f"/2010-04-01/Accounts/(AC{DIGITS})/Messages/(SM|MM){DIGITS}/Media/ME{DIGITS}")
# The name of a file that nobody else has named.
FILE_NAME = re.compile(rf"ME{DIGITS}(\.\w*)?")


def media_path(url: str, account_sid: str) -> str | None:
    """The path of an attachment that the account keeps; None for any other address."""
    try:
        found = MEDIA.fullmatch(urlsplit(url).path)
    except ValueError:
        return None
    return found[0] if found and found[1] == account_sid else None
