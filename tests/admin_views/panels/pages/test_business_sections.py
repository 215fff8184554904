"""A business's form is in sections, and begins with what is wrong in it."""

import re

from admin_views.operator.tenants import NewBusinessForm
from admin_views.panels.pages.business_sections import SECTIONS
from tests.admin_views.reading import cells, filled
from tests.support.browser import Browser
from tests.support.world import Business


def test_each_field_of_the_form_is_in_one_section(salon: Business) -> None:
    named = sorted(name for section in SECTIONS.values() for name in section)
    form = NewBusinessForm
    assert named == [name for name in dir(form) if hasattr(getattr(form, name), "field_class")]


def test_what_is_wrong_stands_above_the_form_as_links_to_its_fields(
    salon: Business, garage: Business, admin: Browser, operator: Browser
) -> None:
    before = filled(admin.get("/admin/business/"))
    given = before | {"name": "", "sms_from": "call us", "undo_seconds": "90"}
    for person, path in (
        (admin, "/admin/business/"),
        (operator, f"/admin/tenants/edit/?id={salon.id}"),
    ):
        page = person.post(path, data=given).text
        summary, _, form = page.partition('class="sections"')
        assert re.findall(r'<a href="#(\w+)">', summary) == ["name", "sms_from", "undo_seconds"]
        assert "Nothing was saved yet. Put right these 3: Name : This field" in cells(summary)
        assert all(f'id="{field}"' in form for field in ("name", "sms_from", "undo_seconds"))
        assert 'value="call us"' in form
    assert filled(admin.get("/admin/business/")) == before
