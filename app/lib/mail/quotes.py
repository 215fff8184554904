"""What somebody wrote, apart from what they quote; and lines as they were before they were sent."""

import quotequail

from app.lib.mail.quote_marks import beginning
from app.lib.text.cleaning import shows

# Of a longer line nobody's mail program begins a quotation.
LONGEST_LINE = 500


def own_words(text: str) -> str:
    """The text without the history above or below it; whole where nothing else would be left."""
    lines = text.split("\n")
    short = [line[:LONGEST_LINE] for line in lines]
    [(_, own), *history] = quotequail.quote("\n".join(short), quote_intro_line=True)
    found = own.count("\n") + 1 if history and own else 0 if history else None
    ends = [end for end in (found, beginning(short)) if end is not None]
    if not ends:
        return text
    above, below = lines[: min(ends)], _below(lines[min(ends) :])
    return next((each for each in map(_joined, (above, below)) if shows(each)), text)


def _below(history: list[str]) -> list[str]:
    """What stands below a quotation whose lines are marked, and between them."""
    quoted = next((at for at, line in enumerate(history) if line.startswith(">")), len(history))
    return [line for line in history[quoted:] if not line.startswith(">")]


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n").rstrip()


def unflowed(text: str, delete_space: bool = False) -> str:
    """The paragraphs of format=flowed (RFC 3676), each on one line again."""
    made: list[list[str]] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        said = line[depth:].removeprefix(" ")
        if open_depth == depth and said != "-- ":
            made[-1].append(said)
        else:
            made.append([">" * depth, " " * bool(depth), said])
        flows = said.endswith(" ") and said != "-- "
        open_depth = depth if flows else None
        if flows and delete_space:
            made[-1][-1] = made[-1][-1][:-1]
    return "\n".join(map("".join, made))
