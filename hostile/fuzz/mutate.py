"""Changes what is right into what is hardly right, as a seeded random says."""

from random import Random
from typing import Any

# What programs stumble over: what is nothing, ends, is counted otherwise, or means something else.
NASTY = (
    *(
        "",
        " ",
        "\x00",
        "a\x00b",
        "\ufffd",
        "\u202e",
        "\u200b",
        "e\u0301" * 40,
        "٣",
        "𝔘𝔫𝔦",
        "🧑‍🧑‍🧒" * 60,
    ),
    *("-1", "0", "1e9", "NaN", "9" * 30, "999999999999999999999", "null", "true", "[]", "{}"),
    *(
        "+1",
        "+",
        "whatsapp:",
        "rcs:",
        "messenger:",
        "+12125550177",
        "'; --",
        "%s%n",
        "${x}",
        "{{1}}",
    ),
    *("<script>", "../../etc/passwd", "http://127.0.0.1/", "file:///etc/passwd", "x" * 5000),
    *("STOP", "START", "stop ", "YES", "\r\nBcc: a@b.example", "=?utf-8?B?////?=", "a@b", "@"),
)
THINGS: tuple[Any, ...] = (None, True, 0, -1, 2**63, 1.5, [], {}, [[]], {"id": {}}, [None], *NASTY)


def text(random: Random, given: str = "") -> str:
    """Another text: nonsense, a piece of it, or it with nonsense in it."""
    nonsense, at = random.choice(NASTY), random.randrange(len(given) + 1)
    return random.choice((nonsense, given[:at], given[:at] + nonsense + given[at:], given * 3))


def form(random: Random, given: dict[str, str], names: tuple[str, ...] = ()) -> dict[str, str]:
    """Some fields have another text, are gone, or are added; of half of them all are right."""
    made = dict(given)
    for _ in range(random.choice((0, 1, 1, 2, 4))):
        name = random.choice((*made, *names, random.choice(NASTY)[:20]))
        if random.random() < 0.2:
            made.pop(name, None)
        else:
            made[name] = text(random, made.get(name, ""))
    return made


def json(random: Random, given: Any, often: float = 0.05) -> Any:
    """The same with other things in some of its places."""
    if random.random() < often:
        return text(random, given) if isinstance(given, str) else random.choice(THINGS)
    if isinstance(given, dict):
        kept = {key: value for key, value in given.items() if random.random() > often / 2}
        return {key: json(random, value, often) for key, value in kept.items()}
    if isinstance(given, list):
        return [json(random, each, often) for each in given] * random.choice((1, 1, 1, 1, 2))
    return given


def raw(random: Random, given: bytes) -> bytes:
    """The bytes cut, or some of them others, or twice."""
    made = bytearray(given or b"x")
    for _ in range(random.choice((0, 1, 3, 10))):
        made[random.randrange(len(made))] = random.randrange(256)
    cut = random.randrange(len(made)) if random.random() < 0.2 else len(made)
    return bytes(made[:cut]) * random.choice((1, 1, 1, 1, 2))
