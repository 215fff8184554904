"""What every test stands on: real servers, a business with its people, and a stranger beside it."""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest
from flask import Flask, current_app
from sqlalchemy import select

from app import providers
from app.extensions import db, redis_client
from app.lib.mail import mail_server
from app.lib.outside import networks, outside_address
from app.models import Tenant
from app.servers import Urls, embedded
from app.servers.kept import free_port
from tests.support import dovecot, emptied, limited_locks, owner, parts, snapshot, streams, world
from tests.support.browser import Browser
from tests.support.carrier import Carrier, carrier
from tests.support.dovecot import Dovecot
from tests.support.mailboxes import Mailboxes
from tests.support.quick import (  # noqa: F401
    pytest_addoption,
    pytest_runtest_logreport,
    pytest_sessionfinish,
)
from tests.support.sharing import (  # noqa: F401
    pytest_collection_modifyitems,
    pytest_xdist_make_scheduler,
)
from tests.support.skips import pytest_terminal_summary  # noqa: F401
from tests.support.stack import Stack, running

TOKEN = "0123456789abcdef0123456789abcdef"
SID = "AC" + "1" * 32
# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("ours", deadline=None)
hypothesis.settings.load_profile("ours")


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Urls]:
    with embedded(tmp_path_factory.mktemp("servers"), durable=False) as urls:
        yield urls


@pytest.fixture(scope="session")
def environ(servers: Urls, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {
        "DATABASE_URL": servers.database,
        "REDIS_URL": servers.redis,
        "SECRET_KEY": "a-secret-of-the-tests-and-of-nobody-else",
        "VAR_DIR": str(tmp_path_factory.mktemp("var")),
        "PUBLIC_URL": "http://localhost",
        "LIVE_PORT": str(free_port()),
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_URL": "http://127.0.0.1:9",
        "META_GRAPH_URL": "http://127.0.0.1:9",
        "META_APP_SECRET": "the-secret-of-an-app",
        "META_VERIFY_TOKEN": "the-word-for-meta",
    }


@pytest.fixture(scope="session")
def whole_app(environ: dict[str, str]) -> Iterator[Flask]:
    """The program on a migrated database, once for all tests of a process."""
    import flask_migrate

    import wsgi

    limited_locks.watch()
    app = wsgi.build(environ)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    # Sign-ins in a millisecond; what a real password costs has a test in web/test_sign_in.py.
    real = app.extensions["real_pwd_context"] = app.extensions["security"].pwd_context
    app.extensions["quick_pwd_context"] = real.copy(argon2__memory_cost=32, argon2__rounds=1)
    with app.app_context():
        flask_migrate.upgrade()
        parts.spread()
        emptied.prepare()
    # What is there by now stays to the end: looked through no more, it costs no test anything.
    gc.collect()
    gc.freeze()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        owner.engine().dispose()
    app.extensions["direct_engine"].dispose()


@pytest.fixture
def app(whole_app: Flask) -> Iterator[Flask]:
    """The program with empty tables, within its context."""
    with whole_app.app_context():
        sign_in_quickly(whole_app)
        emptied.run()
        redis_client().flushdb()
        yield whole_app
        db.session.rollback()
        db.session.remove()


@pytest.fixture(scope="session")
def running_carrier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Carrier]:
    with carrier(tmp_path_factory.mktemp("simulator"), SID, TOKEN) as running:
        yield running


@pytest.fixture
def twilio(app: Flask, running_carrier: Carrier) -> Iterator[Carrier]:
    """The simulator, connected as the product's Twilio for one test."""
    running_carrier.forget()
    graph = f"{running_carrier.url}/graph", "v26.0"
    providers.configure(running_carrier.url, graph=graph)
    yield running_carrier
    nowhere = "http://127.0.0.1:9"
    providers.configure(nowhere, graph=(nowhere, "v26.0"))


@pytest.fixture
def mailboxes(running_carrier: Carrier) -> Mailboxes:
    """The simulator's mail server, with nothing in it; what speaks to it is up to the test."""
    running_carrier.mailboxes.clear()
    return running_carrier.mailboxes


@pytest.fixture(scope="session")
def running_streams(environ: dict[str, str]) -> Iterator[streams.Streams]:
    with streams.serving(environ) as running:
        yield running


@pytest.fixture(name="streams")
def streams_(app: Flask, running_streams: streams.Streams) -> streams.Streams:
    """The streams' process, which hears the tests' Redis."""
    return running_streams


@pytest.fixture(scope="session")
def running_dovecot() -> Iterator[Dovecot]:
    with dovecot.running() as running:
        yield running


@pytest.fixture
def on_this_machine(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The product may call servers on this machine."""
    allowed = {"private_networks": (networks.parse("127.0.0.0/8"),)}
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], **allowed))


@pytest.fixture
def trusting(
    on_this_machine: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Path], None]]:
    """The product trusts this authority alone, and may call servers on this machine."""

    def trust(authority: Path) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        outside_address.tls.cache_clear()

    yield trust
    outside_address.tls.cache_clear()


@pytest.fixture
def imap(running_dovecot: Dovecot, trusting: Callable[[Path], None]) -> Dovecot:
    """A real mail server, which the product trusts and may call, though it is on this machine."""
    trusting(running_dovecot.authority)
    return running_dovecot


@pytest.fixture
def post(twilio: Carrier, mailboxes: Mailboxes, salon: world.Business) -> Iterator[Mailboxes]:
    """The same mail server, connected as the product's, and a salon that is answered by email."""
    app, server = current_app, mail_server.parse(mailboxes.url)
    before = app.extensions["settings"]
    named = {"mail_server": server, "email_from": "messages@kaivox.example"}
    app.extensions["settings"] = replace(before, **named)
    providers.configure(twilio.url, server)
    for tenant in db.session.scalars(select(Tenant)):
        tenant.reply_to = f"hello@{tenant.slug}.test"
    db.session.commit()
    yield mailboxes
    app.extensions["settings"] = before


def sign_in_quickly(app: Flask) -> None:
    # All programs of a process share one Security, which takes the settings of the last one made.
    app.extensions["security"].pwd_context = app.extensions["quick_pwd_context"]


@pytest.fixture(scope="session")
def businesses(whole_app: Flask) -> None:
    """Made once for all tests of a process, and kept for each to begin with."""
    with whole_app.app_context():
        sign_in_quickly(whole_app)
        emptied.run()
        world.business("garage", "Strangers' Garage", "Europe/Berlin", number="+4930901820")
        world.business("salon", "Bella's Salon", "America/New_York", number="+14155550100")
        snapshot.take()


@pytest.fixture
def salon(businesses: None, app: Flask) -> world.Business:
    """Bella's salon in New York, with the stranger's garage in the same database."""
    snapshot.restore()
    return world.known("salon")


@pytest.fixture
def garage(salon: world.Business) -> world.Business:
    """The stranger: another business, whose rows nobody else may see."""
    return world.known("garage")


@pytest.fixture(scope="session")
def stack(servers: Urls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole product as it runs, with the same two businesses; once for all of a process."""
    folder = tmp_path_factory.mktemp("stack")
    with running(servers, folder, sys.executable, "-m", "tests.browser.seed") as stack:
        yield stack


@pytest.fixture
def staff(salon: world.Business) -> Browser:
    return Browser(salon.staff)


@pytest.fixture
def admin(salon: world.Business) -> Browser:
    return Browser(salon.admin)


@pytest.fixture
def operator(salon: world.Business) -> Browser:
    return Browser(world.operator())


def pytest_configure() -> None:
    # The program must not pick up the settings of whoever runs the tests.
    for key in ("DATABASE_URL", "REDIS_URL", "TWILIO_API_URL", "PUBLIC_URL", "ENVIRONMENT"):
        os.environ.pop(key, None)
    os.chdir(Path(__file__).parent.parent)
