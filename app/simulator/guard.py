"""Who may use the telephones and the control API: this machine, and no page of another site."""

import ipaddress

from flask import Flask, Response, abort, request

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
OPEN = ("pages.health", "hooks.receive")
POLICY = (
    "default-src 'self'; img-src * data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)


def install(app: Flask) -> None:
    app.before_request(_refuse_strangers)
    app.after_request(_harden)


def _refuse_strangers() -> None:
    # The REST API asks for the account's token instead, and a receiver looks at the signature.
    if request.path.startswith(("/2010-04-01/", "/graph/")) or request.endpoint in OPEN:
        return
    if not (_is_loopback(request.remote_addr or "") and _is_local_name(request.host)):
        abort(403, "The simulator answers only on this machine.")
    if request.method in UNSAFE and _cross_site():
        abort(403, "A page of another site may not do this.")


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.removeprefix("::ffff:")).is_loopback
    except ValueError:
        return False


def _is_local_name(host: str) -> bool:
    """A name that points here from outside (DNS rebinding) is not ours."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name == "localhost" or name.endswith(".localhost") or _is_loopback(name.strip("[]"))


def _cross_site() -> bool:
    """Browsers say where a request comes from; programs say nothing and may."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != request.host_url.rstrip("/"):
        return True
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")


def _harden(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Under no-referrer a browser would call the origin of our own forms "null".
    response.headers["Referrer-Policy"] = "same-origin"
    return response
