"""What the DNS says of the domain that emails come from, and that nobody waits for a DNS that is
away."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest
from flask import current_app

from app.health import watch
from app.health.checks.platform import PLATFORM
from app.health.checks.platform.email_domain import judge
from app.health.finding import Finding, State
from app.providers import dns_records
from tests.support.mailboxes import Mailboxes
from tests.support.world import NOON

DOMAIN = "mail.salon.co"
GOOD = {
    DOMAIN: ["v=spf1 include:_spf.host.co ~all", "some-site-verification=1"],
    f"_domainkey.{DOMAIN}": [],
    "_dmarc.salon.co": ["v=DMARC1; p=none"],
}


def test_a_domain_that_vouches_for_us_is_well() -> None:
    assert judge(DOMAIN, GOOD.get).state is State.OK


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ({DOMAIN: []}, "it has no SPF record"),
        ({DOMAIN: ["v=spf10 all"]}, "it has no SPF record"),
        ({DOMAIN: ["v=spf1 -all", "V=SPF1 ~all"]}, "several SPF records"),
        ({DOMAIN: ["v=spf1 +all"]}, "lets everybody write"),
        ({f"_domainkey.{DOMAIN}": None}, "it has no DKIM key"),
        ({"_dmarc.salon.co": ["v=DMARC12"]}, "it has no DMARC record"),
        ({"_dmarc.salon.co": None, "_dmarc.co": None}, "it has no DMARC record"),
    ],
)
def test_what_it_lacks_is_named(records: dict[str, list[str] | None], said: str) -> None:
    told = judge(DOMAIN, {**GOOD, **records}.get)
    assert (told.state, said in told.sentence) == (State.WARNING, True), told
    assert DOMAIN in told.next_step


def test_the_own_dmarc_record_goes_before_that_of_the_domain_above() -> None:
    asked: list[str] = []

    def lookup(name: str) -> list[str] | None:
        asked.append(name)
        return {**GOOD, f"_dmarc.{DOMAIN}": ["v=DMARC1; p=reject"]}.get(name)

    assert judge(DOMAIN, lookup).state is State.OK
    assert "_dmarc.salon.co" not in asked and "_dmarc.co" not in asked


@contextmanager
def served(records: dict[str, list[str]] | None) -> Iterator[int]:
    """A DNS server with these TXT records on a port of this machine; None: it answers nobody."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        if records is not None:
            threading.Thread(target=answering, args=(sock, records), daemon=True).start()
        yield sock.getsockname()[1]
        # It wakes up, and ends.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", sock.getsockname())


def answering(sock: socket.socket, records: dict[str, list[str]]) -> None:
    while asked := sock.recvfrom(4096):
        wire, caller = asked
        if not wire:
            return
        query = dns.message.from_wire(wire)
        name = query.question[0].name.to_text().rstrip(".")
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if texts := records.get(name):
            quoted = [
                " ".join(f'"{text[at : at + 20]}"' for at in range(0, len(text), 20))
                for text in texts
            ]
            answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "TXT", *quoted))
        elif name not in records:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        sock.sendto(answer.to_wire(), caller)


def asks(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], port
    monkeypatch.setattr(dns_records, "_resolver", lambda _server: resolver)


def writes_from(address: str) -> None:
    before = current_app.extensions["settings"]
    current_app.extensions["settings"] = replace(before, email_from=address)


def told() -> Finding:
    return {finding.check: finding for finding in watch.platform(NOON)}["email_domain"]


def test_a_real_dns_is_read_also_where_a_text_is_in_pieces(
    post: Mailboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes_from(f"messages@{DOMAIN}")
    with served(dict(GOOD)) as port:
        asks(monkeypatch, port)
        assert told().state is State.OK
    with served({DOMAIN: GOOD[DOMAIN]}) as port:
        asks(monkeypatch, port)
        assert (told().state, "no DKIM key" in told().sentence) == (State.WARNING, True)


def test_a_dns_that_is_away_costs_two_seconds_and_proves_nothing(
    post: Mailboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dns_records, "SECONDS", 0.2)
    writes_from(f"messages@{DOMAIN}")
    with served(None) as port:
        asks(monkeypatch, port)
        began = monotonic()
        found = told()
        assert monotonic() - began < 5
    assert found.state is State.OK and found.sentence.startswith("Not looked at: The DNS could not")


def test_what_was_found_stands_while_the_dns_is_away(
    post: Mailboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dns_records, "SECONDS", 0.2)
    writes_from(f"messages@{DOMAIN}")
    with served({}) as port:
        asks(monkeypatch, port)
        assert told().state is State.WARNING
    with served(None) as port:
        asks(monkeypatch, port)
        assert told().state is State.WARNING


def test_a_sample_domain_is_not_looked_up(post: Mailboxes) -> None:
    writes_from("messages@kaivox.example")
    assert PLATFORM["email_domain"].look(NOON) is None
