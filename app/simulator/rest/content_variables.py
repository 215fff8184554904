"""What fills a content template's gaps, as it is posted."""

import json
import re

from app.simulator.rest.refusals import TwilioError

# A newline, a tab, or more than four blanks.
BROKEN = re.compile(r"[\n\t]| {5,}")


def read(posted: str) -> dict[str, str]:
    """A JSON object of texts, none of them empty, broken into lines or with runs of blanks. Raises
    TwilioError.
    https://www.twilio.com/docs/api/errors/21656"""
    try:
        variables = json.loads(posted or "{}")
    except ValueError:
        raise TwilioError(21656) from None
    if not isinstance(variables, dict) or not all(map(_is_text, variables.values())):
        raise TwilioError(21656)
    return variables


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and not BROKEN.search(value)
