"""The optional file `.env`."""

from pathlib import Path


def read(file: Path) -> dict[str, str]:
    """Its lines `KEY=VALUE`, quotes around the value and a leading `export` taken off."""
    lines = file.read_text().splitlines() if file.exists() else []
    pairs = (line.strip().removeprefix("export ").partition("=") for line in lines)
    return {key.strip(): _unquoted(value.strip()) for key, sep, value in pairs if _counts(key, sep)}


def _counts(key: str, separator: str) -> bool:
    return bool(separator) and not key.lstrip().startswith("#")


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value
