from app.emails.kind import Kind

KIND = Kind(
    key="second_factor_off",
    subject="The second factor of your KaiVox account was turned off",
    text="""\
Hello $name,

$who turned off the second factor of your KaiVox account. From now on your password alone lets you \
in: your authenticator app, your passkeys and your recovery codes hold no more. You set another \
second factor up under “Second factor”: $url/second-factor

If you know nothing of it, change your password at once, and tell an admin of your business: \
$url/password
""",
)
