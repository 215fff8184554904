"""What an admin sets of single sign-on for the business in scope."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select

from app.audit.audit_record import record_on
from app.extensions import db, settings, vault
from app.lib.outside.outside_address import Refused
from app.lib.outside.web_call import checked_web, web_address
from app.models import AuditAction, ProviderIdentity, SecondFactorBy, SingleSignOn, User
from app.providers.openid.discovery import WELL_KNOWN
from app.tenancy import current_tenant_id
from app.users.sso import password_door

DOMAIN = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+", re.ASCII)
MOST_DOMAINS = 20


class Rejected(ValueError):
    """It cannot be so; the text says why, and what to do first."""


@dataclass(frozen=True)
class Wanted:
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    """Empty: the stored one stays."""
    enabled: bool = False
    required: bool = False
    second_factor_by: str = SecondFactorBy.US
    makes_staff: bool = False
    domains: Sequence[str] = ()


def stored() -> SingleSignOn | None:
    return db.session.scalar(select(SingleSignOn))


def save(wanted: Wanted, now: datetime) -> None:
    """Committed. Raises Rejected."""
    issuer, domains = _issuer(wanted.issuer), _domains(wanted.domains)
    row = db.session.scalar(select(SingleSignOn).with_for_update())
    row = row or SingleSignOn(tenant_id=current_tenant_id(), issuer=issuer, client_id="")
    _enter(row, issuer, wanted)
    if wanted.makes_staff and not domains:
        raise Rejected("Name the domains whose people become staff, such as salon.example.")
    if wanted.required:
        _check_required(row, wanted)
    row.enabled, row.required, row.changed_at = wanted.enabled, wanted.required, now
    row.second_factor_by = SecondFactorBy(wanted.second_factor_by)
    row.makes_staff, row.domains = wanted.makes_staff, domains
    db.session.add(row)
    db.session.commit()


def _issuer(typed: str) -> str:
    """Raises Rejected; a name is looked up, and no connection held meanwhile."""
    issuer = typed.strip().removesuffix(WELL_KNOWN)
    db.session.rollback()
    try:
        address = web_address(issuer)
        if "?" in address.target:
            raise Rejected("Give the issuer without what stands behind a question mark.")
        checked_web(address, settings().private_networks)
    except Refused as error:
        raise Rejected(str(error)) from error
    return issuer


def _domains(typed: Sequence[str]) -> list[str]:
    named = dict.fromkeys(each.strip().lower().removeprefix("@") for each in typed)
    domains = [each for each in named if each]
    if len(domains) > MOST_DOMAINS:
        raise Rejected(f"Name at most {MOST_DOMAINS} domains.")
    if wrong := [each for each in domains if not DOMAIN.fullmatch(each)]:
        raise Rejected(f"“{wrong[0][:80]}” is no domain: write it like salon.example.")
    return domains


def _enter(row: SingleSignOn, issuer: str, wanted: Wanted) -> None:
    """A stored secret goes to no other provider than the one that it was entered for."""
    client_id = wanted.client_id.strip()
    if row.client_secret_sealed and not wanted.client_secret and issuer != row.issuer:
        raise Rejected("Give the client secret, too: the stored one is for the provider before.")
    if wanted.client_secret:
        row.client_secret_sealed = vault().seal(wanted.client_secret)
    if wanted.client_secret or (issuer, client_id) != (row.issuer, row.client_id):
        row.worked_at = None
    row.issuer, row.client_id = issuer, client_id


def _check_required(row: SingleSignOn, wanted: Wanted) -> None:
    """Nobody is shut out by it. Raises Rejected."""
    if not wanted.enabled:
        raise Rejected("Turn single sign-on on as well, or nobody could sign in.")
    if row.worked_at is None:
        raise Rejected("Try it first: nobody has signed in by it yet with what is entered here.")
    if not password_door.who_breaks_glass():
        raise Rejected(
            "An admin has to set up a second factor first: they still sign in by their password"
            " where the provider fails."
        )


def worked(issuer: str, now: datetime) -> None:
    """An admin has tried it. The caller commits."""
    row = stored()
    if row and row.issuer == issuer:
        row.worked_at = now


def remove() -> None:
    """With who its users are there; committed."""
    if row := stored():
        db.session.execute(delete(ProviderIdentity))
        db.session.delete(row)
    db.session.commit()


def let_passwords_in() -> bool:
    """Whether they did not before: a way back in, for the operator. The caller commits."""
    row = db.session.scalar(select(SingleSignOn).with_for_update())
    was_required = bool(row and row.required)
    if row:
        row.required = False
    return was_required


def bound() -> Sequence[tuple[ProviderIdentity, User]]:
    """Who signs in by it, the last one first."""
    query = select(ProviderIdentity, User).join(User, User.id == ProviderIdentity.user_id)
    rows = db.session.execute(query.order_by(ProviderIdentity.last_used_at.desc()))
    return [(row.ProviderIdentity, row.User) for row in rows]


def unbind(identity: ProviderIdentity) -> None:
    """At their next sign-in they are bound anew, by their email. The caller commits."""
    user = db.session.get_one(User, identity.user_id)
    record_on(user, AuditAction.IDENTITY_UNBOUND, issuer=identity.issuer)
    db.session.delete(identity)
