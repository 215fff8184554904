"""Whether Twilio signed a webhook."""

from collections.abc import Iterable

from twilio.request_validator import RequestValidator, compare
from werkzeug.datastructures import MultiDict


def signed(url: str, form: MultiDict[str, str], signature: str, tokens: Iterable[str]) -> bool:
    """Whether one of the tokens signed this POST.

    The url is the one Twilio was told, with the query as it was sent; blank fields count
    (https://www.twilio.com/docs/usage/security#validating-requests).
    """
    return any(_signed_with(token, url, form, signature) for token in tokens)


def _signed_with(token: str, url: str, form: MultiDict[str, str], signature: str) -> bool:
    try:
        validator = RequestValidator(token)
        # Mostly it is signed as it stands; the SDK also tries it with and without a port. It raises
        # TypeError where its caller forgot a field or sent JSON without a hash.
        usual = compare(validator.compute_signature(url, form), signature)
        return usual or bool(validator.validate(url, form, signature))
    except (TypeError, ValueError):
        return False
