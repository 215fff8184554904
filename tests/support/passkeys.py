"""A device that holds a passkey, in software: it answers as a browser's script posts it, or wrongly
in whatever way a test wants."""

import hashlib
import json
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from html import unescape
from struct import pack
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from werkzeug.test import TestResponse

from app.extensions import db
from app.lib.time.clock import now
from app.models import User
from app.tenancy import unscoped
from app.users import passkey_ceremony, passkeys, second_factor
from app.users.passkey_place import Place
from tests.support.browser import Browser
from tests.support.world import PASSWORD

PLACE = Place("localhost", "http://localhost")
OPTIONS = re.compile(r'data-options="([^"]+)"')
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40

Options = dict[str, Any]


@dataclass
class Device:
    """Of one passkey. What it says of itself can be changed."""

    verifies: bool = True
    counts: bool = True
    count: int = 0
    origin: str = PLACE.origin
    name: str = PLACE.name
    handle: bytes | None = None
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def create(self, options: Options) -> str:
        """What the browser answers to navigator.credentials.create."""
        self.handle = from_base64(options["user"]["id"])
        cose = cbor.encode(ES256.from_cryptography_key(self.key.public_key()))
        about = bytes(16) + pack(">H", len(self.credential_id)) + self.credential_id + cose
        said = {"fmt": "none", "attStmt": {}, "authData": self._said(ATTESTED) + about}
        return self._answer(
            clientDataJSON=self._client("webauthn.create", options),
            attestationObject=cbor.encode(said),
            transports=["internal", "hybrid"],
        )

    def get(self, options: Options) -> str:
        """To navigator.credentials.get; its count goes on."""
        self.count += self.counts
        client, said = self._client("webauthn.get", options), self._said()
        signed = said + hashlib.sha256(client).digest()
        return self._answer(
            clientDataJSON=client,
            authenticatorData=said,
            signature=self.key.sign(signed, ec.ECDSA(hashes.SHA256())),
            userHandle=self.handle,
        )

    def _said(self, more: int = 0) -> bytes:
        flags = PRESENT | (VERIFIED if self.verifies else 0) | more
        return hashlib.sha256(self.name.encode()).digest() + pack(">BI", flags, self.count)

    def _client(self, kind: str, options: Options) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _answer(self, **response: Any) -> str:
        told = {
            name: to_base64(value) if isinstance(value, bytes) else value
            for name, value in response.items()
            if value is not None
        }
        id_ = to_base64(self.credential_id)
        return json.dumps({"id": id_, "rawId": id_, "type": "public-key", "response": told})


def to_base64(value: bytes) -> str:
    return urlsafe_b64encode(value).decode().rstrip("=")


def from_base64(text: str) -> bytes:
    return urlsafe_b64decode(text + "==")


def asked(page: str) -> Options:
    """What a page's script asks the browser."""
    found = OPTIONS.search(page)
    assert found, page
    options: Options = json.loads(unescape(found[1]))["publicKey"]
    return options


def add(browser: Browser, device: Device, name: str = "Telephone") -> TestResponse:
    """By the pages; the last of them."""
    form = {"password": PASSWORD, "name": name}
    assert browser.post("/second-factor/passkeys/add", data=form).status_code == 302
    options = asked(browser.get("/second-factor/passkeys/create").text)
    return browser.post("/second-factor/passkeys/create", data={"answer": device.create(options)})


def given(email: str, device: Device | None = None, name: str = "Telephone") -> Device:
    """Somebody has one for long."""
    device = device or Device()
    with unscoped("tests"):
        user = db.session.query(User).filter_by(email=email).one()
        person = passkeys.handle_of(user), user.email, str(user)
        question = passkey_ceremony.ask_to_make(PLACE, person, [])
        answer = device.create(json.loads(question.options)["publicKey"])
        made = passkey_ceremony.made(PLACE, question.state, answer)
        second_factor.add_passkey(user, made, name, now())
        db.session.commit()
        db.session.remove()
    return device


def sign_in(browser: Browser, device: Device, next_: str = "") -> TestResponse:
    """With the passkey alone."""
    options = browser.post("/login/passkey/options").json["publicKey"]
    return answer(browser, device.get(options), next_)


def answer(browser: Browser, said: str, next_: str = "") -> TestResponse:
    return browser.post(f"/login/passkey{next_}", data={"answer": said})
