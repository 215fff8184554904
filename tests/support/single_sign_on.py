"""A business whose users sign in by a provider, and somebody who does."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from app.extensions import db
from app.lib.time.clock import now
from app.models import ProviderIdentity, SingleSignOn, User
from app.tenancy import tenant_scope, unscoped
from app.users.sso import sso_settings
from app.users.sso.sso_settings import Wanted
from tests.support.browser import Browser
from tests.support.openid_provider import CLIENT, SECRET, Provider
from tests.support.world import Business


def connect(business: Business, issuer: str, **other: Any) -> None:
    """It is on; `required` needs more than a page gives here, and is set as it is."""
    required = other.pop("required", False)
    given = {"client_id": CLIENT, "client_secret": SECRET, "enabled": True, **other}
    with tenant_scope(business.id):
        sso_settings.save(Wanted(issuer, **given), now())
        db.session.scalars(select(SingleSignOn)).one().required = required
        db.session.commit()
        db.session.remove()


def come(
    provider: Provider,
    business: Business,
    browser: Browser | None = None,
    next_: str = "",
    **back: str,
) -> TestResponse:
    """Somebody goes there by the business's link, and comes back."""
    browser = browser or Browser()
    way = browser.get(f"/login/sso/{business.slug}{next_}")
    assert way.status_code == 302, way.text
    return arrive(browser, business, provider.come_back(way.location, **back))


def arrive(browser: Browser, business: Business, back: dict[str, str]) -> TestResponse:
    return browser.get(f"/login/sso/{business.slug}/callback", query_string=back)


def is_in(browser: Browser, who: str = "") -> bool:
    """Whether they are signed in, as somebody whose email has that in it."""
    page = browser.get("/messages")
    return page.status_code == 200 and who in page.text


def bound(business: Business) -> list[tuple[str, str]]:
    """Who of the business is who there: email and subject."""
    query = select(User.email, ProviderIdentity.subject)
    query = query.join(ProviderIdentity, ProviderIdentity.user_id == User.id)
    with tenant_scope(business.id):
        found = [(email, subject) for email, subject in db.session.execute(query)]
        db.session.rollback()
    return found


def providers(business: Business) -> list[SingleSignOn]:
    """One or none."""
    db.session.rollback()
    with tenant_scope(business.id):
        return list(db.session.scalars(select(SingleSignOn)))


def change(email: str, do: Callable[[User], None]) -> None:
    with unscoped("tests"):
        do(db.session.scalars(select(User).where(User.email == email)).one())
        db.session.commit()
        db.session.remove()
