"""Somebody signed in, who posts with the token that their page carries."""

import re
import uuid
from hashlib import sha256
from typing import Any

from flask import current_app
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer
from werkzeug.test import TestResponse

from tests.support.world import PASSWORD, business_of, session_key

# After these somebody works in another business, or in none.
MOVES = ("/admin/tenants/enter/", "/admin/tenants/leave")
# As most tests enter: they may change things there.
ENTERING = {"reason": "They asked us to look", "may_change": "y"}
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Visitor(FlaskClient):
    """A client whose every request stands alone: within the tests' own context, Flask would
    share one `g`, and with it the signed-in user, among all requests of a test."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        with self.application.app_context():
            return super().open(*args, **options)


def visitor() -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(current_app._get_current_object(), current_app.response_class, use_cookies=True)  # type: ignore[attr-defined]


class Browser:
    """A test client that signs in and carries its CSRF token, as a browser would."""

    def __init__(self, email: str | None = None, password: str = PASSWORD) -> None:
        self.client = visitor()
        self.token = ""
        if email and password == PASSWORD:
            self._come_back(email)
            return
        if email:
            answer = self.sign_in(email, password)
            assert answer.status_code == 302, answer.text
        else:
            self.refresh_token()

    def _come_back(self, email: str) -> None:
        """By the session that they have from the beginning, as signing in takes its time."""
        user_id = uuid.uuid5(uuid.NAMESPACE_DNS, email).hex
        session = {"_user_id": user_id, "_fresh": True, "key": session_key(email)}
        app, secret = current_app._get_current_object(), sha256(email.encode()).hexdigest()  # type: ignore[attr-defined]
        signer = app.session_interface.get_signing_serializer(app)
        self.client.set_cookie("session", signer.dumps(session | {"csrf_token": secret}))
        proof = URLSafeTimedSerializer(app.secret_key, "wtf-csrf-token").dumps(secret)
        # As a page of their business names it (app/web/guards/csrf.py).
        signer = URLSafeSerializer(app.secret_key, "page-business")
        self.token = signer.dumps([business_of(email), proof])

    def refresh_token(self) -> None:
        found = TOKEN.search(self.client.get("/login" if not self.token else "/password").text)
        self.token = found.group(1) if found else self.token

    def sign_in(self, email: str, password: str = PASSWORD, **options: Any) -> TestResponse:
        page = self.client.get("/login").text
        found = TOKEN.search(page)
        assert found, "the sign-in page carries a token"
        self.token = found.group(1)
        form = {"email": email, "password": password, "csrf_token": self.token}
        answer = self.client.post("/login", data=form, **options)
        if answer.status_code == 302:
            # Its session is another, and so is its token.
            self.refresh_token()
        return answer

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def post(self, path: str, **options: Any) -> TestResponse:
        return self.send("POST", path, **options)

    def send(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"X-CSRFToken": self.token, **options.pop("headers", {})}
        if path.startswith(MOVES[0]) and method == "POST":
            options["data"] = {**ENTERING, **options.get("data", {})}
        answer = self.client.open(path, method=method, headers=headers, **options)
        if path.startswith(MOVES) and answer.status_code == 302:
            # A token names the business that its page was made for.
            self.refresh_token()
        return answer
