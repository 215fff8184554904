"""From where, and by whose account, each carrier's channels are written; a file for each carrier,
found by looking into the folder."""

from importlib import import_module
from pkgutil import iter_modules

from app.outbox.senders.carrier_senders import CarrierSenders

_found: list[CarrierSenders] = [
    import_module(f"{__name__}.{module.name}").SENDERS
    for module in iter_modules(__path__)
    if module.name != "carrier_senders"
]
SENDERS = {each.provider: each for each in _found}
