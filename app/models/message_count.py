from collections.abc import Iterable
from datetime import date

from sqlalchemy import ForeignKey, func
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, current_tenant_id

ALL_DAYS = date(1, 1, 1)
SHARDS = 16


class MessageCount(TenantOwned, Model):
    """How many messages there were: on a day of the tenant's, and (ALL_DAYS) altogether.

    Each counter is split over shards, and a connection counts in its own, so that webhooks do
    not wait for one another; the sum is the count.
    """

    __tablename__ = "message_count"

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("tenant.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    direction: Mapped[str] = mapped_column(primary_key=True)
    shard: Mapped[int] = mapped_column(primary_key=True)
    messages: Mapped[int]

    @classmethod
    def add(cls, day: date, channel: str, direction: str, messages: int) -> Insert:
        """The statement that counts so many more, that day and altogether; fewer with a negative
        number."""
        return cls._add((ALL_DAYS, day), channel, direction, messages)

    @classmethod
    def remove_old(cls, channel: str, direction: str, messages: int) -> Insert:
        """The statement that counts so many fewer altogether; what the days had stays."""
        return cls._add((ALL_DAYS,), channel, direction, -messages)

    @classmethod
    def _add(cls, days: Iterable[date], channel: str, direction: str, messages: int) -> Insert:
        same = {
            "tenant_id": current_tenant_id(),
            "channel": channel,
            "direction": direction,
            "shard": func.pg_backend_pid() % SHARDS,
            "messages": messages,
        }
        row = insert(cls).values([{"day": each, **same} for each in days])
        return row.on_conflict_do_update(
            index_elements=["tenant_id", "day", "channel", "direction", "shard"],
            set_={"messages": cls.messages + row.excluded.messages},
        )
