from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class SenderRateLimit(Model):
    """How fast the carrier takes messages of one number, and when it takes the next.

    No tenant's: the platform's number serves many, and is as fast for all of them together.
    """

    __tablename__ = "sender_pace"
    __table_args__ = (CheckConstraint("segments_a_second > 0", name="it_moves"),)

    channel: Mapped[str] = mapped_column(primary_key=True)
    sender: Mapped[str] = mapped_column(primary_key=True)
    segments_a_second: Mapped[float]
    free_at: Mapped[datetime]
    # The tenant whose message left last; of those who share the number, the next has its turn.
    last_served: Mapped[int] = mapped_column(default=0, server_default="0")
