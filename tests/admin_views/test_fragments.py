"""Parts of pages are rendered once, and never for two businesses."""

from flask import Flask
from markupsafe import Markup, escape

from admin_views.fragments import fragment
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
