"""The words of answers; one file each, found by looking into the folder."""

from importlib import import_module
from pkgutil import iter_modules

from app.replies.languages.vocabulary import Language

LANGUAGES: dict[str, Language] = {
    module.name: import_module(f"{__name__}.{module.name}").LANGUAGE
    for module in iter_modules(__path__)
    if module.name != "vocabulary"
}
