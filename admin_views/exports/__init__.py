"""The export of all that a business has."""
