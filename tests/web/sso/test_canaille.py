"""Sign-in at a real provider, Canaille, by its own pages."""

from urllib.parse import urlsplit

from app.models import AuditEntry
from tests.admin_views.reading import rows, told
from tests.support.browser import Browser
from tests.support.canaille import SECRET, Canaille
from tests.support.single_sign_on import bound, connect, is_in
from tests.support.world import Business

TRY = "/admin/single-sign-on/try"


def there_and_back(browser: Browser, canaille: Canaille, name: str, way: str) -> str:
    """Where they end."""
    back = canaille.sign_in(name, browser.get(way).location)
    parts = urlsplit(back)
    assert parts.netloc == "localhost"
    answer = browser.get(parts.path, query_string=parts.query)
    return answer.location or answer.text


def test_who_signs_in_there_is_signed_in_here_and_nobody_of_another_business(
    canaille: Canaille, salon: Business, garage: Business
) -> None:
    browser, stranger, unverified = Browser(), Browser(), Browser()
    way = "/login/sso/salon"
    assert "not say that your email address is verified" in there_and_back(
        unverified, canaille, "unverified", way
    )
    assert there_and_back(browser, canaille, "maya", f"{way}?next=/messages") == "/messages"
    assert is_in(browser, "Staff") and bound(salon) == [(salon.staff, "maya")]
    assert "Nobody of this business" in there_and_back(stranger, canaille, "stranger", way)
    assert not is_in(stranger) and not is_in(unverified)
    assert bound(garage) == [] and SECRET not in str([e.facts for e in rows(salon, AuditEntry)])


def test_an_admin_tries_it_and_reads_what_is_wrong(
    canaille: Canaille, salon: Business, admin: Browser
) -> None:
    assert there_and_back(admin, canaille, "boss", TRY) == "/admin/single-sign-on/"
    page = admin.get("/admin/single-sign-on/")
    assert "there you are admin@salon.test, here Admin" in told(page)
    connect(salon, canaille.url, client_id="kaivox", client_secret="wrong")
    there_and_back(admin, canaille, "boss", TRY)
    assert "client ID and secret" in told(admin.get("/admin/single-sign-on/"))
    connect(salon, f"{canaille.url}/", client_id="kaivox", client_secret=SECRET)
    assert admin.get(TRY).location == "/admin/single-sign-on/"
    assert f"It calls itself {canaille.url}." in told(admin.get("/admin/single-sign-on/"))
