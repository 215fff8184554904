"""Rows of a database without what SQLAlchemy makes of each statement and each row."""
