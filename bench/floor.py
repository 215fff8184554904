"""The least that could be called a webhook: bare Flask, Twilio's signature and one statement.

It knows a message again, finds or makes the customer, stores what they wrote and moves the
conversation.
"""

import os
from pathlib import Path

from flask import Flask, abort, request
from sqlalchemy import create_engine
from twilio.request_validator import RequestValidator

HERE = Path(__file__).parent
TABLES, STORE = (HERE / "floor_tables.sql").read_text(), (HERE / "floor.sql").read_text()

app = Flask(__name__)
base = os.environ["PUBLIC_URL"]
signatures = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
database = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
engine = create_engine(database, isolation_level="AUTOCOMMIT", pool_size=16, max_overflow=48)
with engine.connect() as connection:
    connection.exec_driver_sql(TABLES)


@app.post("/api/twilio/<slug>/sms")
def webhook(slug: str) -> tuple[str, dict[str, str]]:
    signature = request.headers.get("X-Twilio-Signature", "")
    form = request.form
    if not signatures.validate(base + request.path, form, signature):
        abort(403)
    values = {"sid": form["MessageSid"], "caller": form["From"], "body": form["Body"]}
    with engine.connect() as connection:
        connection.exec_driver_sql(STORE, {**values, "slug": slug})
    return "<Response/>", {"Content-Type": "text/xml"}
