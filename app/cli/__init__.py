"""The flask commands: `flask --app wsgi --help` explains each."""

from flask import Flask

from app.cli import migrations
from app.cli.automation import automation
from app.cli.connect.api_keys_command import api_key
from app.cli.connect.chat import chat
from app.cli.connect.email import email
from app.cli.connect.meta import meta
from app.cli.database import database
from app.cli.demo import demo, prepare
from app.cli.import_ import import_
from app.cli.introduce import introduce
from app.cli.messaging_health import health
from app.cli.notifications import notifications
from app.cli.partitions import tenant_partitions
from app.cli.secrets import secrets
from app.cli.tenant import tenant
from app.cli.user import user

COMMANDS = (
    api_key,
    automation,
    chat,
    database,
    demo,
    email,
    health,
    import_,
    introduce,
    meta,
    notifications,
    prepare,
    secrets,
    tenant,
    tenant_partitions,
    user,
)


def init_app(app: Flask) -> None:
    migrations.init_app(app)
    for command in COMMANDS:
        app.cli.add_command(command)
