"""Canaille, a real OpenID provider, as a program of its own: `python canaille_program.py CONFIG`.

CONFIG is JSON: port, redirect_uri, client_id, client_secret, users [[name, email, password], …].
"""

import json
import sys
from typing import Any

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from joserfc.jwk import RSAKey
from werkzeug.serving import WSGIRequestHandler, make_server

# Of this machine, and of no other site's cookies.
HOST = "127.0.0.2"


def main(given: dict[str, Any]) -> None:
    app = create_app(
        config={
            "SECRET_KEY": "of-a-provider-in-tests",
            # Without it a wrong secret of a client is answered by 500.
            "SERVER_NAME": f"{HOST}:{given['port']}",
            "PREFERRED_URL_SCHEME": "http",
            "CANAILLE": {"DATABASE": "memory", "JAVASCRIPT": False, "CAPTCHA_ENABLED": False},
            "CANAILLE_OIDC": {
                "TRUSTED_DOMAINS": [HOST],
                "ACTIVE_JWKS": [RSAKey.generate_key(2048).as_dict(private=True)],
            },
        },
    )
    # It says nothing of whether an email is verified unless it is told how.
    app.config["CANAILLE_OIDC"]["USERINFO_MAPPING"]["EMAIL_VERIFIED"] = (
        "{{ 'false' if user.user_name.startswith('unverified') else 'true' }}"
    )
    with app.app_context():
        for name, email, password in given["users"]:
            Backend.instance.save(_user(name, email, password))
        client = _client(given)
        Backend.instance.save(client)
        # Whom its ID tokens are for; whom it does not know it leaves out.
        client.audience = [client]
        Backend.instance.save(client)
    make_server(HOST, given["port"], app, threaded=True, request_handler=Quiet).serve_forever()


def _user(name: str, email: str, password: str) -> Any:
    return models.User(
        user_name=name,
        formatted_name=name.title(),
        family_name=name.title(),
        emails=[email],
        password=password,
    )


def _client(given: dict[str, Any]) -> Any:
    return models.Client(
        client_id=given["client_id"],
        client_secret=given["client_secret"],
        client_name="KaiVox",
        # Trusted on this machine: nobody is asked for consent.
        client_uri=f"http://{HOST}",
        redirect_uris=[given["redirect_uri"]],
        grant_types=["authorization_code"],
        response_types=["code"],
        scope=["openid", "email", "profile"],
        token_endpoint_auth_method="client_secret_basic",
    )


class Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Nothing is to be printed."""


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
