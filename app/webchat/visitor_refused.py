"""Why something of a visitor's is not taken."""

from enum import StrEnum

from app.webchat.abuse.proof_of_work import Challenge


class Why(StrEnum):
    """What the panel says in the visitor's language."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    ANOTHER_TEXT = "another_text"
    SIGN_IN = "sign_in"
    NO_FILES_YET = "no_files_yet"
    FILE_TOO_LARGE = "file_too_large"
    FILE_KIND = "file_kind"
    BAD_EMAIL = "bad_email"
    BAD_PHONE = "bad_phone"
    TOO_FAST = "too_fast"
    PROOF_NEEDED = "proof_needed"
    OVER = "session_over"


SENTENCES = {
    Why.EMPTY: "Write something first: the message is empty.",
    Why.TOO_LONG: "The message is too long: 4,000 characters are taken. Send it in two.",
    Why.ANOTHER_TEXT: "This client_token belongs to another message. Send it with a new one.",
    Why.SIGN_IN: "Sign in on the site first, then you can write here.",
    Why.NO_FILES_YET: "Files can be sent once somebody has answered.",
    Why.FILE_TOO_LARGE: "The file is too large: 10 MB are taken.",
    Why.FILE_KIND: "Pictures (PNG, JPEG, GIF, WebP) and PDF files can be sent.",
    Why.BAD_EMAIL: "This is not an email address.",
    Why.BAD_PHONE: "This is not a telephone number.",
    Why.TOO_FAST: "That was too fast. Wait a moment and try again.",
    Why.PROOF_NEEDED: "Work for it first: post the same with a proof of the challenge.",
    Why.OVER: "This chat is over. Begin a new one: POST to session.",
}


class VisitorRefused(ValueError):
    """Its text is English, for programs."""

    def __init__(self, why: Why, seconds: int | None = None) -> None:
        super().__init__(SENTENCES[why])
        self.why = why
        self.seconds = seconds
        """After how long it may be tried again; None: that would not help."""
        self.challenge: Challenge | None = None
        """What lets it through all the same, once it is solved."""
