"""The environment is checked before anything starts, and the wrong key is named."""

from pathlib import Path

import pytest
from gunicorn.arbiter import Arbiter

import wsgi
from app.config import ConfigError, load
from app.lib.mail.mail_server import MailServer
from app.lib.mail.oauth_client import OAuthClient

PRODUCTION = {
    "PUBLIC_URL": "https://inbox.example.com",
    "SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "DATABASE_URL": "postgres://u:p@db/kaivox",
    "REDIS_URL": "redis://cache",
}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"PORT": "eighty"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"DATABASE_POOLER": "session"}, "DATABASE_POOLER"),
        ({"PUBLIC_URL": "inbox.example.com"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://[::1"}, "PUBLIC_URL"),
        ({"TWILIO_API_URL": "ftp://x"}, "TWILIO_API_URL"),
        ({"DATABASE_URL": "sqlite:///x.db"}, "DATABASE_URL"),
        ({"REDIS_URL": "memcached://x"}, "REDIS_URL"),
        ({"ENVIRONMENT": "staging"}, "ENVIRONMENT"),
        ({"TWILIO_ACCOUNT_SID": "AC1"}, "TWILIO_AUTH_TOKEN"),
        ({"TWILIO_AUTH_TOKEN": "x"}, "TWILIO_ACCOUNT_SID"),
        ({"ENCRYPTION_KEYS": "short"}, "ENCRYPTION_KEYS"),
        ({"TRUSTED_PROXIES": "many"}, "TRUSTED_PROXIES"),
        ({"SMTP_URL": "smtp://mail.example.com"}, "EMAIL_FROM"),
        ({"EMAIL_FROM": "inbox@example.com"}, "SMTP_URL"),
        ({"SMTP_URL": "http://mail.example.com", "EMAIL_FROM": "a@example.com"}, "SMTP_URL"),
        ({"SMTP_URL": "smtp://mail:port", "EMAIL_FROM": "a@example.com"}, "SMTP_URL"),
        ({"SMTP_URL": "smtp://mail.example.com", "EMAIL_FROM": "a"}, "EMAIL_FROM"),
        ({"INBOUND_EMAIL_DOMAIN": "https://in.example.com"}, "INBOUND_EMAIL_DOMAIN"),
        ({"GOOGLE_CLIENT_ID": "our-app"}, "GOOGLE_CLIENT_SECRET"),
        ({"MICROSOFT_CLIENT_SECRET": "secret"}, "MICROSOFT_CLIENT_ID"),
        ({"GOOGLE_OAUTH_URL": "ftp://stand-in"}, "GOOGLE_OAUTH_URL"),
        ({"ALLOWED_PRIVATE_NETWORKS": "everything"}, "ALLOWED_PRIVATE_NETWORKS"),
        ({"ALLOWED_PRIVATE_NETWORKS": "10.0.0.0/8,127.0.0.1:x"}, "ALLOWED_PRIVATE_NETWORKS"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    tmp_path: Path, wrong: dict[str, str], says: str
) -> None:
    with pytest.raises(ConfigError, match=says) as error:
        load({"VAR_DIR": str(tmp_path)} | wrong)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("environ", "exposed"),
    [
        ({}, False),
        ({"BIND": "127.0.0.1"}, False),
        ({"BIND": "[::1]"}, False),
        ({"BIND": "localhost"}, False),
        ({"PUBLIC_URL": "http://127.0.0.2:8000"}, False),
        ({"BIND": "0.0.0.0"}, True),  # noqa: S104  # noqa: S104
        ({"BIND": "::"}, True),
        ({"BIND": "192.168.1.5"}, True),
        ({"BIND": "laptop.local"}, True),
        ({"PUBLIC_URL": "http://192.168.1.5:8000"}, True),
        ({"TRUSTED_PROXIES": "1"}, True),
        (PRODUCTION | {"BIND": "127.0.0.1"}, True),
    ],
)
def test_whoever_listens_for_others_or_is_called_by_others_is_exposed(
    tmp_path: Path, environ: dict[str, str], exposed: bool
) -> None:
    assert load({"VAR_DIR": str(tmp_path)} | environ).exposed is exposed


@pytest.mark.parametrize("key", ["", "short", "change-me-change-me-change-me-change-me"])
def test_production_does_not_start_with_a_default_secret_key(key: str) -> None:
    with pytest.raises(ConfigError, match="SECRET_KEY"):
        load(PRODUCTION | {"SECRET_KEY": key})


def test_production_is_told_by_https_and_trusts_only_its_host() -> None:
    settings = load(PRODUCTION)
    assert settings.production
    assert settings.trusted_hosts == ("inbox.example.com",)
    assert settings.database_url == "postgresql+psycopg://u:p@db/kaivox"


def test_a_developers_secret_key_is_made_once_and_for_nobody_else(tmp_path: Path) -> None:
    first, again = (load({"VAR_DIR": str(tmp_path)}) for _ in range(2))
    other = load({"VAR_DIR": str(tmp_path / "other")})
    assert first.secret_key == again.secret_key != other.secret_key
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_the_mail_server_is_one_address() -> None:
    settings = load(
        PRODUCTION | {"SMTP_URL": "smtps://me:p%40ss@mail.example.com", "EMAIL_FROM": "a@b.example"}
    )
    assert settings.mail_server == MailServer("mail.example.com", 465, True, "me", "p@ss")
    assert settings.email_from == "a@b.example"
    assert settings.inbound_email_domain is None
    named = {"INBOUND_EMAIL_DOMAIN": "@In.Example.com."}
    assert load(PRODUCTION | named).inbound_email_domain == "in.example.com"


def test_no_private_network_is_allowed_unless_it_is_named() -> None:
    assert load(PRODUCTION).private_networks == ()
    named = {"ALLOWED_PRIVATE_NETWORKS": "10.0.0.0/8, 127.0.0.1:8080"}
    assert [each.port for each in load(PRODUCTION | named).private_networks] == [None, 8080]


def test_our_apps_at_google_and_microsoft_are_named_one_by_one() -> None:
    google = {"GOOGLE_CLIENT_ID": "our-app", "GOOGLE_CLIENT_SECRET": "hush-hush"}
    stands_in = {"MICROSOFT_OAUTH_URL": "http://127.0.0.1:9/"}
    settings = load(PRODUCTION | google | stands_in)
    assert settings.oauth_clients == {"google": OAuthClient("our-app", "hush-hush")}
    assert settings.oauth_urls == {"microsoft": "http://127.0.0.1:9"}


def test_secrets_stay_out_of_the_repr() -> None:
    twilio = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "hush-hush"}
    email = {"SMTP_URL": "smtp://me:hush-hush@mail.example.com", "EMAIL_FROM": "a@b.example"}
    google = {"GOOGLE_CLIENT_ID": "our-app", "GOOGLE_CLIENT_SECRET": "hush-hush"}
    shown = repr(load(PRODUCTION | twilio | email | google))
    assert "hush-hush" not in shown
    assert PRODUCTION["SECRET_KEY"] not in shown


def test_a_web_that_cannot_begin_ends_gunicorn(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Which would begin one worker after the other for ever, were it told by another status."""
    monkeypatch.setenv("DATABASE_URL", "mysql://db/kaivox")
    with pytest.raises(SystemExit) as ended:
        wsgi.__getattr__("app")
    assert ended.value.code == Arbiter.WORKER_BOOT_ERROR
    assert capsys.readouterr().err.startswith("kaivox: DATABASE_URL must begin with postgresql://")
