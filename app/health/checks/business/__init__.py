"""What is looked at of a business, within its scope; one file each, found by looking here, and
in the folders here."""

from app.health.check import found

BUSINESS = found(__path__, __name__)
