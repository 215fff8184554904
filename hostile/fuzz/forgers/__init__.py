"""The ways in that machines post to; one file each, found by looking into the folder."""

from importlib import import_module
from pkgutil import iter_modules

from hostile.fuzz.forger import Forger

FORGERS: tuple[Forger, ...] = tuple(
    import_module(f"{__name__}.{module.name}").FORGER for module in iter_modules(__path__)
)
