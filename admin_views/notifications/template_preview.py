"""What a template says to somebody, while it is being written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.channels import CHANNELS
from app.models import Customer, MessageTemplate, Tenant
from app.notifications.configure.sample import sample
from app.notifications.configure.template_choice import StandIn, reading
from app.notifications.configure.template_choice import problems as stand_in_problems
from app.notifications.configure.template_edit import Wrong, problems, tidy
from app.notifications.content.cost import Cost, cost
from app.notifications.content.templates import KINDS
from app.notifications.content.wording import BadTemplate, filled
from app.notifications.forecast.dearest import Dearest, dearest


@dataclass(frozen=True)
class Preview:
    subject: str
    body: str
    cost: Cost
    approved: str = ""
    """What goes outside the session window; empty: nothing stands in."""
    dearest: Dearest | None = None
    """The day on which it costs more; None: it costs as much on each."""

    @property
    def count(self) -> str:
        """What stands below the text: its price, or its length."""
        if not self.cost.segments:
            return f"{len(self.body):,} characters"
        left = f"{self.cost.left} characters left"
        usual = f"{self.cost} · {self.cost.encoding}, {left}"
        return f"{usual}. {self.dearest}." if self.dearest else usual

    def json(self) -> dict[str, Any]:
        cost = self.cost
        return {
            "subject": self.subject,
            "body": self.body,
            "approved": self.approved,
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
    chosen: StandIn | None = None,
) -> Preview:
    """Another text in the template's place, as it reads, to the customer or a sample one.

    Raises Wrong.
    """
    kind, channel = KINDS[template.type], CHANNELS[template.channel]
    subject, body = tidy(subject) if channel.has_subject else "", tidy(body)
    chosen = chosen or StandIn()
    errors = problems(kind, channel, subject, body) | stand_in_problems(chosen, kind, channel)
    # A gap may still be open while somebody chooses: it shows its number.
    errors.pop("gaps", None)
    if errors:
        raise Wrong(errors)
    values = sample(kind, tenant, template.language, now, customer)
    text = MessageTemplate(subject=subject, body=body, language=template.language)
    try:
        found = filled(text, values, channel, tenant)
        most = dearest(text, values, channel, tenant, now)
    except BadTemplate as error:
        raise Wrong({"body": str(error)}) from None
    seen = cost(found.body, channel, tenant)
    return Preview(found.subject, found.body, seen, reading(chosen, values), most)
