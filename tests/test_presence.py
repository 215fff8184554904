"""Who is at a conversation: told to colleagues by name, until it lapses, and to nobody else."""

from datetime import timedelta
from queue import Queue

import pytest
from redis import RedisError

from app import presence
from app.presence import LAPSES, OPERATOR, Doing, Present
from tests.support.browser import Browser
from tests.support.world import NOON, Business

MAYA, BELLA = 901, 902


def test_a_colleague_is_seen_until_they_type_go_or_fall_silent(
    salon: Business, garage: Business
) -> None:
    def seen(
        by: int = BELLA, of: Business = salon, after: timedelta = timedelta()
    ) -> list[Present]:
        return presence.others(of.id, 5, by, NOON + after)

    presence.tell(salon.id, 5, MAYA, Doing.LOOKING, NOON)
    assert seen() == [Present(MAYA, typing=False)]
    assert seen(by=MAYA) == seen(of=garage) == seen(after=LAPSES * 1.1) == []
    presence.tell(salon.id, 5, MAYA, Doing.TYPING, NOON)
    presence.tell(salon.id, 5, OPERATOR, Doing.LOOKING, NOON)
    assert seen() == [Present(OPERATOR, typing=False), Present(MAYA, typing=True)]
    presence.tell(salon.id, 5, MAYA, Doing.GONE, NOON)
    assert seen() == [Present(OPERATOR, typing=False)]


def test_pages_are_told_of_changes_alone(salon: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    told: Queue[tuple[int, str]] = Queue()
    monkeypatch.setattr("app.live.publish", lambda *event: told.put(event))
    for doing in (Doing.LOOKING, Doing.LOOKING, Doing.TYPING, Doing.TYPING, Doing.GONE, Doing.GONE):
        presence.tell(salon.id, 5, MAYA, doing, NOON)
    assert [told.get_nowait() for _ in range(told.qsize())] == [(salon.id, "here-5")] * 3


def test_the_answer_names_colleagues_and_calls_the_operator_kaivox(
    salon: Business, garage: Business, staff: Browser, admin: Browser, operator: Browser
) -> None:
    path = f"/messages/{salon.customer_id}/presence"
    assert staff.post(path, data={"doing": "typing"}).json == {"said": ""}
    assert admin.post(path, data={"doing": "looking"}).json == {"said": "Staff is typing…"}
    operator.post(f"/admin/tenants/enter/{salon.id}")
    operator.refresh_token()
    assert operator.post(path, data={"doing": "looking"}).status_code == 200
    said = staff.post(path, data={"doing": "looking"}).json
    assert said == {"said": "KaiVox and Admin are looking"}
    for strange in (f"/messages/{garage.customer_id}/presence", "/messages/2147483648/presence"):
        assert staff.post(strange, data={"doing": "looking"}).status_code == 404
    assert staff.post(path, data={"doing": "dancing"}).status_code == 422


def test_without_redis_nobody_is_named_and_nothing_breaks(
    salon: Business, staff: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise RedisError

    monkeypatch.setattr(presence, "redis_client", away)
    path = f"/messages/{salon.customer_id}/presence"
    assert staff.post(path, data={"doing": "typing"}).json == {"said": ""}
