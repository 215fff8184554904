"""Addresses that say which email of ours is answered, and that nobody else can make."""

import uuid

import pytest

from app.lib.mail.signed_address import Purpose, named, signed

KEYS = ["older", "newer"]
MESSAGE = uuid.UUID(int=7)
REPLY = signed(KEYS, Purpose.REPLY, 1, MESSAGE, "salon.in.example")


def test_an_address_names_its_message_whatever_else_is_named() -> None:
    others = ["ann@lee.example", "reply+x@salon.in.example", "reply+@"]
    assert named(KEYS, 1, [*others, REPLY], Purpose) == MESSAGE
    assert named(KEYS, 1, others, Purpose) is None


def test_it_fits_into_what_a_mail_server_takes_and_has_no_capitals() -> None:
    name = signed(KEYS, Purpose.BOUNCE, 1, MESSAGE, "in.example").partition("@")[0]
    # RFC 5321, 4.5.3.1.1.
    assert len(name) <= 64 and name == name.lower()


def test_an_address_of_an_older_key_counts() -> None:
    assert named(KEYS, 1, [signed(["older"], Purpose.REPLY, 1, MESSAGE, "a.b")], Purpose) == MESSAGE


@pytest.mark.parametrize(
    "address",
    [
        signed(["another"], Purpose.REPLY, 1, MESSAGE, "a.b"),
        signed(KEYS, Purpose.REPLY, 2, MESSAGE, "a.b"),
        signed(KEYS, Purpose.BOUNCE, 1, MESSAGE, "a.b"),
        REPLY.replace(MESSAGE.hex, uuid.UUID(int=8).hex),
        REPLY.replace("reply", "bounce"),
        REPLY.replace("@", "x@"),
    ],
)
def test_what_we_did_not_sign_for_that_names_nothing(address: str) -> None:
    assert named(KEYS, 1, [address], [Purpose.REPLY]) is None
