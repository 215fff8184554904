"""The servers that come with the product: PostgreSQL and Valkey on a data folder of ours."""

from app.servers.running import Urls, current, embedded, on_demand
from app.servers.server_errors import ServerError

__all__ = ["ServerError", "Urls", "current", "embedded", "on_demand"]
