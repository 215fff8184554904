"""What a message says: its text, subject, markup and approved template."""

from dataclasses import dataclass
from typing import Any

from app.outbox.compose.approved_template import Filled


@dataclass(frozen=True)
class Content:
    body: str
    """As plain text; what is shown of it, whatever else there is."""
    subject: str = ""
    """Empty where the channel has none."""
    html: str | None = None
    """Where the channel takes markup, and there is more to it than the plain text says."""
    template: Filled | None = None
    """The approved template that the body is made from; None: it is free text."""
    unsubscribe: str = ""
    """Beside HTML: what the link is called by which its reader wants no more."""

    def columns(self) -> dict[str, Any]:
        """The values that a message's row has of it."""
        return {
            "body": self.body,
            "subject": self.subject or None,
            "html": self.html,
            "content_sid": self.template.content_sid if self.template else None,
            "content_variables": self.template.variables if self.template else None,
        }
