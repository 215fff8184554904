"""Every script and style sheet is asked for, and every one that is asked for is there."""

import re
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[2]
STATIC = PROJECT / "app/web/static"
NAMED = re.compile(r"""["']((?:js|css)/[\w/]+\.(?:js|css))["']""")
# {% for script in ["shell/hotkeys", …] %}<script src="{{ url_for('static', filename='js/%s.js' …
LISTED = re.compile(
    r"for \w+ in [\[(]([^\])]+)[\])] %\}[^%]*filename='((?:js|css)/%s\.(?:js|css))'"
)
IMPORTED = re.compile(r'^import (?:[^"]* from )?"(\.[^"]+)";', re.MULTILINE)


def by_pages() -> Iterator[str]:
    templates = (PROJECT / "app/web/templates").rglob("*.html")
    for page in [*templates, *(PROJECT / "admin_views").rglob("*.py")]:
        text = page.read_text()
        yield from NAMED.findall(text)
        for names, address in LISTED.findall(text):
            yield from (address % name for name in re.findall(r'"([\w/]+)"', names))


def by_scripts() -> Iterator[str]:
    for script in (STATIC / "js").rglob("*.js"):
        for path in IMPORTED.findall(script.read_text()):
            yield str((script.parent / path).resolve().relative_to(STATIC))


def test_scripts_and_sheets_are_asked_for_and_what_is_asked_for_is_there() -> None:
    files = {str(path.relative_to(STATIC)) for path in STATIC.rglob("*") if path.is_file()}
    asked = {*by_pages(), *by_scripts()}
    assert asked - files == set()
    assert {path for path in files if path.startswith(("js/", "css/"))} - asked == set()
