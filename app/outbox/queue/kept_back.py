"""Whom nothing leaves for at the moment: who is being erased, and an address of which nobody has
looked yet whether an opt-out is kept (app/privacy)."""

from functools import cache

from sqlalchemy import ColumnElement, exists, or_

from app.models import Erasure, ErasureState, Message, UnaskedAddress


@cache
def kept_back() -> ColumnElement[bool]:
    """The condition that a message is to one of these."""
    erased = exists().where(
        Erasure.tenant_id == Message.tenant_id,
        Erasure.customer_id == Message.customer_id,
        Erasure.state == ErasureState.ASKED,
    )
    unasked = exists().where(
        UnaskedAddress.tenant_id == Message.tenant_id,
        UnaskedAddress.address == Message.recipient,
    )
    return or_(erased, unasked)
