"""A rule that could not do what it says is not stored."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.automation.editing.gap_values import GONE
from app.automation.editing.rule_check import MOST_PARTS, NO_SUCH, checked
from app.automation.editing.rule_draft import Chosen, Draft
from app.extensions import db
from app.models import Service
from app.notifications.configure.template_edit import Wrong
from app.tenancy import tenant_scope
from tests.support.world import Business

TEXT = Chosen("send_text", {"text": "Hi {{customer_name}}!"})
GOOD = Draft(name="Price list", trigger=Chosen("customer_wrote", {}), actions=(TEXT,))


def wrong(owner: Business, draft: Draft) -> dict[str, str]:
    with tenant_scope(owner.id), pytest.raises(Wrong) as refused:
        checked(draft)
    return refused.value.errors


def service_of(owner: Business) -> str:
    with tenant_scope(owner.id):
        return str(db.session.scalars(select(Service.id)).one())


def test_options_become_what_is_stored_and_unknown_ones_are_left_out(salon: Business) -> None:
    trigger = Chosen("nobody_answered", {"minutes": " 45", "counted": "all", "evil": "1"})
    words = Chosen("words", {"how": "any", "words": "price, price , how much"})
    with tenant_scope(salon.id):
        read = checked(replace(GOOD, name=" Price \n list ", trigger=trigger, conditions=(words,)))
    stored = read.stored()
    assert stored["name"] == "Price list"
    assert stored["trigger_options"] == {"minutes": 45, "counted": "all"}
    assert stored["conditions"] == [
        {"key": "words", "options": {"how": "any", "words": ["price", "how much"]}}
    ]
    assert stored["actions"][0]["options"] == {
        "text": "Hi {{customer_name}}!",
        "text_en": "",
        "text_es": "",
    }


def test_everything_that_is_wrong_is_told_at_once_by_its_path(salon: Business) -> None:
    errors = wrong(
        salon,
        Draft(
            name="\u2800",
            trigger=Chosen("nobody_answered", {"minutes": "soon", "counted": "never"}),
            conditions=(Chosen("words", {"how": "any", "words": ""}), Chosen("__class__", {})),
            actions=(Chosen("send_text", {"text": "{{custmer_name}}", "text_es": "{{x"}),),
        ),
    )
    assert errors == {
        "name": "Give it a name of 80 characters at most.",
        "trigger.minutes": "Give a whole number from 1 to 10,080.",
        "trigger.counted": GONE,
        "conditions.0.words": "Give one to 50 words or phrases, with commas between them.",
        "conditions.1": NO_SUCH,
        "actions.0.text": "custmer_name is unknown: did you mean customer_name?",
        "actions.0.text_es": "Line 1: {{ is not closed. Write }} after it.",
    }


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"actions": ()}, "actions"),
        ({"actions": (TEXT,) * (MOST_PARTS + 1)}, "actions"),
        ({"trigger": Chosen("send_text", {})}, "trigger"),
        ({"name": "n" * 81}, "name"),
    ],
)
def test_a_rule_does_something_and_not_everything(
    changed: dict[str, Any], path: str, salon: Business
) -> None:
    assert wrong(salon, replace(GOOD, **changed)).keys() == {path}


def test_another_businesss_rows_cannot_be_named(salon: Business, garage: Business) -> None:
    def asking(id_: str) -> Draft:
        about = Chosen("service", {"is": "is", "services": [id_]})
        return replace(GOOD, conditions=(about,))

    with tenant_scope(salon.id):
        assert checked(asking(service_of(salon)))
    assert wrong(salon, asking(service_of(garage))) == {"conditions.0.services": GONE}
    assert wrong(salon, asking("0")) == {"conditions.0.services": GONE}
