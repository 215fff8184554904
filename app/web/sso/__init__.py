"""Sign-in at a business's own OpenID provider: there, back, and in."""
