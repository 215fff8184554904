"""The archives of a business's old messages."""
