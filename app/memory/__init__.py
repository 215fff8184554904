"""What matters about a customer over all channels: a kind of line a file, each pure over the rows
of customer_history.py, and each with where it comes from (docs/memory.md)."""
