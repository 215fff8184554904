"""`make fuzz` in small, and that it would see a hole."""

import gc
from collections.abc import Iterator

import pytest
from flask import Flask

from app.extensions import db, redis_client
from app.web import webhooks
from app.web.guards import access
from hostile.fuzz.forgers import FORGERS
from hostile.fuzz.play import EACH, Count, open_up, play
from hostile.onlooker import Onlooker
from hostile.world import World, build
from tests.conftest import sign_in_quickly
from tests.support import emptied

Stage = tuple[Flask, Onlooker, World]
# Where people sign in, or press the button of a page that they were sent, and where programs come
# in by a key (hostile/programs.py): `make hostile`.
OF_PEOPLE = {
    *("security", "forgot_password", "second_step", "passkey_sign_in", "sso"),
    *("invitation", "reply_address", "unsubscribe", "own_appointment", "calendar_feed", "api"),
}
SEED = 7


@pytest.fixture(scope="module")
def stage(whole_app: Flask) -> Iterator[Stage]:
    with whole_app.app_context():
        sign_in_quickly(whole_app)
        emptied.run()
        redis_client().flushdb()
        before = whole_app.config.get("PROPAGATE_EXCEPTIONS")
        whole_app.config["PROPAGATE_EXCEPTIONS"] = False
        onlooker = Onlooker()
        world = build(onlooker.connection)
        open_up(onlooker, world)
        yield whole_app, onlooker, world
        onlooker.close()
        whole_app.config["PROPAGATE_EXCEPTIONS"] = before
        db.session.rollback()
        db.session.remove()
    gc.collect()


def fuzzed(stage: Stage) -> Count:
    """Each way in twice, once signed."""
    return play(*stage, 2 * EACH * len(FORGERS), SEED, lambda _done: False)


def test_nonsense_is_answered_and_leaves_no_row_that_must_not_be(stage: Stage) -> None:
    told = fuzzed(stage)
    assert told.clean, "\n".join(told.notes)
    assert told.stored, "what is signed is stored"


def test_a_way_in_that_believes_everybody_is_found(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "_signed", lambda _route: True)
    assert fuzzed(stage).unsigned_rows


def test_every_way_in_has_its_forger(whole_app: Flask) -> None:
    forged = {endpoint for each in FORGERS for endpoint in each.endpoints}
    posted = {
        rule.endpoint
        for rule in whole_app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and access.roles_of(rule.endpoint) == access.PUBLIC
    }
    assert {each for each in posted if each.partition(".")[0] not in OF_PEOPLE} <= forged
    assert forged <= {rule.endpoint for rule in whole_app.url_map.iter_rules()}
