"""The app on somebody's telephone."""

import re
from datetime import datetime, timedelta

from passlib.totp import TOTP

from app.extensions import db
from app.lib.time.clock import now
from app.models import User
from app.tenancy import unscoped
from app.users import authenticator_app, second_factor
from tests.support.browser import Browser
from tests.support.world import PASSWORD

KEY = re.compile(r'<code class="key">([A-Z2-7 ]+)</code>')
CODE = re.compile(r"<code>([a-z2-9-]{19})</code>")
# Of one step a code counts once: each that is shown here is of the next.
STEP = timedelta(seconds=30)


class Authenticator:
    """Shows the codes of a key."""

    def __init__(self, key: str) -> None:
        self._totp = TOTP(key)

    def code(self, at: datetime | None = None) -> str:
        return str(self._totp.generate(time=at or now()).token)

    def next_code(self) -> str:
        """Of the step to come, which a server takes as well."""
        return self.code(now() + STEP)


def set_up(browser: Browser) -> tuple[Authenticator, list[str]]:
    """By the pages; the app, and the recovery codes."""
    assert browser.post("/second-factor", data={"password": PASSWORD}).status_code == 302
    key = KEY.search(browser.get("/second-factor/set-up").text)
    assert key
    app = Authenticator(key[1].replace(" ", ""))
    page = browser.post("/second-factor/set-up", data={"code": app.code()}).text
    codes = CODE.findall(page)
    assert len(codes) == 10, page
    return app, codes


def given(email: str) -> tuple[Authenticator, list[str]]:
    """Somebody has one for long."""
    key = authenticator_app.fresh_key()
    app, at = Authenticator(key), now() - 10 * STEP
    with unscoped("tests"):
        user = db.session.query(User).filter_by(email=email).one()
        codes = second_factor.set_up(user, key, app.code(at), at)
        db.session.commit()
        db.session.remove()
    return app, codes
