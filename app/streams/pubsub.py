"""What is published in Redis for the streams."""

# Before a business's id: something of it changed, and what (app/live.py).
OF_A_TENANT = "live:"
# Somebody reads no further: whose streams end (app/live.py).
ENDED = "live-ended"


def session(session_id: int) -> str:
    return f"session {session_id}"


def user(user_id: int) -> str:
    return f"user {user_id}"
