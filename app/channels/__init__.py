"""The media a business can be written to by; one file each, found by looking into the folder."""

from importlib import import_module
from pkgutil import iter_modules

from app.channels.channel import Channel

_found: list[Channel] = [
    import_module(f"{__name__}.{module.name}").CHANNEL
    for module in iter_modules(__path__)
    if module.name != "channel"
]
CHANNELS = {channel.key: channel for channel in sorted(_found, key=lambda found: found.order)}

# Those that somebody, or a setting, can choose to write by.
CHOSEN = {key: channel for key, channel in CHANNELS.items() if not channel.carries}
# Those that remind somebody of an appointment, wherever they are.
REMINDING = {key: channel for key, channel in CHOSEN.items() if channel.reminds}


def home(key: str) -> str:
    """The key of the channel whose addresses and STOPs hold for it: of RCS that is SMS."""
    return (key in CHANNELS and CHANNELS[key].carries) or key


def family(channel: Channel) -> list[str]:
    """The channels on which the same address is the same person."""
    if channel.is_scoped:
        return [channel.key]
    return [other.key for other in CHANNELS.values() if other.address_form == channel.address_form]
