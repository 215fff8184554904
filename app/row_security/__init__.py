"""PostgreSQL's row-level security: the second wall between tenants, behind the session hook.

Each transaction of the application takes one of two roles. The first sees the rows of the tenant
that the transaction is told, the second, which `unscoped` alone takes, sees all. Whoever signs in
to the database owns the tables and is bound by neither: migrations need that.
"""

from app.row_security.binding import bind_sessions, bind_statements
from app.row_security.establish import establish
from app.row_security.installed import Wall

__all__ = ["Wall", "bind_sessions", "bind_statements", "establish"]
