"""Customers under a name, kept and counted."""
