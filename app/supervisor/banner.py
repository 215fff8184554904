"""What the person reads when everything is up."""

from collections.abc import Iterable, Sequence
from pathlib import Path

INDENT, LABEL = "    ", 12


def banner(
    inbox: str,
    simulator: str | None,
    mailboxes: str | None,
    sign_in: Sequence[str],
    var_dir: Path,
) -> str:
    lines = [
        ("Inbox", inbox),
        *([("Telephones", simulator)] if simulator else []),
        *([("Mailboxes", mailboxes)] if mailboxes else []),
        *zip(["Sign in"] + [""] * len(sign_in), aligned(sign_in), strict=False),
        ("Data", str(var_dir)),
        ("Stop", "Ctrl-C"),
    ]
    rows = "".join(f"{INDENT}{label:<{LABEL}}{text}\n" for label, text in lines)
    return f"\n  KaiVox Messaging is ready.\n\n{rows}\n"


def aligned(lines: Iterable[str]) -> list[str]:
    """The lines with their words in columns, where all of them have equally many."""
    rows = [line.split() for line in lines if line.strip()]
    if len({len(row) for row in rows}) != 1:
        return [" ".join(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
