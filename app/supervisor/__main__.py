"""`python -m app.supervisor [--under-make]`."""

import os
import signal
import sys
from pathlib import Path

from app.config import ConfigError
from app.servers import ServerError
from app.servers.launch import die_with
from app.supervisor.console import Console
from app.supervisor.run import run
from app.supervisor.stop import StopAsked

PROJECT = Path(__file__).parents[2]


def main() -> None:
    if "--under-make" in sys.argv:
        # Of a make that was killed nobody could stop us otherwise.
        die_with(os.getppid(), signal.SIGTERM)
    os.chdir(PROJECT)
    try:
        run(os.environ, PROJECT)
    except (ConfigError, ServerError) as error:
        sys.exit(f"kaivox: {error}")
    except OSError as error:
        sys.exit(f"kaivox: {error.filename or 'this machine'}: {error.strerror or error}")
    except StopAsked:
        Console().write("kaivox: stopped\n")


if __name__ == "__main__":
    main()
