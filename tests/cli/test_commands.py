"""The commands: what they make, and how they refuse."""

import re
from pathlib import Path

import pytest
from click.testing import Result
from cryptography.fernet import Fernet
from flask import Flask, current_app
from sqlalchemy import func, select

from app.channels import CHOSEN, REMINDING
from app.extensions import db, vault
from app.lib.time.clock import now
from app.lib.vault import Vault, derive_key
from app.models import (
    ChatSettings,
    ContactPoint,
    Conversation,
    Customer,
    Mailbox,
    MessageTemplate,
    Notification,
    Tenant,
    User,
    WebhookEndpoint,
)
from app.numbers.enter import enter
from app.tenancy import tenant_scope, unscoped
from tests.support.browser import Browser
from tests.support.world import NOON, PASSWORD, Business


def run(*args: str) -> Result:
    result = current_app.test_cli_runner().invoke(args=list(args))
    db.session.rollback()
    db.session.expire_all()
    return result


def create_tenant(slug: str = "new", **options: str) -> Result:
    given = {"slug": slug, "name": "New Salon", "timezone": "Europe/Madrid"} | options
    return run("tenant", "create", *(f"--{k.replace('_', '-')}={v}" for k, v in given.items()))


def test_help_explains_every_command(app: Flask) -> None:
    text = run("--help").output
    for command in ("tenant", "user", "import", "demo", "secrets"):
        assert command in text
    for command in (["tenant", "create"], ["user", "create"], ["import", "customers"], ["demo"]):
        assert len(run(*command, "--help").output.splitlines()[2].strip()) > 20


def test_a_business_comes_with_templates_and_numbers_in_e164(salon: Business) -> None:
    result = create_tenant(
        country="es",
        sms_from="612 34 56 78",
        whatsapp_from="whatsapp:+34612345678",
        reply_to="Hello@Bella.example",
    )
    assert result.exit_code == 0, result.output
    tenant = db.session.scalars(select(Tenant).where(Tenant.slug == "new")).one()
    assert (tenant.sms_from, tenant.whatsapp_from) == ("+34612345678", "+34612345678")
    assert tenant.reply_to == "hello@bella.example"
    with tenant_scope(tenant.id):
        count = select(func.count()).select_from(MessageTemplate)
        # Six kinds on each channel that reminds, and four answers where customers can write.
        ways = [channel for channel in CHOSEN.values() if channel.two_way]
        assert db.session.scalar(count) == 6 * len(REMINDING) + 4 * len(ways)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"timezone": "Mars/Olympus"}, "time zone"),
        ({"country": "XX"}, "country"),
        ({"slug": "No Spaces"}, "slug"),
        ({"slug": "salon"}, "already"),
        ({"sms_from": "12"}, "not a"),
        ({"sms_from": "+4930901820"}, "in use already"),
        ({"reply_to": "höllo@salon.test"}, "accents"),
        ({"reply_to": "hello"}, "not an email address"),
    ],
)
def test_a_business_that_cannot_be_is_refused_in_one_line(
    salon: Business, options: dict[str, str], says: str
) -> None:
    result = create_tenant(**({"slug": "new"} | options))
    assert result.exit_code == 1
    assert says in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert db.session.scalar(select(func.count()).select_from(Tenant)) == 2


def create_user(email: str, role: str, *more: str, password: str = PASSWORD) -> Result:
    given = [f"--email={email}", f"--role={role}", f"--password={password}"]
    return run("user", "create", *given, *more)


def test_a_new_user_can_sign_in(salon: Business) -> None:
    assert create_user("New@Salon.Test", "staff", "--tenant=salon").exit_code == 0
    assert Browser().sign_in("new@salon.test", PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("email", "role", "more", "says"),
    [
        ("a@b.test", "staff", [], "needs one"),
        ("a@b.test", "platform_admin", ["--tenant=salon"], "no tenant"),
        ("a@b.test", "staff", ["--tenant=nobody"], "no business"),
        ("staff@garage.test", "staff", ["--tenant=salon"], "cannot be used"),
        ("no-address", "staff", ["--tenant=salon"], "not an email"),
    ],
)
def test_a_user_who_cannot_be_is_refused(
    salon: Business, email: str, role: str, more: list[str], says: str
) -> None:
    result = create_user(email, role, *more)
    assert result.exit_code == 1
    assert says in result.output


def test_a_short_password_is_refused(salon: Business) -> None:
    assert create_user("a@b.test", "staff", "--tenant=salon", password="short").exit_code == 1


def import_csv(tmp_path: Path, text: str | bytes, slug: str = "salon") -> Result:
    path = tmp_path / "customers.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return run("import", "customers", f"--tenant={slug}", str(path))


HEADER = "first_name,last_name,phone,email,language,preferred_channel,external_id\n"
ROWS = HEADER + (
    "Bob,Stone,(646) 555-0101,Bob@Mail.Test,en,sms,c1\n"
    "Cleo,Park,+34 612 34 56 78,,es,whatsapp,c2\n"
    "Dan,Bad,12,,,,c3\n"
    "Eve,Bad,,not-an-email,,,c4\n"
    "Fay,Bad,6465550105,,,pigeon,c5\n"
    ",,,,,,\n"
)


def test_an_import_names_each_bad_row_and_counts(salon: Business, tmp_path: Path) -> None:
    result = import_csv(tmp_path, ROWS)
    assert result.exit_code == 0, result.output
    for line in (4, 5, 6, 7):
        assert f"Line {line} rejected" in result.output
    assert "2 created, 0 updated, 0 unchanged, 4 rejected" in result.output
    with tenant_scope(salon.id):
        points = db.session.scalars(select(ContactPoint.address)).all()
    assert {"+16465550101", "bob@mail.test", "+34612345678"} <= set(points)
    assert "+16465550105" not in points


def test_an_import_again_changes_nothing_and_a_changed_row_is_updated(
    salon: Business, garage: Business, tmp_path: Path
) -> None:
    import_csv(tmp_path, ROWS)
    assert "0 created, 0 updated, 2 unchanged, 4 rejected" in import_csv(tmp_path, ROWS).output
    changed = import_csv(tmp_path, ROWS.replace("Stone", "Stein"))
    assert "0 created, 1 updated, 1 unchanged" in changed.output
    with tenant_scope(salon.id):
        bob = db.session.scalars(select(Customer).where(Customer.external_id == "c1")).one()
        assert bob.last_name == "Stein"
    with tenant_scope(garage.id):
        assert db.session.scalar(select(func.count()).select_from(Customer)) == 1


def test_an_imported_number_that_wrote_before_is_the_same_customer(
    salon: Business, tmp_path: Path
) -> None:
    text = f"phone,external_id,last_name\n{salon.customer_number},c9,Becker\n"
    assert "0 created, 1 updated" in import_csv(tmp_path, text).output
    with tenant_scope(salon.id):
        known = db.session.get_one(Customer, salon.customer_id)
        assert (known.external_id, known.last_name) == ("c9", "Becker")
        assert db.session.scalar(select(func.count()).select_from(Conversation)) == 1


def test_columns_come_in_any_order_and_unknown_ones_are_warned_of(
    salon: Business, tmp_path: Path
) -> None:
    text = "\ufeffshoe_size,PHONE, first_name\n42,6465550110,Gil\n"
    result = import_csv(tmp_path, text)
    assert "unknown columns are left out: shoe_size" in result.output
    assert "1 created" in result.output


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "no text"),
        (b"", "first line"),
        (b"colour\nblue\n", "first line"),
        (b'phone,first_name\n"6465550101,unclosed\n', "line"),
    ],
)
def test_a_file_that_is_no_csv_is_refused(
    salon: Business, tmp_path: Path, text: bytes, says: str
) -> None:
    result = import_csv(tmp_path, text)
    assert result.exit_code == 1
    assert says in result.output


def test_two_rows_of_one_customer_are_one(salon: Business, tmp_path: Path) -> None:
    text = HEADER + "Ida,A,6465550111,,,,c1\nIda,B,6465550111,,,,c1\n"
    assert "1 created, 1 updated" in import_csv(tmp_path, text).output


def test_another_form_of_a_number_is_the_same_customer_and_nobody_elses(
    salon: Business, tmp_path: Path
) -> None:
    text = HEADER + (
        "Bia,A,+5511987654321,,,,c1\nBia,A,+551187654321,,,,c1\n"
        "Rui,A,+551131234567,,,,c2\nRui,A,+551187654321,,,,c2\n"
    )
    result = import_csv(tmp_path, text)
    assert "2 created, 0 updated, 1 unchanged, 1 rejected" in result.output
    assert "Line 5 rejected" in result.output and "another customer" in result.output


def test_a_row_that_takes_anothers_number_is_rejected_whole(
    salon: Business, tmp_path: Path
) -> None:
    text = HEADER + "A,A,6465550111,,,,c1\nB,B,6465550112,,,,c2\nB,New,6465550111,,,,c2\n"
    result = import_csv(tmp_path, text)
    assert "Line 4 rejected" in result.output
    with tenant_scope(salon.id):
        kept = db.session.scalars(select(Customer).where(Customer.external_id == "c2")).one()
        assert kept.last_name == "B"


def test_the_demo_is_a_business_to_look_at(salon: Business) -> None:
    # The demo has this number for its own.
    with tenant_scope(salon.id):
        for channel in ("sms", "whatsapp"):
            enter(db.session.get_one(Tenant, salon.id), channel, None, now())
        db.session.commit()
    result = run("demo")
    assert result.exit_code == 0, result.output
    assert "maya@bella.example" in result.output
    browser = Browser()
    assert browser.sign_in("maya@bella.example", "bella-demo-2026").status_code == 302
    page = browser.get("/messages").text
    assert "Ann Becker" in page
    assert "Ann Salon" not in page
    priya = re.search(r'href="(/messages/\d+)"[^>]*>(?:(?!</a>).)*Priya', page, re.DOTALL)
    assert priya and "Open question (en)" in browser.get(priya[1]).text
    assert "Marcus Lee" in browser.get("/calendar?view=week").text
    preview = run("notifications", "preview", "--tenant", "bella-salon").output
    assert "Hi Ann, a reminder of your Cut & Blow-dry" in preview
    assert {"planned", "sent", "skipped", "cancelled"} == _fates("bella-salon")
    assert run("demo").exit_code == 1


def _fates(slug: str) -> set[str]:
    """What became of the business's automatic messages."""
    tenant_id = db.session.scalars(select(Tenant.id).where(Tenant.slug == slug)).one()
    with tenant_scope(tenant_id):
        return set(db.session.scalars(select(Notification.status)))


def test_rotating_seals_every_token_with_the_new_key(
    salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = derive_key(current_app.config["SECRET_KEY"]), Fernet.generate_key().decode()
    for slug in ("salon", "garage"):
        tenant = db.session.scalars(select(Tenant).where(Tenant.slug == slug)).one()
        tenant.twilio_auth_token_sealed = Vault([old]).seal(f"token of {slug}")
    with unscoped("tests"):
        for endpoint in endpoints():
            endpoint.secret_sealed = Vault([old]).seal("signs")
            endpoint.old_secret_sealed = Vault([old]).seal("signed")
            endpoint.old_secret_until = NOON
        db.session.commit()
    monkeypatch.setitem(current_app.extensions, "vault", Vault([new, old]))
    assert "2 rotated" in run("secrets", "rotate").output
    for tenant in db.session.scalars(select(Tenant)):
        assert Vault([new]).open(tenant.twilio_auth_token_sealed or "") == f"token of {tenant.slug}"
    for endpoint in endpoints():
        assert Vault([new]).open(endpoint.secret_sealed) == "signs"
        assert Vault([new]).open(endpoint.old_secret_sealed or "") == "signed"


def endpoints() -> list[WebhookEndpoint]:
    with unscoped("tests"):
        return list(db.session.scalars(select(WebhookEndpoint)))


def test_rotating_takes_along_what_lets_us_into_mailboxes(
    salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What signs their webhooks is sealed with it, too.
    old, new = derive_key(current_app.config["SECRET_KEY"]), Fernet.generate_key().decode()
    secrets = {
        name: Vault([old]).seal(f"secret {name}")
        for name in Mailbox.__table__.columns.keys()  # noqa: SIM118
        if name.endswith("_sealed")
    }
    where = {"address": "a@b.example", "host": "b.example", "port": 993, "security": "tls"}
    how = {"user_name": "a", "auth": "google", "uid_validity": 1, "last_uid": 1}
    with tenant_scope(garage.id):
        db.session.add(Mailbox(**where, **how, **secrets))
        db.session.commit()
    db.session.remove()
    monkeypatch.setitem(current_app.extensions, "vault", Vault([new, old]))
    assert "2 rotated" in run("secrets", "rotate").output
    with tenant_scope(garage.id):
        row = db.session.scalars(select(Mailbox)).one()
        assert len(secrets) == 4
        for name in secrets:
            assert Vault([new]).open(getattr(row, name)) == f"secret {name}"


def test_a_key_that_is_lost_stops_the_rotation_and_changes_nothing(salon: Business) -> None:
    tenant = db.session.scalars(select(Tenant).where(Tenant.slug == "salon")).one()
    tenant.twilio_auth_token_sealed = Vault([derive_key("lost")]).seal("token")
    db.session.commit()
    before = tenant.twilio_auth_token_sealed
    result = run("secrets", "rotate")
    assert result.exit_code == 1
    assert "salon" in result.output
    assert db.session.get_one(Tenant, salon.id).twilio_auth_token_sealed == before
    assert vault()


def test_commands_leave_other_tenants_users_alone(salon: Business, garage: Business) -> None:
    create_user("new@salon.test", "staff", "--tenant=salon")
    with unscoped("tests"):
        emails = db.session.scalars(select(User.email).where(User.tenant_id == garage.id)).all()
    assert set(emails) == {"staff@garage.test", "admin@garage.test"}


def test_the_operator_opens_countries_to_a_business(salon: Business, garage: Business) -> None:
    def opened(countries: str) -> Result:
        return run("tenant", "open-countries", "--slug=salon", f"--countries={countries}")

    assert "texts and calls: United States, Germany, Austria." in opened("de,AT").output
    ours, theirs = (db.session.get_one(Tenant, each.id) for each in (salon, garage))
    assert (ours.open_countries, theirs.open_countries) == (["DE", "AT"], [])
    wrong = opened("DE,XX")
    assert (wrong.exit_code, "“XX” is no country" in wrong.output) == (1, True)
    assert db.session.get_one(Tenant, salon.id).open_countries == ["DE", "AT"]
    assert "texts and calls: United States." in opened("").output
    assert db.session.get_one(Tenant, salon.id).open_countries == []


def test_a_new_business_rings_at_no_number_that_costs_more(app: Flask) -> None:
    for number, says in (("+491701234567", "is in Germany"), ("+34803123456", "premium-rate")):
        result = create_tenant(country="es", forward_calls_to=number)
        assert (result.exit_code, says in result.output) == (1, True), result.output


def test_a_live_chat_is_switched_on_for_its_sites_and_its_line_printed(salon: Business) -> None:
    def enable(sites: str) -> Result:
        return run("chat", "enable", "--tenant", "salon", "--sites", sites)

    told = enable("https://a.example,https://b.example/contact")
    assert told.output == (
        '<script async src="http://localhost/chat/salon/widget.js"></script>\n'
    ), told.output
    with tenant_scope(salon.id):
        assert db.session.scalars(select(ChatSettings.sites)).one() == [
            "https://a.example",
            "https://b.example",
        ]
    for wrong in ("", "https://a.example;script-src *"):
        assert enable(wrong).exit_code == 1
