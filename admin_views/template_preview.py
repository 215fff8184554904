"""What a template says to somebody, while it is being written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.channels import CHANNELS
from app.models import Customer, MessageTemplate, Tenant
from app.notifications.cost import Cost, cost
from app.notifications.edit import Wrong, problems, tidy
from app.notifications.fill import fill
from app.notifications.sample import sample
from app.notifications.types import TYPES


@dataclass(frozen=True)
class Preview:
    subject: str
    body: str
    cost: Cost

    @property
    def count(self) -> str:
        """What stands below the text: its price, or its length."""
        if not self.cost.segments:
            return f"{len(self.body):,} characters"
        left = f"{self.cost.left} characters left"
        return f"{self.cost} · {self.cost.encoding}, {left}"

    def json(self) -> dict[str, Any]:
        cost = self.cost
        return {
            "subject": self.subject,
            "body": self.body,
            "segments": cost.segments,
            "encoding": cost.encoding,
            "left": cost.left,
            "price": cost.price,
            "count": self.count,
        }


def preview(
    template: MessageTemplate,
    subject: str,
    body: str,
    tenant: Tenant,
    now: datetime,
    customer: Customer | None = None,
) -> Preview:
    """Another text in the template's place, as plain text, to the customer or a sample one.

    Raises Wrong.
    """
    kind, channel = TYPES[template.type], CHANNELS[template.channel]
    subject, body = tidy(subject) if channel.has_subject else "", tidy(body)
    if errors := problems(kind, channel, subject, body):
        raise Wrong(errors)
    values = sample(kind, tenant, template.language, now, customer)
    said = fill(body, values, escape=False)
    return Preview(fill(subject, values, escape=False), said, cost(said, channel, tenant))
