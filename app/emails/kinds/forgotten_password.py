from app.emails.kind import Kind

KIND = Kind(
    key="forgotten_password",
    subject="Set a new password for KaiVox",
    text="""\
Hello $name,

somebody asked for a new password for your KaiVox account. If it was you, set it here:

$link

The link holds for an hour, and once. Whoever sets a new password is signed out everywhere.

If it was not you, there is nothing to do: your password stays as it is.
""",
)
