"""The link of an appointment: each has its own, and nobody can make one."""

from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.extensions import db
from app.models import Appointment, Customer, Tenant
from app.notifications.content import manage_link
from app.notifications.content.manage_link import SAMPLE, Named, address, name_of, read
from app.notifications.content.variables import values
from app.notifications.types import TYPES
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows
from tests.support.diary import book
from tests.support.world import Business

NUMBERS = st.integers(1, 2**31 - 1)


@given(NUMBERS, NUMBERS)
def test_a_name_is_read_as_what_it_was_made_of(
    whole_app: Flask, tenant_id: int, appointment_id: int
) -> None:
    with whole_app.app_context():
        named = Named(tenant_id, appointment_id)
        name = name_of(named)
        assert read(name) == named
        # In a text that is charged by its length.
        assert len(name) <= 7 + 7 + 16 + 2
        one = "1" if name[-1] == "0" else "0"
        assert read(name[:-1] + one) is None


def test_the_proof_of_one_appointment_is_none_of_another(app: Flask) -> None:
    proof = name_of(Named(2, 7)).rpartition("-")[2]
    for other in ("2-8", "3-7", "7-2", "02-7", "2-07"):
        assert read(f"{other}-{proof}") is None
    for nonsense in ("", "2-7", f"2-7-{proof}0", f"2-7-{proof.upper()}é", SAMPLE, "u-l-o" * 5):
        assert read(nonsense) is None


def test_what_was_made_by_a_former_key_still_opens(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = name_of(Named(2, 7))
    settings = manage_link.settings()
    secrets = replace(settings._secrets, key="another-key", fallbacks=(settings.secret_key,))
    later = replace(settings, _secrets=secrets)
    monkeypatch.setattr(manage_link, "settings", lambda: later)
    assert read(name) == Named(2, 7)
    assert name_of(Named(2, 7)) != name


def test_an_appointment_that_is_made_up_has_a_link_that_opens_nothing(app: Flask) -> None:
    link = address(Appointment())
    assert link == f"http://localhost/a/{SAMPLE}"
    assert len(SAMPLE) == len(name_of(Named(7, 3 * 32**2)))


def test_a_text_that_asks_for_it_has_the_link_of_each_appointment_that_it_is_about(
    salon: Business,
) -> None:
    book(salon, "2026-11-19 15:00", "2026-11-18 10:00")
    with tenant_scope(salon.id):
        first, second = rows(salon, Appointment)
        who = db.session.get_one(Tenant, salon.id), "en"
        customer = db.session.get_one(Customer, salon.customer_id)
        reminder, text = TYPES["appointment_reminder"], "Change it: {{manage_link}}"
        told = values(reminder, *who, customer, first, others=[second], text=text)
        assert told["manage_link"] == f"{address(first)} and {address(second)}"
        # It costs nothing where nobody asks for it; and what is over has none.
        assert values(reminder, *who, customer, first, text="See you")["manage_link"] == ""
        assert "manage_link" not in TYPES["appointment_cancelled"].variables
