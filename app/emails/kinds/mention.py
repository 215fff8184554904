from app.emails.kind import Kind

KIND = Kind(
    key="mention",
    subject="$who named you in a note about $customer",
    text="""\
Hello $name,

$who named you in a note of $business about $customer:

$text

$url/messages/$customer_id

You get this because you had not seen it after five minutes.
""",
)
