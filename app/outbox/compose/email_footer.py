"""The line below every email that says on whose behalf it comes from our address."""

from app.lib.mail.display_name import display_name
from app.models import Tenant

LINES = {"en": "Sent with KaiVox by {name}", "es": "Enviado con KaiVox por {name}"}
SUBJECTS = {"en": "Message", "es": "Mensaje"}


def subject_of(tenant: Tenant) -> str:
    """Of an email to which nobody gave one."""
    return display_name(tenant.name) or SUBJECTS[spoken(tenant.locale)]


def sent_with(tenant: Tenant, language: str | None) -> str:
    """In the customer's language (a tag such as es-MX) where we have it, else in the tenant's."""
    line = LINES[spoken(language or "", tenant.locale)]
    return line.format(name=display_name(tenant.name) or tenant.slug)


def spoken(*tags: str) -> str:
    """The first language of the tags (es-MX, en_US) that we have words in; else English."""
    known = (tag.replace("_", "-").partition("-")[0].strip().lower() for tag in (*tags, "en"))
    return next(language for language in known if language in LINES)
