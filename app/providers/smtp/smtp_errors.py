"""What a mail server's refusals mean for the business."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from app.providers.contract import Outcome, SendError

UNREACHABLE = "The mail server could not be reached. The email was not sent."
UNCONFIRMED = "We could not confirm this email with the mail server."
NOT_NOW = "The mail server did not take the email now."
SIGN_IN = (
    "The mail server does not let us sign in over an encrypted connection, so that no email leaves."
    " Ask your operator to put that right."
)
SENDER = (
    "The mail server does not let us write from our address, so that no email leaves. Ask your"
    " operator to put that right."
)
NO_SUCH_ADDRESS = (
    "The mail server does not know this email address, or it takes nothing for it. Ask the customer"
    " for another."
)
CONTENT = "The mail server refused this email. Change what it says, or write by another channel."

log = structlog.get_logger()


def refusal(code: int, sentence: str, sender_at_fault: bool = False) -> SendError:
    """Of 4yz another try can help, of 5yz none (RFC 5321, 4.2.1)."""
    if code < 500:
        return SendError(NOT_NOW, Outcome.RETRY, code if code > 0 else None)
    return SendError(sentence, Outcome.REFUSED, code, sender_at_fault=sender_at_fault)


@contextmanager
def nothing_sent() -> Iterator[None]:
    """Before the text is handed over nothing has been sent, whatever goes wrong. Raises
    SendError."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        log.error("mail_sign_in_refused", code=error.smtp_code)
        raise refusal(error.smtp_code, SIGN_IN, sender_at_fault=True) from error
    except (smtplib.SMTPNotSupportedError, ssl.SSLCertVerificationError) as error:
        log.error("mail_sign_in_impossible", error=type(error).__name__)
        raise SendError(SIGN_IN, Outcome.REFUSED, sender_at_fault=True) from error
    except (smtplib.SMTPException, OSError) as error:
        log.warning("mail_server_unreachable", error=type(error).__name__)
        raise SendError(UNREACHABLE, Outcome.RETRY) from error
