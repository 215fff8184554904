"""What somebody would enter into the empty fields of a page, so that it is taken."""

from hostile.probe import Pairs
from tests.support.world import PASSWORD

FILE = "@new.csv"
"""Stands for an uploaded file."""
CSV = b"customer_phone,starts_at\n+12125550142,2027-03-01T10:00\n"
FRESH_PASSWORD = "four-words-nobody-knows"  # noqa: S105
SAMPLES = {
    "address": "newcomer@example.test",
    "body": "Hello",
    "caller": "+12125550188",
    "content_sid": "HX" + "d" * 32,
    "duration_minutes": "30",
    "email": "newcomer@example.test",
    "file": FILE,
    # No server is called: it is within our own network.
    "host": "127.0.0.1",
    "name": "Newcomer",
    "network": "198.51.100.0/24",
    "number": "+12125550188",
    "new_password": FRESH_PASSWORD,
    "new_password_confirm": FRESH_PASSWORD,
    "password": PASSWORD,
    "phone": "+12125550188",
    "rcs_sender": "newcomer_agent",
    "messaging_service_sid": "MG" + "d" * 32,
    "slug": "newcomer",
    "starts_at": "2027-03-01 10:00",
    "started_at": "2026-11-01 10:00",
    # Today, and not in the past, which would be questioned.
    "time": "23:59",
    # Public, and no name to look up.
    "url": "https://1.1.1.1/newcomer",
}
# In these something means something else: an approved template in the place of a text, somebody new
# in the place of the customer who was chosen.
EMPTY = ("template_id", "approved", "new_phone", "new_name")


def completed(form: Pairs, keys: dict[str, str]) -> Pairs:
    """The form with its empty fields filled; keys name rows of one's own."""
    plain = {name.removesuffix("_id"): id_ for name, id_ in keys.items()} | keys

    def value(name: str, given: str) -> str:
        if given.strip() or name in EMPTY:
            return "" if name in EMPTY else given
        return plain.get(name) or SAMPLES.get(name, given)

    return tuple((name, value(name, given)) for name, given in form)
