"""The CSRF token that all forms and scripts of a page carry: it names the page's business, too.

Flask-WTF's token is kept whole, and signed once more together with the business.
"""

from typing import NamedTuple

from flask import current_app, g, request
from flask_wtf.csrf import CSRFProtect, generate_csrf
from itsdangerous import BadData, URLSafeSerializer

from app.tenancy import current_tenant_id, tenant_in_scope

# The business of a page that an operator sees outside of all.
NOWHERE = 0


class Token(NamedTuple):
    business: int | None
    """None: it names none, as the page of a sign-in, which is made for nobody yet."""
    proof: str | None
    """Flask-WTF's token; None: the request carries none."""


class NamingCsrf(CSRFProtect):  # type: ignore[misc]
    def _get_csrf_token(self) -> str | None:
        return self.token().proof

    def token(self) -> Token:
        """What the request carries, not yet validated."""
        carried: str | None = super()._get_csrf_token()
        try:
            return Token(*_signer().loads(carried or ""))
        except BadData:
            return Token(None, carried)

    def unsafe(self) -> bool:
        """Whether the request changes something, and so needs a token."""
        return request.method in current_app.config["WTF_CSRF_METHODS"]


csrf = NamingCsrf()


def name_business() -> None:
    """Let the page that is made name the business in scope, whatever becomes of it meanwhile."""
    g.page_business = current_tenant_id() if tenant_in_scope() else NOWHERE
    # Flask-WTF, its forms and our templates take the token that is here.
    g.csrf_token = _signer().dumps([g.page_business, generate_csrf()])


def page_token() -> str:
    """What each form of the page carries; as Flask-WTF's csrf_token, which asks its configuration
    for each form anew."""
    return str(g.get("csrf_token") or generate_csrf())


def page_business() -> int:
    """The business for which this request's page is made; NOWHERE: for none."""
    return int(g.get("page_business", NOWHERE))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="page-business")
