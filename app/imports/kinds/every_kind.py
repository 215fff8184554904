"""The kinds of files that can be imported, in the order of the page."""

from collections.abc import Iterable

from app.appointments import import_appointments
from app.customers import import_customers
from app.customers.elders import elders_first, elders_of
from app.imports.kinds.import_consent import take_consent
from app.imports.kinds.import_kind import Kind, Taking
from app.imports.kinds.import_marketing import take_marketing
from app.imports.kinds.import_named import take_services, take_staff
from app.lib.csv_files import header
from app.lib.csv_files.csv_rows import Report, Row


def _customers(rows: Iterable[Row], taking: Taking, report: Report) -> None:
    import_customers.take(rows, taking.tenant.country, report, taking.lines)


def _appointments(rows: Iterable[Row], taking: Taking, report: Report) -> None:
    shop = import_appointments.shop(taking.tenant, taking.announce, taking.tell, taking.day_first)
    import_appointments.take(rows, shop, taking.now, report)


KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            "customers",
            header.CUSTOMERS,
            import_customers.NEEDED,
            _customers,
            "first_name,last_name,phone,email,language,preferred_channel,external_id\n"
            "Ann,Becker,(212) 555-0142,ann@example.com,English,sms,C-1001\n"
            "José,Núñez,+34 612 345 678,,Español,whatsapp,C-1002\n",
            elders_first,
            elders_of,
        ),
        Kind(
            "appointments",
            header.APPOINTMENTS,
            import_appointments.NEEDED,
            _appointments,
            "external_id,customer_name,customer_phone,service,staff,date,time,duration,status\n"
            "A-2001,Ann Becker,(212) 555-0142,Cut,Maya,2026-12-01,14:30,45 min,scheduled\n"
            "A-2002,José Núñez,+34 612 345 678,Colour,Leo,2026-12-02,09:00,1h 30,confirmed\n",
        ),
        Kind(
            "services",
            header.SERVICES,
            (("name",),),
            take_services,
            "name,duration,active\nCut,45 min,yes\nColour,1h 30,yes\n",
        ),
        Kind(
            "staff",
            header.STAFF,
            (("name", "first_name", "last_name"),),
            take_staff,
            "name,active\nMaya Ortiz,yes\nLeo Park,yes\n",
        ),
        Kind(
            "consent",
            header.CONSENT,
            (("phone", "email", "address"), ("opted_in", "opted_out")),
            take_consent,
            "phone,email,channel,opted_out,date,source\n"
            "(212) 555-0142,,sms,yes,2026-03-12,answered STOP to our former program\n"
            ",jo@example.com,email,no,2026-05-02 10:15,ticked on the booking form\n",
        ),
        Kind(
            "marketing",
            header.CONSENT,
            (("phone", "email", "address"), ("opted_in", "opted_out")),
            take_marketing,
            "phone,email,channel,opted_in,date,source\n"
            "(212) 555-0143,,sms,yes,2026-03-12,ticked “offers by text” on the paper form\n"
            ",jo@example.com,email,yes,2026-05-02 10:15,our newsletter’s form\n",
        ),
    )
}
