"""What all businesses share; one file each, found by looking into the folder."""

from app.health.check import found

PLATFORM = found(__path__, __name__)
