"""The checks: of a business, within its scope, and of the platform that all of them share."""
