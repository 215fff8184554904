"""The business's own mailboxes, read by IMAP: any address, with one password, under TLS."""

import asyncio
import ssl
from argparse import Namespace
from pathlib import Path

from proxyprotocol.noop import ProxyProtocolNoop
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import Config
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pysasl.hashing import Cleartext

from app.simulator.faults import Dice
from app.simulator.mail.imap_accounts import Accounts
from app.simulator.mail.listening import Listening
from app.simulator.state import State


class ImapServer(Listening):
    def __init__(
        self, state: State, dice: Dice, port: int, password: str, certificate: Path
    ) -> None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate)
        config = _config(tls)
        serve = IMAPServer(Accounts(config, state, dice, password), config)
        # pymap takes its connections from this reader alone, also where no proxy stands before it.
        connected = ProxyProtocolReader(ProxyProtocolNoop()).get_callback(serve)

        super().__init__(
            "SIMULATOR_IMAP_PORT",
            port,
            lambda: asyncio.start_server(connected, "127.0.0.1", port, ssl=tls),
        )


def _config(tls: ssl.SSLContext) -> Config:
    """No users of its own and no proxy; under TLS from the first word, so that there is no
    STARTTLS to offer."""
    return Config(
        Namespace(),
        host=None,
        port=0,
        demo_data=False,
        demo_user="",
        demo_password="",
        ssl_context=tls,
        tls_enabled=False,
        proxy_protocol=ProxyProtocolNoop(),
        hash_context=Cleartext(),
        cpu_subsystem=Subsystem.for_asyncio(),
        invalid_user_sleep=0.0,
    )
