"""What a provider says of itself (OpenID Connect Discovery 1.0), kept for a while."""

from dataclasses import dataclass
from typing import Any

from app.lib.outside.outside_address import Refused
from app.lib.outside.web_call import checked_web, web_address
from app.providers.openid.guarded_session import guarded_session
from app.providers.openid.json_answer import json_of
from app.providers.openid.kept_answers import KeptAnswers
from app.providers.openid.openid_client import OpenIDClient
from app.providers.openid.openid_errors import OpenIDError, Trouble

WELL_KNOWN = "/.well-known/openid-configuration"
# Signed by a key of its own. HS256 is signed by the client's secret, and «none» by nobody.
ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)


@dataclass(frozen=True)
class Metadata:
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    """Empty: it has none."""
    algorithms: tuple[str, ...]
    """By which it signs, of those that we take."""
    auth_methods: tuple[str, ...]
    names_itself: bool
    """Whether it says `iss` as it sends somebody back (RFC 9207)."""


_kept: KeptAnswers[Metadata] = KeptAnswers()


def discovered(client: OpenIDClient, anew: bool = False) -> Metadata:
    """Raises OpenIDError: UNREACHABLE, NO_CONFIGURATION, OTHER_ISSUER or UNSUITABLE."""
    return _kept.get(client.issuer, lambda: _asked(client), anew)


def _asked(client: OpenIDClient) -> Metadata:
    # Discovery 4.1: a slash at the end of the issuer is left out.
    url = f"{client.issuer.removesuffix('/')}{WELL_KNOWN}"
    told = json_of(guarded_session(client), url, Trouble.NO_CONFIGURATION)
    if told.get("issuer") != client.issuer:
        raise OpenIDError(Trouble.OTHER_ISSUER, str(told.get("issuer") or "")[:300])
    found = _metadata(told)
    _check_addresses(client, found)
    return found


def _metadata(told: dict[str, Any]) -> Metadata:
    # What is left out has these defaults (Discovery 3, RFC 8414).
    signs = _list(told, "id_token_signing_alg_values_supported") or ["RS256"]
    algorithms = tuple(each for each in ALGORITHMS if each in signs)
    if not algorithms:
        raise OpenIDError(Trouble.UNSUITABLE, "a way to sign that is safe, such as RS256")
    if "code" not in (_list(told, "response_types_supported") or ["code"]):
        raise OpenIDError(Trouble.UNSUITABLE, "the authorization code flow")
    return Metadata(
        issuer=told["issuer"],
        authorization_endpoint=_endpoint(told, "authorization_endpoint"),
        token_endpoint=_endpoint(told, "token_endpoint"),
        jwks_uri=_endpoint(told, "jwks_uri"),
        userinfo_endpoint=_endpoint(told, "userinfo_endpoint", needed=False),
        algorithms=algorithms,
        auth_methods=tuple(_list(told, "token_endpoint_auth_methods_supported")),
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
    )


def _list(told: dict[str, Any], name: str) -> list[str]:
    value = told.get(name)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _endpoint(told: dict[str, Any], name: str, needed: bool = True) -> str:
    url = told.get(name) or ""
    if not isinstance(url, str) or (needed and not url):
        raise OpenIDError(Trouble.UNSUITABLE, name)
    return url


def _check_addresses(client: OpenIDClient, found: Metadata) -> None:
    """Also of the one that only a browser is sent to: none leads into our own network."""
    urls = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri)
    for url in (*urls, *filter(None, [found.userinfo_endpoint])):
        try:
            checked_web(web_address(url), client.private)
        except Refused as error:
            raise OpenIDError(Trouble.UNREACHABLE) from error
