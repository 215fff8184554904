"""Whom a business does not want to hear of: a visitor, or a network. They are not told."""

from datetime import datetime
from ipaddress import ip_address, ip_network

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.audit.audit_record import record
from app.extensions import db
from app.lib.text.cleaning import clean, one_line
from app.models import AuditAction, ChatBlock
from app.tenancy import current_tenant_id

MOST, LONGEST_NOTE = 500, 120
# Nobody blocks half of the internet by a slip.
WIDEST = {4: 16, 6: 32}


class BadNetwork(ValueError):
    """The text says in a person's words what to put right."""


def is_blocked(address: str, ip: str) -> bool:
    """Whether what comes from the visitor, or from that IP address, is not wanted."""
    rows = db.session.scalars(
        select(ChatBlock).where(ChatBlock.network.is_not(None) | (ChatBlock.address == address))
    )
    return any(row.network is None or _within(ip, row.network) for row in rows)


def _within(ip: str, network: str) -> bool:
    try:
        there = ip_address(ip)
    except ValueError:
        return False
    plain = getattr(there, "ipv4_mapped", None) or there
    return plain in ip_network(network)


def network_of(typed: str) -> str:
    """203.0.113.7 and 203.0.113.0/24 in CIDR. Raises BadNetwork."""
    try:
        found = ip_network(typed.strip(), strict=False)
    except ValueError:
        raise BadNetwork(
            f"“{typed.strip()[:60]}” is no IP address or network, such as 203.0.113.0/24."
        ) from None
    if found.prefixlen < WIDEST[found.version]:
        raise BadNetwork(f"{found} is too much: a /{WIDEST[found.version]} is the widest.")
    return str(found)


def block_visitor(address: str, note: str, user_id: int | None, now: datetime) -> None:
    """Nothing of theirs comes in any more. Part of the caller's transaction."""
    _add(now, user_id, note, address=address)


def block_network(network: str, note: str, user_id: int | None, now: datetime) -> None:
    """Likewise of all from a network_of(). Part of the caller's transaction."""
    _add(now, user_id, note, network=network)


def _add(now: datetime, user_id: int | None, note: str, **whom: str) -> None:
    said = one_line(clean(note))[:LONGEST_NOTE]
    row = insert(ChatBlock).values(
        tenant_id=current_tenant_id(), note=said, blocked_by_id=user_id, at=now, **whom
    )
    id_ = db.session.scalar(row.on_conflict_do_nothing().returning(ChatBlock.id))
    if id_ is not None:
        changes = {name: [None, value] for name, value in whom.items()}
        record(AuditAction.CREATED, row_kind="chat_block", row_id=id_, changes=changes)


def unblock(id_: int) -> None:
    """Part of the caller's transaction."""
    gone = delete(ChatBlock).where(ChatBlock.id == id_).returning(ChatBlock.id)
    if db.session.scalar(gone.execution_options(synchronize_session=False)) is not None:
        record(AuditAction.DELETED, row_kind="chat_block", row_id=id_)


def blocked() -> list[ChatBlock]:
    """The latest first."""
    return list(db.session.scalars(select(ChatBlock).order_by(ChatBlock.id.desc()).limit(MOST)))
