"""The least that could show the same rows: Flask, one statement and Jinja."""

import os

from flask import Flask, render_template
from sqlalchemy import create_engine

INBOX = """
SELECT talk.customer_id, first_name || ' ' || last_name AS name, last_message_at, last_channel,
    last_direction, preview, unread_count, waiting_since, "user".email AS assignee
FROM conversation talk
JOIN customer ON customer.tenant_id = talk.tenant_id AND customer.id = talk.customer_id
LEFT JOIN "user" ON "user".id = talk.assignee_id
WHERE talk.tenant_id = 1 AND (closed_at IS NULL OR waiting_since IS NOT NULL)
ORDER BY last_message_at DESC, talk.id DESC LIMIT %s
"""
THREAD = """
SELECT message.id, direction, status, channel, body, message.created_at, "user".email AS author
FROM message LEFT JOIN "user" ON "user".id = message.author_id
WHERE message.tenant_id = 1 AND customer_id = %s ORDER BY message.id DESC LIMIT 50
"""
# As many as ours shows.
ROWS = int(os.environ.get("ROWS", "30"))

app = Flask(__name__)
database = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
engine = create_engine(database, isolation_level="AUTOCOMMIT", pool_size=16, max_overflow=48)


@app.get("/empty")
def empty() -> str:
    return "OK"


@app.get("/messages")
def inbox() -> str:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(INBOX, (ROWS,)).all()
    return render_template("inbox.html", talks=rows)


@app.get("/messages/<int:customer_id>")
def thread(customer_id: int) -> str:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(THREAD, (customer_id,)).all()
    return render_template("thread.html", messages=rows[::-1])
