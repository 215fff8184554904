"""What is told of a business's Facebook page and Instagram account, event by event."""
