from app.emails.kind import Kind

KIND = Kind(
    key="invited",
    subject="$business invites you to KaiVox",
    text="""\
Hello,

$who invites you to the inbox of $business, where its messages and appointments come together. \
Choose a password here, and you are in:

$link

The link is yours alone: it holds for seven days, and once. If you do not know what this is about, \
there is nothing to do.
""",
)
