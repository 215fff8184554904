"""The carriers, by key; the only code that speaks to the outside."""

from app.lib.mail.mail_server import MailServer
from app.providers.contract import Provider
from app.providers.meta import MetaProvider
from app.providers.smtp import SmtpProvider
from app.providers.twilio import TwilioProvider
from app.providers.webchat import WebchatProvider

_providers: dict[str, Provider] = {}


def configure(
    twilio_api_url: str,
    mail_server: MailServer | None = None,
    graph: tuple[str, str] | None = None,
) -> None:
    """Make the providers anew, for the addresses that the settings name; graph: of Meta's API, with
    its version, None: as it was."""
    metas: Provider | None = MetaProvider(*graph) if graph else _providers.get("meta")
    _providers.clear()
    if mail_server:
        _providers["smtp"] = SmtpProvider(mail_server)
    if metas:
        _providers["meta"] = metas
    _providers["twilio"] = TwilioProvider(twilio_api_url)
    _providers["webchat"] = WebchatProvider()


def provider(key: str) -> Provider | None:
    """The provider of that key; None where it is not connected."""
    return _providers.get(key)
