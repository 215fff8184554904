"""What is looked at of a business's numbers, and of the account that they are in."""
