"""What matters about a customer, on their page and beside their conversation."""
