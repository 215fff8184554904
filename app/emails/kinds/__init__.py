"""The kinds of emails to users, one file each."""

from app.emails.kind import Kind
from app.emails.kinds import wrong_passwords

KINDS: dict[str, Kind] = {kind.key: kind for kind in (wrong_passwords.KIND,)}
