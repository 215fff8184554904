"""Tells all who may see to it that a customer wrote, or rang in vain: open pages, and browsers
without one. Only after the commit."""

from app import live, tasks


def tell(tenant_id: int, customer_id: int) -> None:
    """Never raises."""
    live.publish(tenant_id, customer_id)
    live.publish(tenant_id, f"{live.ARRIVED}{customer_id}")
    tasks.enqueue(tasks.Task.TELL_BROWSERS)
