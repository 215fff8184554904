"""Parts of pages are rendered once, and never for two businesses."""

from flask import Flask
from jinja2 import Undefined
from markupsafe import Markup, escape

from admin_views.fragments import fragment, fragments
from app.tenancy import tenant_scope
from app.web.guards.csrf import page_token
from app.web.guards.headers import nonce
from tests.support.world import Business


def test_a_part_is_rendered_once_for_each_business_and_key(
    app: Flask, salon: Business, garage: Business
) -> None:
    rendered: list[str] = []

    def shown(business: Business, *same: object) -> str:
        def caller() -> Markup:
            rendered.append(business.slug)
            return escape(f"{business.slug} {len(rendered)}")

        with app.test_request_context(), tenant_scope(business.id):
            return fragment(*same, caller=caller)  # type: ignore[arg-type]

    key = ("test", salon.slug, garage.slug)
    assert shown(salon, *key) == shown(salon, *key) == "salon 1"
    assert shown(garage, *key) == "garage 2"
    assert shown(salon, *key, "other") == "salon 3"
    assert shown(salon, *key, ["no key"]) == "salon 4"
    assert shown(salon, *key, ["no key"]) == "salon 5"


def test_of_many_parts_only_what_is_new_is_rendered(app: Flask, salon: Business) -> None:
    said: list[str] = []
    names = app.jinja_env.from_string("{% macro row(name, chosen) %}{{ note(name) }}{% endmacro %}")
    macro = names.make_module({"note": lambda name: said.append(name) or name}).row  # type: ignore[func-returns-value]

    def shown(*same: object) -> dict[int, Markup]:
        rows = {1: (f"<{salon.slug}>", False), 2: ("Ann", True)}
        with app.test_request_context(), tenant_scope(salon.id):
            return fragments(macro, rows, *same)  # type: ignore[arg-type]

    assert shown() == shown() == {1: f"&lt;{salon.slug}&gt;", 2: "Ann"}
    assert said == [f"<{salon.slug}>", "Ann"]
    shown("another day")
    assert len(said) == 4


def test_a_part_that_is_kept_carries_the_nonce_and_the_token_of_each_answer(
    app: Flask, salon: Business
) -> None:
    def part() -> Markup:
        return Markup("<script nonce='{}'>{}</script>").format(nonce(), page_token())

    def shown() -> tuple[str, str]:
        with app.app_context(), app.test_request_context(), tenant_scope(salon.id):
            # One within another, as a bell in the frame.
            both = fragment("outer", caller=lambda: part() + fragment("inner", caller=part))
            assert both == part() * 2
            return nonce(), page_token()

    assert len({shown() for _ in range(3)}) == 3


def test_what_is_not_defined_is_no_key(app: Flask, salon: Business) -> None:
    said = iter("ab")
    with app.test_request_context(), tenant_scope(salon.id):
        for word in "ab":
            assert fragment("forgotten", Undefined(), caller=lambda: escape(next(said))) == word
