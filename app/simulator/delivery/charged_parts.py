"""How many parts a text message is charged as."""

from functools import lru_cache

import smsutil


@lru_cache(maxsize=4096)
def count(body: str) -> int:
    """GSM-7 160/153, UCS-2 70/67. https://www.twilio.com/docs/glossary/what-sms-character-limit"""
    try:
        return max(1, len(smsutil.split(body).parts))
    except UnicodeEncodeError:  # half of a surrogate pair
        return 1 + len(body) // 67
