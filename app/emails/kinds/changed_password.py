from app.emails.kind import Kind

KIND = Kind(
    key="changed_password",
    subject="Your KaiVox password was changed",
    text="""\
Hello $name,

a new password was set for your KaiVox account, by the link that we sent to this address. You are \
signed out everywhere.

If it was not you, somebody reads your emails: change the password of your mailbox first, then \
choose “Forgot password?” at $url/login
""",
)
