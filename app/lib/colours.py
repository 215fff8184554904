"""Colours on which a text can be read (WCAG 2.2, 1.4.3)."""

import re

HEX = re.compile(r"#[0-9a-f]{6}")
BLACK, WHITE = "#000000", "#ffffff"


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, as WCAG defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def ink(ground: str) -> str:
    """Black or white, whichever is read better there: one of them always has 4.5 to 1."""
    return max((WHITE, BLACK), key=lambda colour: contrast(colour, ground))
