"""What README.txt says in an export."""

from datetime import datetime
from zoneinfo import ZoneInfo

from app.exports.exported_kinds import KINDS
from app.models import Tenant, TenantExport

ABOUT = """\
Everything of {business}
{under}

Written by KaiVox between {begun} and {finished} ({timezone}). What changed meanwhile may be
told as it was before, or after.

Each kind of thing is there twice: as a table for a spreadsheet in the folder csv, and whole, one
JSON object a line (https://jsonlines.org), in the folder json. Both are in UTF-8 and have the same
columns. Times are ISO 8601 with their offset. A column that ends in _id names the id of another
row: customer_id that of a customer, message_id that of a message. In the tables an apostrophe
stands before whatever a spreadsheet could take for a formula.

{kinds}

attachments: the pictures and files of messages; csv/attachments.csv says which belongs to which.

Not in it: passwords, keys and other secrets; drafts that nobody has sent; what the program counts
and looks up by, which follows from the rest; and messages that went to archives, which are files
of their own (Setup, Business, Archives).

This file has the names, numbers and words of your customers. Keep it as you keep those.
"""


def readme(tenant: Tenant, export: TenantExport, now: datetime) -> str:
    zone = ZoneInfo(tenant.timezone)
    return ABOUT.format(
        business=tenant.name,
        under="=" * len(f"Everything of {tenant.name}"),
        begun=f"{export.asked_at.astimezone(zone):%Y-%m-%d %H:%M}",
        finished=f"{now.astimezone(zone):%Y-%m-%d %H:%M}",
        timezone=tenant.timezone,
        kinds="\n".join(_line(name, export.counts.get(name, 0)) for name in KINDS),
    )


def _line(name: str, count: int) -> str:
    return f"{name}: {count:,} row{'' if count == 1 else 's'}. {KINDS[name].about}"
