from app.emails.kind import Kind

KIND = Kind(
    key="webhook_disabled",
    subject="A webhook of $business was turned off",
    text="""\
Hello $name,

we no longer tell your webhook “$webhook” what happens at $business:

$reason

Put its server right, then turn it on again under Setup, Webhooks: $url/admin/webhooks/

What it was not told of can be sent again there.
""",
)
