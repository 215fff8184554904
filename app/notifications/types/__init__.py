"""The kinds of automatic messages; one file each, found by looking into the folder."""

from importlib import import_module
from pkgutil import iter_modules

from app.notifications.types.notification_type import NotificationType

_found: list[NotificationType] = [
    import_module(f"{__name__}.{module.name}").TYPE
    for module in iter_modules(__path__)
    if module.name != "notification_type"
]
TYPES = {kind.key: kind for kind in sorted(_found, key=lambda found: found.order)}
