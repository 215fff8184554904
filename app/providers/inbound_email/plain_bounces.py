"""Bounces that are nothing but text, as Exim and qmail write them: https://cr.yp.to/proto/qsbmf.txt."""

import re
from email.message import Message

from app.providers.contract import EmailNews, EmailReport
from app.providers.inbound_email.head import ID
from app.providers.inbound_email.reports import STATUS

LONGEST = 64 * 1024
# Exim names those whom it gave up on here, and nobody where it only warns of a delay.
GIVEN_UP = "X-Failed-Recipients"
# qmail and what took it up; Yahoo's says the second.
OPENINGS = ("hi. this is the ", "sorry, we were unable to deliver your message")
HEADER = re.compile(rf"^Message-ID:\s*({ID.pattern})", re.IGNORECASE | re.MULTILINE)
COPY = re.compile(r"^-{2,} ?(this is a copy of|below this line)", re.IGNORECASE | re.MULTILINE)


def plain_bounce(head: Message, text: str) -> EmailReport | None:
    """What a machine's email of that text reports; None: it is no such report."""
    if GIVEN_UP not in head and not text.lower().startswith(OPENINGS):
        return None
    begun = text[:LONGEST]
    copy = COPY.search(begun) or HEADER.search(begun)
    said = STATUS.search(begun[: copy.start()] if copy else begun)
    named = tuple(found[1] for found in HEADER.finditer(begun))[:1]
    return EmailReport(EmailNews.FAILED, said[0] if said else "", named)
