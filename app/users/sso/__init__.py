"""Single sign-on: users of a business sign in by its own OpenID provider (docs/adr)."""
