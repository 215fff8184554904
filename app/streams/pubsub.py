"""What is published in Redis for the streams."""

# Before a business's id: something of it changed, and what (app/live.py).
OF_A_TENANT = "live:"
# Before a customer: they wrote, or rang in vain; whoever wants to hear of it does.
ARRIVED = "came-"
# Somebody reads no further: whose streams end (app/live.py).
ENDED = "live-ended"
# Whoever serves streams is asked whether it still does, by a question's name (app/live.py).
ASKED = "live-asked"
ANSWER_SECONDS = 10
# Before a visitor's session and the customer that they have become.
BEGUN = "chat-"


def answers(question: str) -> str:
    """The list to which whoever was asked adds an element; it is there for ANSWER_SECONDS."""
    return f"live-answers:{question}"


def session(session_id: int) -> str:
    return f"session {session_id}"


def visitor(session_id: int) -> str:
    """Of a visitor of the live chat, by their ChatSession."""
    return f"visitor {session_id}"


def begun(session_id: int, customer_id: int) -> str:
    """What is published of a business when a visitor has written their first message."""
    return f"{BEGUN}{session_id}-{customer_id}"


def user(user_id: int) -> str:
    return f"user {user_id}"
