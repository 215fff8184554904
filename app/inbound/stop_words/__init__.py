"""The words by which people end messages; one file a language, found by looking into the folder."""

from importlib import import_module
from pkgutil import iter_modules

from app.inbound.stop_words.stop_words_of import Language

LANGUAGES: dict[str, Language] = {
    module.name: import_module(f"{__name__}.{module.name}").LANGUAGE
    for module in iter_modules(__path__)
    if module.name != "stop_words_of"
}
