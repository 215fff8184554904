"""The cluster's hosts: what is rendered for them, and who of them is promoted."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest

from cluster.__main__ import from_environment
from cluster.engines import haproxy, pgbouncer
from cluster.failover import best
from cluster.plan import NUMBERS, Host
from cluster.run import longest_silence
from faults.records import Records, Webhook

BALANCER, PRIMARY = Host("balancer", "10.97.0.10"), Host("db2", "10.97.0.42")


@dataclass
class Standby:
    has: int | None

    def asked(self, query: str) -> int:
        if self.has is None:
            raise psycopg.OperationalError("it does not answer")
        return self.has


def test_what_deploy_has_leads_to_hosts_of_the_cluster_and_nowhere_else() -> None:
    balancer = haproxy.rendered(haproxy.FILE.read_text(), BALANCER)
    bouncer = pgbouncer.rendered(pgbouncer.FILE.read_text(), BALANCER, PRIMARY, Path("/users"))
    known = {f"10.97.0.{number}" for number in NUMBERS.values()}
    servers = re.findall(r"^  server (\S+) ([\d.]+):", balancer, re.M)
    assert {name for name, _ in servers} >= {"web1", "web2", "valkey1", "valkey2"}
    assert all(address == f"10.97.0.{NUMBERS[name]}" for name, address in servers)
    assert "host=10.97.0.42 " in bouncer
    for text in (balancer, bouncer):
        said = "\n".join(line for line in text.splitlines() if line.strip()[:1] not in ("#", ";"))
        assert set(re.findall(r"\d+\.\d+\.\d+\.\d+(?!/)", said)) <= known
        assert not re.search(r"example\.com|\.internal|/etc/", said)


def test_the_standby_that_has_most_is_promoted_and_none_while_one_does_not_answer() -> None:
    behind, ahead, silent = (cast(Any, Standby(has)) for has in (7, 9, None))
    assert best([behind, ahead]) is ahead
    with pytest.raises(psycopg.OperationalError):
        best([ahead, silent])


def test_a_run_is_what_was_asked_for() -> None:
    usual, lonely = from_environment({}), from_environment({"SYNC": "off"})
    assert len(usual.troubles) == 15
    assert not lonely.synchronous
    assert [each.name for each in lonely.troubles] == ["nothing", "primary-alone"]
    with pytest.raises(SystemExit, match="no trouble is called flood"):
        from_environment({"KINDS": "flood"})


def test_the_longest_silence_counts_from_the_beginning_to_the_end() -> None:
    taken = [Webhook("salon", "SM1", accepted=True, taken_at=at) for at in (5, 11, 12, 18)]
    lost = Webhook("salon", "SM2", taken_at=14)
    assert longest_silence(Records(webhooks=[*taken, lost]), 10, 20) == 6
    assert longest_silence(Records(), 10, 20) == 10
