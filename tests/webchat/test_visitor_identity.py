"""Who is signed in on a business's site: only what it has signed, and not for longer than a day."""

import base64
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest

from app.webchat.visitor_identity import BadIdentity, Identity, new_secret, verified
from tests.support.world import NOON

OLD, NEW = new_secret(), new_secret()
GOOD: dict[str, Any] = {"iss": "widget", "sub": "C-1", "exp": NOON.timestamp() + 3600}


def signed(key: str = NEW, algorithm: str = "HS256", **claims: Any) -> str:
    told = {name: value for name, value in (GOOD | claims).items() if value is not None}
    return jwt.encode(told, key, algorithm=algorithm)


def unsigned(algorithm: str) -> str:
    parts = ({"alg": algorithm, "typ": "JWT"}, GOOD)
    plain = (base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in parts)
    return ".".join([*(part.decode() for part in plain), ""])


def test_what_one_of_both_secrets_has_signed_is_believed() -> None:
    for key in (OLD, NEW):
        one = verified(signed(key, name=" Ann\nBecker "), [NEW, OLD], NOON)
        assert one == Identity("C-1", "Ann Becker", NOON + timedelta(hours=1))
    other = verified(signed(sub="C-2"), [NEW], NOON)
    assert other.address != one.address, "each has an address of their own"
    # A day and a minute, as two clocks differ.
    assert verified(signed(exp=NOON.timestamp() + 86_460), [NEW], NOON)
    assert verified(signed(exp=NOON.timestamp() - 59), [NEW], NOON)


@pytest.mark.parametrize(
    ("token", "why"),
    [
        (signed(new_secret()), "not signed with one of the present secrets"),
        (signed(algorithm="HS512"), "cannot be taken"),
        (unsigned("none"), "cannot be taken"),
        (unsigned("HS256"), "not signed"),
        (signed(iss="another"), "cannot be taken"),
        (signed(sub=None), "cannot be taken"),
        (signed(exp=None), "cannot be taken"),
        (signed(sub=""), "sub is empty"),
        (signed(sub="x" * 201), "sub is empty, or longer"),
        (signed(exp=NOON.timestamp() - 61), "is over"),
        (signed(exp=NOON.timestamp() + 86_470), "longer than 24 hours"),
        (signed(exp="tomorrow"), "is over"),
        (signed(exp=float("inf")), "is over"),
        (signed(nbf=NOON.timestamp() + 600), "not valid yet"),
        ("", "cannot be taken"),
        ("a.b.c", "cannot be taken"),
        ("x" * 5000, "longer than 4,096"),
    ],
)
def test_what_is_not_signed_as_it_must_be_is_refused(token: str, why: str) -> None:
    with pytest.raises(BadIdentity, match=why):
        verified(token, [NEW, OLD], NOON)
