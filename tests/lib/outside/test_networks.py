"""What is outside, whatever form its address has."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.outside.networks import is_public, parse

INSIDE = (
    *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1"),
    *("0.0.0.0", "255.255.255.255", "224.0.0.1", "192.0.2.1", "198.18.0.1", "168.63.129.16"),  # noqa: S104
    *("::", "::1", "fc00::1", "fd00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff0e::1"),
    *("::127.0.0.1", "4000::1", "64:ff9b:1::7f00:1", "2001:db8::1", "100::1"),
)
OUTSIDE = ("1.1.1.1", "93.184.215.14", "2606:4700::1111", "64:ff9b::1.1.1.1", "2002:101:101::1")


def forms(ip: IPv4Address) -> list[IPv6Address]:
    """The ways in which IPv6 says an IPv4 address: mapped, 6to4, Teredo, NAT64."""
    number = int(ip)
    return [
        IPv6Address((0xFFFF << 32) | number),
        IPv6Address((0x2002 << 112) | (number << 80) | 1),
        IPv6Address((0x20010000 << 96) | (number ^ 0xFFFFFFFF)),
        IPv6Address((0x64FF9B << 96) | number),
    ]


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_is_outside_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4).filter(lambda ip: not ip.is_global))
def test_no_form_of_an_address_inside_is_public(ip: IPv4Address) -> None:
    assert [form for form in (ip, *forms(ip)) if is_public(form)] == []


@pytest.mark.parametrize(
    ("text", "address", "port", "holds"),
    [
        ("10.0.0.0/8", "10.9.9.9", 993, True),
        ("10.0.0.0/8", "::ffff:10.9.9.9", 993, True),
        ("10.0.0.0/8", "11.0.0.1", 993, False),
        ("127.0.0.1:8080", "127.0.0.1", 8080, True),
        ("127.0.0.1:8080", "127.0.0.1", 5432, False),
        ("127.0.0.1:8080", "127.0.0.2", 8080, False),
        ("fd00::/8", "fd12::1", 25, True),
        ("[fd00::/8]:993", "fd12::1", 993, True),
        ("[fd00::/8]:993", "fd12::1", 25, False),
        ("169.254.0.0/16", "169.254.169.254", 80, False),
    ],
)
def test_an_operator_allows_networks_and_ports_but_no_metadata(
    text: str, address: str, port: int, holds: bool
) -> None:
    assert parse(text).holds(ip_address(address), port) is holds


@pytest.mark.parametrize("text", ["", "everything", "10.0.0.1/8", "127.0.0.1:0", "127.0.0.1:x"])
def test_what_is_no_network_is_said_so(text: str) -> None:
    with pytest.raises(ValueError):
        parse(text)
