"""The kinds of emails to users, one file each."""

from app.emails.kind import Kind
from app.emails.kinds import messaging_trouble, rule_notice, wrong_passwords

KINDS: dict[str, Kind] = {
    kind.key: kind for kind in (messaging_trouble.KIND, rule_notice.KIND, wrong_passwords.KIND)
}
