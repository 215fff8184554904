from sqlalchemy import BigInteger, Identity, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class ConversationCount(TenantOwned, Model):
    """So many conversations more, or fewer, of one kind; the sum is how many there are.

    Triggers add a row in the transaction of each change (migration 0055), so that no two who change
    things wait for one another; app/inbox/lists/sum_counts.py makes one row of many.
    """

    __tablename__ = "conversation_count"
    __table_args__ = (
        Index("ix_conversation_count_tenant", "tenant_id"),
        # Of which business there is something to sum.
        Index("ix_conversation_count_to_sum", "tenant_id", postgresql_where=text("NOT summed")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    # Those that have the label; NULL: all, whatever labels they have.
    label_id: Mapped[int | None]
    # As Conversation.state, of which a snooze that is over is a part until it is woken.
    state: Mapped[str]
    waiting: Mapped[bool]
    unread: Mapped[bool]
    failed: Mapped[bool]
    assignee_id: Mapped[int | None]
    channel: Mapped[str]
    conversations: Mapped[int]
    summed: Mapped[bool] = mapped_column(default=False, server_default=false())
