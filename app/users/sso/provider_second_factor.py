"""Whether a sign-in at the provider counts as the second factor."""

from collections.abc import Collection

from sqlalchemy import select

from app.extensions import db
from app.models import SecondFactorBy, SingleSignOn

# RFC 8176: more than one factor was asked for.
SEVERAL = "mfa"


def asked_for_several(methods: Collection[str]) -> bool:
    """By the methods that the provider names (amr)."""
    return SEVERAL in methods


def counts(by: str, several: bool) -> bool:
    """By the business's setting; several: whether the provider said that it asked for more."""
    return by == SecondFactorBy.PROVIDER or (by == SecondFactorBy.TOLD and several)


def counts_now(several: bool) -> bool:
    """By what the business in scope has set by now: for a session that began at the provider."""
    query = select(SingleSignOn.second_factor_by).where(SingleSignOn.enabled)
    by = db.session.scalar(query)
    return by is not None and counts(by, several)
