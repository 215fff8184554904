"""Validators of panel forms: they say what is wrong, and put the value into its stored form."""

from typing import Any

from wtforms.validators import ValidationError

from admin_views.frame import business
from app.customers import contact
from app.lib.telephone.phone import BadNumber, e164
from app.lib.text.cleaning import as_sentence
from app.lib.text.languages import NoLanguage, language_code
from app.tenancy import tenant_in_scope


def country() -> str:
    """Whose numbers come without a +."""
    return business().country if tenant_in_scope() else "US"


def number_or_mailbox(form: Any, field: Any) -> None:
    """An address as the channel beside it wants it; what stands there already may stay.

    A WhatsApp user id that a customer wrote from is nothing that a person could enter.
    """
    if field.data and (field.data, form.channel.data) == (
        field.object_data,
        form.channel.object_data,
    ):
        return
    try:
        field.data = contact.normal(form.channel.data, field.data or "", country())
    except (BadNumber, contact.BadAddress, KeyError) as error:
        raise ValidationError(f"{error}.") from None


def spoken(form: Any, field: Any) -> None:
    """A language as its code, or nothing; what stands there already may stay, with its region."""
    if field.data and field.data != field.object_data:
        try:
            field.data = language_code(field.data)
        except NoLanguage as error:
            raise ValidationError(as_sentence(error)) from None


def mailbox(form: Any, field: Any) -> None:
    """An email address that mail servers take, or nothing."""
    try:
        field.data = contact.mailbox(field.data) if field.data else None
    except contact.BadAddress as error:
        raise ValidationError(f"{error}.") from None


def telephone(form: Any, field: Any) -> None:
    """A number, or nothing; what stands there already may stay (a caller without a number)."""
    if field.data and field.data == field.object_data:
        return
    text = (field.data or "").strip().removeprefix("whatsapp:")
    home = form.country.data if "country" in form else country()
    try:
        field.data = e164(text, home) if text else None
    except BadNumber as error:
        raise ValidationError(f"{error}.") from None
