"""What identifies a claimed message once its session is gone."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from app.models import Message


@dataclass(frozen=True)
class Claimed:
    id: int
    tenant_id: int
    customer_id: int
    channel: str
    recipient: str
    claim: uuid.UUID | None
    created_at: datetime
    attempts: int
    attempted_at: datetime
    checks: int
    account_sid: str | None

    @classmethod
    def of(cls, message: Message) -> "Claimed":
        return cls(
            message.id,
            message.tenant_id,
            message.customer_id,
            message.channel,
            message.recipient,
            message.claim,
            message.created_at,
            message.attempts,
            message.attempted_at or message.created_at,
            message.checks,
            message.account_sid,
        )
