"""Keys by which a business's own programs use the API: made, shown once, found, ended."""
