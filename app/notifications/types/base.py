from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Text(NamedTuple):
    subject: str
    """Of an email; other channels have none."""
    body: str


@dataclass(frozen=True)
class NotificationType:
    """A kind of automatic message. A new one is a file in this folder with a TYPE of its own."""

    key: str
    label: str
    order: int
    """Where it stands among the others on a page."""
    variables: tuple[str, ...]
    """The names that its templates may use."""
    texts: Mapping[str, Text]
    """What it says by language until the tenant writes its own; English is always there."""

    def said_in(self, language: str) -> Text:
        """The default text in the language, else in English."""
        return self.texts.get(language, self.texts["en"])
