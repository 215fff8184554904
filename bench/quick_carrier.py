"""A Twilio that takes all messages, after SECONDS: `python -m bench.quick_carrier PORT SECONDS`."""

import asyncio
import sys
from uuid import uuid4

from aiohttp import web


def made(seconds: float) -> web.Application:
    async def take(_request: web.Request) -> web.Response:
        await asyncio.sleep(seconds)
        return web.json_response({"sid": f"SM{uuid4().hex}", "status": "queued"}, status=201)

    app = web.Application()
    app.router.add_post("/2010-04-01/Accounts/{account}/Messages.json", take)
    return app


if __name__ == "__main__":
    web.run_app(made(float(sys.argv[2])), host="127.0.0.1", port=int(sys.argv[1]), print=None)
