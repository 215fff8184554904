"""Where an admin connects the business's own OpenID provider."""
