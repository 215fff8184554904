from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class SearchMark(Model):
    """How far the index of the search has come, for all tenants: one row.

    A message's id is given before its transaction ends, so one that is seen later may have a lower
    id. Hence two marks: what was seen becomes settled once all transactions of then have ended.
    """

    __tablename__ = "search_mark"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # Every message up to this one is in the index, but for those below.
    settled_id: Mapped[int] = mapped_column(BigInteger, default=0)
    # Of a look before: the last message, the first transaction that had not begun, and its time.
    seen_id: Mapped[int] = mapped_column(BigInteger, default=0)
    seen_xid: Mapped[int] = mapped_column(BigInteger, default=0)
    seen_at: Mapped[datetime | None]
    # What was there before there was an index: those up to these ids are still to come, the newest
    # first; 0: all are in it.
    messages_left: Mapped[int] = mapped_column(BigInteger, default=0)
    customers_left: Mapped[int] = mapped_column(default=0)
