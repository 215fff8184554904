"""Why a message is not taken into the outbox."""


class Refused(ValueError):
    """The message cannot be sent; the text tells the person why and what to do."""


class SentAlready(Refused):
    """The form is of a message that has gone, or was taken back: posted with another client_token,
    it is a message of its own."""


class Stopped(Refused):
    """The person wants no messages there: they are not written to by another channel either."""
