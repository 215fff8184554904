from app.emails.kind import Kind

KIND = Kind(
    key="wrong_passwords",
    subject="Many wrong passwords were tried for your account",
    text="""\
Hello $name,

somebody tried at least $tries wrong passwords for your KaiVox account in a day. Nobody has signed \
in that way, and after a few wrong ones no more are taken for a while. A browser in which you have \
signed in before lets you in all the same.

If it was you, there is nothing to do. If not, and your password is short or also used elsewhere, \
sign in and choose another under “Change password”: $url

You are told this once a day at most.
""",
)
