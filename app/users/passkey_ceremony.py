"""What a browser is asked so that a passkey is made or used, and how its answer is read (WebAuthn's
two ceremonies), by Yubico's fido2. No row is read or written here."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.webauthn import (
    Aaguid,
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.models import Passkey
from app.users.passkey_place import Place

# As devices call it.
US = "KaiVox"
TRANSPORTS = frozenset(map(str, AuthenticatorTransport))
# For whom it is made, beside what the library keeps of a question.
HANDLE = "user_handle"

State = dict[str, Any]
"""What was asked, as JSON has it; whoever reads the answer needs it."""


class NoAnswer(ValueError):
    """It does not answer what was asked, or comes from another passkey or another address."""


class Asked(NamedTuple):
    options: str
    """JSON, for the browser."""
    state: State


@dataclass(frozen=True)
class Made:
    """A passkey that a browser has made."""

    user_handle: UUID
    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]


@dataclass(frozen=True)
class Used:
    """What a browser says of the passkey that it has used; true once `check` has found it so."""

    credential_id: bytes
    user_handle: bytes | None
    sign_count: int
    verified: bool
    """Whether the device has checked who holds it: by a finger, a face or a PIN."""
    answer: AuthenticationResponse


def ask_to_make(place: Place, person: tuple[UUID, str, str], known: Sequence[Passkey]) -> Asked:
    """Of a device that has none of the known ones. person: their handle, email and name."""
    handle, email, name = person
    options, state = _server(place).register_begin(
        PublicKeyCredentialUserEntity(id=handle.bytes, name=email, display_name=name),
        _descriptors(known),
        # So that it signs in without an email as well.
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return Asked(json.dumps(dict(options)), {**state, HANDLE: handle.hex})


def made(place: Place, state: State, answer: str) -> Made:
    """Raises NoAnswer."""
    with _reading():
        said = json.loads(answer)
        device = _server(place).register_complete(state, said)
        if (key := device.credential_data) is None:
            raise NoAnswer
        _check_key(key.public_key)
        ways = TRANSPORTS.intersection(said["response"].get("transports") or ())
        return Made(
            UUID(state[HANDLE]),
            key.credential_id,
            cbor.encode(key.public_key),
            device.counter,
            sorted(ways),
        )


def _check_key(key: CoseKey) -> None:
    """The library keeps whatever came as one, also cut off; a key finds a signature wrong."""
    with suppress(InvalidSignature):
        key.verify(b"", b"")


def ask_to_use(place: Place, known: Sequence[Passkey] = ()) -> Asked:
    """One of the known ones, beside a password; none known: any, of a device that checks who holds
    it."""
    options, state = _server(place).authenticate_begin(
        _descriptors(known) or None,
        user_verification=(
            UserVerificationRequirement.DISCOURAGED
            if known
            else UserVerificationRequirement.REQUIRED
        ),
    )
    return Asked(json.dumps(dict(options)), state)


def used(answer: str) -> Used:
    """Raises NoAnswer."""
    with _reading():
        said = AuthenticationResponse.from_dict(json.loads(answer))
        device = said.response.authenticator_data
        return Used(
            said.raw_id,
            said.response.user_handle,
            device.counter,
            device.is_user_verified(),
            said,
        )


def check(place: Place, state: State, used: Used, passkey: Passkey) -> None:
    """Whether it is signed by that passkey, for what was asked, at our address. How often it has
    signed is not looked at (passkeys.take). Raises NoAnswer."""
    with _reading():
        key = CoseKey.parse(cbor.decode(passkey.public_key))  # type: ignore[arg-type]
        known = AttestedCredentialData.create(Aaguid.NONE, passkey.credential_id, key)
        _server(place).authenticate_complete(state, [known], used.answer)


def _server(place: Place) -> Fido2Server:
    # By itself it would take an answer from any host below our name.
    us = PublicKeyCredentialRpEntity(name=US, id=place.name)
    return Fido2Server(us, verify_origin=lambda origin: origin == place.origin)


def _descriptors(passkeys: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            type=PublicKeyCredentialType.PUBLIC_KEY,
            id=passkey.credential_id,
            transports=[AuthenticatorTransport(way) for way in passkey.transports],
        )
        for passkey in passkeys
    ]


@contextmanager
def _reading() -> Iterator[None]:
    """Of what anybody may have made up: the library raises whatever it stumbles over."""
    try:
        yield
    except Exception as error:
        raise NoAnswer from error
