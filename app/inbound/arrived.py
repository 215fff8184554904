"""Tells all who may see to it that a customer wrote, or rang in vain: open pages, and browsers
without one. Only after the commit."""

from app import live, tasks


def tell(tenant_id: int, customer_id: int) -> None:
    """In one round trip. Never raises."""
    tasks.enqueue(
        tasks.Task.TELL_BROWSERS, lambda redis: live.arrival(redis, tenant_id, customer_id)
    )
