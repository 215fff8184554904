"""The keys by which a provider signs (JWKS, RFC 7517), asked for once more where none of those that
are kept fits."""

from typing import Any

from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import JWKRegistry, KeySet
from joserfc.jws import JWSRegistry
from joserfc.jwt import Token, decode

from app.providers.openid.discovery import Metadata
from app.providers.openid.guarded_session import guarded_session
from app.providers.openid.json_answer import json_of
from app.providers.openid.kept_answers import KeptAnswers
from app.providers.openid.openid_client import OpenIDClient
from app.providers.openid.openid_errors import OpenIDError, Trouble

MOST_KEYS = 50

_kept: KeptAnswers[KeySet] = KeptAnswers()


def signed_by(client: OpenIDClient, metadata: Metadata, text: str) -> Token:
    """What the token says, if the provider has signed it. Raises OpenIDError: BAD_TOKEN, NO_KEYS
    or UNREACHABLE."""
    try:
        try:
            return _decoded(provider_keys(client, metadata), metadata, text)
        except (InvalidKeyIdError, BadSignatureError):
            return _decoded(provider_keys(client, metadata, anew=True), metadata, text)
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise OpenIDError(Trouble.BAD_TOKEN, "its signature") from error


def provider_keys(client: OpenIDClient, metadata: Metadata, anew: bool = False) -> KeySet:
    """Raises OpenIDError: NO_KEYS or UNREACHABLE."""
    return _kept.get(metadata.jwks_uri, lambda: _asked(client, metadata), anew)


def _decoded(keys: KeySet, metadata: Metadata, text: str) -> Token:
    # Headers that it need not know are none of our business; those that are critical it refuses.
    registry = JWSRegistry(algorithms=list(metadata.algorithms), strict_check_header=False)
    return decode(text, keys, registry=registry)


def _asked(client: OpenIDClient, metadata: Metadata) -> KeySet:
    told = json_of(guarded_session(client), metadata.jwks_uri, Trouble.NO_KEYS)
    listed = told.get("keys")
    keys = [_key(each) for each in listed[:MOST_KEYS]] if isinstance(listed, list) else []
    found = [each for each in keys if each is not None]
    if not found:
        raise OpenIDError(Trouble.NO_KEYS)
    return KeySet(found)


def _key(told: Any) -> Any:
    """None: it is of a kind that we do not know, or not for signing."""
    if not isinstance(told, dict) or told.get("kty") == "oct" or told.get("use", "sig") != "sig":
        return None
    try:
        return JWKRegistry.import_key(told)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
