"""The kinds of emails to users, one file each."""

from app.emails.kind import Kind
from app.emails.kinds import messaging_trouble, webhook_disabled, wrong_passwords

KINDS: dict[str, Kind] = {
    kind.key: kind for kind in (messaging_trouble.KIND, webhook_disabled.KIND, wrong_passwords.KIND)
}
