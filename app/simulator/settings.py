"""What the simulator is told by its environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_ACCOUNT = "AC" + "0" * 32
DEFAULT_TOKEN = "simulator"  # noqa: S105 (a stand-in has no secrets)
DEFAULT_PASSWORD = DEFAULT_TOKEN


@dataclass(frozen=True, slots=True)
class Settings:
    directory: Path = Path("var/simulator")
    account_sid: str = DEFAULT_ACCOUNT
    auth_token: str = DEFAULT_TOKEN
    status_delay: float = 0.6
    other_accounts: Mapping[str, str] = field(default_factory=dict)
    smtp_port: int | None = None
    """Where the mail server listens; 0 is a free port, None is no mail server."""
    smtp_password: str = DEFAULT_PASSWORD
    """Lets everybody in who reads a mailbox by IMAP, too."""
    imap_port: int | None = None
    """Where mailboxes are read; as smtp_port."""
    certificate: Path = Path("var/simulator.pem")
    """The IMAP server's, with its key."""
    meta_app_secret: str = DEFAULT_TOKEN
    """What the webhooks of Messenger and Instagram are signed with."""

    @property
    def tokens(self) -> dict[str, str]:
        """Every account that may sign in, with its token."""
        return {**self.other_accounts, self.account_sid: self.auth_token}


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN name the default account; SIMULATOR_ACCOUNTS
    (AC…:token,AC…:token) adds those of tenants who bring their own. SIMULATOR_SMTP_PORT brings the
    mail server, for the user "simulator" with SIMULATOR_SMTP_PASSWORD; SIMULATOR_IMAP_PORT, with
    the certificate and the key in the file SIMULATOR_CERTIFICATE, mailboxes with that password."""
    others = environ.get("SIMULATOR_ACCOUNTS", "").split(",")
    return Settings(
        directory=Path(environ.get("SIMULATOR_DIR") or "var/simulator"),
        account_sid=environ.get("TWILIO_ACCOUNT_SID") or DEFAULT_ACCOUNT,
        auth_token=environ.get("TWILIO_AUTH_TOKEN") or DEFAULT_TOKEN,
        status_delay=_seconds(environ.get("SIMULATOR_STATUS_DELAY") or "0.6"),
        other_accounts=dict(_account(each) for each in others if each.strip()),
        smtp_port=_port(environ, "SIMULATOR_SMTP_PORT"),
        smtp_password=environ.get("SIMULATOR_SMTP_PASSWORD") or DEFAULT_PASSWORD,
        imap_port=_port(environ, "SIMULATOR_IMAP_PORT"),
        certificate=Path(environ.get("SIMULATOR_CERTIFICATE") or "var/simulator.pem"),
        meta_app_secret=environ.get("META_APP_SECRET") or DEFAULT_TOKEN,
    )


def _account(text: str) -> tuple[str, str]:
    sid, colon, token = text.strip().partition(":")
    if not (sid and colon and token):
        raise SystemExit("SIMULATOR_ACCOUNTS must read AC…:token,AC…:token")
    return sid, token


def _port(environ: Mapping[str, str], key: str) -> int | None:
    text = environ.get(key) or ""
    if text and not (text.isdecimal() and int(text) < 65536):
        raise SystemExit(f"{key} must be a number to 65535, not {text!r}")
    return int(text) if text else None


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 3600:
        raise SystemExit(f"SIMULATOR_STATUS_DELAY must be seconds from 0 to 3600, not {text!r}")
    return seconds
