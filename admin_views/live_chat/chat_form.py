"""What an admin enters about the live chat."""

from datetime import datetime
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Regexp

from app.customers.contact import BadAddress, normal
from app.extensions import db
from app.lib.telephone.phone import BadNumber
from app.lib.text.cleaning import clean
from app.models import ChatSettings, IdentityMode, Tenant
from app.tenancy import current_tenant_id
from app.webchat import enable_chat
from app.webchat.chat_sites import origins
from app.webchat.enable_chat import LONGEST_GREETING, BadChat
from app.webchat.panel_words import LANGUAGES

MODES = {
    IdentityMode.OFF.value: "Nobody is signed in by the site",
    IdentityMode.WARN.value: "Let in who is not signed in, and count them",
    IdentityMode.ENFORCE.value: "Only who is signed in can write",
}


class ChatForm(FlaskForm):  # type: ignore[misc]
    enabled = BooleanField("The chat is on")
    sites = TextAreaField(
        "Sites",
        validators=[Length(max=4000)],
        description="One a line, such as https://www.salon.example. Pages of other sites cannot"
        " show the chat.",
    )
    colour = StringField(
        "Colour",
        default="#0f766e",
        validators=[Regexp(r"(?i)#[0-9a-f]{6}$", message="Write it like #0f766e.")],
        description="Of the button and the head. The text on it is black or white, whichever is"
        " read better.",
    )
    side = SelectField("Button", choices={"right": "On the right", "left": "On the left"})
    email = StringField("Email", validators=[Length(max=120)])
    phone = StringField("Telephone", validators=[Length(max=40)])
    identity_mode = SelectField("Signed-in visitors", choices=MODES)

    def store(self, chat: ChatSettings, now: datetime) -> None:
        """The caller commits. Raises BadSite and BadChat."""
        sites = origins(self.sites.data or "")
        if self.enabled.data and not sites:
            raise BadChat("Name at least one site on which the chat is shown.")
        if self.identity_mode.data == IdentityMode.ENFORCE and not chat.identity_secret_sealed:
            raise BadChat("Make a secret first: without it nobody could be signed in.")
        enable_chat.dress(chat, self.colour.data, self.side.data, self.greetings())
        chat.email, chat.phone = _email(self.email.data or ""), _phone(self.phone.data or "")
        chat.identity_mode = self.identity_mode.data
        chat.enabled, chat.sites, chat.changed_at = self.enabled.data, sites, now

    def greetings(self) -> dict[str, str]:
        """By language, as typed."""
        return {code: self[f"greeting_{code}"].data or "" for code in LANGUAGES}


for code, words in LANGUAGES.items():
    field = StringField(
        words.name,
        validators=[Length(max=LONGEST_GREETING)],
        render_kw={"placeholder": words.panel.greeting, "lang": code},
    )
    setattr(ChatForm, f"greeting_{code}", field)


def entered(chat: ChatSettings | None) -> dict[str, Any]:
    """What the form shows of what is stored."""
    if chat is None:
        return {"side": "right", "colour": "#0f766e", "identity_mode": IdentityMode.OFF}
    names = ("enabled", "colour", "side", "email", "phone", "identity_mode")
    shown = {name: getattr(chat, name) for name in names}
    greetings = {f"greeting_{code}": text for code, text in chat.greetings.items()}
    return shown | greetings | {"sites": "\n".join(chat.sites)}


def _email(typed: str) -> str:
    try:
        return normal("email", clean(typed).strip(), "") if typed.strip() else ""
    except BadAddress as error:
        raise BadChat(f"{error}.") from None


def _phone(typed: str) -> str:
    country = db.session.get_one(Tenant, current_tenant_id()).country
    try:
        return normal("sms", clean(typed).strip(), country) if typed.strip() else ""
    except BadNumber as error:
        raise BadChat(f"{error}.") from None
