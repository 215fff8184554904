"""The start of the product, step by step."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from app.config import Settings, load
from app.servers import Urls, lock
from app.servers.handed_down import handed_down
from app.servers.postgres import Postgres
from app.servers.process import Server
from app.servers.running import announced
from app.servers.server_errors import told_plainly
from app.servers.valkey import Valkey
from app.supervisor import dotenv, listen_addresses, product, reachable, surroundings
from app.supervisor.banner import banner
from app.supervisor.console import Console
from app.supervisor.listen_addresses import Address
from app.supervisor.nursery.forking import Nursery
from app.supervisor.part import Part, serving
from app.supervisor.supervisor import Supervisor


def run(environ: Mapping[str, str], project: Path) -> None:
    """Run the product until asked to stop, which raises StopAsked.

    Raises ConfigError or ServerError, each one line for the person, when it cannot.
    """
    given = {**dotenv.read(project / ".env"), **environ}
    env = {key: value for key, value in given.items() if value.strip()}
    settings = load(env)
    with lock.held(settings.var_dir), Supervisor(Console()) as supervisor:
        Run(supervisor, settings, env).all()


class Run:
    """One run of the product."""

    def __init__(self, supervisor: Supervisor, settings: Settings, env: Mapping[str, str]) -> None:
        self.supervisor = supervisor
        self.settings = settings
        self.env = dict(env)
        self.web = listen_addresses.web_address(settings)
        self.streams = listen_addresses.streams_address(settings, env)
        self.nursery: Nursery | None = None
        self.simulator: Address | None = None
        if surroundings.wants_simulator(env):
            self.simulator = listen_addresses.simulator_address(settings, env)
        self.mailboxes: dict[str, Address] = {}
        """By protocol: SMTP and IMAP."""
        if self.simulator and not settings.mail_server:
            for protocol in ("SMTP", "IMAP"):
                address = listen_addresses.mail_address(settings, env, protocol)
                self.mailboxes[protocol] = address

    def all(self) -> None:
        self._check()
        own = self._prepare_servers()
        self._fill_environment()
        nursery = self._start_nursery()
        self._serve(own)
        with announced(self.settings.var_dir, self.urls):
            self.supervisor.wait_until_ready(*nursery)
            if not self.settings.database_url:
                self._run(product.own_role(self.env))()
            with handed_down(self.settings.var_dir, self.env):
                sign_in = self._start_parts()
                self.supervisor.console.write(self._banner(sign_in))
                self.supervisor.forever()

    def _check(self) -> None:
        listen_addresses.check_free("PORT", self.web)
        listen_addresses.check_free("LIVE_PORT", self.streams)
        if self.simulator:
            listen_addresses.check_free("SIMULATOR_PORT", self.simulator)
        for protocol, address in self.mailboxes.items():
            listen_addresses.check_free(f"SIMULATOR_{protocol}_PORT", address)
        if self.settings.database_url:
            reachable.check_database(self.settings.database_url)
        if self.settings.redis_url:
            reachable.check_redis(self.settings.redis_url)

    def _prepare_servers(self) -> list[Server]:
        """Our own, for those that were not given."""
        postgres, valkey = Postgres(self.settings.var_dir), Valkey(self.settings.var_dir)
        given = (self.settings.database_url, self.settings.redis_url)
        servers: tuple[Server, ...] = (postgres, valkey)
        own = [server for server, url in zip(servers, given, strict=True) if not url]
        with told_plainly():
            for server in own:
                server.prepare()
            self.urls = Urls(database=given[0] or postgres.url, redis=given[1] or valkey.url)
        return own

    def _start_nursery(self) -> list[Part]:
        """It imports the program while the servers start. None where nobody can adopt."""
        if sys.platform != "linux":
            return []
        part, self.nursery = product.nursery(self.env, self.simulator is not None)
        self.supervisor.start(part)
        return [part]

    def _serve(self, servers: list[Server]) -> None:
        parts = [serving(server, self.env) for server in servers]
        self.supervisor.start(*parts)
        self.supervisor.wait_until_ready(*parts)

    def _fill_environment(self) -> None:
        streams = {"LIVE_PORT": str(self.streams.port)}
        self.env = surroundings.for_everybody(self.settings, self.env | streams, self.urls)
        var_dir = self.settings.var_dir
        if self.simulator:
            self.env = surroundings.with_simulator(self.env, var_dir, self.simulator)
        if self.mailboxes:
            self.env = surroundings.with_mailboxes(self.env, var_dir, *self.mailboxes.values())

    def _start_parts(self) -> list[str]:
        """Start the parts, as many as possible side by side; returns how to sign in."""
        simulated = [product.simulator(self.env, self.simulator)] if self.simulator else []
        simulator = self._forked(*simulated)
        self.supervisor.start(*simulator)
        sign_in = self._run(product.flask("prepare", self.env))()
        web = product.web(self.settings, self.env, self.web)
        answering = self._forked(web, product.streams(self.env, self.streams))
        silent = self._forked(*product.workers(self.env), product.scheduler(self.env))
        self.supervisor.start(*answering, *silent)
        self.supervisor.wait_until_ready(*simulator)
        introduced = self._run(product.flask("introduce", self.env)) if simulator else list
        self.supervisor.wait_until_ready(*answering)
        introduced()
        return sign_in

    def _forked(self, *parts: Part) -> list[Part]:
        return [replace(part, nursery=self.nursery) for part in parts]

    def _run(self, command: Part) -> Callable[[], list[str]]:
        return self.supervisor.begin(*self._forked(command))

    def _inbox(self) -> str:
        # In production the application answers to no other name.
        return self.settings.public_url if self.settings.production else f"http://{self.web.local}"

    def _banner(self, sign_in: list[str]) -> str:
        return banner(
            inbox=f"{self._inbox()}/messages",
            simulator=f"http://{self.simulator}" if self.simulator else None,
            mailboxes=f"http://{self.simulator}/mail" if self.mailboxes else None,
            sign_in=sign_in,
            var_dir=self.settings.var_dir,
        )
