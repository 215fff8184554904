"""Messages go as they would on a machine that nobody else uses."""

import pytest

from app.retention import compact, delete_archived, pace


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long it takes is up to whatever else runs here, and bench/retention measures it."""
    monkeypatch.setattr(pace, "PATIENCE_SECONDS", 60)
    monkeypatch.setattr(compact, "STATEMENT_TIMEOUT", "60s")
    for limit in delete_archived.TIMEOUTS:
        monkeypatch.setitem(delete_archived.TIMEOUTS, limit, "60s")
