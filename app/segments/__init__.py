"""Customers under a name: filters, and the one statement that they come to."""
