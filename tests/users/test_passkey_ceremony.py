"""What a device answers is read, and whatever else comes is no answer."""

import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from app.models import Passkey
from app.users import passkey_ceremony
from app.users.passkey_ceremony import Made, NoAnswer
from app.users.passkey_place import Place, place
from tests.support.passkeys import PLACE, Device, from_base64, to_base64

PERSON = uuid4(), "ann@salon.test", "Ann"


def made(device: Device) -> tuple[passkey_ceremony.Asked, Made]:
    asked = passkey_ceremony.ask_to_make(PLACE, PERSON, [])
    answer = device.create(json.loads(asked.options)["publicKey"])
    return asked, passkey_ceremony.made(PLACE, asked.state, answer)


def row(of: Made) -> Passkey:
    return Passkey(credential_id=of.credential_id, public_key=of.public_key, transports=["usb"])


def used(device: Device, passkey: Passkey, *known: Passkey) -> None:
    """Raises NoAnswer."""
    asked = passkey_ceremony.ask_to_use(PLACE, known)
    said = passkey_ceremony.used(device.get(json.loads(asked.options)["publicKey"]))
    passkey_ceremony.check(PLACE, asked.state, said, passkey)


def test_a_passkey_is_made_for_its_person_and_used() -> None:
    device = Device()
    asked, passkey = made(device)
    assert passkey.user_handle == PERSON[0] and passkey.credential_id == device.credential_id
    assert passkey.transports == ["hybrid", "internal"]
    used(device, row(passkey))
    with pytest.raises(NoAnswer):
        used(Device(credential_id=device.credential_id), row(passkey))
    options = json.loads(asked.options)["publicKey"]
    assert options["rp"] == {"id": "localhost", "name": "KaiVox"}
    assert options["authenticatorSelection"]["residentKey"] == "required"


def test_alone_a_device_has_to_check_who_holds_it_and_beside_a_password_not() -> None:
    device = Device(verifies=False)
    passkey = row(made(device)[1])
    with pytest.raises(NoAnswer):
        used(device, passkey)
    used(device, passkey, passkey)


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:8000"},
        {"origin": "https://localhost"},
        {"origin": "http://in.localhost"},
        {"name": "evil.example"},
    ],
    ids=str,
)
def test_another_address_or_place_is_refused_as_it_is_made_and_as_it_is_used(
    wrong: dict[str, str],
) -> None:
    device = Device()
    passkey = row(made(device)[1])
    with pytest.raises(NoAnswer):
        used(replace(device, **wrong), passkey)  # type: ignore[arg-type]
    with pytest.raises(NoAnswer):
        made(Device(**wrong))  # type: ignore[arg-type]


def test_an_answer_of_one_kind_is_none_of_the_other_nor_to_another_question() -> None:
    device = Device()
    asked, passkey = made(device)
    question = passkey_ceremony.ask_to_use(PLACE)
    options = json.loads(question.options)["publicKey"]
    said = passkey_ceremony.used(device.get(options))
    for state in (asked.state, passkey_ceremony.ask_to_use(PLACE).state):
        with pytest.raises(NoAnswer):
            passkey_ceremony.check(PLACE, state, said, row(passkey))
    with pytest.raises(NoAnswer):
        passkey_ceremony.made(PLACE, asked.state, device.get(options))


NONSENSE: list[Any] = [None, 1, "x", [], {}, {"id": 1}, "é", "\x00", {"response": None}]


@pytest.mark.parametrize("said", ["", "{", "[" * 100_000, "null", "1", '"x"', "[]", "{}"], ids=repr)
def test_what_is_no_json_of_ours_is_no_answer(said: str) -> None:
    asked = passkey_ceremony.ask_to_make(PLACE, PERSON, [])
    with pytest.raises(NoAnswer):
        passkey_ceremony.made(PLACE, asked.state, said)
    with pytest.raises(NoAnswer):
        passkey_ceremony.used(said)


@pytest.mark.parametrize("kind", ["create", "get"])
def test_whatever_stands_in_a_field_is_refused_in_one_way(kind: str) -> None:
    device = Device()
    passkey = row(made(device)[1])
    making = passkey_ceremony.ask_to_make(PLACE, PERSON, [])
    asked = making if kind == "create" else passkey_ceremony.ask_to_use(PLACE)
    said = json.loads(getattr(device, kind)(json.loads(asked.options)["publicKey"]))
    tried = 0
    for name in ("clientDataJSON", "attestationObject", "authenticatorData", "signature"):
        if name in said["response"]:
            # Nobody but the device vouches for a key that it makes.
            signed = name not in ("clientDataJSON", "attestationObject")
            for value in (*NONSENSE, *_broken(said["response"][name], signed)):
                broken = said | {"response": said["response"] | {name: value}}
                with pytest.raises(NoAnswer):
                    _read(kind, asked.state, json.dumps(broken), passkey)
                tried += 1
    for name in ("id", "rawId", "response"):
        for value in NONSENSE:
            with pytest.raises(NoAnswer):
                _read(kind, asked.state, json.dumps(said | {name: value}), passkey)
    assert tried > 20


def _broken(value: str, signed: bool) -> list[str]:
    """Cut off, with a byte too many, nested without end, and with one bit changed."""
    whole = from_base64(value)
    places = range(0, len(whole), 9)
    turned = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in places]
    wrong = [whole[:-1], whole + b"\x00", b"\x81" * 9000]
    return [to_base64(each) for each in (*wrong, *(turned if signed else []))]


def _read(kind: str, state: passkey_ceremony.State, said: str, passkey: Passkey) -> None:
    if kind == "create":
        passkey_ceremony.made(PLACE, state, said)
        return
    passkey_ceremony.check(PLACE, state, passkey_ceremony.used(said), passkey)


@pytest.mark.parametrize(
    ("public_url", "expected"),
    [
        ("https://inbox.example.com", Place("inbox.example.com", "https://inbox.example.com")),
        ("https://inbox.example.com:443", Place("inbox.example.com", "https://inbox.example.com")),
        (
            "https://Inbox.example.com:8443/x",
            Place("inbox.example.com", "https://inbox.example.com:8443"),
        ),
        ("http://inbox.example.com", None),
        ("https://203.0.113.9", None),
        ("https://[2001:db8::9]", None),
        ("http://127.0.0.1:8000", Place("localhost", "http://localhost:8000")),
        ("http://[::1]:8000", Place("localhost", "http://localhost:8000")),
        ("http://localhost", Place("localhost", "http://localhost")),
    ],
)
def test_passkeys_hold_at_the_public_address_and_where_browsers_know_none_there_is_no_place(
    app: Flask, monkeypatch: pytest.MonkeyPatch, public_url: str, expected: Place | None
) -> None:
    settings = replace(app.extensions["settings"], public_url=public_url)
    monkeypatch.setitem(app.extensions, "settings", settings)
    assert place() == expected
