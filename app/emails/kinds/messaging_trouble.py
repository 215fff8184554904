from app.emails.kind import Kind

KIND = Kind(
    key="messaging_trouble",
    subject="The messages of $business need somebody",
    text="""\
Hello $name,

this has changed for the worse at $business:

$told

All that is looked at, and whether it is well again, stands under Setup, Messaging health: \
$url/admin/health/

You are told of the same once a day at most.
""",
)
