"""The least that could be called a webhook: Flask, Twilio's signature and one insert."""

import os

from flask import Flask, abort, request
from sqlalchemy import create_engine
from twilio.request_validator import RequestValidator

TABLE = "CREATE TABLE IF NOT EXISTS floor (sid text PRIMARY KEY, caller text, body text)"
INSERT = "INSERT INTO floor (sid, caller, body) VALUES (%s, %s, %s)"

app = Flask(__name__)
base = os.environ["PUBLIC_URL"]
signatures = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
database = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
engine = create_engine(database, isolation_level="AUTOCOMMIT", pool_size=16, max_overflow=48)
with engine.connect() as connection:
    connection.exec_driver_sql(TABLE)


@app.post("/api/twilio/<slug>/sms")
def webhook(slug: str) -> tuple[str, dict[str, str]]:
    signature = request.headers.get("X-Twilio-Signature", "")
    form = request.form
    if not signatures.validate(base + request.path, form, signature):
        abort(403)
    with engine.connect() as connection:
        connection.exec_driver_sql(INSERT, (form["MessageSid"], form["From"], form["Body"]))
    return "<Response/>", {"Content-Type": "text/xml"}
