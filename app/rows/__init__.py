"""Rows of a database: read without what SQLAlchemy makes of each of them, and chosen once."""
