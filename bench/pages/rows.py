"""The rows of the business that pages are measured on, as COPY reads them."""

from datetime import datetime
from random import Random
from typing import NamedTuple

FIRST = """
Ann Ben Carla Diego Elif Femi Grace Hugo Ines Jonas Kaito Lena Mara Noor Omar Priya Quinn Rosa Sven
Tariq Uma Vera Wanda Ximena Yusuf Zoe José Zoë Łukasz Amélie
""".split()  # noqa: SIM905
LAST = """
Abbott Becker Costa Dubois Evans Ferrari García Hoffmann Ito Jansen Khan Lopez Martin Nguyen Okafor
Petrov Quist Rossi Santos Tanaka Ueda Vogel Weber Xu Yılmaz Zhang O'Brien Núñez
""".split()  # noqa: SIM905
SENTENCES = (
    "Can I come at 4 instead?",
    "Thanks, see you then!",
    "Do you still have a place on Saturday? My sister would come, too, if that is possible.",
    "Hi, it is me again. Could you tell me what a balayage costs for shoulder-length hair?",
    "Yes, that works. We have put you down for Thursday at 10:30 with Sofia.",
    "Running ten minutes late, sorry!",
    "Your appointment is tomorrow at 2:15 PM. Reply C to confirm, or call us to move it.",
    "Perfect 👍",
    "We close at 6 today, but you can come by tomorrow from 9. The parking is behind the house.",
    "No problem at all, take your time. https://example.com/directions shows where we are.",
)
TENANT, STAFF = 1, 1

CUSTOMER = "id, tenant_id, first_name, last_name"
CONTACT = "id, tenant_id, customer_id, channel, address"
MESSAGE = (
    "id, tenant_id, customer_id, channel, direction, status, body, sender, recipient, created_at,"
    " provider_sid, author_id, segments"
)
CONVERSATION = (
    "id, tenant_id, customer_id, last_message_at, last_message_id, last_channel, last_direction,"
    " preview, unread_count, waiting_since, assignee_id"
)
SALON = "+14155550100"
NULL = "\\N"


class Said(NamedTuple):
    """A message, told from its number alone."""

    number: int
    customer: int
    at: datetime

    @property
    def inbound(self) -> bool:
        return self.number % 3 != 0

    @property
    def body(self) -> str:
        return SENTENCES[self.number * 7 % len(SENTENCES)]


def customer(id_: int) -> str:
    chance = Random(id_)  # noqa: S311
    return f"{id_}\t{TENANT}\t{chance.choice(FIRST)}\t{chance.choice(LAST)}\n"


def contact(id_: int) -> str:
    return f"{id_}\t{TENANT}\t{id_}\tsms\t{_number(id_)}\n"


def message(said: Said) -> str:
    way, status, author = "inbound", "received", NULL
    sender, recipient = _number(said.customer), SALON
    if not said.inbound:
        way, status, author = "outbound", "delivered", str(STAFF)
        sender, recipient = recipient, sender
    return (
        f"{said.number}\t{TENANT}\t{said.customer}\tsms\t{way}\t{status}\t{said.body}\t{sender}"
        f"\t{recipient}\t{said.at.isoformat()}\tSM{said.number:032x}\t{author}\t1\n"
    )


def conversation(said: Said) -> str:
    way, unread, since, whose = "outbound", 0, NULL, NULL
    if said.inbound:
        way, unread, since = "inbound", said.number % 2, said.at.isoformat()
    if said.number % 4 == 0:
        whose = str(STAFF)
    return (
        f"{said.customer}\t{TENANT}\t{said.customer}\t{said.at.isoformat()}\t{said.number}\tsms"
        f"\t{way}\t{said.body}\t{unread}\t{since}\t{whose}\n"
    )


def _number(id_: int) -> str:
    return f"+1646{id_:07d}"


# Sixty days of fifteen appointments, half of them over, with reminders for those to come.
DIARY = """
INSERT INTO service (tenant_id, name, duration_minutes, active)
    SELECT 1, n, 45, true FROM unnest('{Cut,Balayage,Highlights,Beard Trim}'::text[]) n;
INSERT INTO staff_member (tenant_id, name, active)
    SELECT 1, n, true FROM unnest('{Sofia Marino,Leo Park,Amara Bello}'::text[]) n;
INSERT INTO appointment (tenant_id, customer_id, service_id, staff_member_id, starts_at,
        planned_for, duration_minutes, status, source)
    SELECT 1, (n * 61 + abs(day) * 7) % (SELECT max(id) FROM customer) + 1,
        (SELECT min(id) FROM service) + n % 4, (SELECT min(id) FROM staff_member) + n % 3,
        at, at, 45, CASE WHEN day < 0 THEN 'completed' ELSE 'scheduled' END, 'staff'
    FROM generate_series(-30, 29) day, generate_series(0, 14) n,
        LATERAL (SELECT date_trunc('day', now()) + day * interval '1 day' + interval '14 hours'
            + n * interval '40 minutes' AS at) a;
INSERT INTO notification (tenant_id, type, step, cause, reason, telling, attempts, status,
        customer_id, appointment_id, starts_at, due_at, useful_until, opens)
    SELECT 1, 'appointment_reminder', 1440, '', '', 0, 0, 'planned', customer_id, id,
        starts_at, starts_at - interval '1 day', starts_at, 0
    FROM appointment WHERE starts_at > now() + interval '1 day';
INSERT INTO message_count (tenant_id, day, channel, direction, shard, messages)
    SELECT 1, day, 'sms', direction, 0, count(*) FROM (
        SELECT direction, date '0001-01-01' AS day FROM message UNION ALL
        SELECT direction, created_at::date FROM message) said GROUP BY day, direction;
"""
# Triggers have counted each row; the worker would have summed that within half a minute.
SUMMED = """
WITH each_one AS (DELETE FROM conversation_count RETURNING *)
INSERT INTO conversation_count (tenant_id, label_id, state, waiting, unread, failed, assignee_id,
        channel, conversations, summed)
    SELECT tenant_id, label_id, state, waiting, unread, failed, assignee_id, channel,
        sum(conversations), true
    FROM each_one
    GROUP BY tenant_id, label_id, state, waiting, unread, failed, assignee_id, channel
"""
# Rows that come with their id leave its sequence where it was.
COUNTED = ("customer", "contact_point", "message", "conversation")
SEQUENCE = "SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
