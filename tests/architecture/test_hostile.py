"""`make hostile` in small: a sample that asks for everything once, and what it says of a hole."""

import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from admin_views.panels import panel
from app.extensions import db, redis_client
from app.tenancy import current_tenant_id, unscoped
from app.web import webhooks
from app.web.guards import access
from hostile import pages, world
from hostile.onlooker import Onlooker
from hostile.order import all_probes, first_of_each
from hostile.play import Game, Score
from hostile.probe import Probe
from hostile.stage import Stage, set_up
from hostile.table import open_to_all
from tests.architecture.probes import without_the_hook
from tests.conftest import sign_in_quickly
from tests.support import emptied
from tests.support.streams import Streams

Monkey = pytest.MonkeyPatch
SEED = 1
# Views that show rows, with an id or all.
SHOW = ("index_view", "details_view", "edit_view", "export", ".show", "inbox.index")


@pytest.fixture(scope="module")
def stage(whole_app: Flask, running_streams: Streams) -> Iterator[Stage]:
    """Both businesses, everybody signed in, and nothing else in the database."""
    with whole_app.app_context(), pytest.MonkeyPatch.context() as patch:
        sign_in_quickly(whole_app)
        emptied.run()
        redis_client().flushdb()
        # It is changed by what follows.
        patch.setattr(whole_app, "request_class", whole_app.request_class)
        # In small: of pages that differ in their rows alone one.
        patch.setattr(pages, "ALIKE", 1)
        onlooker = Onlooker()
        yield set_up(whole_app, onlooker)
        onlooker.close()
        db.session.rollback()
        db.session.remove()
    gc.collect()


@pytest.fixture(scope="module")
def probes(stage: Stage) -> list[Probe]:
    return all_probes(stage.decks.values(), SEED)


def play(stage: Stage, probes: list[Probe], until: set[str] | None = None) -> Score:
    """All of them, or until something of that kind is found."""
    game = Game(stage.people, stage.onlooker)
    game.play(probes, lambda done: bool(game.score.findings.keys() & (until or set())))
    return game.score


def test_nobody_sees_or_changes_what_is_not_theirs(stage: Stage, probes: list[Probe]) -> None:
    score = play(stage, probes[: first_of_each(probes)])
    assert score.clean, "\n".join([str(score.json()), *score.notes])
    assert stage.onlooker.changed() == set(), "everything was put back"


def test_every_role_asks_for_every_route(stage: Stage, probes: list[Probe]) -> None:
    asked = {(probe.role, probe.endpoint) for probe in probes[: first_of_each(probes)]}
    for rule in stage.app.url_map.iter_rules():
        # Signed or told to somebody: whoever is signed in does not matter.
        by_address = rule.arguments - {"filename"} and open_to_all(rule.endpoint)
        for role in ["stranger"] if by_address else list(stage.people):
            assert (role, rule.endpoint) in asked


def test_the_premise_their_own_pages_show_what_is_looked_for(stage: Stage) -> None:
    stranger, words = stage.people["stranger"], stage.people["staff"].words
    deck, blind, seen = stage.decks["stranger"], [], set()
    for found in deck.offered:
        names = {name for name, _ in found.query}
        if found.method == "GET" and found.endpoint.endswith(SHOW) and names <= {"id", "url"}:
            probe = Probe("stranger", found.endpoint, "GET", found.path, found.query)
            answer = stranger.send(probe)
            seen.add(found.endpoint)
            # The frame of every page names the business; a file has no frame, and those who sign
            # in are the operator's to see.
            texts = not found.endpoint.startswith(("media.", "users.", "person.", "rights."))
            if answer.status == 200 and not words.told(answer.body, "", by_operator=texts):
                blind.append(str(probe))
    # Whoever took a file along stands in their business's log.
    stage.onlooker.restore()
    assert blind == []
    assert len(seen) > 20, seen


def test_row_level_security_stands_without_the_session_hook(
    stage: Stage, probes: list[Probe]
) -> None:
    """Row-level security alone: what breaks without the session's hook tells nothing."""
    some = [each for each in probes if each.role in ("staff", "tenant_admin") and each.endpoint]
    with without_the_hook():
        score = play(stage, some[:600])
    assert not score.findings.keys() & {"leaks", "changed"}, score.notes


def walls_off(patch: Monkey, stage: Stage) -> ExitStack:
    """No statement is narrowed to the tenant in scope, nor by PostgreSQL."""
    patch.setattr(stage.app.extensions["row_security"], "stands", False)
    gone = ExitStack()
    gone.enter_context(without_the_hook())
    return gone


def wrong_scope(patch: Monkey, _stage: Stage) -> None:
    """Whoever is signed in works for another business."""
    entered = access._enter_scope

    def enter() -> None:
        user = access.current_user
        if user.tenant_id is None:
            return entered()
        with unscoped("a mutant"):
            query = "SELECT id FROM tenant WHERE id <> :own"
            other = db.session.scalar(text(query), {"own": user.tenant_id})
        access.g.tenant_scope = access.tenant_scope(other)
        return access.g.tenant_scope.__enter__()

    patch.setattr(access, "_enter_scope", enter)


def guard_off(patch: Monkey, stage: Stage) -> None:
    """Everybody may call everything."""

    def lax() -> None:
        if access.current_user.is_authenticated:
            access._enter_scope()
        access.name_business()

    patch.setattr(access, "may", lambda _name: access.current_user.is_authenticated)
    hooks = stage.app.before_request_funcs[None]
    patch.setitem(
        stage.app.before_request_funcs,
        None,
        [lax if each is access.guard else each for each in hooks],
    )


def any_row(patch: Monkey, _stage: Stage) -> None:
    """A panel finds the row of an id, whoever has it."""

    kept = panel.find

    def find(model: Any, id_: Any) -> Any:
        with unscoped("a mutant"):
            return kept(model, id_)

    patch.setattr(panel, "find", find)


def says_whose(patch: Monkey, _stage: Stage) -> None:
    """A panel tells another's row from nobody's."""
    kept = panel.find

    def find(model: Any, id_: Any) -> Any:
        with unscoped("a mutant"):
            whose = kept(model, id_).tenant_id
        return kept(model, id_) if whose == current_tenant_id() else panel.abort(403)

    patch.setattr(panel, "find", find)


def any_signature(patch: Monkey, _stage: Stage) -> None:
    """Whoever posts is believed to be Twilio."""
    patch.setattr(webhooks, "_signed", lambda _route: True)


MUTANTS: dict[str, Callable[[Monkey, Stage], ExitStack | None]] = {
    each.__name__: each  # type: ignore[attr-defined]
    for each in (walls_off, wrong_scope, guard_off, any_row, says_whose, any_signature)
}


@pytest.mark.parametrize(
    ("mutant", "endpoints", "finds"),
    [
        ("walls_off", ("profile.", "inbox.", "customers."), {"leaks", "changed"}),
        ("wrong_scope", ("services.",), {"leaks", "changed"}),
        ("guard_off", ("services.", "business."), {"let_in"}),
        ("any_row", ("services.",), {"leaks", "changed"}),
        ("says_whose", ("services.",), {"told_apart"}),
        ("any_signature", ("webhooks.",), {"let_in", "changed"}),
    ],
)
def test_a_guard_that_is_gone_is_missed(
    mutant: str,
    endpoints: tuple[str, ...],
    finds: set[str],
    stage: Stage,
    probes: list[Probe],
    monkeypatch: Monkey,
) -> None:
    some = [each for each in probes if each.endpoint.startswith(endpoints)][:1500]
    take_away = MUTANTS[mutant]
    with take_away(monkeypatch, stage) or nullcontext():
        score = play(stage, some, until=finds)
    assert score.findings.keys() & finds, score.json()
    assert stage.onlooker.changed() == set()


def test_a_route_that_cannot_be_filled_is_told(stage: Stage, probes: list[Probe]) -> None:
    from werkzeug.routing import Map, Rule

    from hostile.values import Unfillable, Values

    rule = Rule("/x/<int:unheard_of_id>", endpoint="x.y")
    Map([rule])
    with pytest.raises(Unfillable, match="unheard_of_id"):
        Values(stage.app, stage.onlooker).fill(rule, "unheard_of_id", stage.world.ours)


def test_a_table_in_which_a_business_has_no_row_is_told(stage: Stage) -> None:
    connection = stage.onlooker.connection
    connection.execute(text(f"DELETE FROM parked WHERE tenant_id = {stage.world.ours.id}"))
    with pytest.raises(world.Empty, match="parked"):
        world._mark(connection, stage.world.ours)
    stage.onlooker.restore()


def test_what_triggers_write_is_put_back_too(stage: Stage) -> None:
    move = "UPDATE message SET status = 'delivered' WHERE status = 'accepted'"
    assert stage.onlooker.connection.execute(text(move)).rowcount
    assert {table for table, _ in stage.onlooker.changed()} >= {"message", "message_event"}
    stage.onlooker.restore()
    assert stage.onlooker.changed() == set()
