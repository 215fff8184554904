"""gunicorn -k gthread --threads 32 -w 1 --bind 127.0.0.1:8001 'app.simulator.wsgi:app'

One worker only: the state lives in its memory."""

from app.simulator import create_simulator
from app.simulator.settings import from_environment

app = create_simulator(from_environment())
