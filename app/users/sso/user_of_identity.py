"""Who somebody is here, who comes from their business's OpenID provider: a user of that business
and of no other, whatever the provider says."""

from datetime import datetime
from enum import StrEnum

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError

from app.audit.audit_record import record_of, record_refused
from app.extensions import db
from app.models import AuditAction, ProviderIdentity, Role, SingleSignOn, User, UserInvitation
from app.providers.openid import Identity
from app.tenancy import tenant_scope
from app.users import passwords, user_access
from app.users.invitations import named
from app.users.sso.business_provider import BusinessProvider


class Why(StrEnum):
    NO_EMAIL = "no_email"
    UNVERIFIED = "unverified"
    NOBODY = "nobody"
    """The address is no user's of this business, and none is made."""
    INVITED = "invited"
    """They were, and have not opened the link."""
    INACTIVE = "inactive"
    ANOTHER = "another"
    """The user is bound to another identity there: an address may have changed hands."""


class NotLetIn(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def user_of(provider: BusinessProvider, identity: Identity, now: datetime) -> User:
    """Theirs, committed: the one that is bound to the identity, else whose email it verifies, who
    is bound from then on, else a new one where the business wants that. Raises NotLetIn."""
    with tenant_scope(provider.tenant_id):
        try:
            return _entered(provider, identity, now)
        except IntegrityError:
            # Another sign-in has bound or made them at the same moment.
            db.session.rollback()
            return _entered(provider, identity, now)


def whose(provider: BusinessProvider, identity: Identity) -> User | None:
    """Who would be let in, and nothing is done; None: somebody new. Raises NotLetIn."""
    with tenant_scope(provider.tenant_id):
        user = _bound(identity) or _known(identity)
        if user is None:
            _check_new(provider, identity)
        elif not user.active:
            raise NotLetIn(Why.INACTIVE)
        return user


def _entered(provider: BusinessProvider, identity: Identity, now: datetime) -> User:
    user = _bound(identity) or _bind(provider, identity, now)
    if not user.active:
        record_refused(user, why="they are deactivated")
        db.session.commit()
        raise NotLetIn(Why.INACTIVE)
    used = _mine(identity)
    db.session.execute(update(ProviderIdentity).where(*used).values(last_used_at=now))
    works = SingleSignOn.issuer == identity.issuer
    db.session.execute(update(SingleSignOn).where(works).values(worked_at=now))
    db.session.commit()
    return user


def _mine(identity: Identity) -> tuple[ColumnElement[bool], ...]:
    return (
        ProviderIdentity.issuer == identity.issuer,
        ProviderIdentity.subject == identity.subject,
    )


def _bound(identity: Identity) -> User | None:
    query = select(User).join(ProviderIdentity, ProviderIdentity.user_id == User.id)
    return db.session.scalar(query.where(*_mine(identity)))


def _bind(provider: BusinessProvider, identity: Identity, now: datetime) -> User:
    user = _known(identity) or _made(provider, identity, now)
    if user.active:
        bound = ProviderIdentity(user_id=user.id, bound_at=now, last_used_at=now)
        bound.issuer, bound.subject = identity.issuer, identity.subject
        db.session.add(bound)
        db.session.flush()
        record_of(user, AuditAction.IDENTITY_BOUND, issuer=identity.issuer)
    return user


def _known(identity: Identity) -> User | None:
    """Whose email it is, of this business. Raises NotLetIn."""
    user = db.session.scalar(select(User).where(User.email == _address(identity)))
    others = select(ProviderIdentity.id).where(ProviderIdentity.issuer == identity.issuer)
    if user and db.session.scalar(others.where(ProviderIdentity.user_id == user.id)):
        raise NotLetIn(Why.ANOTHER)
    return user


def _address(identity: Identity) -> str:
    """As users' are stored. Raises NotLetIn."""
    try:
        checked = validate_email(identity.email, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise NotLetIn(Why.NO_EMAIL) from None
    if not identity.email_verified:
        raise NotLetIn(Why.UNVERIFIED)
    return checked.normalized.lower()


def _made(provider: BusinessProvider, identity: Identity, now: datetime) -> User:
    _check_new(provider, identity)
    user = User(
        tenant_id=provider.tenant_id,
        email=_address(identity),
        name=named(identity.name),
        role=Role.STAFF,
        active=True,
    )
    # Nobody knows it. Who needs one gets a link to it by «Forgot password?».
    passwords.set_password(user, passwords.fresh(), now)
    db.session.add(user)
    db.session.flush()
    record_of(user, AuditAction.JOINED, by="single sign-on")
    return user


def _check_new(provider: BusinessProvider, identity: Identity) -> None:
    """Raises NotLetIn where nobody is made of them."""
    address = _address(identity)
    invited = select(UserInvitation.id).where(UserInvitation.email == address)
    if db.session.scalar(invited):
        raise NotLetIn(Why.INVITED)
    wanted = provider.makes_staff and address.rpartition("@")[2] in provider.domains
    # An email signs in to one business only; whose it is stays untold.
    if not wanted or user_access.find(address):
        raise NotLetIn(Why.NOBODY)
