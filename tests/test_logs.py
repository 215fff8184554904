"""What is logged stands on one line and says nothing that a stranger has written."""

import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from app import logs
from app.gunicorn_worker import without_words

FORGED = "a\nb\r\x1b[31m\x00\x85\u2028\u202e[error] forged"


@pytest.fixture
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What the program's handler writes, in the manner of production or not."""
    root = logging.getLogger()
    before, root.handlers = root.handlers, []
    known = structlog.get_config()
    logs.configure(production=request.param)
    [handler] = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    stream = handler.stream = io.StringIO()
    yield stream
    root.handlers = before
    structlog.configure(**known)


@pytest.mark.parametrize("written", [True, False], indirect=True, ids=["JSON", "readable"])
def test_a_value_forges_no_line_and_speaks_to_no_terminal(written: io.StringIO) -> None:
    structlog.get_logger("one").warning(FORGED, value=FORGED, others=[FORGED])
    logging.getLogger("a.library").warning("said %s", FORGED)
    text = written.getvalue()
    assert text.count("\n") == 2
    assert text.endswith("\n")
    assert logs.UNSEEN.findall(text.replace("\n", "")) == []
    assert "forged" in text


@pytest.mark.parametrize("written", [True, False], indirect=True, ids=["JSON", "readable"])
def test_an_error_that_quotes_a_value_forges_none_either(written: io.StringIO) -> None:
    try:
        raise ValueError(FORGED)
    except ValueError:
        logging.getLogger("a.library").exception("broke")
    first, *others = written.getvalue().rstrip("\n").split("\n")
    assert first == "broke"
    assert all(line.startswith("  | ") for line in others)
    assert logs.UNSEEN.findall("".join(others)) == []


def test_gunicorn_quotes_no_stranger() -> None:
    def record(text: str, *args: object) -> logging.LogRecord:
        return logging.LogRecord("gunicorn.error", logging.WARNING, "", 0, text, args, None)

    assert not without_words(record("Invalid request from ip=192.0.2.1: GET /secret"))
    handled = record("Error handling request %s %s", "GET", "/secret")
    assert without_words(handled) and "secret" not in handled.getMessage()
    assert without_words(record("Worker exiting"))
