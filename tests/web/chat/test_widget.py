"""The loader and the panel: small, for the business's sites alone, and nothing of staff's pages."""

import gzip
import re
from pathlib import Path

from flask import Flask

from app.lib.colours import contrast, ink
from app.webchat.panel_words import LANGUAGES, first_known
from app.webchat.panel_words.chat_words import Panel
from app.webchat.visitor_refused import SENTENCES
from tests.support.browser import Browser, visitor
from tests.support.visitors import SITE, switch_on
from tests.support.world import Business

LOADER, PANEL = 5 * 1024, 40 * 1024


def packed(content: bytes) -> int:
    return len(gzip.compress(content))


def test_the_loader_and_the_panel_are_small(app: Flask, salon: Business) -> None:
    switch_on(salon)
    assert packed(visitor().get("/chat/salon/widget.js").data) <= LOADER
    page = visitor().get("/chat/salon/panel").text
    asked = set(re.findall(r'(?:src|href)="(/static/[^"?]+)', page))
    files = [Path(str(app.static_folder)).parent / each[1:] for each in asked]
    names = {each.name for each in files}
    folder = Path(str(app.static_folder)) / "js/chat"
    assert {each.name for each in folder.iterdir()} - {"loader.js"} <= names, "all are counted"
    assert packed(page.encode()) + sum(packed(each.read_bytes()) for each in files) <= PANEL


def test_only_the_businesss_sites_may_frame_the_panel_and_no_header_of_staff_is_there(
    salon: Business, garage: Business, staff: Browser
) -> None:
    switch_on(salon, f"{SITE} https://shop.example")
    panel = staff.get("/chat/salon/panel")
    policy = panel.headers["Content-Security-Policy"]
    assert policy.endswith(f"frame-ancestors {SITE} https://shop.example")
    assert "unsafe" not in policy
    for answer in (panel, staff.get("/chat/salon/widget.js")):
        assert not {"Set-Cookie", "X-Frame-Options", "Cross-Origin-Opener-Policy"} & set(
            answer.headers.keys()
        )


def test_nobody_learns_who_is_a_customer_of_ours(salon: Business, garage: Business) -> None:
    def asked(slug: str) -> list[tuple[int, str, object]]:
        answers = [visitor().get(f"/chat/{slug}/{each}") for each in ("panel", "widget.js")]
        answers.append(visitor().post(f"/chat/{slug}/session", json={}))
        answers.append(visitor().get(f"/chat/{slug}/messages"))
        return [
            (each.status_code, each.text, each.headers.get("Content-Security-Policy"))
            for each in answers
        ]

    switch_on(garage)
    off, unknown = asked("salon"), asked("nobody")
    assert off == unknown
    assert off[0] == (404, "<!doctype html>", "default-src 'none'; frame-ancestors 'none'")


def test_a_text_stands_out_on_whatever_colour_the_business_takes() -> None:
    for colour in ("#000000", "#ffffff", "#767676", "#ff0000", "#0f766e", "#ffd60a", "#808080"):
        assert contrast(ink(colour), colour) >= 4.5


def test_each_language_says_all_of_it() -> None:
    gaps = {code: _gaps(words.panel) for code, words in LANGUAGES.items()}
    assert all(each == gaps["en"] for each in gaps.values())
    for words in LANGUAGES.values():
        assert words.panel.errors.keys() == set(SENTENCES)
        assert all(vars(words.panel).values()) and all(vars(words.loader).values())
    assert [first_known(each) for each in (["de-AT"], ["", "pt", "fr_FR"], ["ja"], [])] == [
        *("de", "fr", "en", "en")
    ]


def _gaps(panel: Panel) -> dict[str, list[str]]:
    texts = {name: text for name, text in vars(panel).items() if isinstance(text, str)}
    return {name: re.findall(r"\{\w+\}", text) for name, text in texts.items()}
