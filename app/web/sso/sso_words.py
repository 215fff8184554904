"""What went wrong on the way to a provider and back, and what to do next."""

from app.providers.openid import OpenIDError, Trouble
from app.users.sso.user_of_identity import NotLetIn, Why

STALE = (
    "This sign-in was begun in another browser or window, or too long ago, or is over already."
    " Begin anew."
)
UNREADABLE = (
    "This server cannot read the stored client secret any more. An admin enters it again under"
    " Setup, Single sign-on."
)

TROUBLES = {
    Trouble.UNREACHABLE: "The sign-in provider could not be reached, or its answer broke off. Its"
    " address has to be public and begin with https://, with a valid certificate. Try again in a"
    " minute.",
    Trouble.NO_CONFIGURATION: "There is no OpenID provider at the issuer's address: nothing was"
    " found at /.well-known/openid-configuration behind it. Check the issuer.",
    Trouble.OTHER_ISSUER: "The provider calls itself otherwise than the issuer that is entered:"
    " each letter counts, and a slash at the end. Enter it as the provider does.",
    Trouble.UNSUITABLE: "The provider lacks what is needed here. Ask whoever runs it.",
    Trouble.NO_KEYS: "The provider tells no key that its answers could be checked by. Ask whoever"
    " runs it.",
    Trouble.NOT_ALLOWED: "The provider did not let you in, or you said no there. Try again, or ask"
    " whoever runs it whether you may use KaiVox.",
    Trouble.REFUSED: "The provider refused the sign-in. Often the redirect address is not entered"
    " there as KaiVox shows it, or an app may not ask for the email.",
    Trouble.MIXED_UP: "The answer came from another provider than the one that you were sent to."
    " Nobody was signed in. Begin anew.",
    Trouble.CLIENT_REFUSED: "The provider does not accept the client ID and secret that are"
    " entered here. An admin enters them again under Setup, Single sign-on.",
    Trouble.CODE_REFUSED: "The provider took too long, or this answer of it was used before. Begin"
    " anew.",
    Trouble.BAD_TOKEN: "What the provider says about you could not be confirmed, so nobody was"
    " signed in. Try again; if it stays so, tell an admin.",
}
# Told to admins alone, who try it.
BESIDE = {
    Trouble.OTHER_ISSUER: "It calls itself {}.",
    Trouble.UNSUITABLE: "It lacks: {}.",
    Trouble.NOT_ALLOWED: "It said: {}.",
    Trouble.REFUSED: "It said: {}.",
    Trouble.BAD_TOKEN: "What does not hold: {}.",
}
REASONS = {
    Why.NO_EMAIL: "The provider does not tell your email address, by which you would be known here."
    " Whoever runs it lets KaiVox have the scope “email”.",
    Why.UNVERIFIED: "The provider does not say that your email address is verified, so nobody can"
    " be known by it. Whoever runs it confirms the address there.",
    Why.NOBODY: "Nobody of this business signs in with your email address. An admin can add you"
    " under Setup, Team.",
    Why.INVITED: "You were invited: open the link in the email first, then sign in here.",
    Why.INACTIVE: "You may not sign in here any more. Ask an admin of the business.",
    Why.ANOTHER: "Your email address belongs to somebody who signs in here from another account at"
    " the provider. An admin can disconnect it under Setup, Single sign-on.",
}


def said(error: OpenIDError | NotLetIn) -> str:
    """For whoever signs in."""
    return REASONS[error.why] if isinstance(error, NotLetIn) else TROUBLES[error.trouble]


def said_to_admin(error: OpenIDError | NotLetIn) -> str:
    """With what the provider told."""
    if isinstance(error, NotLetIn) or not error.told or error.trouble not in BESIDE:
        return said(error)
    return f"{said(error)} {BESIDE[error.trouble].format(error.told)}"
