"""One file for each channel, found by looking into the folder."""

from importlib import import_module
from pkgutil import iter_modules

from tests.channels.rig import Rig

RIGS: dict[str, type[Rig]] = {
    module.name: import_module(f"{__name__}.{module.name}").RIG for module in iter_modules(__path__)
}
"""By the channel's key."""
