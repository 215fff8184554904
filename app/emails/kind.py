"""What a kind of email to a user consists of."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Template
from typing import Any


@dataclass(frozen=True)
class Kind:
    """Its texts have gaps such as $name: the user's name, and what else its values are called."""

    key: str
    subject: str
    text: str

    def filled(self, values: Mapping[str, Any]) -> tuple[str, str]:
        """Subject and text. Raises KeyError where a value is missing."""
        return Template(self.subject).substitute(values), Template(self.text).substitute(values)
