"""Where a business's own system would be: it takes webhooks, verifies them and shows them."""
