"""Supervise parts given as JSON: `tiny.py '[{"name": …, "code": …, "wave": 0}, …]'`."""

import json
import os
import sys

from app.servers import ServerError
from app.supervisor.console import Console
from app.supervisor.part import Part
from app.supervisor.stop import StopAsked
from app.supervisor.supervisor import Supervisor


def part(name, code, ready=True, **options):
    command = (sys.executable, "-SEuc", code)
    return Part(name, command, os.environ, answers=lambda: ready, **options)


try:
    with Supervisor(Console()) as supervisor:
        parts = [part(**given) for given in json.loads(sys.argv[1])]
        supervisor.start(*parts)
        supervisor.wait_until_ready(*parts)
        print("all up", flush=True)
        supervisor.forever()
except ServerError as error:
    sys.exit(str(error))
except StopAsked:
    print("stopped", flush=True)
