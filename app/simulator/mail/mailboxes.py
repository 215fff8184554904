"""What lies in everybody's mailbox."""

from dataclasses import dataclass

from app.simulator.mail.emails import Email

ROOM = 64 * 1024 * 1024
# What an email takes beside its own bytes, about.
OVERHEAD = 1024


@dataclass(slots=True)
class Box:
    """One mailbox as the list of them shows it."""

    address: str
    last: Email
    count: int = 0
    unread: int = 0


class Mailboxes:
    """The newest emails, as many as there is room for; the oldest make way."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._emails: dict[str, Email] = {}

    def add(self, email: Email) -> None:
        self._emails[email.sid] = email
        self._room -= email.size + OVERHEAD
        while self._room < 0 and len(self._emails) > 1:
            oldest = self._emails.pop(next(iter(self._emails)))
            self._room += oldest.size + OVERHEAD

    def change(self, sid: str, **fields: object) -> None:
        email = self._emails.get(sid)
        for name, value in fields.items() if email else ():
            setattr(email, name, value)

    def find(self, sid: str) -> Email | None:
        return self._emails.get(sid)

    def emails(self, to: str = "") -> list[Email]:
        """Oldest first: all, or those that came to an address."""
        found = list(self._emails.values())
        return [each for each in found if is_to(each, to)] if to else found

    def boxes(self, search: str = "") -> list[Box]:
        """All that got an email, or whose address has this in it; the last to get one first."""
        found: dict[str, Box] = {}
        for email in reversed(self._emails.values()):
            for address in {each.lower(): each for each in email.recipients}.values():
                box = found.setdefault(address.lower(), Box(address, email))
                box.count += 1
                box.unread += not email.seen
        return [box for key, box in found.items() if search.strip().lower() in key]


def is_to(email: Email, address: str) -> bool:
    """Mail servers that tell a big letter from a small one are not met any more."""
    return address.lower() in (each.lower() for each in email.recipients)
