from app.emails.kind import Kind

KIND = Kind(
    key="copied_passkey",
    subject="A passkey of your KaiVox account may have been copied",
    text="""\
Hello $name,

somebody used the passkey “$passkey” of your KaiVox account, and it had signed less often than it \
did here before. That happens when somebody has copied it. Nobody was signed in.

Remove that passkey, and add a new one: $url/second-factor

You are told this once a day at most.
""",
)
