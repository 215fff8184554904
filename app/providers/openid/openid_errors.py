"""What can be wrong between us and somebody's provider."""

from enum import StrEnum


class Trouble(StrEnum):
    UNREACHABLE = "unreachable"
    """No answer, none in time, too large a one, or an address that may not be called."""
    NO_CONFIGURATION = "no_configuration"
    OTHER_ISSUER = "other_issuer"
    """The configuration is of the issuer that is told beside it."""
    UNSUITABLE = "unsuitable"
    """It lacks what is told beside it."""
    NO_KEYS = "no_keys"
    NOT_ALLOWED = "not_allowed"
    """Somebody said no there."""
    REFUSED = "refused"
    """It answered with the error that is told beside it (RFC 6749, 4.1.2.1 and 5.2)."""
    MIXED_UP = "mixed_up"
    """The answer is another provider's (RFC 9207)."""
    CLIENT_REFUSED = "client_refused"
    CODE_REFUSED = "code_refused"
    BAD_TOKEN = "bad_token"  # noqa: S105
    """What it says does not hold; in which way is told beside it."""


class OpenIDError(Exception):
    """Nobody is known by it. The text has no secret in it, and is told to admins alone."""

    def __init__(self, trouble: Trouble, told: str = "") -> None:
        super().__init__(trouble, told)
        self.trouble, self.told = trouble, told
