"""What a mail program does when its button to unsubscribe is pressed."""

import requests

TIMEOUT = 15.0


def one_click(url: str) -> str:
    """Post as https://www.rfc-editor.org/rfc/rfc8058#section-3.2 says: without cookies, and
    following nothing. Returns what came of it, in words."""
    with requests.Session() as session:
        session.trust_env = False
        form = {"List-Unsubscribe": "One-Click"}
        try:
            answer = session.post(url, form, timeout=TIMEOUT, allow_redirects=False)
        except requests.RequestException:
            return "no answer"
    return f"HTTP {answer.status_code}"
