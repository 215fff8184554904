"""An event is judged once, by all rules on one snapshot, and what they do is done whole or not."""

from tests.automation.rules import MINUTE, THEN, look, rule, runs, texts, writes
from tests.support.world import Business

ANSWER = ("send_text", {"text": "A cut is 40, {{customer_name}}."})


def test_a_customer_who_writes_is_answered_once(inside: Business, garage: Business) -> None:
    rule(do=[ANSWER], name="Price list")
    writes(inside)
    look(THEN + MINUTE)
    (run,) = runs()
    assert (run.status, run.done, run.rule_name) == ("done", ["Sent a text by SMS."], "Price list")
    assert texts(inside) == ["A cut is 40, Ann."]
    assert texts(garage) == []
