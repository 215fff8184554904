"""Structured logs. They name rows by id, never a customer's number or words, never a secret."""

import logging

import structlog


def configure(production: bool) -> None:
    """JSON lines in production, readable lines elsewhere; both on standard error's stream."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("twilio").setLevel(logging.WARNING)
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
