"""The calendar reads what it shows, also where the planner knows a business as it was long ago."""

from datetime import timedelta

from app.appointments import diary
from app.tenancy import tenant_scope
from tests.support import owner
from tests.support.plans import sent
from tests.support.queries import rows_read
from tests.support.world import NOON, Business

BOOK = f"""
INSERT INTO appointment (tenant_id, customer_id, starts_at, duration_minutes, status, source)
    SELECT tenant_id, id, '{NOON}'::timestamptz + n * interval '6 hours', 60, 'scheduled', 'staff'
    FROM customer JOIN generate_series(1, {{some}}) n ON first_name = '{{name}}'
"""
# Of some hundred one comes again and again.
CUSTOMERS = """
INSERT INTO customer (tenant_id, first_name, last_name)
    SELECT id, CASE n WHEN 1 THEN slug ELSE 'Ben' END, 'Becker'
    FROM tenant, generate_series(1, 300) n WHERE slug IN ('salon', 'garage');
INSERT INTO contact_point (tenant_id, customer_id, channel, address)
    SELECT tenant_id, id, 'sms', '+1646' || lpad(id::text, 7, '0') FROM customer;
"""
READ = ("appointment", "customer", "contact_point")
WEEK = timedelta(days=7)


def test_a_week_of_a_business_that_has_grown_a_hundredfold_is_read_alone(
    salon: Business, garage: Business
) -> None:
    owner.run(CUSTOMERS)
    owner.run(BOOK.format(some=1000, name="garage"))
    owner.run(BOOK.format(some=20, name="salon"))
    owner.run("VACUUM ANALYZE")
    owner.run(BOOK.format(some=2000, name="salon"))
    with tenant_scope(salon.id):
        shown = len(diary.between(NOON + WEEK, NOON + 2 * WEEK))
        assert shown >= 28
        looked_at = sum(
            rows_read(query, table, values)
            for query, values in sent(lambda: diary.between(NOON + WEEK, NOON + 2 * WEEK))
            for table in READ
        )
    assert looked_at <= 4 * shown
