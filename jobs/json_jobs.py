"""Jobs whose arguments are JSON: a pickle in Redis would be code that anybody there can plant."""

import os
from typing import Any

from rq.job import Job
from rq.serializers import JSONSerializer

from app import config
from app.servers import current


class PlainJob(Job):
    def __init__(self, id: str | None = None, connection: Any = None, serializer: Any = None):
        super().__init__(id, connection, serializer or JSONSerializer)


def redis_url() -> str:
    """Where the bells hang. Raises ConfigError."""
    settings = config.load(os.environ)
    if settings.redis_url:
        return settings.redis_url
    own = current(settings.var_dir)
    if own is None:
        raise config.ConfigError("REDIS_URL is missing, and `make run` is not running here")
    return own.redis
