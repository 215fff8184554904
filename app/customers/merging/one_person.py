"""Makes two customers one: in one transaction, over every table that names a customer."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from app.audit import audit_record
from app.customers.lock_customer import lock_customer
from app.customers.merging import consents, two_conversations
from app.customers.merging.changed import change_what_stays
from app.customers.merging.names_customers import Named, ids_of, moving, rename
from app.extensions import db
from app.models import (
    AuditAction,
    Customer,
    CustomerMerge,
    CustomerMergePart,
    CustomerWords,
    Erasure,
    ErasureState,
)

SAME = "These are the same customer already."
ERASED = "Somebody asked that {name} be erased. Wait until that is done."
REACHED = "{name} is reached through somebody else. Let them be written to directly first."


class CannotMerge(ValueError):
    """Why two cannot be made one, or not be taken apart, and what to do; in a person's words."""


class BeingErased(CannotMerge):
    """One of them is to be erased, and is gone soon."""


def make_one(
    kept_id: int, gone_id: int, user_id: int | None, now: datetime, known_by: str = ""
) -> CustomerMerge:
    """All that is the gone one's becomes the kept one's. known_by: the channel whose carrier told
    that they are one, where no person has decided. Part of the caller's transaction, which
    holds both from here on. Raises CannotMerge, and OperationalError where others hold them."""
    if kept_id == gone_id:
        raise CannotMerge(SAME)
    for id_ in sorted((kept_id, gone_id)):
        lock_customer(id_)
    kept, gone = (_not_merged(id_) for id_ in (kept_id, gone_id))
    if kept.reached_through_id not in (None, gone.id):
        raise CannotMerge(REACHED.format(name=kept.name))
    two = {"kept_id": kept.id, "gone_id": gone.id}
    merge = CustomerMerge(**two, user_id=user_id, known_by=known_by, at=now)
    db.session.add(merge)
    db.session.flush()
    merge.changed = {
        **change_what_stays(kept, gone, now),
        "stopped": consents.stricter(kept, gone, now),
        "talks": two_conversations.together(kept.id, gone.id),
    }
    for named in moving():
        _move(merge, named)
    gone.merged_into_id = kept.id
    db.session.flush()
    # They are found as the kept one.
    db.session.execute(delete(CustomerWords).where(CustomerWords.customer_id == gone.id))
    tell(merge, kept, "merged_with")
    return merge


def tell(merge: CustomerMerge, kept: Customer, what: str) -> None:
    """In the audit log."""
    told: dict[str, Any] = {"row_kind": "customer", "row_id": kept.id, "row_name": kept.name}
    told |= {"customer_id": kept.id, "facts": {what: merge.gone_id}}
    if merge.known_by and not merge.undone_at:
        told["facts"]["known_by"] = merge.known_by
        audit_record.record_by_itself(AuditAction.CHANGED, **told)
    else:
        audit_record.record(AuditAction.CHANGED, **told)


def _not_merged(id_: int) -> Customer:
    customer = db.session.get_one(Customer, id_, populate_existing=True)
    if customer.merged_into_id:
        raise CannotMerge(SAME)
    going = Erasure.customer_id == id_, Erasure.state != ErasureState.DONE
    if db.session.scalar(select(Erasure.id).where(*going)):
        raise BeingErased(ERASED.format(name=customer.name))
    return customer


def _move(merge: CustomerMerge, named: Named) -> None:
    if ids := ids_of(named, merge.gone_id, merge.kept_id):
        rename(named, merge.kept_id, named.kind.id.in_(ids))
        db.session.add(
            CustomerMergePart(
                merge_id=merge.id,
                table_name=named.kind.__tablename__,
                column_name=named.name,
                ids=ids,
            )
        )
