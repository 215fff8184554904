"""What is said to who answers a reminder; one file each, found by looking into the folder."""

from importlib import import_module
from pkgutil import iter_modules

from app.notifications.types.notification_type import Kind
from app.outbox.queue.automatic_pause import OURS as OURS

_found: list[Kind] = [
    import_module(f"{__name__}.{module.name}").ANSWER for module in iter_modules(__path__)
]
ANSWERS = {kind.key: kind for kind in sorted(_found, key=lambda found: found.order)}
