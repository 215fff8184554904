"""The colours of tokens.css where one stands on another, by WCAG 2.2 AA, by day and by night."""

import re
from collections.abc import Iterator
from pathlib import Path

TOKENS = Path(__file__).parents[2] / "app/web/static/css/base/tokens.css"
TEXT, CONTROL = 4.5, 3.0
# (what is read or found, on what it stands, how much of a contrast that needs: 1.4.3, 1.4.11)
PAIRS = [
    ("text muted accent accent-strong", "bg surface raised", TEXT),
    ("text muted", "info-soft good-soft warn-soft danger-soft accent-soft", TEXT),
    ("accent-strong", "accent-soft", TEXT),
    ("on-accent", "accent accent-strong", TEXT),
    ("text", "bubble-in", TEXT),
    ("bubble-out-text", "bubble-out", TEXT),
    ("danger", "danger-soft surface", TEXT),
    ("warn", "warn-soft surface", TEXT),
    ("good", "good-soft bg", TEXT),
    ("info", "info-soft", TEXT),
    ("violet", "violet-soft", TEXT),
    ("edge", "bg surface", CONTROL),
    ("accent", "bg surface raised", CONTROL),
    ("info good warn danger", "surface", CONTROL),
]


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, as WCAG defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def flat(colours: dict[str, str]) -> Iterator[str]:
    for tops, grounds, least in PAIRS:
        for top in tops.split():
            for ground in grounds.split():
                found = contrast(colours[top], colours[ground])
                if found < least:
                    yield f"{top} on {ground}: {found:.2f} of {least}"


def test_every_text_and_control_stands_out_by_day_and_by_night() -> None:
    by_day, by_night = TOKENS.read_text().split("@media (prefers-color-scheme: dark)")
    for css in (by_day, by_night):
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", css))
        assert list(flat(colours)) == []
    # The test would notice: white on the soft accent is nothing to read.
    assert contrast("#ffffff", "#dcf1ee") < CONTROL
