"""The numbered gaps of a WhatsApp template: {{1}}, {{2}} …"""

import re
from collections.abc import Mapping

GAP = re.compile(r"\{\{(\d{1,2})\}\}")


def gaps(text: str) -> list[str]:
    """The numbers of the gaps, each once, in their order."""
    return sorted(set(GAP.findall(text)), key=int)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its gaps filled; one that has no value stays as it is."""
    return GAP.sub(lambda gap: values.get(gap[1], gap[0]), text)


def flaw(text: str) -> str | None:
    """What is wrong with the gaps; None where nothing is."""
    odd = re.search(r"\{+[^{}]*\}*|\}+", GAP.sub("…", text))
    if odd:
        return f"“{odd[0]}” is no variable: they are numbers in double braces, such as {{{{1}}}}."
    numbers = gaps(text)
    wanted = [str(number) for number in range(1, len(numbers) + 1)]
    missing = [number for number in wanted if number not in numbers]
    if missing:
        return f"{{{{{missing[0]}}}}} is missing: variables are numbered 1, 2, 3 … without a gap."
    return None
