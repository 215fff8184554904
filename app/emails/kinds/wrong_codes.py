from app.emails.kind import Kind

KIND = Kind(
    key="wrong_codes",
    subject="Somebody knows the password of your KaiVox account",
    text="""\
Hello $name,

somebody gave the right password of your KaiVox account, and then at least $tries wrong codes in a \
day. Nobody has signed in that way, and after a few wrong ones no more are taken for a while.

If it was not you, your password is known to somebody else: choose another, which you use nowhere \
else, at $url/password

You are told this once a day at most.
""",
)
