"""Meta: carries Messenger and Instagram. The only code that knows its API and its words."""

from app.providers.meta.account_pages import FIELDS, Page
from app.providers.meta.hub_signature import signature_of, signed
from app.providers.meta.provider import MetaProvider, named
from app.providers.meta.webhook_body import entries, event, items

__all__ = [
    "FIELDS",
    "MetaProvider",
    "Page",
    "entries",
    "event",
    "items",
    "named",
    "signature_of",
    "signed",
]
