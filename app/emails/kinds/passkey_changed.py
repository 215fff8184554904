from app.emails.kind import Kind

KIND = Kind(
    key="passkey_changed",
    subject="A passkey was $done your KaiVox account",
    text="""\
Hello $name,

the passkey “$passkey” was $done your KaiVox account. Whoever holds a passkey of yours signs in \
with it, also without your password.

If you know nothing of it, change your password at once, and remove the passkeys that are not \
yours: $url/password
""",
)
