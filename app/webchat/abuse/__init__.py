"""Who is kept out, and who has to work for it."""
