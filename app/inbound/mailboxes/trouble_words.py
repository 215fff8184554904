"""What hinders reading a mailbox, in a sentence, and what to do next."""

from app.providers.imap import Trouble

LATER = "Wait some minutes, as it may pass. If it stays so, ask your email provider."
WORDS: dict[Trouble, tuple[str, str]] = {
    Trouble.HOST_UNKNOWN: (
        "There is no mail server of this name on the internet.",
        "Check the server's name. Your email provider calls it the IMAP server or the server for"
        " incoming mail.",
    ),
    Trouble.PORT: (
        "Mailboxes are not read by this port.",
        "Give 993, or 143 with STARTTLS.",
    ),
    Trouble.UNREACHABLE: (
        "The mail server cannot be reached.",
        "Check its name and port. If both are right, ask your email provider whether it is down.",
    ),
    Trouble.SLOW: ("The mail server did not answer in time.", LATER),
    Trouble.NO_TLS: (
        "The mail server does not encrypt on this port as it was asked to.",
        "Give port 993 with TLS, or 143 with STARTTLS. Without encryption no password is sent.",
    ),
    Trouble.CERTIFICATE: (
        "The mail server's certificate is not valid for this name.",
        "Check the server's name: give it as your email provider writes it, not one of your own"
        " that leads there. Nothing was sent to it.",
    ),
    Trouble.REFUSED: (
        "The mail server refused the user name or the password.",
        "Check both. Where two-step sign-in is on, your provider wants an app password made for"
        " IMAP; Microsoft takes no passwords at all.",
    ),
    Trouble.BUSY: ("The mail server lets nobody in at the moment.", LATER),
    Trouble.FOLDER: (
        "The mailbox has no such folder.",
        "Give one of the folders that it has; most mail comes into INBOX.",
    ),
    Trouble.PROTOCOL: (
        "The server hung up, or answered as no mail server does.",
        "Check its name and port: it must be the one for IMAP. If both are right, wait some"
        " minutes, as it may pass.",
    ),
    Trouble.TOKEN_REFUSED: (
        "The mail server does not let us in with your permission.",
        "See that the mailbox allows IMAP (at Microsoft an admin turns that on for each), then"
        " connect it once more.",
    ),
    Trouble.TOKEN_DEAD: (
        "Your permission to read the mailbox has ended, as it does with a new password or after a"
        " long time.",
        "Connect the mailbox once more.",
    ),
    Trouble.TOKEN_UNTOLD: (
        "Google or Microsoft could not be asked for access to the mailbox.",
        LATER,
    ),
    Trouble.NOT_SET_UP: (
        "Google or Microsoft do not know us as an app that may ask for access.",
        "Ask your operator to check the client ID and secret, then connect the mailbox once more.",
    ),
    Trouble.SECRET_LOST: (
        "The stored password or permission cannot be read any more.",
        "Enter the password again, or connect the mailbox once more.",
    ),
    Trouble.NO_PASSWORD: (
        "The password is missing.",
        "Enter it. One that is stored is used for the server and the user that it was entered for.",
    ),
    Trouble.NO_ADDRESS: (
        "We were not told which mailbox it is.",
        "Connect it once more, and allow that we see its address.",
    ),
    Trouble.FAULT: (
        "The mailbox cannot be read because of a fault of ours.",
        "Wait some minutes, as it may pass. Tell your operator if it stays so.",
    ),
}
