"""What the documents name is there, and what there is they name."""

import re
from pathlib import Path

import click
import pytest

from app.cli import COMMANDS

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


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


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_document_names_exists(document: Path) -> None:
    """Also where only the end of its path is named, after an ellipsis."""
    text = document.read_text()
    whole = re.findall(
        r"(?<![\w/.])((?:app|admin_views|jobs|tests|docs|faults)/[\w/.-]+\.(?:py|md|sql))", text
    )
    ends = re.findall(r"…/([\w/]+\.py)", text)
    assert [path for path in whole if not (ROOT / path).exists()] == []
    assert [end for end in ends if not any(ROOT.glob(f"app/**/{end}"))] == []


def test_the_readme_names_every_command() -> None:
    commands = (ROOT / "README.md").read_text().partition("## Commands")[2].partition("##")[0]
    named = {" ".join(each.split()) for each in re.findall(r"`([a-z\s-]+)`", commands)}
    by_itself = {"prepare", "introduce"}  # make run calls them
    assert {name for each in COMMANDS for name in _names(each)} - by_itself == named - {
        "db upgrade"
    }


def _names(command: click.Command) -> list[str]:
    if isinstance(command, click.Group):
        return [f"{command.name} {name}" for name in command.commands]
    return [str(command.name)]
