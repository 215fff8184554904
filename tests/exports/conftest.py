"""Where exports of the tests lie."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, current_app


@pytest.fixture
def root(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """ARCHIVE_DIR."""
    named = replace(current_app.extensions["settings"], archive_dir=tmp_path)
    monkeypatch.setitem(current_app.extensions, "settings", named)
    return tmp_path
