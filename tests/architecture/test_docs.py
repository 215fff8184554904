"""What the documents name is there, and what there is they name."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def settings_in_code() -> set[str]:
    """The keys that app/config.py reads."""
    code = (ROOT / "app/config.py").read_text()
    return set(re.findall(r'"([A-Z][A-Z_]{3,})"', code))


def test_the_readme_names_every_setting() -> None:
    readme = (ROOT / "README.md").read_text()
    missing = {key for key in settings_in_code() if key not in readme}
    assert settings_in_code()
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text()):
        assert (document.parent / target).exists(), target


def test_every_folder_that_the_readme_names_exists() -> None:
    readme = (ROOT / "README.md").read_text()
    named = re.findall(r"`((?:app|admin_views|jobs|tests|docs)/[\w/.]*)`", readme)
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_makefile_has_every_target_that_the_readme_names() -> None:
    makefile = (ROOT / "Makefile").read_text()
    readme = (ROOT / "README.md").read_text()
    for target in set(re.findall(r"^    make ([a-z]+)", readme, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
