"""Who does something with a conversation."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class By:
    """A user, or a rule by its id and the name that it has now; with neither it comes about by
    itself, or an operator does it, who is no user of the business."""

    user_id: int | None = None
    rule_id: int | None = None
    rule_name: str | None = None

    def columns(self) -> dict[str, Any]:
        return dict(vars(self))


ITSELF = By()
