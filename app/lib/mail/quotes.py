"""What somebody wrote, apart from what they quote; and lines as they were before they were sent."""

import quotequail

from app.lib.text.cleaning import shows

# Of a longer line nobody's mail program begins a quotation.
LONGEST_LINE = 500


def own_words(text: str) -> str:
    """The text without the history below it; whole where nothing else would be left."""
    lines = text.split("\n")
    short = "\n".join(line[:LONGEST_LINE] for line in lines)
    [(_, own), *history] = quotequail.quote(short, quote_intro_line=True)
    if not history or not shows(own):
        return text
    return "\n".join(lines[: own.count("\n") + 1]).rstrip()


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
