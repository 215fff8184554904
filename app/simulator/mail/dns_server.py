"""The DNS of whatever domain emails come from, with the records that it should have; by UDP on the
mail server's port."""

import threading
from socketserver import BaseRequestHandler, UDPServer

from dns.exception import DNSException
from dns.flags import RA
from dns.message import Message, from_wire, make_response
from dns.rcode import NXDOMAIN, SERVFAIL
from dns.rdatatype import TXT
from dns.rrset import from_text

from app.simulator.faults import Dice
from app.simulator.state import State

# So long `stop` waits at most.
POLL_SECONDS = 0.1
SPF, DMARC = "v=spf1 ip4:127.0.0.1 -all", "v=DMARC1; p=quarantine"


class DnsServer:
    """Answers from its making to its `stop`."""

    def __init__(self, state: State, dice: Dice, port: int) -> None:
        self._state, self._dice = state, dice
        try:
            self._server = UDPServer(("127.0.0.1", port), self._handler())
        except OSError as error:
            raise SystemExit(
                f"SIMULATOR_SMTP_PORT {port} by UDP: {error.strerror}. Choose another."
            ) from None
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_SECONDS,), daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseRequestHandler]:
        told = self._told

        class Handler(BaseRequestHandler):
            def handle(self) -> None:
                wire, socket = self.request
                try:
                    socket.sendto(told(from_wire(wire)).to_wire(), self.client_address)
                except (DNSException, OSError, IndexError):
                    return

        return Handler

    def _told(self, query: Message) -> Message:
        answer = make_response(query)
        answer.flags |= RA
        question = query.question[0]
        if self._strikes("dns_away"):
            answer.set_rcode(SERVFAIL)
            return answer
        texts = self._texts(question.name.to_text().lower())
        if texts is None:
            answer.set_rcode(NXDOMAIN)
        elif texts and question.rdtype == TXT:
            answer.answer.append(from_text(question.name, 60, "IN", "TXT", *map(_quoted, texts)))
        return answer

    def _texts(self, name: str) -> list[str] | None:
        """None: there is no such name."""
        if name.startswith("_dmarc."):
            return None if self._strikes("dns_no_dmarc") else [DMARC]
        if name.startswith("_domainkey."):
            # A key stands below it, under a name that nobody asks for.
            return None if self._strikes("dns_no_dkim") else []
        return [] if self._strikes("dns_no_spf") else [SPF]

    def _strikes(self, fault: str) -> bool:
        return self._dice.strikes(getattr(self._state.faults, fault))


def _quoted(text: str) -> str:
    return f'"{text}"'
