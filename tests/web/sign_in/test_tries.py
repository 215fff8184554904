"""How often a password may be tried: by whom, for whose account, and who is told."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from limits.storage import RedisStorage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import select

from app.extensions import db, redis_client
from app.models import UserEmail
from app.tenancy import unscoped
from app.web.sign_in import tries
from tests.support.browser import Browser
from tests.support.mailboxes import Mailboxes
from tests.support.world import PASSWORD, Business, operator


def at(address: str) -> dict[str, Any]:
    return {"environ_base": {"REMOTE_ADDR": address}}


def guess(email: str, times: int, address: str = "127.0.0.1") -> list[int]:
    """A stranger's browser tries wrong passwords."""
    browser = Browser()
    return [browser.sign_in(email, f"wrong-{n}", **at(address)).status_code for n in range(times)]


def guess_from_everywhere(email: str) -> None:
    """So many callers guess that the account takes no more of strangers."""
    for host in range(17):
        assert guess(email, 6, f"198.51.100.{host}")[:4] == [200] * 4


def test_the_seventh_wrong_try_of_a_caller_for_an_account_is_refused(salon: Business) -> None:
    assert guess(salon.staff, 7) == [200] * 6 + [429]
    # The right password does not help whoever guesses, and another person is not locked out.
    refused = Browser().sign_in(salon.staff)
    assert refused.status_code == 429
    assert "Wait a minute" in refused.text and 0 < int(refused.headers["Retry-After"]) <= 60
    assert Browser().sign_in(salon.admin).status_code == 302


def test_who_guesses_elsewhere_locks_nobody_out(salon: Business) -> None:
    assert guess(salon.staff, 8, "198.51.100.7")[-1] == 429
    assert Browser().sign_in(salon.staff).status_code == 302


@pytest.mark.parametrize(
    "spelling", ["STAFF@salon.test", " staff@salon.test ", "staff@SALON.test", "ｓtaff@salon.test"]
)
def test_another_spelling_of_the_address_is_the_same_account(
    salon: Business, spelling: str
) -> None:
    assert guess(salon.staff, 3) + guess(spelling, 3) == [200] * 6
    known = Browser().sign_in(spelling).status_code
    assert known in (200, 429)
    if known == 429:
        assert Browser().sign_in(salon.staff).status_code == 429


def test_spellings_that_sign_in_are_counted_together(salon: Business) -> None:
    assert Browser().sign_in("STAFF@SALON.test").status_code == 302
    assert guess("STAFF@SALON.test", 6) == [200] * 6
    assert Browser().sign_in(salon.staff).status_code == 429


def test_an_unknown_address_is_limited_as_a_known_one(salon: Business) -> None:
    known, unknown = Browser(), Browser()
    for n in range(8):
        ours = known.sign_in(salon.staff, f"wrong-{n}", **at("198.51.100.1"))
        theirs = unknown.sign_in("nobody@salon.test", f"wrong-{n}", **at("198.51.100.2"))
        assert ours.status_code == theirs.status_code
    assert ours.status_code == 429
    assert guess("nobody@bücher.test", 3) + guess("nobody@xn--bcher-kva.test", 4) == (
        [200] * 6 + [429]
    )


def test_one_caller_cannot_try_many_accounts(salon: Business) -> None:
    browser = Browser()
    codes = [browser.sign_in(f"{n}@salon.test", "wrong").status_code for n in range(31)]
    assert codes == [200] * 30 + [429]


def test_a_network_of_ipv6_is_one_caller(salon: Business) -> None:
    codes = [code for n in range(7) for code in guess(salon.staff, 1, f"2001:db8:0:7:{n}::{n + 1}")]
    assert codes == [200] * 6 + [429]
    assert guess(salon.staff, 1, "2001:db8:0:8::1") == [200]


def test_right_sign_ins_are_not_counted(salon: Business) -> None:
    for _ in range(35):
        assert Browser().sign_in(salon.staff).status_code == 302
    assert guess(salon.staff, 6) == [200] * 6


def test_many_callers_together_are_refused_and_a_known_browser_is_not(
    salon: Business, garage: Business
) -> None:
    known, new = Browser(), Browser()
    assert known.sign_in(salon.staff).status_code == 302
    known.post("/logout")
    guess_from_everywhere(salon.staff)
    refused = new.sign_in(salon.staff, **at("203.0.113.9"))
    assert refused.status_code == 429
    assert "a browser in which you have signed in before" in refused.text
    assert known.sign_in(salon.staff, **at("203.0.113.9")).status_code == 302
    assert Browser().sign_in(garage.staff, **at("203.0.113.9")).status_code == 302


def test_a_known_browser_is_spared_at_the_callers_address_too(salon: Business) -> None:
    known = Browser()
    assert known.sign_in(salon.staff).status_code == 302
    known.post("/logout")
    assert guess(salon.staff, 7)[-1] == 429
    assert known.sign_in(salon.staff).status_code == 302


def test_a_known_browser_cannot_guess_without_end(salon: Business) -> None:
    known = Browser()
    assert known.sign_in(salon.staff).status_code == 302
    known.post("/logout")
    assert [known.sign_in(salon.staff, "wrong").status_code for _ in range(7)] == [200] * 6 + [429]
    assert Browser().sign_in(salon.staff).status_code == 302, "strangers have their own count"


def test_a_browser_is_known_to_its_own_user_alone(salon: Business) -> None:
    mine = Browser()
    assert mine.sign_in(salon.staff).status_code == 302
    cookie = mine.client.get_cookie("device_3", path="/login")
    guess_from_everywhere(salon.admin)
    forger = Browser()
    for value in (cookie.value, cookie.value[:-2] + "xx", "[4,1]", ""):
        forger.client.set_cookie("device_4", value, path="/login")
        assert forger.sign_in(salon.admin, **at("203.0.113.9")).status_code == 429
    assert (cookie.http_only, cookie.same_site) == (True, "Strict")


def test_the_present_password_is_limited_where_a_new_one_is_set(
    salon: Business, staff: Browser
) -> None:
    new = {"new_password": "a-new-long-password", "new_password_confirm": "a-new-long-password"}
    codes = [
        staff.post("/password", data=new | {"password": f"wrong-{n}"}).status_code for n in range(7)
    ]
    assert codes == [200] * 6 + [429]
    assert staff.post("/password", data=new | {"password": PASSWORD}).status_code == 429
    assert Browser().sign_in(salon.staff).status_code == 302


def test_tries_at_the_same_moment_are_all_counted(app: Flask) -> None:
    gate = threading.Barrier(20)

    def tried(_: int) -> bool:
        with app.test_request_context():
            gate.wait(5)
            try:
                tries.count(tries.by_account("user 1", None))
            except tries.TooManyTries:
                return False
        return True

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(tried, range(20))).count(True) == 6


def test_neither_redis_nor_a_log_holds_what_was_typed(
    salon: Business, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    guess(salon.staff, 8)
    guess("somebody.secret@mail.test", 8, "198.51.100.7")
    kept = b" ".join(redis_client().keys()).decode()
    assert "LIMITS" in kept
    for typed in (salon.staff, "somebody", "mail.test", "198.51.100.7", "wrong-1"):
        assert typed not in kept
        assert typed not in caplog.text


def test_without_redis_each_process_counts_by_itself(
    app: Flask, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = FixedWindowRateLimiter(RedisStorage("redis://127.0.0.1:9", socket_timeout=0.1))
    monkeypatch.setattr(tries, "limiter", SimpleNamespace(limiter=away))
    assert guess(salon.staff, 7, "192.0.2.77") == [200] * 6 + [429]


def emails() -> list[UserEmail]:
    db.session.rollback()
    with unscoped("tests"):
        rows = select(UserEmail).where(UserEmail.once.is_not(None)).order_by(UserEmail.id)
        return list(db.session.scalars(rows))


def test_who_is_guessed_at_is_told_once(post: Mailboxes, salon: Business, garage: Business) -> None:
    guess(salon.staff, 6, "198.51.100.1")
    guess("nobody@salon.test", 6, "198.51.100.1")
    guess(salon.staff, 4, "198.51.100.2")
    assert emails() == []
    guess(salon.staff, 6, "198.51.100.3")
    guess(salon.staff, 6, "198.51.100.4")
    guess("nobody@salon.test", 6, "198.51.100.5")
    (told,) = emails()
    assert (told.tenant_id, told.user_id, told.kind) == (salon.id, 3, "wrong_passwords")
    assert redis_client().get("enqueued:send_user_emails"), "a worker is asked to look"


def test_an_operator_is_told_too(post: Mailboxes, salon: Business) -> None:
    email = operator()
    for host in range(2):
        guess(email, 6, f"198.51.100.{host}")
    (told,) = emails()
    assert told.tenant_id is None


def test_without_a_mail_server_nobody_is_told_and_the_page_says_so(
    salon: Business, staff: Browser
) -> None:
    for host in range(2):
        guess(salon.staff, 6, f"198.51.100.{host}")
    assert emails() == []
    assert "This server sends no emails" in staff.get("/password").text


def test_with_a_mail_server_the_page_says_that_one_is_told(post: Mailboxes, staff: Browser) -> None:
    assert "You get an email when many wrong passwords" in staff.get("/password").text
