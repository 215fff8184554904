"""What can be broken of all that everybody shares: Twilio's account, the mail server, the DNS."""

from app.simulator.breakages.breakage import Breakage

OF_ALL = {
    "token_replaced": Breakage(
        "Auth token replaced",
        "HTTP 401 to everything that is asked",
        {"token_replaced": 1.0},
        ("twilio_sign_in",),
    ),
    "account_suspended": Breakage(
        "Account suspended",
        "it sends nothing (20005): send a message",
        {"account_suspended": 1.0},
        ("sender_paused",),
    ),
    "carriers_filter": Breakage(
        "Carriers filter everything",
        "each message fails with 30007",
        {"carriers_filter": 1.0},
        ("delivery",),
    ),
    "signed_elsewhere": Breakage(
        "Signed for another address",
        "what customers write is signed for http in place of https, or the other way round",
        {"signed_elsewhere": 1.0},
        ("signatures",),
    ),
    "no_callbacks": Breakage(
        "No delivery reports", "no status callback is sent", {"drop_callbacks": 1.0}
    ),
    "meta_no_access": Breakage(
        "Meta lets nobody in",
        "error 190, as after a new password; Check with Meta now, under Setup, Social accounts",
        {"meta_no_access": 1.0},
        ("social_accounts",),
    ),
    "mail_no_sign_in": Breakage(
        "Mail server lets nobody in",
        "535, though the password is right",
        {"mail_no_sign_in": 1.0},
        ("mail_server",),
    ),
    "mail_turned_away": Breakage(
        "Mail server turns all away",
        "421 instead of a greeting",
        {"mail_turned_away": 1.0},
        ("mail_server",),
    ),
    "mail_refused": Breakage(
        "Mail server takes no email",
        "554: enter another mailbox for answers under Setup, Business, whose link is refused",
        {"mail_refused": 1.0},
        ("email_answers",),
    ),
    "imap_no_sign_in": Breakage(
        "Mailboxes let nobody in",
        "their password is changed; it is told after a quarter of an hour",
        {"imap_no_sign_in": 1.0},
        ("mailbox",),
    ),
    "no_spf": Breakage(
        "No SPF record",
        "the domain of emails names no mail server",
        {"dns_no_spf": 1.0},
        ("email_domain",),
    ),
    "no_dkim": Breakage(
        "No DKIM key", "emails cannot be verified", {"dns_no_dkim": 1.0}, ("email_domain",)
    ),
    "no_dmarc": Breakage(
        "No DMARC record",
        "the domain does not say what it wants",
        {"dns_no_dmarc": 1.0},
        ("email_domain",),
    ),
}
