"""Connects the business in scope to its mailbox, or parts them: nothing is stored that does not let
us in, and it is read from the mail on that comes next."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select

from app.audit.audit_record import record
from app.extensions import db, settings, vault
from app.inbound.mailboxes.mailbox_access import opened, sealed
from app.lib.mail.oauth_client import OAuthClient
from app.models import AuditAction, Mailbox, Tenant
from app.providers.imap import Access, MailboxError, Mark, Trouble, try_out
from app.providers.oauth import Tokens, Vendor
from app.tenancy import current_tenant_id

TLS_PORT = 993
INBOX = "INBOX"


@dataclass(frozen=True)
class Entered:
    """A mailbox as its business enters it."""

    address: str
    host: str
    port: int
    security: str
    user_name: str
    folder: str
    password: str = field(repr=False)
    """Empty: the one that is stored."""

    @property
    def where(self) -> tuple[object, ...]:
        """What a password is good for."""
        return self.host, self.port, self.security, self.user_name


def mailbox() -> Mailbox | None:
    """The one of the business in scope; None: it has none."""
    return db.session.scalars(select(Mailbox)).one_or_none()


def sign_in(entered: Entered) -> Mark:
    """Try it, and say up to which mail the folder is full. Stores nothing, and holds nothing of the
    database meanwhile. Raises MailboxError."""
    password = _password(entered)
    db.session.rollback()
    return try_out(_access(entered, password))


def connect(entered: Entered, now: datetime) -> Mailbox:
    """Committed. Raises MailboxError, and stores nothing then."""
    mark, password = sign_in(entered), _password(entered)
    made = _made(entered, mark, now)
    made.auth, made.password_sealed = "password", vault().seal(password)
    return _in_place_of_the_former(made)


def connect_by_tokens(
    vendor: Vendor, address: str, tokens: Tokens, client: OAuthClient | None, now: datetime
) -> Mailbox:
    """The same by the tokens of Google or Microsoft; client: the business's own, or None."""
    if not address:
        raise MailboxError(Trouble.NO_ADDRESS)
    named = address.strip().lower()
    where = Entered(named, vendor.imap_host, TLS_PORT, "tls", named, INBOX, "")
    db.session.rollback()
    made = _made(where, try_out(_access(where, tokens.access, token=True)), now)
    made.auth = vendor.key
    for name, value in sealed(tokens).items():
        setattr(made, name, value)
    if client:
        made.client_id, made.client_secret_sealed = client.id, vault().seal(client.secret)
    return _in_place_of_the_former(made)


def disconnect() -> None:
    """It is read no more, and what is stored of it is gone. Committed."""
    _remove()
    db.session.commit()


def _password(entered: Entered) -> str:
    """Raises MailboxError. Who enters another server would else be sent the password there."""
    stored = mailbox()
    if entered.password:
        return entered.password
    if stored and stored.auth == "password" and _where(stored) == entered.where:
        return opened(stored.password_sealed)
    raise MailboxError(Trouble.NO_PASSWORD)


def _where(stored: Mailbox) -> tuple[object, ...]:
    return stored.host, stored.port, stored.security, stored.user_name


def _access(entered: Entered, secret: str, token: bool = False) -> Access:
    return Access(
        host=entered.host,
        port=entered.port,
        tls=entered.security == "tls",
        user=entered.user_name,
        secret=secret,
        token=token,
        folder=entered.folder,
        private=settings().private_networks,
    )


def _made(entered: Entered, mark: Mark, now: datetime) -> Mailbox:
    return Mailbox(
        address=entered.address,
        host=entered.host,
        port=entered.port,
        security=entered.security,
        user_name=entered.user_name,
        folder=entered.folder,
        uid_validity=mark.uid_validity,
        last_uid=mark.last_uid,
        connected_at=now,
        last_ok_at=now,
        due_at=now,
    )


def _in_place_of_the_former(made: Mailbox) -> Mailbox:
    """The same mailbox, signed in to anew, goes on where it was. Whoever reads the former just now
    writes to it no more: its row is gone."""
    # Two who connect at once do it one after the other.
    db.session.get_one(Tenant, current_tenant_id(), with_for_update=True)
    former = mailbox()
    if former and _place(former) == _place(made):
        for name in ("uid_validity", "last_uid", "anew_since", "connected_at", "last_ok_at"):
            setattr(made, name, getattr(former, name))
    _remove()
    db.session.add(made)
    db.session.commit()
    return made


def _place(one: Mailbox) -> tuple[str, str, str]:
    return one.host, one.user_name, one.folder


def _remove() -> None:
    gone = delete(Mailbox).returning(Mailbox.id, Mailbox.address)
    for id_, address in db.session.execute(gone, execution_options={"synchronize_session": False}):
        record(AuditAction.DELETED, row_kind="mailbox", row_id=id_, row_name=address)
