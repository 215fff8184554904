"""Every template, script and style sheet is asked for, and every one that is asked for is there."""

import re
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[2]
STATIC = PROJECT / "app/web/static"
TEMPLATES = PROJECT / "app/web/templates"
# Flask-Admin and Flask-Security ask for these by names of their own.
OF_LIBRARIES = ("admin/", "security/login_user.html")
NAMED = re.compile(r"""["']((?:js|css)/[\w/]+\.(?:js|css))["']""")
# {% for script in ["shell/hotkeys", …] %}<script src="{{ url_for('static', filename='js/%s.js' …
LISTED = re.compile(
    r"for \w+ in [\[(]([^\])]+)[\])] %\}[^%]*filename='((?:js|css)/%s\.(?:js|css))'"
)
# {{ modules("shell/hotkeys", …) }}
MODULES = re.compile(r"\bmodules\(([^)]+)\)")
IMPORTED = re.compile(r'^import (?:[^"]* from )?"(\.[^"]+)";', re.MULTILINE)


def texts() -> Iterator[str]:
    code = (path for folder in ("app", "admin_views") for path in (PROJECT / folder).rglob("*.py"))
    ours = (path for path in code if not path.is_relative_to(PROJECT / "app/simulator"))
    yield from (path.read_text() for path in [*TEMPLATES.rglob("*.html"), *ours])


def by_pages() -> Iterator[str]:
    for text in texts():
        yield from NAMED.findall(text)
        for names, address in LISTED.findall(text):
            yield from (address % name for name in re.findall(r'"([\w/]+)"', names))
        for names in MODULES.findall(text):
            yield from (f"js/{name}.js" for name in re.findall(r'"([\w/]+)"', names))


def by_scripts() -> Iterator[str]:
    for script in (STATIC / "js").rglob("*.js"):
        for path in IMPORTED.findall(script.read_text()):
            yield str((script.parent / path).resolve().relative_to(STATIC))


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_scripts_and_sheets_are_asked_for_and_what_is_asked_for_is_there() -> None:
    asked = {*by_pages(), *by_scripts()}
    assert asked - files(STATIC) == set()
    assert {path for path in files(STATIC) if path.startswith(("js/", "css/"))} - asked == set()


def test_templates_are_asked_for_by_their_whole_names_and_are_there() -> None:
    asked = {name for text in texts() for name in re.findall(r'"([\w/]+\.html)"', text)}
    apart = asked ^ files(TEMPLATES)
    assert {name for name in apart if not name.startswith(OF_LIBRARIES)} == set()
