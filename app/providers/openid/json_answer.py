from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session

from app.providers.openid.openid_errors import OpenIDError, Trouble


def json_of(session: OAuth2Session, url: str, otherwise: Trouble) -> dict[str, Any]:
    """The JSON object that is there, asked for with the access token if there is one. Raises
    OpenIDError: UNREACHABLE where no whole answer comes, `otherwise` where it is none."""
    try:
        answer = session.get(url, allow_redirects=False, withhold_token=not session.token)
    except (AuthlibBaseError, OSError, ValueError) as error:
        raise OpenIDError(Trouble.UNREACHABLE) from error
    try:
        told = answer.json()
    except (ValueError, RecursionError):
        told = None
    if answer.status_code != 200 or not isinstance(told, dict):
        raise OpenIDError(otherwise)
    return told
