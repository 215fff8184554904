"""Parts of pages are rendered once, and never for two businesses."""

from flask import Flask
from markupsafe import Markup, escape

from admin_views.fragments import fragment, fragments
from app.tenancy import tenant_scope
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
