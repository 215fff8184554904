"""A host that a tenant has typed leads to no server inside: the servers here saw nobody."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import suppress
from time import monotonic

import pytest

from app.lib.outside import networks
from app.lib.outside.outside_address import (
    NOT_REACHED,
    Checked,
    Refused,
    Resolve,
    checked_address,
    connect,
)
from tests.support.listener import Listener, listener


@pytest.fixture
def inside() -> Iterator[Listener]:
    with listener() as server:
        yield server


def system(name: str) -> Sequence[str]:
    """As most programs look up names: also decimal, octal and hex forms are addresses to it."""
    return [str(each[4][0]) for each in socket.getaddrinfo(name, None)]


def fixed(*addresses: str) -> Resolve:
    return lambda name: addresses


def reach(host: str, port: int, resolve: Resolve, *private: str) -> Checked:
    allowed = [networks.parse(each) for each in private]
    return checked_address(host, port, (port,), allowed, resolve)


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.0.0.1.", "[127.0.0.1]", "127.1", "127.0.1", "0", "0.0.0.0"),  # noqa: S104
        *("2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001"),
        *("localhost", "LOCALHOST", "localhost.", "127.0.0.1%00", "①②⑦.⓪.⓪.①"),
        *("::1", "[::1]", "::ffff:127.0.0.1", "[::ffff:7f00:1]", "::127.0.0.1", "::"),
        *("64:ff9b::7f00:1", "2002:7f00:1::1", "2001:0:1:1:1:1:80ff:fffe"),
    ],
)
def test_no_way_to_write_this_machine_leads_to_it(host: str, inside: Listener) -> None:
    with pytest.raises(Refused) as error:
        connect(reach(host, inside.port, system), monotonic() + 1)
    assert str(error.value) == NOT_REACHED
    assert inside.connections == 0


def test_this_machine_is_refused_by_ipv6_too() -> None:
    # A machine without IPv6 has no such way in.
    with suppress(OSError), listener("::1") as server:
        for host in ("::1", "[::1]", "0:0:0:0:0:0:0:1", "localhost"):
            with pytest.raises(Refused, match="could not be reached"):
                reach(host, server.port, system)
        assert server.connections == 0


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",),
        ("::ffff:127.0.0.1",),
        ("1.1.1.1", "127.0.0.1"),
        ("2606:4700::1111", "::1"),
        ("100.64.0.1",),
        ("fd00::1",),
        ("169.254.169.254",),
        ("not an address",),
        (),
    ],
)
def test_a_name_with_any_address_inside_is_refused(
    addresses: tuple[str, ...], inside: Listener
) -> None:
    """Such as 127.0.0.1.nip.io."""
    with pytest.raises(Refused) as error:
        reach("hooks.example.com", inside.port, fixed(*addresses))
    assert str(error.value) == NOT_REACHED
    assert inside.connections == 0


@pytest.mark.parametrize(
    "name", ["metadata.google.internal", "db.localhost", "printer.local", "metadata.goog"]
)
def test_a_name_of_the_inside_is_refused_wherever_it_leads(name: str) -> None:
    with pytest.raises(Refused):
        reach(name, 443, fixed("1.1.1.1"))


@pytest.mark.parametrize("name", ["", ".", "a b.example", "a/b", "a@b", "-a.example", "x" * 300])
def test_what_is_no_name_is_not_looked_up(name: str) -> None:
    def resolve(name: str) -> Sequence[str]:
        raise AssertionError("it was looked up")

    with pytest.raises(Refused):
        reach(name, 443, resolve)


def test_a_name_that_leads_inside_after_the_check_is_not_asked_again(inside: Listener) -> None:
    """Rebinding: the first answer is fine, each later one is ours."""
    answers = iter(["127.0.0.2"])
    asked: list[str] = []

    def resolve(name: str) -> Sequence[str]:
        asked.append(name)
        return [next(answers, "127.0.0.1")]

    with listener("127.0.0.2") as allowed:
        checked = reach("rebind.example.com", allowed.port, resolve, f"127.0.0.2:{allowed.port}")
        connect(checked, monotonic() + 5).close()
        assert allowed.connections == 1
    assert asked == ["rebind.example.com"]
    with pytest.raises(Refused):
        reach("rebind.example.com", inside.port, resolve, f"127.0.0.2:{inside.port}")
    assert inside.connections == 0


def test_a_port_is_one_of_those_that_are_given() -> None:
    with pytest.raises(Refused, match="443, 8443"):
        checked_address("hooks.example.com", 22, (443, 8443), (), lambda name: ["1.1.1.1"])


def test_what_the_operator_allows_is_reached_at_its_port_alone(inside: Listener) -> None:
    allowed = f"127.0.0.1:{inside.port}"
    checked = reach("hooks.example.com", inside.port, fixed("127.0.0.1"), allowed)
    assert checked.private
    connect(checked, monotonic() + 5).close()
    with pytest.raises(Refused):
        reach("hooks.example.com", inside.port + 1, fixed("127.0.0.1"), allowed)


def test_half_allowed_and_half_public_is_refused(inside: Listener) -> None:
    with pytest.raises(Refused):
        reach("hooks.example.com", inside.port, fixed("127.0.0.1", "1.1.1.1"), "127.0.0.0/8")


def test_an_address_that_is_dead_leaves_time_for_the_next(inside: Listener) -> None:
    checked = reach(
        "hooks.example.com", inside.port, fixed("127.0.0.3", "127.0.0.1"), "127.0.0.0/8"
    )
    connect(checked, monotonic() + 5).close()
    with pytest.raises(Refused):
        connect(checked, monotonic() - 1)
