"""An admin connects the business's provider, tries it, and shuts nobody out by it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.extensions import db, limiter, vault
from app.models import AuditEntry, ProviderIdentity, SingleSignOn
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells, rows, told
from tests.support import openid_provider
from tests.support.authenticator import given
from tests.support.browser import Browser
from tests.support.openid_provider import CLIENT, SECRET, Provider
from tests.support.single_sign_on import arrive, bound, come, connect, is_in, providers
from tests.support.world import Business, operator

PAGE, TRY = "/admin/single-sign-on/", "/admin/single-sign-on/try"


@pytest.fixture(autouse=True)
def unlimited(app: object) -> None:
    limiter.reset()


@pytest.fixture
def provider(on_this_machine: None, salon: Business) -> Iterator[Provider]:
    """Nobody has connected it yet."""
    with openid_provider.running() as one:
        yield one


def entered(provider: Provider, **other: str) -> dict[str, str]:
    """What a browser sends: boxes that are not ticked are not there."""
    given = {"issuer": provider.url, "client_id": CLIENT, "client_secret": SECRET}
    return {**given, "second_factor_by": "us", "domains": "", **other}


def stored(business: Business) -> SingleSignOn:
    [row] = providers(business)
    return row


def tried(admin: Browser, provider: Provider, business: Business, **back: str) -> str:
    """What the page tells after the way there and back."""
    way = admin.get(TRY).location
    assert arrive(admin, business, provider.come_back(way, **back)).location == PAGE
    return told(admin.get(PAGE))


def test_a_provider_is_entered_and_its_secret_told_to_nobody(
    provider: Provider, salon: Business, garage: Business, admin: Browser
) -> None:
    form = entered(provider, issuer=f" {provider.url}/.well-known/openid-configuration ")
    assert admin.post(PAGE, data=form).location == PAGE
    row = stored(salon)
    assert row.issuer == provider.url and not row.enabled and not row.required
    assert row.client_secret_sealed and vault().open(row.client_secret_sealed) == SECRET
    page = admin.get(PAGE).text
    assert "http://localhost/login/sso/salon/callback" in page and provider.url in page
    assert SECRET not in page and row.client_secret_sealed not in page
    assert provider.url not in Browser(garage.admin).get(PAGE).text
    [entry] = [each for each in rows(salon, AuditEntry) if each.row_kind == "single_sign_on"]
    assert entry.action == "created" and SECRET not in str(entry.changes)
    assert "single sign-on" in cells(admin.get("/admin/audit-log/").text)


def test_it_is_for_the_businesss_own_admins(
    provider: Provider, salon: Business, staff: Browser
) -> None:
    visiting = Browser(operator())
    visiting.post(f"/admin/tenants/enter/{salon.id}")
    for person in (staff, visiting):
        assert person.get(PAGE).status_code == person.get(TRY).status_code == 403
        assert person.post(PAGE, data=entered(provider)).status_code == 403
    assert providers(salon) == []


def test_trying_it_tells_who_one_is_there_and_signs_nobody_in(
    provider: Provider, salon: Business, admin: Browser
) -> None:
    admin.post(PAGE, data=entered(provider))
    said = tried(admin, provider, salon)
    assert "That works: there you are staff@salon.test, here Staff, who would be signed in" in said
    assert stored(salon).worked_at and bound(salon) == [] and is_in(admin, "Admin")
    provider.who |= {"email": "new@salon.example"}
    assert "Nobody of this business signs in" in tried(admin, provider, salon)
    admin.post(PAGE, data=entered(provider, makes_staff="y", domains="salon.example"))
    assert "would become staff" in tried(admin, provider, salon)


def test_what_is_wrong_is_told_in_words(
    provider: Provider, salon: Business, admin: Browser
) -> None:
    admin.post(PAGE, data=entered(provider))
    for configured, words in (
        ({"issuer": "https://id.example"}, "It calls itself https://id.example."),
        ({"token_endpoint": None}, "It lacks: token_endpoint."),
        ({"jwks_uri": "http://169.254.169.254/"}, "could not be reached"),
    ):
        provider.configured = configured
        assert admin.get(TRY).location == PAGE
        assert words in told(admin.get(PAGE))
    provider.configured = {}
    for claimed, words in (
        ({"aud": "another"}, "What does not hold: aud."),
        ({"email": None}, "does not tell your email address"),
        ({"email_verified": False}, "does not say that your email address is verified"),
    ):
        provider.claimed = claimed
        assert words in tried(admin, provider, salon)
    provider.claimed = {}
    assert "It said: access_denied." in tried(admin, provider, salon, error="access_denied")
    provider.answers["/token"] = lambda: (401, b'{"error": "invalid_client"}')
    assert "client ID and secret" in tried(admin, provider, salon)
    assert stored(salon).worked_at is None


def test_a_trial_ends_for_whoever_is_signed_in_as_its_admin_alone(
    provider: Provider, salon: Business, garage: Business, admin: Browser
) -> None:
    admin.post(PAGE, data=entered(provider))
    back = provider.come_back(admin.get(TRY).location)
    assert arrive(admin, garage, back).status_code == 400
    back = provider.come_back(admin.get(TRY).location)
    admin.client.set_cookie("session", _without_a_key(admin))
    assert arrive(admin, salon, back).location == PAGE
    assert "/token" not in dict(provider.asked) and not is_in(admin)


def _without_a_key(browser: Browser) -> str:
    """Their session is over, and the browser's cookie still knows where it was sent."""
    app = browser.client.application
    signer = app.session_interface.get_signing_serializer(app)
    cookie = browser.client.get_cookie("session")
    assert cookie
    held = signer.loads(cookie.value)
    return str(signer.dumps({name: value for name, value in held.items() if name != "key"}))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"issuer": "http://93.184.215.14"}, "begins with https://"),
        ({"issuer": "https://127.0.0.1"}, "could not be reached"),
        ({"issuer": "https://93.184.215.14/?tenant=1"}, "question mark"),
        ({"issuer": ""}, "Give the issuer"),
        ({"client_id": " "}, "Give the client ID"),
        ({"makes_staff": "y"}, "Name the domains"),
        ({"makes_staff": "y", "domains": "salon.example @x_y"}, "is no domain"),
        ({"second_factor_by": "nobody"}, "Not a valid choice"),
        ({"required": "y"}, "Turn single sign-on on as well"),
        ({"required": "y", "enabled": "y"}, "Try it first"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_saved(
    salon: Business, admin: Browser, wrong: dict[str, str], words: str
) -> None:
    form = {"issuer": "https://93.184.215.14", "client_id": "x", "second_factor_by": "us"}
    answer = admin.post(PAGE, data=form | {"domains": ""} | wrong)
    page = cells(answer.text)
    assert answer.status_code == 422 and "Nothing was saved." in page and words in page, page
    assert providers(salon) == []


def test_passwords_are_closed_only_where_it_works_and_somebody_breaks_glass(
    provider: Provider, salon: Business, admin: Browser
) -> None:
    only = entered(provider, enabled="y", required="y", client_secret="")
    admin.post(PAGE, data=entered(provider, enabled="y"))
    assert "Try it first" in told(admin.post(PAGE, data=only))
    tried(admin, provider, salon)
    assert "An admin has to set up a second factor first" in told(admin.post(PAGE, data=only))
    given(salon.admin)
    assert admin.post(PAGE, data=only).location == PAGE and stored(salon).required
    assert "Admin" in cells(admin.get(PAGE).text).partition("where the provider fails:")[2]
    elsewhere = only | {"issuer": "https://93.184.215.14", "client_secret": "another"}
    assert "Try it first" in told(admin.post(PAGE, data=elsewhere)), "that one nobody has tried"
    assert stored(salon).issuer == provider.url


def test_a_stored_secret_goes_to_no_other_provider(
    provider: Provider, salon: Business, admin: Browser
) -> None:
    admin.post(PAGE, data=entered(provider))
    same = entered(provider, client_secret="")
    assert admin.post(PAGE, data=same).location == PAGE
    sealed = stored(salon).client_secret_sealed
    assert sealed and vault().open(sealed) == SECRET
    answer = admin.post(PAGE, data=same | {"issuer": "https://93.184.215.14"})
    assert "the stored one is for the provider before" in told(answer)
    assert stored(salon).issuer == provider.url


def test_somebody_is_disconnected_and_nobody_of_another_business(
    provider: Provider, salon: Business, garage: Business, admin: Browser
) -> None:
    connect(salon, provider.url)
    come(provider, salon)
    assert "staff@salon.test" in admin.get(PAGE).text
    [identity] = rows(salon, ProviderIdentity)
    form = {"provider_identity_id": str(identity.id)}
    assert Browser(garage.admin).post(f"{PAGE}unbind", data=form).status_code == 404
    assert bound(salon) == [(salon.staff, "maya-1")]
    assert admin.post(f"{PAGE}unbind", data=form).location == PAGE and bound(salon) == []
    actions = [entry.action for entry in rows(salon, AuditEntry)]
    assert "identity_unbound" in actions
    assert "disconnected staff@salon.test" in cells(admin.get("/admin/audit-log/").text)


def test_removed_it_is_gone_with_who_was_who_there(
    provider: Provider, salon: Business, garage: Business, admin: Browser
) -> None:
    connect(salon, provider.url)
    connect(garage, provider.url)
    come(provider, salon)
    assert admin.post(f"{PAGE}remove").location == PAGE
    assert providers(salon) == [] and bound(salon) == []
    assert Browser().get("/login/sso/salon").status_code == 404
    assert stored(garage).issuer == provider.url
    assert admin.post(f"{PAGE}remove").location == PAGE, "posted twice"


def test_a_secret_that_cannot_be_read_is_told(
    provider: Provider, salon: Business, admin: Browser
) -> None:
    connect(salon, provider.url)
    with tenant_scope(salon.id):
        db.session.scalars(select(SingleSignOn)).one().client_secret_sealed = "of another key"
        db.session.commit()
    assert admin.get(TRY).location == PAGE
    assert "cannot read the stored client secret" in told(admin.get(PAGE))
    answer = Browser().get("/login/sso/salon")
    assert answer.status_code == 403 and "An admin enters it again" in answer.text
