"""Structured logs. They name rows by id, never a customer's number or words, never a secret."""

import logging
import re
from typing import Any

import structlog

# Control characters, line breaks of any kind, and the marks that turn the direction of reading:
# whoever writes one must not forge a line, nor speak to the terminal.
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class OneLine(logging.Formatter):
    """Writes each record on one line, whoever logs it; only our own traceback follows on more."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        return escaped(super().formatMessage(record))

    def formatException(self, exc_info: Any) -> str:
        lines = super().formatException(exc_info).split("\n")
        return "\n".join(f"  | {escaped(line)}" for line in lines)


def escaped(text: str) -> str:
    return UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def configure(production: bool) -> None:
    """JSON lines in production, readable lines elsewhere; both on standard error's stream."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine("%(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("twilio").setLevel(logging.WARNING)
    # It tells that it begins and ends, which the supervisor does.
    logging.getLogger("rq_scheduler").setLevel(logging.WARNING)
    # It names the passkeys that were used.
    logging.getLogger("fido2").setLevel(logging.WARNING)
    # It names whom it has refused.
    logging.getLogger("flask-limiter").setLevel(logging.CRITICAL)
    renderer = (
        structlog.processors.JSONRenderer()
        if production
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
