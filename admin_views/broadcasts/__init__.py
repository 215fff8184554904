"""Offers to many: written, looked at, started, and what came of them."""
