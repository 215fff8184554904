"""What Meta calls for all businesses together."""
